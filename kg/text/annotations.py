"""What a machine read in a document, as annotations (Web Annotation Data Model, W3C Recommendation 2017).

They stand in a graph of their own, for no source states them: each says which words of which passage mean
which entity, and how sure that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.cells import literal, natural
from kg.documents import passage_iri
from kg.labels import ENGINE
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.iris import Iris
    from kg.store import Store, Term
    from kg.text.passages import Span

OA = "http://www.w3.org/ns/oa#"
ANNOTATION = IRI(f"{OA}Annotation")
MOTIVATED_BY = IRI(f"{OA}motivatedBy")
IDENTIFYING = IRI(f"{OA}identifying")
HAS_BODY = IRI(f"{OA}hasBody")
HAS_TARGET = IRI(f"{OA}hasTarget")
SPECIFIC_RESOURCE = IRI(f"{OA}SpecificResource")
HAS_SOURCE = IRI(f"{OA}hasSource")
HAS_SCOPE = IRI(f"{OA}hasScope")
HAS_SELECTOR = IRI(f"{OA}hasSelector")
POSITION_SELECTOR = IRI(f"{OA}TextPositionSelector")
QUOTE_SELECTOR = IRI(f"{OA}TextQuoteSelector")
START = IRI(f"{OA}start")
END = IRI(f"{OA}end")
EXACT = IRI(f"{OA}exact")
CONFIDENCE = IRI(f"{ENGINE}confidence")


@dataclass(frozen=True)
class Mention:
    """Characters `start` to `end` (exclusive) of a text that mean an entity; confidence is from 0 to 1."""

    entity: IRI
    start: int
    end: int
    text: str
    confidence: float


def annotation_quads(
    name: str, mentions: Sequence[Mention], spans: Sequence[Span], lang: str, iris: Iris
) -> Iterator[Quad]:
    """The graph of the mentions in the document of a name, whose passages are these spans."""
    document, graph = iris.document(name), iris.mentions_graph(name)
    for number, (mention, passage) in enumerate(_placed(mentions, spans), start=1):
        annotation = f"{document.value}/mention/{number}"
        scope = passage_iri(document, passage)
        for subject, predicate, value in _said(annotation, mention, document, scope, lang):
            yield Quad(IRI(subject), predicate, value, graph)


def _placed(mentions: Iterable[Mention], spans: Sequence[Span]) -> Iterator[tuple[Mention, int]]:
    """Each mention with the number of the passage that it begins in; both come in order."""
    place = 0
    for mention in sorted(mentions, key=lambda one: (one.start, one.end)):
        while place < len(spans) - 1 and spans[place].end <= mention.start:
            place += 1
        yield mention, place + 1


def _said(
    annotation: str, mention: Mention, document: IRI, scope: IRI, lang: str
) -> Iterator[tuple[str, IRI, Term]]:
    target, selector, quote = (f"{annotation}/{part}" for part in ("target", "selector", "quote"))
    yield annotation, RDF_TYPE, ANNOTATION
    yield annotation, MOTIVATED_BY, IDENTIFYING
    yield annotation, HAS_BODY, mention.entity
    yield annotation, HAS_TARGET, IRI(target)
    yield annotation, CONFIDENCE, literal(f"{mention.confidence:.2f}", "decimal")
    yield target, RDF_TYPE, SPECIFIC_RESOURCE
    yield target, HAS_SOURCE, document
    yield target, HAS_SCOPE, scope
    yield target, HAS_SELECTOR, IRI(selector)
    yield target, HAS_SELECTOR, IRI(quote)
    yield selector, RDF_TYPE, POSITION_SELECTOR
    yield selector, START, natural(mention.start)
    yield selector, END, natural(mention.end)
    yield quote, RDF_TYPE, QUOTE_SELECTOR
    yield quote, EXACT, Literal(mention.text, language=lang or None)


def annotations_of(store: Store, iris: Iris, name: str) -> list[Mention]:
    """The mentions in the document of a name, in order of their places."""
    graph = iris.mentions_graph(name)
    said: dict[Term, dict[IRI, list[Term]]] = {}
    for quad in store.quads(graph=graph):
        if isinstance(quad.subject, IRI):
            said.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    found = [_mention(one, said) for one in said.values() if ANNOTATION in one.get(RDF_TYPE, ())]
    return sorted((one for one in found if one), key=lambda one: (one.start, one.end))


def _mention(annotation: dict[IRI, list[Term]], said: dict[Term, dict[IRI, list[Term]]]) -> Mention | None:
    """The mention that an annotation tells of; None where somebody wrote one of another kind."""
    try:
        [body], [target] = annotation[HAS_BODY], annotation[HAS_TARGET]
        told: dict[IRI, str] = {}
        for selector in said[target][HAS_SELECTOR]:
            told.update({prop: _text(values[0]) for prop, values in said[selector].items()})
        sure = _text(annotation.get(CONFIDENCE, [Literal("1")])[0])
        assert isinstance(body, IRI)
        return Mention(body, int(told[START]), int(told[END]), told.get(EXACT, ""), float(sure))
    except (KeyError, ValueError, AssertionError):
        return None


def _text(term: Term) -> str:
    return term.value if isinstance(term, IRI | Literal) else ""
