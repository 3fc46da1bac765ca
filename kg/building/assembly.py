"""The quads of a release in the making: what is stated, what is fixed, and what follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from kg.inference import Inference
from kg.journal import Replay
from kg.labels import NAME_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.inference import Axioms
    from kg.iris import Iris
    from kg.journal import Journal


@dataclass
class Assembly:
    """Passes the quads of a release on, one by one, and counts what a manifest tells of them."""

    iris: Iris
    axioms: Axioms
    warnings: list[str] = field(default_factory=list)
    is_complete: bool = True
    _entities: set[IRI] = field(default_factory=set)
    _graphs: set[IRI] = field(default_factory=set)
    _languages: Counter[str] = field(default_factory=Counter)
    _inferred: int = 0

    def quads(self, fixed: Iterable[Quad], stated: Iterable[Quad], journal: Journal) -> Iterator[Quad]:
        """What is fixed (ontology, shapes, examples, catalogue), what is stated, and what follows from it.

        `stated` is passed on as the journal leaves it. Counts and warnings are complete at the end.
        """
        replay, inference = Replay.of(journal, self.iris), Inference(self.axioms)
        for quad in chain(fixed, replay.apply(stated)):
            if isinstance(quad.graph_name, IRI):
                self._graphs.add(quad.graph_name)
            if self.iris.is_stated(quad):
                inference.take(quad)
                self._count(quad)
            yield quad
        for triple in inference.triples():
            self._inferred += 1
            yield Quad(triple.subject, triple.predicate, triple.object, self.iris.inferred_graph)
        self.is_complete = not inference.warnings
        self.warnings += [*replay.complaints(), *inference.warnings]

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of what."""
        sources = {self.iris.source_of(graph) for graph in self._graphs if self.iris.is_source(graph)}
        return {
            "graphs": len(self._graphs) + bool(self._inferred) + 1,  # that of the statistics
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

    def _count(self, quad: Quad) -> None:
        is_name = quad.predicate in NAME_PROPERTIES
        if (is_name or quad.predicate == RDF_TYPE) and isinstance(quad.subject, IRI):
            self._entities.add(quad.subject)
        if is_name and isinstance(quad.object, Literal) and quad.object.language:
            self._languages[quad.object.language.split("-")[0]] += 1
