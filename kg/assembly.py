"""The quads of a release in the making: what is stated, what is fixed, and what follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import nquads
from kg.inference import Inference
from kg.journal import Replay
from kg.labels import NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad, RdfFormat, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.inference import Axioms
    from kg.iris import Iris
    from kg.journal import Journal


@dataclass
class Assembly:
    """Lines of N-Quads collected in any order, with the counts that a manifest tells."""

    iris: Iris
    axioms: Axioms
    lines: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    _entities: set[IRI] = field(default_factory=set)
    _graphs: set[IRI] = field(default_factory=set)
    _languages: Counter[str] = field(default_factory=Counter)
    _inferred: int = 0

    def state(self, quads: Iterable[Quad], journal: Journal) -> None:
        """Take what sources state, as the journal leaves it, and add what follows from it."""
        replay, inference = Replay.of(journal, self.iris), Inference(self.axioms)
        for quad in replay.apply(quads):
            self._add(quad)
            if isinstance(quad.graph_name, IRI) and self.iris.is_source(quad.graph_name):
                inference.take(quad)
                self._count(quad)
        for triple in inference.triples():
            self._add(Quad(triple.subject, triple.predicate, triple.object, self.iris.inferred_graph))
            self._inferred += 1
        self.warnings += [*replay.complaints(), *inference.warnings]

    def fix(self, quads: Iterable[Quad]) -> None:
        """Take quads as they are: ontology, shapes, examples, catalogue."""
        for quad in quads:
            self._add(quad)

    def quads(self) -> Iterator[Quad]:
        """All quads, sorted by line."""
        return parse_quads("\n".join(sorted(self.lines)).encode(), RdfFormat.N_QUADS)

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of what."""
        sources = {self.iris.source_of(graph) for graph in self._graphs if self.iris.is_source(graph)}
        return {
            "quads": len(self.lines),
            "graphs": len(self._graphs),
            "sources": len(sources),
            "entities": len(self._entities),
            "inferred": self._inferred,
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of names, the most frequent first."""
        return tuple(
            lang for lang, _ in sorted(self._languages.items(), key=lambda item: (-item[1], item[0]))
        )

    def _add(self, quad: Quad) -> None:
        self.lines.add(nquads.line(quad))
        if isinstance(quad.graph_name, IRI):
            self._graphs.add(quad.graph_name)

    def _count(self, quad: Quad) -> None:
        if quad.predicate == RDF_TYPE and isinstance(quad.subject, IRI):
            self._entities.add(quad.subject)
        elif quad.predicate in NAME_PROPERTIES and isinstance(quad.object, Literal) and quad.object.language:
            self._languages[quad.object.language.split("-")[0]] += 1
