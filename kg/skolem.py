"""Stable IRIs in the place of blank nodes (RDF 1.1 Concepts, section 3.5; RDFC-1.0 for the labels)."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.store import IRI, BlankNode, CanonicalizationAlgorithm, Dataset, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Term

LENGTH = 32  # hexadecimal digits of a label: 128 bits


def skolemise(quads: Iterable[Quad], space: str) -> Iterator[Quad]:
    """The same quads with each blank node replaced by an IRI below `space`.

    Blank nodes that occur together are canonicalised together, apart from the others, and the label is a
    hash of what is said of them. So two inputs that are equal up to the names of blank nodes and the order
    of quads give equal outputs, and a change elsewhere in a file leaves the IRIs as they are. Hostile input
    can take for ever (the poison graphs of RDFC-1.0, section 7.1): for that, call it under a deadline.
    """
    named = []
    for quad in quads:
        if is_ground(quad):
            yield quad
        else:
            named.append(quad)
    seen: Counter[str] = Counter()
    for component in _components(named):
        dataset = Dataset(component)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = "\n".join(sorted(map(str, dataset)))
        seen[lines] += 1
        labels = hashlib.sha256(f"{lines}\n{seen[lines]}".encode())
        for quad in dataset:
            yield _renamed(quad, labels.hexdigest(), space)


def is_ground(quad: Quad) -> bool:
    """Whether a quad has no blank node."""
    return not any(True for _ in _blank_nodes(quad))


def _blank_nodes(quad: Quad | Triple) -> Iterator[BlankNode]:
    if isinstance(quad.subject, BlankNode):
        yield quad.subject
    if isinstance(quad.object, BlankNode):
        yield quad.object
    elif isinstance(quad.object, Triple):
        yield from _blank_nodes(quad.object)
    if isinstance(quad, Quad) and isinstance(quad.graph_name, BlankNode):
        yield quad.graph_name


def _components(quads: Iterable[Quad]) -> list[list[Quad]]:
    """The quads by connected blank nodes (union-find with path halving)."""
    above: dict[str, str] = {}

    def root(label: str) -> str:
        above.setdefault(label, label)
        while above[label] != label:
            above[label] = above[above[label]]
            label = above[label]
        return label

    first = []
    for quad in quads:
        labels = [node.value for node in _blank_nodes(quad)]
        for label in labels:
            above[root(label)] = root(labels[0])
        first.append((labels[0], quad))
    found: defaultdict[str, list[Quad]] = defaultdict(list)
    for label, quad in first:
        found[root(label)].append(quad)
    return list(found.values())


def _renamed(quad: Quad, digest: str, space: str) -> Quad:
    def name(node: BlankNode) -> IRI:
        return IRI(f"{space}{hashlib.sha256(f'{digest}{node.value}'.encode()).hexdigest()[:LENGTH]}")

    def term(value: Term) -> Term:
        if isinstance(value, Triple):
            return Triple(node(value.subject), value.predicate, term(value.object))
        return name(value) if isinstance(value, BlankNode) else value

    def node(value: IRI | BlankNode | Triple) -> IRI:
        assert not isinstance(value, Triple)  # RDF 1.2 has them as objects only
        return name(value) if isinstance(value, BlankNode) else value

    graph = quad.graph_name
    return Quad(
        node(quad.subject),
        quad.predicate,
        term(quad.object),
        name(graph) if isinstance(graph, BlankNode) else graph,
    )
