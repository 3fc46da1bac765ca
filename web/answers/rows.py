"""The rows of an answer: what is asked for, each cell with its values and the numbers of their sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from search.contract import gathered
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.contract import Answer
    from web.answers.members import Members
    from web.answers.proof import Proof
    from web.values import Value

Cell: TypeAlias = "list[Value]"


@dataclass(frozen=True)
class Rows:
    """Cells in rows, with what heads the columns; nothing does where that is not known."""

    columns: tuple[str, ...]
    cells: list[list[Cell]]

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(map(len, self.cells), default=0)

    @property
    def is_single(self) -> bool:
        """Whether there is but one value."""
        return [[len(cell) for cell in row] for row in self.cells] == [[1]]

    def kinds(self, column: int) -> set[str]:
        """The kinds of values in a column; what is empty is of none."""
        return {one.kind for value in self.cells for one in value[column] if one.text}

    def columns_of(self, kind: str) -> list[int]:
        """The columns all of whose values are of one kind."""
        return [place for place in range(self.width) if self.kinds(place) == {kind}]


def rows(answer: Answer, members: Members, proof: Proof) -> Rows:
    """What is asked for, row by row; a row of one cell where only one thing is."""
    found = _gathered(answer)
    cells = [_row(row, members, proof) for row in found]
    return Rows(_columns(answer, cells), cells)


def _gathered(answer: Answer) -> list[list[list[dict[str, Any]]]]:
    """The members in rows and cells; a value after what it is one of, where that is not the same for all."""
    if answer.rows:
        whole = answer.kind == "rows"
        return gathered(answer.rows) if whole else [[[cell] for cell in row] for row in answer.rows]
    owners = {of["iri"] for one in answer.answers if (of := one.get("of"))}
    if len(owners) > 1:
        return gathered([(one["of"], one) for one in answer.answers if one.get("of")])
    return [[[one]] for one in answer.answers]


def _columns(answer: Answer, cells: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    width = len(cells[0]) if cells else 0
    if len(answer.columns) == width:
        return answer.columns
    return (gettext("Of"), *answer.columns) if len(answer.columns) + 1 == width == 2 else ()


def _row(row: Sequence[Sequence[dict[str, Any]]], members: Members, proof: Proof) -> list[Cell]:
    """A row with the numbers of sources at what it tells: not at the thing, if something is told of it."""
    first = row[0][0].get("iri", "")
    if len(row) == 1:
        return [[_alone(one, members, proof) for one in row[0]]]
    told = [[_told(first, one, members, proof) for one in cell] for cell in row[1:]]
    marked = any(one.marks for cell in told for one in cell)
    marks = () if marked or not first else proof.marks_of(first)
    return [[replace(members.value(one), marks=marks) for one in row[0]], *told]


def _alone(member: dict[str, Any], members: Members, proof: Proof) -> Value:
    if member.get("iri"):
        return members.value(member, proof.marks_of(member["iri"]))
    raw = str(member.get("value", ""))
    of = (member.get("of") or {}).get("iri", "")
    return members.value(member, proof.marks_between(of, raw) or proof.marks_for(raw), proof.unit_of(of, raw))


def _told(first: str, member: dict[str, Any], members: Members, proof: Proof) -> Value:
    raw = str(member.get("iri") or member.get("value", ""))
    return members.value(member, proof.marks_between(first, raw), proof.unit_of(first, raw))


def all_values(cells: Iterable[Sequence[Cell]]) -> list[Value]:
    """The values of some rows, one after the other."""
    return [one for row in cells for cell in row for one in cell]
