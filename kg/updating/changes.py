"""What a write changes in a store, quad by quad."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from kg.store import DefaultGraph, Oxigraph, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import IRI, Triple


@dataclass
class Changes:
    """The net changes made to a writable store through it: a quad added and removed again is none."""

    store: Oxigraph
    added: set[Quad] = field(default_factory=set)
    removed: set[Quad] = field(default_factory=set)

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads that the store does not have yet."""
        fresh = [quad for quad in dict.fromkeys(quads) if quad not in self.store]
        self.store.extend(fresh)
        for quad in fresh:
            _move(quad, self.removed, self.added)

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads that the store has."""
        for quad in dict.fromkeys(quads):
            if quad in self.store:
                self.store.remove(quad)
                _move(quad, self.added, self.removed)

    @contextmanager
    def united(self, apart: IRI) -> Iterator[None]:
        """Meanwhile the default graph is the union of the graphs as they are now, all but `apart`."""
        changed = {quad.triple for quad in chain(self.added, self.removed)}
        late = [one for one in changed if is_said(self.store, one, apart) != (Quad(*one) in self.store)]
        self._turn(late)
        try:
            yield
        finally:
            self._turn(late)

    def _turn(self, triples: Iterable[Triple]) -> None:
        """Add triples to the default graph that it has not, and remove those that it has."""
        for quad in (Quad(*triple) for triple in triples):
            (self.store.remove if quad in self.store else self.store.add)(quad)

    def join(self, later: Changes) -> None:
        """Take the changes that others made after these."""
        for quad in later.added:
            _move(quad, self.removed, self.added)
        for quad in later.removed:
            _move(quad, self.added, self.removed)


def is_said(store: Oxigraph, triple: Triple, apart: IRI) -> bool:
    """Whether a triple belongs to the union of the named graphs, all but `apart`."""
    pattern = (triple.subject, triple.predicate, triple.object)
    names = (quad.graph_name for quad in store.quads_for_pattern(*pattern, None))
    return any(name not in (DefaultGraph(), apart) for name in names)


def _move(quad: Quad, undone: set[Quad], done: set[Quad]) -> None:
    if quad in undone:
        undone.discard(quad)
    else:
        done.add(quad)


def normalised(quads: Iterable[Quad]) -> set[Quad]:
    """The quads with literals in the forms that the engine gives back: 1.5 for 1.50."""
    scratch = Oxigraph()
    scratch.extend(quads)
    return set(scratch)
