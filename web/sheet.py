"""What a page about one thing shows: its statements by property, each value with its sources as marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.description import describe
from kg.labels import SCHEMA
from kg.network.explanation import inverse
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal
from web.links import Link, Links, is_external, is_web_address, shown_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.description import Description, Statement
    from kg.sources import Source
    from kg.store import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
WHOLE = {
    f"{XSD}{name}"
    for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt")
}
NUMBERS = WHOLE | {f"{XSD}{name}" for name in ("decimal", "double", "float")}
DATES = {f"{XSD}{name}" for name in ("date", "gYearMonth", "gYear", "dateTime")}
NUMBER = re.compile(r"([+-]?)(\d+)(\.\d+)?")
UNIT = IRI(f"{SCHEMA}unitText")
SINGLE_VALUED = IRI("https://w3id.org/aifactories/kg#singleValuedPerSource")
FUNCTIONAL = IRI("http://www.w3.org/2002/07/owl#FunctionalProperty")
MOST_VALUES = 60
GROUPED_FROM = 10_000  # smaller numbers may be years, or are read without help


@dataclass(frozen=True)
class Value:
    """One value of a property as shown; `raw` is the value as written, `kind` how to mark it up."""

    link: Link
    raw: str
    kind: str
    marks: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """What is read."""
        return self.link.text


@dataclass(frozen=True)
class Group:
    """The values of one property; `count` is how many there are, of which the first ones are here."""

    name: Link
    prop: IRI
    unit: str
    values: tuple[Value, ...]
    count: int
    conflict: bool = False

    @property
    def more(self) -> int:
        """How many values are not shown."""
        return self.count - len(self.values)


@dataclass(frozen=True)
class Sheet:
    """A page about one thing: its description, with everything named, linked and numbered."""

    description: Description
    kinds: tuple[Link, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    sources: tuple[tuple[int, Source, str], ...]

    @property
    def names(self) -> dict[str, list[str]]:
        """Other names by language, the shown one left out."""
        found: dict[str, list[str]] = {}
        for name in self.description.names:
            if name.text != self.description.label.text:
                found.setdefault(name.lang, []).append(name.text)
        return found


@dataclass
class Marks:
    """Numbers for sources, in the order in which they are first met."""

    numbers: dict[Source, int] = field(default_factory=dict)

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        """The numbers of the sources of one statement."""
        return tuple(sorted(self.numbers.setdefault(source, len(self.numbers) + 1) for source in sources))


def sheet(links: Links, iri: IRI) -> Sheet:
    """The page about an IRI. Raises UnknownEntity, with the nearest name, where the graph has none."""
    return _Drawing(links).draw(iri)


@dataclass
class _Drawing:
    links: Links
    marks: Marks = field(default_factory=Marks)

    def draw(self, iri: IRI) -> Sheet:
        found = describe(self.links.release, iri, self.links.langs)
        self.links.prepare(_mentioned(found))
        groups = [self._outgoing(prop, values) for prop, values in _by_property(found.statements)]
        groups.sort(key=_by_name)
        incoming = [
            self._incoming(prop, values, found.incoming_counts[prop])
            for prop, values in _by_property(found.incoming)
        ]
        incoming.sort(key=_by_name)
        return Sheet(
            description=found,
            kinds=tuple(self.links.link(kind) for kind in found.kinds),
            groups=tuple(groups),
            incoming=tuple(incoming),
            sources=tuple(
                (number, source, self.links.href(source.iri)) for source, number in self.marks.numbers.items()
            ),
        )

    def _outgoing(self, prop: IRI, statements: Sequence[Statement]) -> Group:
        single = self._flag(prop)
        merged = _merged(statements)
        ranked = sorted(merged, key=lambda one: self._order(one, by_sources=single))
        return Group(
            name=self.links.link(prop),
            prop=prop,
            unit=self._unit(prop),
            values=tuple(self._value(one.object, one.sources) for one in ranked[:MOST_VALUES]),
            count=len(merged),
            conflict=single and _differ(merged),
        )

    def _incoming(self, prop: IRI, statements: Sequence[Statement], count: int) -> Group:
        ranked = sorted(statements, key=lambda one: self.links.label(one.subject).text.casefold())
        other = inverse(self.links.release.store, prop)
        name = self.links.link(other or prop)
        return Group(
            name=name if other else Link(f"← {name.text}", name.href, name.lang, name.external, name.title),
            prop=prop,
            unit="",
            values=tuple(self._value(one.subject, one.sources) for one in ranked[:MOST_VALUES]),
            count=count,
        )

    def _order(self, statement: Statement, *, by_sources: bool) -> tuple[int, float, str]:
        """Values that more sources give first where there should be one; else by size or by name."""
        term = statement.object
        support = -len(statement.sources) if by_sources else 0
        if isinstance(term, Literal) and term.datatype.value in NUMBERS and NUMBER.fullmatch(term.value):
            return support, float(term.value), ""
        text = self.links.label(term).text if isinstance(term, IRI) else str(term)
        return support, 0.0, text.casefold()

    def _value(self, term: Term, sources: Iterable[Source]) -> Value:
        marks = self.marks.of(sources)
        if isinstance(term, IRI):
            return Value(self.links.link(term), term.value, "thing", marks)
        return literal_value(term, marks) if isinstance(term, Literal) else Value(Link(str(term)), "", "text")

    def _unit(self, prop: IRI) -> str:
        units = self.links.release.store.quads(subject=prop, predicate=UNIT)
        return next((quad.object.value for quad in units if isinstance(quad.object, Literal)), "")

    def _flag(self, prop: IRI) -> bool:
        store = self.links.release.store
        flags = store.quads(subject=prop, predicate=SINGLE_VALUED)
        said = any(isinstance(quad.object, Literal) and quad.object.value == "true" for quad in flags)
        return said or any(True for _ in store.quads(prop, RDF_TYPE, FUNCTIONAL))


def literal_value(term: Literal, marks: tuple[int, ...] = ()) -> Value:
    """A literal as people read it."""
    datatype = term.datatype.value
    if datatype in NUMBERS:
        return Value(Link(grouped(term.value)), term.value, "number", marks)
    if datatype in DATES:
        return Value(Link(term.value), term.value, "date", marks)
    if datatype == f"{XSD}boolean":
        return Value(Link("yes" if term.value in ("true", "1") else "no"), term.value, "number", marks)
    if datatype == f"{XSD}anyURI" and is_web_address(term.value):
        address = Link(shown_address(term.value), term.value, "", is_external(term.value))
        return Value(address, term.value, "thing", marks)
    return Value(Link(term.value, lang=term.language or ""), term.value, "text", marks)


def grouped(number: str) -> str:
    """A number with its digits in groups of three where it is long; as written where it is none."""
    match = NUMBER.fullmatch(number)
    if match is None or int(match[2]) < GROUPED_FROM:
        return number
    return f"{match[1]}{int(match[2]):,}{match[3] or ''}"


def _mentioned(found: Description) -> set[IRI]:
    terms: set[Term] = {found.iri, *found.kinds}
    for one in (*found.statements, *found.incoming):
        terms |= {one.subject, one.predicate, one.object}
    return {term for term in terms if isinstance(term, IRI)}


def _by_property(statements: Iterable[Statement]) -> list[tuple[IRI, list[Statement]]]:
    found: dict[IRI, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.predicate, []).append(one)
    return list(found.items())


def _merged(statements: Iterable[Statement]) -> list[Statement]:
    """Statements of one property; those whose values are the same number, as 48 and 48.0, made one."""
    found: dict[object, Statement] = {}
    for one in statements:
        term = one.object
        is_number = (
            isinstance(term, Literal) and term.datatype.value in NUMBERS and NUMBER.fullmatch(term.value)
        )
        key = float(term.value) if is_number and isinstance(term, Literal) else term
        known = found.get(key)
        found[key] = replace(known, sources=(*known.sources, *one.sources)) if known else one
    return list(found.values())


def _differ(statements: Iterable[Statement]) -> bool:
    """Whether the values contradict each other; of two dates the one may only be less precise."""
    values = sorted({str(getattr(one.object, "value", one.object)) for one in statements}, reverse=True)
    dates = all(isinstance(one.object, Literal) and one.object.datatype.value in DATES for one in statements)
    return len(values) > 1 and not (dates and all(values[0].startswith(value) for value in values))


def _by_name(group: Group) -> tuple[str, str]:
    return group.name.text.casefold(), group.prop.value
