"""What a step did to each entity: created, updated or deleted it.

Counted are the statements that sources make, what machines read in documents, the catalogue of sources and
the ontology. Left out are the counts of the graph, what merely follows from other statements, and the graphs
that say how the service works (lexicon, shapes, example queries): the patch of the step has them all.

A statement belongs to its subject. What is said of a node that stood for a blank node belongs to the entities
that lead to it (as in a Concise Bounded Description), for its IRI means nothing to anybody.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import nquads
from kg.description import is_mentioned
from kg.history.patches import ADDED
from kg.iris import GENID
from kg.labels import label
from kg.sources import RDF_TYPE
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.history.patches import Row
    from kg.release import Release

CREATE, UPDATE, DELETE = "Create", "Update", "Delete"
MOST_LINKS = 8  # from an entity to a nameless node that is part of it


@dataclass(frozen=True)
class Deed:
    """What a step did to an entity, and how many statements of it came and went.

    `types` are its classes as sources state them, `classes` all that it had before or has since, and `name`
    is what a deleted one was called.
    """

    entity: str
    kind: str
    types: tuple[str, ...]
    classes: frozenset[str]
    came: int
    went: int
    name: str = ""


@dataclass(frozen=True)
class Scope:
    """Which statements count, and which subjects are nameless."""

    apart: frozenset[str]
    nameless: tuple[str, ...]

    @classmethod
    def of(cls, *releases: Release) -> Scope:
        """The scope of these releases."""
        every = [release.iris for release in releases]
        apart = {
            graph.value
            for iris in every
            for graph in (
                iris.inferred_graph,
                iris.statistics_graph,
                iris.lexicon_graph,
                iris.shapes_graph,
                iris.examples_graph,
            )
        }
        return cls(frozenset(apart), tuple(f"<{iris.base}{GENID}" for iris in every))

    def holds(self, line: str) -> bool:
        """Whether the statement of a line counts."""
        return graph_of(line) not in self.apart


@dataclass
class Account:
    """What became of the entities between two releases, of which the first may be none."""

    old: Release | None
    new: Release
    scope: Scope = field(init=False)
    _moved: dict[str, list[int]] = field(default_factory=dict)
    _missed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        releases = (self.old, self.new) if self.old else (self.new,)
        self.scope = Scope.of(*releases)

    def read(self, rows: Iterable[Row]) -> None:
        """Take note of changes."""
        for mark, line in rows:
            if not self.scope.holds(line):
                continue
            subject, _, rest = line.split(" ", 2)
            for entity in self._owners(subject):
                self._moved.setdefault(entity, [0, 0])[0 if mark == ADDED else 1] += 1
            if mark != ADDED:
                self._missed.add(subject)
                if rest.startswith("<") and not rest.startswith("<<"):
                    self._missed.add(rest.split(" ", 1)[0])

    def deeds(self) -> Iterator[Deed]:
        """What was done to each entity, in the order of their IRIs."""
        with ExitStack() as stack:
            before = stack.enter_context(nquads.searched(self.old.quads_file)) if self.old else _nothing
            after = stack.enter_context(nquads.searched(self.new.quads_file))
            for entity, (came, went) in sorted(self._moved.items(), key=lambda item: item[0][1:-1]):
                yield self._deed(entity, (came, went), before(f"{entity} "), after(f"{entity} "))

    def gone(self) -> list[str]:
        """The IRIs that the old release mentioned and the new one does not, in order."""
        iris = (one[1:-1] for one in sorted(self._missed))
        return [iri for iri in iris if not is_mentioned(self.new, IRI(iri))]

    def _deed(self, entity: str, moved: tuple[int, int], before: list[str], after: list[str]) -> Deed:
        was, remains = any(map(self.scope.holds, before)), any(map(self.scope.holds, after))
        kind = DELETE if not remains else UPDATE if was else CREATE
        iri = entity[1:-1]
        name = label(self.old.store, IRI(iri), ("en",)).text if self.old and kind == DELETE else ""
        types = _types(filter(self.scope.holds, after if remains else before), entity)
        return Deed(
            iri, kind, tuple(sorted(types)), frozenset(_types([*before, *after], entity)), *moved, name
        )

    def _owners(self, subject: str) -> set[str]:
        """The entities that a statement with this subject belongs to."""
        if not subject.startswith(self.scope.nameless):
            return {subject}
        node = IRI(subject[1:-1])
        for release in (self.new, self.old):
            if release and (found := self._leading_to(release, node)):
                return found
        return {subject}

    def _leading_to(self, release: Release, node: IRI) -> set[str]:
        """The named entities of which a nameless node is a part, by few links."""
        found: set[str] = set()
        reached, front = {node}, {node}
        for _ in range(MOST_LINKS):
            subjects = {
                quad.subject
                for one in front
                for quad in release.store.quads(object=one)
                if isinstance(quad.subject, IRI) and _name(quad.graph_name) not in self.scope.apart
            }
            named = {one for one in subjects if not str(one).startswith(self.scope.nameless)}
            found |= set(map(str, named))
            front = subjects - named - reached
            reached |= front
        return found


def graph_of(line: str) -> str:
    """The IRI of the graph that a line of N-Quads stands in."""
    return line[line.rfind(" ", 0, -2) + 2 : -3]


def _types(lines: Iterable[str], entity: str) -> set[str]:
    """The classes in lines about an entity."""
    prefix = f"{entity} {RDF_TYPE} <"
    return {line[len(prefix) :].split(">", 1)[0] for line in lines if line.startswith(prefix)}


def _name(graph: object) -> str:
    return graph.value if isinstance(graph, IRI) else ""


def _nothing(_prefix: str) -> list[str]:
    return []
