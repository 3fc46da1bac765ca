"""A thing in the words of schema.org, embedded in its page as JSON-LD (JSON-LD 1.1, section 7).

What a class or a property is in schema.org is what the ontology says of it; what it says nothing of is left
out, so that the block is short and true. It holds data that strangers wrote, so everything that could end
it, open another element or break a line is escaped.
"""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from kg.aspects.alignment import NUMBERED, SAME, Alignment
from kg.aspects.standing import WHOLE, is_number
from kg.cells import XSD
from kg.store import IRI, Literal
from web.links import is_web_address
from web.scripts import safe

if TYPE_CHECKING:
    from markupsafe import Markup

    from kg.description import Description
    from kg.store import Term
    from web.links import Links

CONTEXT = "https://schema.org"
ANYTHING = "Thing"
MOST_VALUES = 20  # of one property
LONGEST_NUMBER = 300  # characters, beyond which no number of JSON is sure to be read
TOLD = frozenset({"name", "alternateName", "description", "sameAs", "identifier"})


def embedded(links: Links, found: Description, page: str) -> Markup:
    """The JSON of a description whose page has an address, safe within a `script` element of HTML."""
    return safe(schema(links, found, page))


def schema(links: Links, found: Description, page: str) -> dict[str, Any]:
    """A description in the words of schema.org: its type, its names, and what can be said of it there."""
    alignment = Alignment(links.release.store)
    types = dict.fromkeys(name for kind in found.kinds if (name := alignment.schema(kind)))
    said: dict[str, list[Any]] = {}
    for prop, statements in groupby(found.statements, key=lambda one: one.predicate):
        name = _word(alignment, prop)
        if name:
            terms = (one.object for one in statements if _fits(name, one.object))
            said.setdefault(name, []).extend(_value(links, name, term) for term in islice(terms, MOST_VALUES))
    names = dict.fromkeys(name.text for name in found.names if name.text != found.label.text)
    members = {
        "alternateName": list(names)[:MOST_VALUES],
        "description": [found.definition.text] if found.definition else [],
        **said,
    }
    return {
        "@context": CONTEXT,
        "@id": found.iri.value,
        "@type": _one(list(types) or [ANYTHING]),
        "name": found.label.text,
        **{name: _one(values) for name, values in members.items() if values},
        "mainEntityOfPage": page,
    }


def _word(alignment: Alignment, prop: IRI) -> str:
    """What a property is in schema.org; '' where it has no word for it, or names are told apart already."""
    if alignment.is_under(prop, SAME):
        return "sameAs"
    if alignment.is_under(prop, NUMBERED):
        return "identifier"
    name = alignment.schema(prop)
    return "" if name in TOLD else name


def _fits(name: str, term: Term) -> bool:
    """Whether a value is of the kind that the property takes."""
    if name == "sameAs":
        return isinstance(term, IRI) and is_web_address(term.value)
    return isinstance(term, Literal) if name == "identifier" else True


def _value(links: Links, name: str, term: Term) -> Any:  # noqa: ANN401 whatever JSON has
    if name in ("sameAs", "identifier") and isinstance(term, IRI | Literal):
        return term.value
    if isinstance(term, IRI):
        return {"@id": term.value, "name": links.label(term).text}
    if not isinstance(term, Literal):
        return str(term)
    if is_number(term) and len(term.value) <= LONGEST_NUMBER:
        return int(term.value) if term.datatype.value in WHOLE else float(term.value)
    if term.datatype.value == f"{XSD}boolean":
        return term.value in ("true", "1")
    return {"@value": term.value, "@language": term.language} if term.language else term.value


def _one(values: list[Any]) -> Any:  # noqa: ANN401 whatever JSON has
    return values[0] if len(values) == 1 else values
