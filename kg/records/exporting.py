"""The journal brought back into the tables, so that an empty journal builds the same statements.

For what the journal changes rows are proposed, and the reader of the tables is the judge of them: a row
stands if it is read as saying exactly what it was made for. What no row says is left as patches.

The catalogue describes what the tables hold: a graph `source/<id>/<date>` to which the journal gave its
first statement is described in it once a row says that statement.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from kg import nquads
from kg.building.build import IMPORTED, journal
from kg.errors import FactsError, JournalError, ReleaseError, SettingError
from kg.facts import Facts
from kg.journal import Replay
from kg.records.proposals import Proposal, Proposer
from kg.records.rewriting import Rewriting
from kg.records.rows import COLUMNS, ENTITIES
from kg.records.vocabulary import Vocabulary
from kg.release import Releases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.building.inputs import Inputs
    from kg.journal import Journal
    from kg.store import Quad

Suspects: TypeAlias = "dict[tuple[str, int], list[Proposal]]"

OTHERWISE = "a row of these cells would say something else."


@dataclass(frozen=True)
class Export:
    """What an export wrote: counts of rows, and in words which changes no row says.

    `through` is the number of the last patch that was taken into account.
    """

    through: int
    added: int
    replaced: int
    removed: int
    left: tuple[str, ...]
    complaints: tuple[str, ...]


def export(home: Path, inputs: Inputs, target: Path) -> Export:
    """Write the tables as the journal leaves them, and what stands beside them as it is, to a new folder.

    Raises SettingError where something stands there, JournalError where there is nothing to export,
    ReleaseError where the journal is one of imported files, and FactsError for tables with flaws.
    """
    inputs.check()
    patches = journal(home)
    through = patches.last()
    if not through:
        raise JournalError(f"There is no patch in {patches.folder}; the tables say all there is.")
    _check_origin(home)
    draft = Draft.of(Facts(inputs.data, Vocabulary.of(inputs.ontology), inputs.iris), patches)
    with _fresh(target) as folder:
        for path in inputs.data.iterdir():
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        draft.settle(folder)
        draft.leave(folder / "journal", patches)
    added, replaced, removed = draft.counts()
    return Export(through, added, replaced, removed, tuple(draft.told()), tuple(draft.replay.complaints()))


@dataclass
class Draft:
    """Tables in the making."""

    facts: Facts
    replay: Replay
    proposals: list[Proposal]
    reasons: dict[Quad, str]
    touched: set[Quad]
    left: set[Quad] = field(default_factory=set)

    @classmethod
    def of(cls, facts: Facts, patches: Journal) -> Draft:
        """All that may be said in the tables. Raises FactsError for tables with flaws."""
        replay = Replay.of(patches, facts.iris)
        of_documents = {quad for quad in (*replay.added, *replay.deleted) if _is_of_document(quad, facts)}
        proposer = Proposer(facts, set(replay.added) - of_documents, set(replay.deleted) - of_documents)
        proposals = list(proposer.proposals())
        if facts.problems:
            raise FactsError(tuple(facts.problems))
        for _ in replay.apply(proposer.held):  # so that it can complain
            pass
        touched = set(replay.added) | of_documents | (proposer.held & replay.deleted.keys())
        return cls(facts, replay, proposals, proposer.reasons, touched)

    def settle(self, folder: Path) -> None:
        """Write the tables, and again without the proposals that were no good, until all are good."""
        while rejected := self._rejected(folder, self._write(folder)):
            self.proposals = [one for one in self.proposals if one not in rejected]
            for proposal, reason in rejected.items():
                self.reasons.update(dict.fromkeys(proposal.changes, reason))

    def leave(self, folder: Path, patches: Journal) -> None:
        """Write what no row says as patches of the same numbers by the same writers."""
        for path, (number, patch) in zip(patches.files(), patches.patches(), strict=False):
            changes = tuple(
                dict.fromkeys(
                    (mark, quad)
                    for mark, quad in patch.changes
                    if quad in self.left and self._last(mark, quad) == number
                )
            )
            if changes:
                folder.mkdir(exist_ok=True)
                (folder / path.name).write_text(replace(patch, changes=changes).text(), encoding="utf-8")

    def counts(self) -> tuple[int, int, int]:
        """How many rows are new, replaced and removed."""
        added = sum(not one.line for one in self.proposals)
        removed = sum(one.cells is None for one in self.proposals)
        return added, len(self.proposals) - added - removed, removed

    def told(self) -> Iterator[str]:
        """In words, what no row says and why."""
        of_documents = {quad for quad in self.left if _is_of_document(quad, self.facts)}
        if of_documents:
            yield f"{len(of_documents):,} statements are about documents, which stay patches of the journal."
        for quad in sorted(self.left - of_documents, key=nquads.line):
            mark = "adds" if quad in self.replay.added else "deletes"
            number = self._last(mark, quad)
            yield f"Patch {number} {mark} {quad}: {self.reasons.get(quad, OTHERWISE)}"

    def _last(self, mark: str, quad: Quad) -> int | None:
        """The number of the patch that decides about the quad, if it does so in this way."""
        return (self.replay.added if mark in ("+", "adds") else self.replay.deleted).get(quad)

    def _write(self, folder: Path) -> Suspects:
        """Write the tables, and tell whose fault a flaw would be.

        It is that of the row itself or, where that is an old one, of what changes the things it mentions.
        """
        changed = {one.thing: one for one in self.proposals if one.thing and one.line}
        suspects: Suspects = {}
        for file in COLUMNS:
            mine = [one for one in self.proposals if one.file == file]
            new = {one.cells for one in mine if one.cells and not one.line}
            rewriting = Rewriting({one.line: one.cells for one in mine if one.line}, new)
            by_cells = {one.cells: one for one in mine}
            watched = changed if file != ENTITIES else {}
            for line, cells in rewriting.write(self.facts.folder / file, folder / file, watched):
                mentioned = [changed[cell] for cell in cells if cell in watched]
                suspects[file, line] = [by_cells[cells]] if cells in by_cells else mentioned
        return suspects

    def _rejected(self, folder: Path, suspects: Suspects) -> dict[Proposal, str]:
        """What the reader of the tables has against proposals."""
        facts, rejected = Facts(folder, self.facts.vocabulary, self.facts.iris), {}
        said: set[Quad] = set()
        for one in facts.stated():
            said |= self.touched.intersection(one.quads)
            for proposal in suspects.get((one.file, one.line), ()):
                if proposal.cells == tuple(one.cells) and proposal.said != set(one.quads):
                    rejected[proposal] = OTHERWISE
        for problem in facts.problems:
            for proposal in suspects.get((problem.file, problem.line), ()):
                rejected[proposal] = problem.message
        if facts.problems and not rejected:
            raise FactsError(tuple(facts.problems))
        self.left = {quad for quad in self.touched if (quad in self.replay.added) != (quad in said)}
        return rejected


def _is_of_document(quad: Quad, facts: Facts) -> bool:
    """Whether a quad tells of a document that was taken in, which no table does."""
    return facts.iris.is_of_document(quad.graph_name)


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """A folder to write in, which becomes the target once it is complete. Raises SettingError."""
    target = target.resolve()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise SettingError(f"{target} is there already; name a folder that is not, or is empty.")
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _check_origin(home: Path) -> None:
    releases = Releases(home)
    if releases.state() is not None and releases.current().manifest.origin == IMPORTED:
        message = f"The graph in {home} was imported, so its journal is about files that are no tables;"
        raise ReleaseError(f"{message} `kg diff` shows what was written.")
