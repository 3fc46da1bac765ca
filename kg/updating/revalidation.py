"""SHACL over what a write touches: the shapes that speak of it, on the nodes that it may make wrong.

A node is touched when a changed triple begins or ends at it. Where a shape looks further than the node's
own triples (a class of the values, a path of several steps, a shape of the values), the nodes from which
a changed triple can be seen are touched as well; and where that cannot be told (a path without end or
backwards, a query), the shape is held against all that it is aimed at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib import Literal as RDFLiteral
from rdflib.collection import Collection

from kg.inference import SUB_CLASS
from kg.sources import RDF_TYPE
from kg.store import IRI, DefaultGraph, Literal
from kg.updating.view import copied, from_rdflib, to_rdflib, viewed
from kg.validation import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Node

    from kg.iris import Iris
    from kg.store import Oxigraph, Quad, Term, Triple

MOST_TOUCHED = 2000
FURTHEST = 2  # steps back from a changed triple that is seen from afar
FAR = FURTHEST + 1
NESTING = (SH.node, SH.qualifiedValueShape, SH["not"], SH.property)
LISTS = (SH["or"], SH["and"], SH.xone)
PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
CLASSES = (RDFS.Class, OWL.Class)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@dataclass
class Shapes:
    """The shapes of a release, and which predicates they see from further away than one step.

    `deep` predicates are seen from FURTHEST steps at most; `far` has by shape those that it may see from
    further, and `queries` what it asks.
    """

    graph: Graph
    targets: dict[Node, set[tuple[Node, Node]]] = field(default_factory=lambda: defaultdict(set))
    deep: set[Node] = field(default_factory=set)
    far: dict[Node, set[Node]] = field(default_factory=lambda: defaultdict(set))
    queries: dict[Node, str] = field(default_factory=lambda: defaultdict(str))
    is_general: bool = True

    @classmethod
    def of(cls, store: Oxigraph, iris: Iris) -> Shapes:
        """The shapes in the graph of shapes."""
        quads = store.quads_for_pattern(None, None, None, iris.shapes_graph)
        shapes = cls(copied(quads, iris.genid("shapes")))
        shapes._name_targeted(iris.genid("shapes"))
        shapes._free_nested()
        shapes._find_targets()
        for shape in shapes.targets:
            shapes._look(shape, shape, 0, set())
        return shapes

    def sees_from_afar(self, shape: Node, predicate: IRI) -> bool:
        """Whether a triple with the predicate may make a node wrong that is nowhere near."""
        words = ("a", "type") if predicate == RDF_TYPE else (re.split(r"[/#:]", predicate.value)[-1],)
        asked = self.queries.get(shape, "")
        is_asked = any(re.search(rf"\b{re.escape(word)}\b", asked) for word in words)
        return is_asked or URIRef(predicate.value) in self.far.get(shape, ())

    def _name_targeted(self, space: str) -> None:
        """Give names to shapes that have targets, for pySHACL is told by name which to use."""
        for target in TARGETS:
            for shape in [one for one in self.graph.subjects(target) if isinstance(one, BNode)]:
                name = URIRef(f"{space}{shape}")
                for triple in [
                    *self.graph.triples((shape, None, None)),
                    *self.graph.triples((None, None, shape)),
                ]:
                    self.graph.remove(triple)
                    subject, predicate, value = (name if term == shape else term for term in triple)
                    self.graph.add((subject, predicate, value))

    def _free_nested(self) -> None:
        """Put nameless twins in the place of named parts of shapes: pySHACL leaves out names not chosen."""
        members = {
            one for link in LISTS for some in self.graph.objects(None, link) for one in self._list(some)
        }
        nested = members.union(*(self.graph.objects(None, link) for link in NESTING))
        for shape in [one for one in nested if isinstance(one, URIRef)]:
            twin = BNode()
            for _, predicate, value in [*self.graph.triples((shape, None, None))]:
                if predicate not in TARGETS and value not in CLASSES:
                    self.graph.add((twin, predicate, value))
            for link in (*NESTING, RDF.first):
                for other in [*self.graph.subjects(link, shape)]:
                    self.graph.remove((other, link, shape))
                    self.graph.add((other, link, twin))

    def _find_targets(self) -> None:
        for target in TARGETS:
            for shape, value in self.graph.subject_objects(target):
                self.targets[shape].add((target, value))
        for kind in CLASSES:
            for shape in self.graph.subjects(RDF.type, kind):
                if (shape, RDF.type, SH.NodeShape) in self.graph:
                    self.targets[shape].add((SH.targetClass, shape))
        self.is_general = (None, SH.target, None) in self.graph

    def _look(self, aimed: Node, shape: Node, depth: int, seen: set[tuple[Node, int]]) -> None:
        """Note what a shape, part of the one that is `aimed`, sees of what is `depth` steps away."""
        if (shape, depth) in seen:
            return
        seen.add((shape, depth))
        for predicate in self._objects(shape, PAIRS):
            self._note(aimed, predicate, depth)
        for query in self.graph.objects(shape, SH.sparql):
            self.queries[aimed] += " ".join(["", *map(str, self.graph.objects(query, SH.select))])
        path = self.graph.value(shape, SH.path)
        if path is not None:
            depth = self._walk(aimed, path, depth)
        if (shape, SH["class"], None) in self.graph:
            self._note(aimed, RDF.type, depth)
        for nested in self._nested(shape):
            self._look(aimed, nested, depth, seen)

    def _note(self, aimed: Node, predicate: Node, depth: int) -> None:
        if depth >= FAR:
            self.far[aimed].add(predicate)
        elif depth:
            self.deep.add(predicate)

    def _nested(self, shape: Node) -> Iterator[Node]:
        yield from self._objects(shape, NESTING)
        for members in self._objects(shape, LISTS):
            yield from self._list(members)

    def _objects(self, shape: Node, links: Iterable[URIRef]) -> Iterator[Node]:
        for link in links:
            yield from self.graph.objects(shape, link)

    def _list(self, head: Node) -> Collection:
        return Collection(self.graph, head)

    def _walk(self, aimed: Node, path: Node, depth: int) -> int:
        """Note the predicates of a path; how far away its end is."""
        if isinstance(path, URIRef):
            self._note(aimed, path, depth)
            return min(depth + 1, FAR)
        if (path, RDF.first, None) in self.graph:
            for part in self._list(path):
                depth = self._walk(aimed, part, depth)
            return depth
        if (choice := self.graph.value(path, SH.alternativePath)) is not None:
            return max(self._walk(aimed, part, depth) for part in self._list(choice))
        if (once := self.graph.value(path, SH.zeroOrOnePath)) is not None:
            return self._walk(aimed, once, depth)
        is_backwards = (path, SH.inversePath, None) in self.graph
        for part in self.graph.objects(path):
            self._walk(aimed, part, depth if is_backwards else FAR)
        return FAR


@dataclass
class Revalidation:
    """The shapes of a release on what changed in its store."""

    store: Oxigraph
    iris: Iris

    def report(self, changed: Iterable[Quad]) -> Graph | None:
        """The validation report on what the changed quads touch; None where the release has no shapes."""
        shapes = Shapes.of(self.store, self.iris)
        if not shapes.targets and not shapes.is_general:
            return None
        triples = {quad.triple for quad in changed}
        touched = self._touched(triples, shapes)
        predicates = {triple.predicate for triple in triples}
        whole = shapes.is_general or len(touched) > MOST_TOUCHED or SUB_CLASS in predicates
        report, data = Graph(), viewed(self.store)
        if whole:
            return run(data, shapes.graph)
        far = {one for one in shapes.targets if any(shapes.sees_from_afar(one, prop) for prop in predicates)}
        if far:
            report += run(data, shapes.graph, use_shapes=sorted(map(str, far)))
        near = {shape: targets for shape, targets in shapes.targets.items() if shape not in far}
        for nodes, chosen in self._aimed(near, touched).items():
            report += run(data, shapes.graph, use_shapes=chosen, focus_nodes=list(nodes))
        for shape, pairs in shapes.targets.items():
            values = self._values(triples, pairs)
            if values:
                report += run(values, shapes.graph, use_shapes=[str(shape)])
        return _as_one(report)

    def _values(self, triples: set[Triple], targets: set[tuple[Node, Node]]) -> Graph:
        """The triples whose literals are targets; of a literal nothing more is said than what it is."""
        found = Graph()
        props = {from_rdflib(value) for kind, value in targets if kind == SH.targetObjectsOf}
        for triple in triples:
            if triple.predicate in props and isinstance(triple.object, Literal) and self._is_there(triple):
                subject, predicate, value = map(to_rdflib, triple)
                found.add((subject, predicate, value))
        return found

    def _is_there(self, triple: Triple) -> bool:
        pattern = (triple.subject, triple.predicate, triple.object)
        return any(True for _ in self.store.quads_for_pattern(*pattern, DefaultGraph()))

    def _touched(self, triples: set[Triple], shapes: Shapes) -> set[IRI]:
        """The targets that the changed triples may make wrong; one too many where they are more than many."""
        aims: dict[Node, set[object]] = defaultdict(set)
        for kind, value in set().union(*shapes.targets.values()):
            aims[kind].add(from_rdflib(value))
        seen: set[IRI] = set()
        waiting: list[tuple[IRI, int]] = []
        for triple in triples:
            # Of its class nothing is said by a thing that has it.
            places = (triple.subject,) if triple.predicate == RDF_TYPE else (triple.subject, triple.object)
            ends = [term for term in places if isinstance(term, IRI)]
            seen.update(ends)
            if URIRef(triple.predicate.value) in shapes.deep:
                waiting.extend((term, 0) for term in ends)
        found = {node for node in seen if self._is_aimed_at(node, aims)}
        while waiting and len(found) <= MOST_TOUCHED:
            node, steps = waiting.pop()
            for quad in self.store.quads_for_pattern(None, None, node, DefaultGraph()):
                if isinstance(quad.subject, IRI) and quad.subject not in seen:
                    seen.add(quad.subject)
                    found.update([quad.subject] if self._is_aimed_at(quad.subject, aims) else [])
                    waiting.extend([(quad.subject, steps + 1)] if steps + 1 < FURTHEST else [])
        return found

    def _is_aimed_at(self, node: IRI, aims: Mapping[Node, set[object]]) -> bool:
        """Whether a node is one of the targets, given by their kinds."""
        if node in aims[SH.targetNode] or not aims[SH.targetClass].isdisjoint(self._classes(node)):
            return True
        outgoing = self.store.quads_for_pattern(node, None, None, DefaultGraph())
        if any(quad.predicate in aims[SH.targetSubjectsOf] for quad in outgoing):
            return True
        incoming = self.store.quads_for_pattern(None, None, node, DefaultGraph())
        return any(quad.predicate in aims[SH.targetObjectsOf] for quad in incoming)

    def _aimed(
        self, shapes: Mapping[Node, set[tuple[Node, Node]]], touched: set[IRI]
    ) -> dict[tuple[str, ...], list[str]]:
        """The shapes by the touched nodes that each is aimed at."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for shape, targets in shapes.items():
            nodes = [node for node in touched if any(self._is_target(node, *target) for target in targets)]
            if nodes:
                found[tuple(sorted(node.value for node in nodes))].append(str(shape))
        return found

    def _is_target(self, node: IRI, kind: Node, value: Node) -> bool:
        """Whether a node is a target (SHACL, section 2.1.3)."""
        term = from_rdflib(value)
        if kind == SH.targetNode or not isinstance(term, IRI):
            return term == node
        if kind == SH.targetClass:
            return term in self._classes(node)
        subject, other = (node, None) if kind == SH.targetSubjectsOf else (None, node)
        return any(True for _ in self.store.quads_for_pattern(subject, term, other, DefaultGraph()))

    def _classes(self, node: IRI) -> set[Term]:
        """The classes of a node and those above; of what the sources say of classes nothing is inferred."""
        found: set[Term] = set()
        waiting: list[tuple[IRI, IRI]] = [(node, RDF_TYPE)]
        while waiting:
            subject, predicate = waiting.pop()
            for quad in self.store.quads_for_pattern(subject, predicate, None, DefaultGraph()):
                if quad.object not in found:
                    found.add(quad.object)
                    waiting.extend([(quad.object, SUB_CLASS)] if isinstance(quad.object, IRI) else [])
        return found


def _as_one(report: Graph) -> Graph:
    """Several reports as a single one (SHACL, section 3.6.1)."""
    whole, conforms = BNode(), True
    for part in list(report.subjects(RDF.type, SH.ValidationReport)):
        conforms = conforms and bool(report.value(part, SH.conforms, default=RDFLiteral(True)))
        for result in report.objects(part, SH.result):
            report.add((whole, SH.result, result))
        report.remove((part, None, None))
    report.add((whole, RDF.type, SH.ValidationReport))
    report.add((whole, SH.conforms, RDFLiteral(conforms)))
    return report
