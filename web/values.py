"""Values as pages show them: each with the text that is read, how to mark it up, and its sources as marks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.aspects.standing import DATES, NUMBER, NUMBERS
from kg.cells import XSD
from kg.store import IRI, Literal
from web.links import Link, is_external, is_web_address, shown_address
from web.wording import gettext
from web.written import figure, moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.sources import Source
    from kg.store import Term
    from web.links import Links

LONGEST_NUMBER = 300  # characters that are read as a number
GROUPED_FROM = 10_000  # smaller numbers may be years, or are read without help


@dataclass(frozen=True)
class Value:
    """One value of a property as shown; `raw` is the value as written, `kind` how to mark it up.

    `unit` is what the text of a number counts in, where it tells.
    """

    link: Link
    raw: str
    kind: str
    marks: tuple[int, ...] = ()
    unit: str = ""

    @property
    def text(self) -> str:
        """What is read."""
        return self.link.text


@dataclass
class Marks:
    """Numbers for sources, in the order in which they are first met."""

    numbers: dict[Source, int] = field(default_factory=dict)

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """The numbers of the sources of one statement."""
        return tuple(sorted(self.numbers.setdefault(source, len(self.numbers) + 1) for source in sources))


def value_of(links: Links, prop: IRI, term: Term, marks: tuple[int, ...] = ()) -> Value:
    """A value of a property as people read it, under the name that the ontology gives it if it does."""
    if isinstance(term, IRI):
        return Value(links.link(term), term.value, "thing", marks)
    if not isinstance(term, Literal):
        return Value(Link(str(term)), "", "text", marks)
    value, name = literal_value(term, marks), links.value_label(prop, term)
    return replace(value, link=Link(name.text, lang=name.lang, title=term.value)) if name else value


def literal_value(term: Literal, marks: tuple[int, ...] = ()) -> Value:
    """A literal as people read it."""
    datatype = term.datatype.value
    if datatype in NUMBERS:
        return Value(Link(grouped(term.value)), term.value, "number", marks)
    if datatype in DATES:
        return Value(Link(moment(term.value)), term.value, "date", marks)
    if datatype == f"{XSD}boolean":
        said = gettext("yes") if term.value in ("true", "1") else gettext("no")
        return Value(Link(said), term.value, "number", marks)
    if datatype == f"{XSD}anyURI" and is_web_address(term.value):
        address = Link(shown_address(term.value), term.value, "", is_external(term.value))
        return Value(address, term.value, "thing", marks)
    return Value(Link(term.value, lang=term.language or ""), term.value, "text", marks)


def grouped(number: str) -> str:
    """A number with its digits in groups where it is long; as written where it is none."""
    if NUMBER.fullmatch(number) is None or len(number) > LONGEST_NUMBER:
        return number
    return figure(number, GROUPED_FROM)
