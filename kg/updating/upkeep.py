"""What a release holds because of its statements, kept right as they change: what follows, union, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from kg.inference import AXIOMATIC, AXIOMATIC_TYPES, Axioms, Inference, is_axiom
from kg.labels import NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.statistics import TRIPLES, Statistics
from kg.store import IRI, DefaultGraph, EmbeddedStore, Literal, Quad, Triple
from kg.updating.changes import is_said
from kg.updating.deduction import Deduction, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.iris import Iris
    from kg.store import Oxigraph, Term
    from kg.updating.changes import Changes
    from kg.updating.deduction import Node

MOST_COUNTED = 20_000  # changed quads up to which counts are shifted; from there on counting anew is quicker


@dataclass
class Upkeep:
    """Follows the changes of stated quads; what follows from them becomes part of the same changes.

    `own_axioms` says that what the statements themselves say of classes and properties is drawn upon, as
    in an imported release; else the ontology alone says it. `is_complete` tells whether all that follows
    has been drawn so far.
    """

    changes: Changes
    iris: Iris
    own_axioms: bool
    is_complete: bool
    warnings: list[str] = field(default_factory=list)

    def infer(self) -> None:
        """Add and remove what follows, after the stated quads have changed."""
        changed = chain(self.changes.added, self.changes.removed)
        if not self.is_complete or (self.own_axioms and any(map(is_axiom, changed))):
            self._infer_all()
            return
        deduction = Deduction(
            self._axioms(),
            self._known,
            is_derived=lambda triple: self._derived(triple) in self._store,
            derive=lambda triple: self.changes.add([self._derived(triple)]),
            forget=lambda triple: self.changes.remove([self._derived(triple)]),
        )
        try:
            deduction.update(*self._moved())
        except TooMuch:
            self._infer_all()

    def unite(self, statistics: Statistics) -> Statistics:
        """Have the union of the graphs say what the graphs say; the counts of it, kept right or made anew."""
        changed = len(self.changes.added) + len(self.changes.removed)
        if changed > max(MOST_COUNTED, statistics.totals.get(TRIPLES, 0) // 10):
            self._unite_many()
            return Statistics.of(EmbeddedStore(self._store), self.iris)
        for quad in self.changes.added:
            statistics.add_quad(_graph(quad))
        for quad in self.changes.removed:
            statistics.remove_quad(_graph(quad))
        for triple in {quad.triple for quad in chain(self.changes.added, self.changes.removed)}:
            united, is_there = Quad(*triple), is_said(self._store, triple, self.iris.statistics_graph)
            if is_there and united not in self._store:
                statistics.add(triple, self._united)
                self._store.add(united)
            elif not is_there and united in self._store:
                self._store.remove(united)
                statistics.remove(triple, self._united)
        return statistics

    def _unite_many(self) -> None:
        """Bring the union up to the graphs, and count nothing."""
        apart = self.iris.statistics_graph
        self._store.extend(Quad(*quad.triple) for quad in self.changes.added if quad.graph_name != apart)
        for triple in {quad.triple for quad in self.changes.removed}:
            if not is_said(self._store, triple, apart):
                self._store.remove(Quad(*triple))

    def describe(self, statistics: Statistics) -> None:
        """Have the graph of statistics say what they are."""
        wanted = set(statistics.quads(self.iris))
        held = set(self._in_graph(self.iris.statistics_graph))
        self.changes.remove(held - wanted)
        self.changes.add(wanted)

    def counts(self, before: Mapping[str, int]) -> dict[str, int]:
        """How much there is of what (see `kg.building.assembly`), all but the quads."""
        names = [name for name in self._store.named_graphs() if isinstance(name, IRI)]
        graphs = [name for name in names if any(True for _ in self._in_graph(name))]
        inferred = [
            sum(quad.graph_name == self.iris.inferred_graph for quad in quads)
            for quads in (self.changes.added, self.changes.removed)
        ]
        return {
            "graphs": len(graphs),
            "sources": len({self.iris.source_of(graph) for graph in graphs if self.iris.is_source(graph)}),
            "entities": before["entities"] + self._new_entities(),
            "inferred": before["inferred"] + inferred[0] - inferred[1],
        }

    def languages(self, before: Sequence[str]) -> list[str]:
        """Languages of names; new ones come last until the next build ranks them."""
        names = (quad.object for quad in self.changes.added if quad.predicate in NAME_PROPERTIES)
        found = {term.language.split("-")[0] for term in names if isinstance(term, Literal) and term.language}
        return [*before, *sorted(found - set(before))]

    def _new_entities(self) -> int:
        """How many more things there are that have a kind or a name."""
        changed = {
            quad.subject
            for quad in chain(self.changes.added, self.changes.removed)
            if isinstance(quad.subject, IRI) and self._makes_entity(quad)
        }
        removed = {quad.subject for quad in self.changes.removed if self._makes_entity(quad)}
        more = 0
        for subject in changed:
            made = [quad for quad in self._about(subject) if self._makes_entity(quad)]
            was = subject in removed or any(quad not in self.changes.added for quad in made)
            more += bool(made) - was
        return more

    def _makes_entity(self, quad: Quad) -> bool:
        is_name = quad.predicate in NAME_PROPERTIES or quad.predicate == RDF_TYPE
        return is_name and self.iris.is_stated(quad)

    @property
    def _store(self) -> Oxigraph:
        return self.changes.store

    def _derived(self, triple: Triple) -> Quad:
        return Quad(triple.subject, triple.predicate, triple.object, self.iris.inferred_graph)

    def _infer_all(self) -> None:
        """Draw everything again from what is stated."""
        inference = Inference(self._axioms())
        for quad in self._store:
            if self.iris.is_stated(quad):
                inference.take(quad)
        wanted = {self._derived(triple) for triple in inference.triples()}
        held = set(self._in_graph(self.iris.inferred_graph))
        self.changes.remove(held - wanted)
        self.changes.add(wanted - held)
        self.warnings = inference.warnings
        self.is_complete = not inference.warnings

    def _axioms(self) -> Axioms:
        patterns: list[tuple[IRI, IRI | None]] = [(prop, None) for prop in AXIOMATIC]
        patterns += [(RDF_TYPE, kind) for kind in AXIOMATIC_TYPES]
        quads = (quad for pattern in patterns for quad in self._store.quads_for_pattern(None, *pattern, None))
        return Axioms.of(quad for quad in quads if self._is_drawn_upon(quad))

    def _is_drawn_upon(self, quad: Quad) -> bool:
        is_fixed = quad.graph_name in self.iris.derived_graphs and quad.graph_name != self.iris.inferred_graph
        return is_fixed or (self.own_axioms and self.iris.is_stated(quad))

    def _moved(self) -> tuple[list[Triple], list[Triple]]:
        """The triples that no graph states any more, and those that one states now and none did."""
        removed = {quad.triple for quad in self.changes.removed if self.iris.is_stated(quad)}
        added = {quad.triple for quad in self.changes.added if self.iris.is_stated(quad)}
        gone, come = [], []
        for triple in removed | added:
            stating = [quad for quad in self._quads(triple) if self.iris.is_stated(quad)]
            was_stated = triple in removed or any(quad not in self.changes.added for quad in stating)
            if was_stated and not stating:
                gone.append(triple)
            elif stating and not was_stated:
                come.append(triple)
        return gone, come

    def _known(self, subject: Node | None, prop: IRI | None, value: Term | None) -> Iterator[Triple]:
        """Triples that are stated or derived."""
        for quad in self._store.quads_for_pattern(subject, prop, value, None):
            if self.iris.is_stated(quad) or quad.graph_name == self.iris.inferred_graph:
                yield quad.triple

    def _united(self, subject: Node | None, prop: IRI | None, value: Term | None) -> Iterator[Triple]:
        """Triples of the union."""
        for quad in self._store.quads_for_pattern(subject, prop, value, DefaultGraph()):
            yield quad.triple

    def _in_graph(self, graph: IRI) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)

    def _about(self, subject: IRI) -> Iterator[Quad]:
        return self._store.quads_for_pattern(subject, None, None, None)

    def _quads(self, triple: Triple) -> Iterator[Quad]:
        return self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)


def _graph(quad: Quad) -> IRI:
    assert isinstance(quad.graph_name, IRI)
    return quad.graph_name
