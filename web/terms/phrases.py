"""Class expressions in words (OWL 2, RDF mapping, section 3.2): phrases whose names are links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kg.aspects.schema import is_nameless
from kg.cells import XSD
from kg.inference import OWL
from kg.iris import compress, local_name
from kg.labels import nameless
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal
from web.links import Link, is_external, shown_address
from web.values import literal_value
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from kg.aspects.schema import Schema
    from kg.store import Term
    from web.links import Links

Phrase: TypeAlias = "tuple[Link, ...]"

DEEPEST = 12  # expressions within expressions; a circle of them is not told for ever
LONGEST = 300  # words and names of one expression; the table of every statement has all
FACETS = {
    "minInclusive": N_("at least %(value)s"),
    "maxInclusive": N_("at most %(value)s"),
    "minExclusive": N_("more than %(value)s"),
    "maxExclusive": N_("less than %(value)s"),
    "length": N_("of length %(value)s"),
    "minLength": N_("of length at least %(value)s"),
    "maxLength": N_("of length at most %(value)s"),
    "pattern": N_("that matches %(value)s"),
    "langRange": N_("in the language %(value)s"),
}
AT_LEAST, AT_MOST, EXACTLY = (
    N_("what has at least %(number)s %(property)s"),
    N_("what has at most %(number)s %(property)s"),
    N_("what has exactly %(number)s %(property)s"),
)
COUNTS = {
    "minCardinality": AT_LEAST,
    "minQualifiedCardinality": AT_LEAST,
    "maxCardinality": AT_MOST,
    "maxQualifiedCardinality": AT_MOST,
    "cardinality": EXACTLY,
    "qualifiedCardinality": EXACTLY,
}
VALUES = {
    "hasValue": N_("what has %(property)s: %(value)s"),
    "someValuesFrom": N_("what has at least one %(property)s that is %(value)s"),
    "allValuesFrom": N_("what has no %(property)s but %(value)s"),
}
PLACE = re.compile(r"%\((\w+)\)s")
CONJUNCTIONS = {"or": N_("or"), "and": N_("and"), "or else": N_("or else"), "then": N_("then")}


def owl(name: str) -> IRI:
    """A term of OWL."""
    return IRI(f"{OWL}{name}")


def words(text: str) -> Link:
    """Words of a phrase that name nothing."""
    return Link(text)


def framed(text: str, **phrases: Phrase) -> Phrase:
    """The text in the language of the page, with the phrases in the places that have their names."""
    pieces = PLACE.split(gettext(text))
    found: list[Link] = []
    for place, piece in enumerate(pieces):
        found += phrases[piece] if place % 2 else [words(piece)] * bool(piece)
    return tuple(found)


@dataclass(frozen=True)
class Speech:
    """Tells nodes of a schema in words; `address` is where a term leads, `declared` are the ontology's."""

    schema: Schema
    links: Links
    address: Callable[[IRI], str]
    declared: Container[IRI]
    _named: dict[IRI, Link] = field(default_factory=dict, repr=False)
    _told: dict[tuple[IRI, int], Phrase] = field(default_factory=dict, repr=False)

    def name(self, iri: IRI) -> Link:
        """A term by its name."""
        if iri not in self._named:
            self._named[iri] = self._name(iri)
        return self._named[iri]

    def _name(self, iri: IRI) -> Link:
        if iri.value.startswith(XSD):  # whose types are known by their names
            return self.curie(iri)
        plain, href = self.links.link(iri), self.address(iri)
        if iri not in self.declared and self.links.label(iri) == nameless(iri):
            short = self.curie(iri)  # nobody calls it anything
            is_address, last = short.text.startswith("http"), local_name(iri.value)
            if last[:1].isalpha():
                return Link(last, href, "", is_external(href), iri.value) if is_address else short
            return Link(shown_address(iri.value), href, "", is_external(href), iri.value)
        return Link(plain.text, href, plain.lang, is_external(href), plain.title)

    def curie(self, iri: IRI) -> Link:
        """A term as queries write it."""
        plain, href = self.links.curie(iri), self.address(iri)
        return Link(plain.text, href, "", is_external(href), iri.value)

    def value(self, term: Term) -> Link:
        """A value of any kind as people read it."""
        if isinstance(term, IRI):
            return self.name(term)
        return literal_value(term).link if isinstance(term, Literal) else words(str(term))

    def told(self, node: Term, depth: int = 0) -> Phrase:
        """A class, a range of data, a property or a value in words."""
        if not isinstance(node, IRI) or not is_nameless(node):
            return (self.value(node),)
        if (node, depth) not in self._told:
            phrase = self._tell(node, depth) if depth <= DEEPEST else (words("…"),)
            self._told[node, depth] = phrase if len(phrase) <= LONGEST else (*phrase[:LONGEST], words("…"))
        return self._told[node, depth]

    def _tell(self, node: IRI, depth: int) -> Phrase:
        for tell in (self._combined, self._restricted, self._limited, self._turned):
            phrase = tell(node, depth + 1)
            if phrase:
                return phrase
        return self._listed(node, depth + 1)

    def joined(self, nodes: Iterable[Term], conjunction: str, depth: int = 0) -> Phrase:
        """Several nodes: “A, B or C”."""
        return joined([self.told(node, depth) for node in nodes], conjunction)

    def _combined(self, node: IRI, depth: int) -> Phrase:
        """Unions, intersections, complements and enumerations (OWL 2, sections 8.1 and 7)."""
        for head in self.schema.objects(node, owl("unionOf")):
            return self.joined(self.schema.members(head), "or", depth)
        for head in self.schema.objects(node, owl("intersectionOf")):
            return self.joined(self.schema.members(head), "and", depth)
        for head in self.schema.objects(node, owl("oneOf")):
            return framed(N_("one of %(values)s"), values=self.joined(self.schema.members(head), "or", depth))
        for name in ("complementOf", "datatypeComplementOf"):
            for other in self.schema.objects(node, owl(name)):
                return framed(N_("anything but %(value)s"), value=self.told(other, depth))
        return ()

    def _restricted(self, node: IRI, depth: int) -> Phrase:
        """Restrictions of a property (OWL 2, sections 8.2 to 8.5)."""
        props = self.schema.objects(node, owl("onProperty"))
        heads = self.schema.objects(node, owl("onProperties"))
        if not props and not heads:
            return ()
        phrase = joined(
            [
                *(self.told(prop, depth) for prop in props),
                *(self.joined(self.schema.members(head), "and", depth) for head in heads),
            ],
            "and",
        )
        said = [
            *self._values(node, phrase, depth),
            *self._counted(node, phrase, depth),
        ]
        return (
            joined(said, "and") if said else framed(N_("what is restricted in %(property)s"), property=phrase)
        )

    def _values(self, node: IRI, prop: Phrase, depth: int) -> list[Phrase]:
        found: list[Phrase] = [
            framed(text, property=prop, value=self.told(value, depth))
            for name, text in VALUES.items()
            for value in self.schema.objects(node, owl(name))
        ]
        if self.schema.objects(node, owl("hasSelf")):
            found.append(framed(N_("what has itself as %(property)s"), property=prop))
        return found

    def _counted(self, node: IRI, prop: Phrase, depth: int) -> list[Phrase]:
        kinds = self.schema.objects(node, owl("onClass"), owl("onDataRange"))
        which = self.joined(kinds, "and", depth)
        what = framed(N_("%(property)s that is %(kind)s"), property=prop, kind=which) if kinds else prop
        return [
            framed(text, number=(self.value(number),), property=what)
            for name, text in COUNTS.items()
            for number in self.schema.objects(node, owl(name))
        ]

    def _limited(self, node: IRI, depth: int) -> Phrase:
        """A datatype with facets (OWL 2, section 7.5)."""
        kinds = self.schema.objects(node, owl("onDatatype"))
        if not kinds:
            return ()
        facets: list[Phrase] = []
        for head in self.schema.objects(node, owl("withRestrictions")):
            for member in self.schema.members(head):
                said = self.schema.by_subject.get(member, ()) if isinstance(member, IRI) else ()
                for one in said:
                    name = one.predicate.value.rpartition("#")[2]
                    facets.append(
                        framed(FACETS.get(name, f"{name} %(value)s"), value=(self.value(one.object),))
                    )
        return (*self.joined(kinds, "and", depth), words(" "), *joined(facets, "and"))

    def _turned(self, node: IRI, depth: int) -> Phrase:
        """A property read the other way (OWL 2, section 6.1)."""
        for prop in self.schema.objects(node, owl("inverseOf")):
            return framed(N_("%(property)s read the other way"), property=self.told(prop, depth))
        return ()

    def _listed(self, node: IRI, depth: int) -> Phrase:
        """A list, or whatever else a node without a name is: what is said of it."""
        members = self.schema.members(node)
        if members:
            return self.joined(members, "and", depth)
        own = self.schema.by_subject.get(node, ())
        kinds = [(self.value(one.object),) for one in own if one.predicate == RDF_TYPE]
        said = [
            (self.name(one.predicate), words(" "), *self.told(one.object, depth))
            for one in own
            if one.predicate != RDF_TYPE
        ]
        if not said:
            return joined(kinds, "and") or (words(compress(node.value, {})),)
        if not kinds:
            return joined(said, "and")
        return framed(N_("%(kinds)s with %(said)s"), kinds=joined(kinds, "and"), said=joined(said, "and"))


def joined(phrases: Sequence[Phrase], conjunction: str) -> Phrase:
    """Several phrases as one: “A, B or C”, by one of CONJUNCTIONS."""
    if not phrases:
        return ()
    *first, last = phrases
    found: list[Link] = []
    for place, phrase in enumerate(first):
        found += [words(", ")] * (place > 0) + list(phrase)
    return (*found, words(f" {gettext(CONJUNCTIONS[conjunction])} "), *last) if first else tuple(last)
