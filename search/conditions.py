"""What a query knows of a thing besides its name, held against what the graph says of it.

A value is an identifier, a name, a text, a number, a date or a truth value; it fits one of the graph by how
alike the two are. A property of which the graph says nothing neither confirms nor denies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import UnknownEntity
from kg.iris import expand
from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.likeness import likeness
from search.profile import DATES, NUMBERS
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.release import Release
    from kg.store import Term
    from search.lexicon import Lexicon

Given: TypeAlias = "str | float | bool"

MOST_VALUES = 30  # of one property of one thing, with which what is given is compared
MOST_SCANNED = 5000  # statements of one property, among which a text is looked for
MOST_HOLDERS = 200  # things that have a value
MOST_NAMESAKES = 5
MOST_KNOWN = 20_000
FITTING = 0.6  # less alike, a text is another one
NUMBER_FITTING = 0.9
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Condition:
    """A property of the thing that is sought, with values any of which is right.

    `property` is None where the graph has no such thing; `name` is what the asker calls it.
    """

    name: str
    property: IRI | None
    values: tuple[Given, ...]


@dataclass(frozen=True)
class Conditions:
    """Compares values over one release."""

    release: Release
    lexicon: Lexicon
    _known: dict[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def fit(self, subject: IRI, condition: Condition) -> float | None:
        """How well the best of the values fits, from 0 to 1; None where the thing has no such property."""
        if condition.property is None:
            return None
        said = self.said(subject, condition.property)
        pairs = ((value, term) for value in condition.values for term in said)
        return max((self._alike(value, term) for value, term in pairs), default=0.0 if said else None)

    def said(self, subject: IRI, prop: IRI) -> list[Term]:
        """What the graph says that a thing has of a property, each value once, up to MOST_VALUES."""
        quads = self.release.store.quads(subject=subject, predicate=prop)
        return list(islice(dict.fromkeys(quad.object for quad in quads), MOST_VALUES))

    def holders(self, condition: Condition) -> list[str]:
        """The IRIs of things that have one of the values, up to MOST_HOLDERS."""
        if condition.property is None:
            return []
        terms: list[Term] = []
        for value in condition.values:
            terms += [*self._meant(value), *_literals(value)]
        found = self._having(condition.property, terms) or self._scanned(condition.property, condition)
        return list(islice(dict.fromkeys(found), MOST_HOLDERS))

    def _having(self, prop: IRI, terms: Iterable[Term]) -> list[str]:
        """What has one of the terms as a value, as the graph writes it."""
        quads = (quad for term in terms for quad in self.release.store.quads(predicate=prop, object=term))
        return [quad.subject.value for quad in quads if isinstance(quad.subject, IRI)]

    def _scanned(self, prop: IRI, condition: Condition) -> list[str]:
        """What has one of the values in other letters, among the first MOST_SCANNED statements."""
        wanted = {_plain(str(value)) for value in condition.values} - {""}
        quads = islice(self.release.store.quads(predicate=prop), MOST_SCANNED)
        same = (quad for quad in quads if _plain(getattr(quad.object, "value", "")) in wanted)
        return [quad.subject.value for quad in same if isinstance(quad.subject, IRI)]

    def _meant(self, value: Given) -> list[IRI]:
        """The things that a value may mean, by identifier or name."""
        if not isinstance(value, str):
            return []
        named = [form.iri for form in self.lexicon.exact([key(value)]) if form.kind == "entity"]
        identified = self._identified(value)
        return [*([identified] if identified else []), *map(IRI, dict.fromkeys(named[:MOST_NAMESAKES]))]

    def _identified(self, text: str) -> IRI | None:
        try:
            return expand(text, self.release.prefixes, self.release.iris)
        except UnknownEntity:
            return None

    def _alike(self, value: Given, term: Term) -> float:
        if isinstance(term, RDFLiteral):
            return _alike_literal(value, term)
        if not isinstance(term, IRI) or not isinstance(value, str):
            return 0.0
        if term == self._identified(value) or _address(value) == _address(term.value):
            return 1.0
        return most_like(value, self._names(term.value))

    def _names(self, iri: str) -> Sequence[str]:
        """The keys of the names of a thing, kept for those that follow."""
        if iri not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[iri] = tuple({form.key for form in self.lexicon.of(iri)})
        return self._known.get(iri, ())


def most_like(text: str, names: Sequence[str]) -> float:
    """How alike a text is to the most alike of some keys of names, from 0 to 1."""
    wanted = key(text[:LONGEST_TEXT])
    if not wanted:
        return 0.0
    return max((likeness(wanted, name, FITTING) for name in names), default=0.0)


def _alike_literal(value: Given, term: RDFLiteral) -> float:
    """How alike a value is to a literal, from 0 to 1, by the kind of the literal."""
    datatype = term.datatype.value
    if isinstance(value, bool):
        return float(term.value.strip().lower() in (("true", "1") if value else ("false", "0")))
    if datatype in NUMBERS:
        return _near(_number(value), _number(term.value))
    if datatype in DATES:
        return float(_is_within(str(value).strip(), term.value))
    if not isinstance(value, str):
        return _near(value, _number(term.value))
    return 1.0 if value.strip() == term.value else most_like(value, [key(term.value[:LONGEST_TEXT])])


def _near(one: float | None, other: float | None) -> float:
    """1 for the same numbers, less for numbers that differ by some hundredths, else 0."""
    if one is None or other is None:
        return 0.0
    if one == other:
        return 1.0
    found = 1.0 - abs(one - other) / max(abs(one), abs(other))
    return found if found >= NUMBER_FITTING else 0.0


def _number(value: Given) -> float | None:
    """The number that is meant; None where it is none, or endless."""
    try:
        number = float(str(value).replace(" ", "").replace("\u00a0", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_within(value: str, date: str) -> bool:
    """Whether one of two dates begins with the other: 2025 and 2025-10-13, a day and a time of it."""
    return bool(value) and (date.startswith(value) or value.startswith(date))


def _literals(value: Given) -> list[RDFLiteral]:
    """The literals that a value may be written as."""
    if isinstance(value, bool):
        return [RDFLiteral(value)]
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    return [RDFLiteral(text), *(RDFLiteral(text, datatype=IRI(kind)) for kind in sorted(NUMBERS | DATES))]


def _plain(text: str) -> str:
    """A text by which it is compared: an address without its scheme, else its words."""
    return _address(text) if "://" in text else key(text[:LONGEST_TEXT])


def _address(text: str) -> str:
    """An address without what differs by habit: the scheme, "www." and a slash at the end."""
    return text.strip().lower().split("://", 1)[-1].removeprefix("www.").rstrip("/")
