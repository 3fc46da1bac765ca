"""The history of one home: kept as releases are published, and told from what was kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg import nquads
from kg.building.manifest import Manifest
from kg.history import patches, steps
from kg.history.activities import CREATE, DELETE, UPDATE, Account, Scope
from kg.history.ledger import Activity, Ledger, Selection
from kg.history.lifelines import Lifeline, lifeline
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.history.ledger import Pen
    from kg.history.patches import Row
    from kg.history.steps import Step
    from kg.release import Release, Releases


@dataclass(frozen=True)
class Change:
    """What was done to an entity between two releases, all in all."""

    entity: str
    kind: str
    types: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """What changed between the releases of a home; any number of threads and processes may ask, and keep."""

    releases: Releases

    @property
    def folder(self) -> Path:
        """Where the history is kept."""
        return self.releases.home / "history"

    @cached_property
    def ledger(self) -> Ledger:
        """The steps, and what each did to which entity."""
        return Ledger(self.folder / "ledger.sqlite")

    def keep(self) -> None:
        """Keep what was changed by the steps that were made since; does nothing where there are none.

        Raises ReleaseError and OSError where it cannot be kept.
        """
        if not self._is_behind():
            return
        with self.ledger.writing() as pen:
            for step in steps.pending(pen.steps(), self.releases):
                self._record(pen, step)

    def prepare(self, old: Release, new: int, removed: Iterable[str], added: Iterable[str]) -> None:
        """Keep by what the release of number `new` is going to differ, which then need not be found out.

        A line to be removed that is not there, or to be added that is, is no change.
        """
        self.folder.mkdir(exist_ok=True)
        with nquads.searched(old.quads_file) as search:
            gone = [(line, patches.REMOVED) for line in removed if search(f"{line}\n")]
            came = [(line, patches.ADDED) for line in added if not search(f"{line}\n")]
        rows = [(mark, line) for line, mark in sorted({*gone, *came})]
        patches.write(self._file(old.version, new), patches.text(rows))

    def steps(self) -> list[Step]:
        """All steps, in order."""
        self.keep()
        return self.ledger.steps()

    def changes(self, since: int = 0) -> list[Activity]:
        """What was done to entities by the steps after that number, in order."""
        self.keep()
        return self.ledger.activities(Selection(after=since))

    def last_release_with(self, iri: IRI, until: int | None = None) -> int | None:
        """The number of the last release that mentions an IRI; None where none is known to.

        With `until` no release is looked at that became current after that one.
        """
        from kg.description import is_mentioned

        self.keep()
        latest = self.releases.current().version if until is None else until
        if latest in self.releases.versions() and is_mentioned(self.releases.get(latest), iri):
            return latest
        reached = [step.number for step in self.ledger.steps() if step.new == latest]
        step = self.ledger.left(iri.value, reached[-1]) if reached else None
        return step.old if step else None

    def of(self, iri: IRI) -> Lifeline | None:
        """The life of an entity up to the last step; None where there never was one of this IRI."""
        every = self.steps()
        if not every:
            return None
        release = self.releases.get(every[-1].new)
        scope = Scope.of(release)
        now = filter(scope.holds, map(nquads.line, nquads.about(release.quads_file, iri)))
        concerned = {one.step.number: one.step for one in self.ledger.activities(Selection(entity=iri.value))}
        changes = {
            number: [row for row in self._rows(step, f"{iri} ") if scope.holds(row[1])]
            for number, step in concerned.items()
            if step.old
        }
        found = lifeline(iri, every, changes, now)
        return found if found.spans else None

    def patch(self, old: int, new: int, entities: set[str] | None = None) -> Iterator[Row]:
        """Every change from one release to another, in the order of the lines; of some entities only.

        Raises UnknownRelease and ChangesLost.
        """
        parts = [
            patches.reversed_(self._rows(step)) if backwards else self._rows(step)
            for step, backwards in steps.way(self.steps(), old, new)
        ]
        rows = patches.together(parts)
        if entities is None:
            return rows
        subjects = {str(IRI(entity)) for entity in entities}
        return (row for row in rows if row[1].split(" ", 1)[0] in subjects)

    def net(self, old: int, new: int, entity: str = "", of_class: str = "") -> list[Change]:
        """What was done to each entity between two releases, in the order of their IRIs.

        Raises UnknownRelease and ChangesLost.
        """
        done: dict[str, list[Activity]] = {}
        chosen = steps.way(self.steps(), old, new)
        numbers = [step.number for step, _ in chosen]
        if numbers:
            selection = Selection(entity, of_class, min(numbers) - 1, max(numbers))
            for one in self.ledger.activities(selection):
                done.setdefault(one.entity, []).append(one)
        is_backwards = any(backwards for _, backwards in chosen)
        found = (_net(done[iri], is_backwards=is_backwards) for iri in sorted(done))
        return [one for one in found if one]

    def manifest(self, version: int) -> Manifest:
        """What a release that was once current says of itself. Raises UnknownRelease and ChangesLost."""
        steps.way(self.steps(), version, version)
        members = json.loads(self.ledger.manifest(version))
        return Manifest(**{**members, **{name: tuple(members[name]) for name in ("languages", "warnings")}})

    def _is_behind(self) -> bool:
        """Whether another release is current than the last step leads to."""
        try:
            current = int(self.releases.pointer.readlink().name)
        except OSError:
            return False
        last = self.ledger.last()
        # The states of a sandbox have no files of quads, and no history.
        return (last is None or last.new != current) and self.releases.get(current).quads_file.exists()

    def _record(self, pen: Pen, step: Step) -> None:
        """Keep a step and what it changed."""
        new = self.releases.get(step.new)
        pen.note(step, json.dumps(asdict(new.manifest)))
        if not step.known:
            return
        account = Account(self.releases.get(step.old) if step.old else None, new)
        if account.old:
            self._find(account.old, new)
            account.read(self._rows(step))
        else:
            account.read((patches.ADDED, line) for line in nquads.lines(new.quads_file))
        pen.note_deeds(step, account.deeds(), account.gone())

    def _find(self, old: Release, new: Release) -> None:
        """Keep the changes between two releases, unless they are."""
        file = self._file(old.version, new.version)
        if not file.exists():
            difference = nquads.difference(old.quads_file, new.quads_file)
            patches.write(file, patches.text(difference))

    def _rows(self, step: Step, prefix: str = "") -> Iterator[Row]:
        return patches.read(self._file(step.old, step.new), prefix)

    def _file(self, old: int, new: int) -> Path:
        return self.folder / f"{old}-{new}.rdfp.gz"


def _net(done: list[Activity], *, is_backwards: bool) -> Change | None:
    """What activities on one entity did all in all; None where it was neither there before nor is after."""
    first, last = done[0], done[-1]
    was, remains = first.kind != CREATE, last.kind != DELETE
    if is_backwards:
        was, remains = remains, was
    if not was and not remains:
        return None
    return Change(last.entity, UPDATE if was and remains else CREATE if remains else DELETE, last.types)
