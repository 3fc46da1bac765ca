"""What changed between two releases."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kg.history import CREATE, DELETE, UPDATE, History
from kg.history.activities import graph_of
from kg.history.patches import ADDED, text
from kg.iris import Iris, compress, expand
from kg.release import Releases
from web.commands.home import choice, example, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.history import Change
    from kg.history.patches import Row

WORDS = {CREATE: "created", UPDATE: "changed", DELETE: "removed"}


@dataclass(frozen=True)
class Difference:
    """What changed between two releases, of all entities or of some."""

    history: History
    old: int
    new: int
    changes: list[Change]
    is_whole: bool

    def rows(self) -> Iterator[Row]:
        """The lines that came and went, those included that count the others."""
        entities = None if self.is_whole else {one.entity for one in self.changes}
        return self.history.patch(self.old, self.new, entities)

    def told(self) -> Iterator[Row]:
        """The lines that came and went, but for those that count the others."""
        counts = Iris(self.history.manifest(self.new).base).statistics_graph.value
        return ((mark, line) for mark, line in self.rows() if graph_of(line) != counts)

    def patch(self) -> Iterator[str]:
        """RDF Patch, a line at a time; that of all entities makes of the one release the other."""
        if not self.is_whole:
            return text(self.rows())
        return text(self.rows(), self.history.manifest(self.old), self.history.manifest(self.new))

    def text(self, *, summary: bool) -> Iterator[str]:
        """For people, a line at a time."""
        if summary:
            return (f"{line}\n" for line in self.summary())
        return (f"{mark} {line}\n" for mark, line in self.told())

    def as_json(self) -> dict[str, Any]:
        """The members that programs get."""
        rows = list(self.told())
        return {
            "from": self.old,
            "to": self.new,
            "entities": [
                {"iri": one.entity, "change": WORDS[one.kind], "types": list(one.types)}
                for one in self.changes
            ],
            "added": [line for mark, line in rows if mark == ADDED],
            "removed": [line for mark, line in rows if mark != ADDED],
        }

    def summary(self) -> Iterator[str]:
        """How much of what was created, changed and removed."""
        marks = Counter(mark for mark, _ in self.told())
        came, went = marks[ADDED], marks.total() - marks[ADDED]
        noun = "statement" if came == 1 else "statements"
        yield f"From release {self.old} to release {self.new}: {came:,} {noun} came, {went:,} went."
        yield f"Things: {_counted(Counter(one.kind for one in self.changes))}."
        prefixes = self.history.manifest(self.new).prefixes
        by_class = {kind: Counter[str]() for one in self.changes for kind in one.types}
        for one in self.changes:
            for kind in one.types:
                by_class[kind][one.kind] += 1
        for kind, counts in sorted(by_class.items(), key=lambda item: (-item[1].total(), item[0])):
            yield f"  {compress(kind, prefixes)}: {_counted(counts)}"


@click.command(
    epilog=example("kg diff 3 4", "kg diff 3 5 --format rdf-patch", "kg diff 3 4 --class skos:Concept")
)
@click.argument("old", type=int)
@click.argument("new", type=int)
@click.option("--entity", metavar="NAME", help="Only of this thing: its slug, CURIE or IRI.")
@click.option("--class", "of_class", metavar="CLASS", help="Only of members of this class: its CURIE or IRI.")
@choice("text", "rdf-patch", "json", "summary")
def diff(*, old: int, new: int, entity: str | None, of_class: str | None, form: str) -> None:
    """Compare two releases, even ones that were deleted since.

    As text: the lines of N-Quads that went (-) and came (+), the counts of them left out. RDF Patch has these
    too, and so makes of one release the other.
    """
    found = _difference(old, new, entity, of_class)
    if form == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    for line in found.patch() if form == "rdf-patch" else found.text(summary=form == "summary"):
        click.echo(line, nl=False)


def _difference(old: int, new: int, entity: str | None, of_class: str | None) -> Difference:
    """Raises UnknownRelease, ChangesLost and UnknownEntity."""
    history = History(Releases(settings().home))
    release = history.releases.current()

    def iri(name: str | None) -> str:
        return expand(name, release.prefixes, release.iris).value if name else ""

    changes = history.net(old, new, iri(entity), iri(of_class))
    return Difference(history, old, new, changes, is_whole=not (entity or of_class))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[kind]:,} {word}" for kind, word in WORDS.items() if counts[kind]) or "none"


COMMANDS = (diff,)
