"""The mark of an answer: right, wrong, or refused where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from search.examining.likeness import same_rows, within
from search.examining.question import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from search.examining.question import Expected, Rows

Mark: TypeAlias = Literal["right", "wrong", "refused"]
Said: TypeAlias = "Mapping[str, Any]"

ANSWER = "answer"
NOTHING = frozenset({"empty", "not-recorded"})  # outcomes that are right where nothing is to be found
EXACT, ROUNDED = 1e-9, 1e-4  # relative differences of numbers: of our own facts, of other graphs
TRUTHS = {True: ("true", "yes"), False: ("false", "no")}


def mark(expected: Expected, said: Said) -> Mark:
    """The mark of an answer, which is given as `Answer.as_json` gives it.

    A question that has no answer is marked right where it is refused for a right reason, refused where
    the reason is another, wrong where it is answered. Of a search the first related thing counts.
    """
    if expected.mode == "abstain":
        return _abstained(expected, said)
    if expected.mode == "top":
        return _first_related(expected, said)
    if said["outcome"] != ANSWER:
        empty = not expected.rows and said["outcome"] in NOTHING
        return "right" if empty else "refused"
    return "right" if _is_right(expected, said) else "wrong"


def is_answered(expected: Expected, said: Said) -> bool:
    """Whether something is claimed: there is an answer, or for a search something related."""
    return bool(said["related"]) if expected.mode == "top" else bool(said["outcome"] == ANSWER)


def cells(said: Said, *, by_name: bool = False) -> Rows:
    """What is answered, as rows of ends of addresses, or of names; a truth is "true" or "false"."""
    if any(len(row) > 1 for row in said["rows"]) or (said["rows"] and not said["answers"]):
        return tuple(tuple(_cell(one, by_name=by_name) for one in row) for row in said["rows"])
    if said["boolean"] is not None and not said["answers"]:
        return _truth(said, 0)
    return tuple((_cell(one, by_name=by_name),) for one in said["answers"])


def _abstained(expected: Expected, said: Said) -> Mark:
    if said["outcome"] == ANSWER:
        return "wrong"
    return "right" if (said["outcome"],) in expected.rows else "refused"


def _first_related(expected: Expected, said: Said) -> Mark:
    if not said["related"]:
        return "refused"
    return "right" if (_end(said["related"][0]["iri"]),) in expected.rows else "wrong"


def _is_right(expected: Expected, said: Said) -> bool:
    found = cells(said, by_name=expected.mode == NAMES)
    if expected.mode in ("any", "number"):
        return _is_among(expected, found)
    if expected.mode == "path":
        return within(expected.rows, tuple((end,) for end in _mentioned(said)), EXACT)
    if expected.mode == NAMES:
        return same_rows(expected.rows, found, ROUNDED) or _is_word_for(expected.rows, said)
    if expected.mode == "bool":
        return said["boolean"] is not None and expected.rows == _truth(said, 0)
    return same_rows(expected.rows, found, EXACT)


def _is_among(expected: Expected, found: Rows) -> bool:
    """Whether what is answered is among what is right; of a number there is one."""
    one = expected.mode == "any" or len(set(found)) == 1
    return bool(found) and one and within(found, expected.rows, EXACT)


def _is_word_for(expected: Rows, said: Said) -> bool:
    """Whether a yes or no is expected, in the other word for it, and answered."""
    return said["boolean"] is not None and same_rows(expected, _truth(said, 1), ROUNDED)


def _truth(said: Said, word: int) -> Rows:
    return ((TRUTHS[said["boolean"]][word],),)


def _mentioned(said: Said) -> Iterator[str]:
    """The ends of the addresses in answers, rows and evidence."""
    for row in (said["answers"], *said["rows"]):
        yield from (_end(one["iri"]) for one in row if "iri" in one)
    for statement in said["evidence"]:
        yield from _ends((statement["s"], statement["o"]))


def _ends(terms: Iterable[str]) -> Iterator[str]:
    return (_end(term) for term in terms)


def _cell(one: Said, *, by_name: bool) -> str:
    if "iri" not in one:
        return str(one.get("value", ""))
    return str(one["label"]) if by_name else _end(one["iri"])


def _end(iri: str) -> str:
    """What stands after the last stroke or hash."""
    return iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]
