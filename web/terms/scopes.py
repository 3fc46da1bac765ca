"""What shapes are about (https://www.w3.org/TR/shacl/, sections 2 and 5), before it is told in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from kg.aspects.schema import CLASSES, Schema, is_nameless
from kg.sources import RDF_TYPE
from kg.sparql.keywords import terms
from kg.store import IRI, Literal
from kg.validation import SHACL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.release import Release
    from kg.store import Term

DEEPEST = 8  # shapes within shapes
MOST_PARTS = 1000  # of one shape
ANY_KINDS = ("NodeShape", "PropertyShape", "Shape")


@dataclass(frozen=True)
class Scope:
    """A shape with its part that asks for something, before it is told in words: `query` is that of SPARQL.

    `targets` are the classes whose members it holds for, `mentioned` all other terms that it is about.
    """

    whole: IRI
    part: IRI
    query: IRI | None
    targets: frozenset[IRI]
    mentioned: frozenset[IRI]


def sh(name: str) -> IRI:
    """A term of SHACL."""
    return IRI(f"{SHACL}{name}")


def shapes_of(release: Release) -> Schema:
    """The shapes of a release: those of its graph of shapes, else those that sources state."""
    graph = release.iris.shapes_graph
    quads = list(release.store.quads(graph=graph))
    if not quads and not release.manifest.ontology:
        kinds = [quad for name in ANY_KINDS for quad in release.store.quads(None, RDF_TYPE, sh(name))]
        waiting, seen = {quad.subject for quad in kinds}, set[object]()
        while waiting:
            subject = waiting.pop()
            seen.add(subject)
            if isinstance(subject, IRI):
                found = list(release.store.quads(subject))
                quads += found
                waiting |= {
                    one.object
                    for one in found
                    if isinstance(one.object, IRI) and is_nameless(one.object) and one.object not in seen
                }
    return Schema.from_triples(quad.triple for quad in quads)


def scopes(shapes: Schema, ontology: Schema, prefixes: Mapping[str, str]) -> list[Scope]:
    """What the shapes are about, each part of each by itself."""
    found: list[Scope] = []
    for shape in shapes.by_subject:
        classes = iris(shapes.objects(shape, sh("targetClass")))
        if _is_class_too(shape, shapes, ontology):
            classes.add(shape)
        names = ("targetSubjectsOf", "targetObjectsOf", "targetNode")
        ends = iris(shapes.objects(shape, *(sh(name) for name in names)))
        if classes or ends:
            whole = Scope(shape, shape, None, frozenset(classes), frozenset(ends))
            found += islice(_parts(shapes, whole, prefixes, frozenset()), MOST_PARTS)
    return found


def _parts(
    shapes: Schema, scope: Scope, prefixes: Mapping[str, str], seen: frozenset[IRI]
) -> Iterator[Scope]:
    """A shape itself, the property shapes in it, and its queries."""
    part = scope.part
    if part in seen or len(seen) > DEEPEST or shapes.objects(part, sh("deactivated")) == [Literal(True)]:
        return
    yield replace(scope, mentioned=scope.mentioned | _mentioned(shapes, part))
    for one in shapes.objects(part, sh("property")):
        if isinstance(one, IRI):
            yield from _parts(shapes, replace(scope, part=one), prefixes, seen | {part})
    for query in shapes.objects(part, sh("sparql")):
        if isinstance(query, IRI):
            named = terms(query_of(shapes, query), prefixes)
            iris = frozenset(IRI(iri) for iri in named if ":" in iri)
            yield replace(scope, query=query, mentioned=scope.mentioned | iris)


def _mentioned(shapes: Schema, shape: IRI) -> frozenset[IRI]:
    """The terms that a shape names: those of its path, and the classes and properties of its values."""
    found, seen = set[IRI](), set[IRI]()
    names = ("path", "class", "equals", "disjoint", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
    waiting = shapes.objects(shape, *(sh(name) for name in names))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, IRI) or node in seen:
            continue
        seen.add(node)
        if is_nameless(node):
            waiting += [one.object for one in shapes.by_subject.get(node, ())]
        else:
            found.add(node)
    return frozenset(found)


def query_of(shapes: Schema, node: IRI) -> str:
    """The text of a query that decides (section 5)."""
    texts = shapes.objects(node, sh("select"), sh("ask"))
    return next((one.value.strip("\n") for one in texts if isinstance(one, Literal)), "")


def _is_class_too(shape: IRI, shapes: Schema, ontology: Schema) -> bool:
    """Whether a shape is a class as well, whose members it holds for (section 2.1.3.3)."""
    kinds = ontology.kinds(shape) | shapes.kinds(shape)
    is_shape = any(one.predicate.value.startswith(SHACL) for one in shapes.by_subject[shape])
    return is_shape and bool(kinds & set(CLASSES))


def iris(found: Iterable[Term]) -> set[IRI]:
    """The IRIs among some terms."""
    return {one for one in found if isinstance(one, IRI)}
