"""Where documents mention an entity, and what a document has in its passages, as far as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.documents import BEGIN, END, PASSAGE, POSITION, VALUE
from kg.sources import PART_OF, RDF_TYPE
from kg.store import IRI, Literal
from kg.text.annotations import HAS_BODY, HAS_SCOPE, HAS_TARGET, annotations_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.iris import Iris
    from kg.store import Store
    from kg.text.annotations import Mention

MOST_PASSAGES = 200


@dataclass(frozen=True)
class Shown:
    """A passage as it may be shown: its text or the beginning of it, and the entities that it mentions."""

    iri: IRI
    document: IRI
    position: int
    start: int
    end: int
    text: str
    lang: str
    mentioned: tuple[IRI, ...] = ()

    @property
    def is_cut(self) -> bool:
        """Whether the passage goes on after what is shown."""
        return len(self.text) < self.end - self.start


def citations(store: Store, iris: Iris, entity: IRI, most: int, start: int = 0) -> tuple[list[Shown], int]:
    """Up to `most` passages in which documents mention an entity, after `start`, and how many there are."""
    scopes: dict[IRI, None] = {}
    for quad in store.quads(predicate=HAS_BODY, object=entity):
        if iris.is_reading(quad.graph_name) and isinstance(quad.subject, IRI):
            scopes.update(dict.fromkeys(_scopes(store, quad.subject)))
    found = (_shown(store, iri) for iri in sorted(scopes, key=str)[start : start + most])
    return [one for one in found if one], len(scopes)


def contents(
    store: Store, iris: Iris, document: IRI, most: int = MOST_PASSAGES, start: int = 0
) -> tuple[list[Shown], int]:
    """Up to `most` passages of a document, after `start`, with what each mentions; how many there are."""
    found = [
        one
        for quad in store.quads(predicate=PART_OF, object=document)
        if isinstance(quad.subject, IRI) and (one := _shown(store, quad.subject))
    ]
    found.sort(key=lambda one: one.position)
    name = document.value.removeprefix(iris.document("").value)
    mentions = annotations_of(store, iris, name)
    return [_with(one, mentions) for one in found[start : start + most]], len(found)


def _with(one: Shown, mentions: list[Mention]) -> Shown:
    inside = dict.fromkeys(each.entity for each in mentions if one.start <= each.start < one.end)
    return Shown(one.iri, one.document, one.position, one.start, one.end, one.text, one.lang, tuple(inside))


def _scopes(store: Store, annotation: IRI) -> Iterator[IRI]:
    """The passages that an annotation is about."""
    for target in store.quads(subject=annotation, predicate=HAS_TARGET):
        if isinstance(target.object, IRI):
            for scope in store.quads(subject=target.object, predicate=HAS_SCOPE):
                if isinstance(scope.object, IRI):
                    yield scope.object


def _shown(store: Store, passage: IRI) -> Shown | None:
    """A passage as the graph has it; None where it is none, or not all is said of it."""
    quads = list(store.quads(subject=passage))
    said = {quad.predicate: quad.object for quad in quads}
    texts = [said.get(prop) for prop in (POSITION, BEGIN, END)]
    numbers = [int(term.value) for term in texts if isinstance(term, Literal) and term.value.isdecimal()]
    document, text = said.get(PART_OF), said.get(VALUE)
    is_passage = any(quad.predicate == RDF_TYPE and quad.object == PASSAGE for quad in quads)
    if not (is_passage and len(numbers) == 3 and isinstance(document, IRI) and isinstance(text, Literal)):
        return None
    position, start, end = numbers
    return Shown(passage, document, position, start, end, text.value, text.language or "")
