"""What a page about one thing shows: its statements under headings, each value with its sources as marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from kg.alignment import IDENTITIES, Alignment
from kg.description import outline
from kg.documents import DOCUMENT
from kg.labels import SCHEMA
from kg.sources import PART_OF
from kg.standing import is_number, is_single, official_kinds, standing
from kg.store import IRI, Literal
from web.behind import Behind
from web.dots import dots
from web.links import Link
from web.referrers import referrers
from web.values import Marks, Value, literal_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.arrangement import Arrangement
    from kg.description import Description, Statement
    from kg.labels import Label
    from kg.referring import Referring
    from kg.sources import Source
    from kg.standing import Standing
    from kg.store import Term
    from web.dots import Dots
    from web.links import Links
    from web.referrers import Asked, Referrers

UNIT = IRI(f"{SCHEMA}unitText")
MOST_VALUES = 60
MOST_NAMED = 1_000  # values of one property that are in the order of their names
MOST_ORIGINS = 4


@dataclass(frozen=True)
class Origin:
    """A source of a value where they differ: its number on the page, and whether its kind is official."""

    number: int
    source: Source
    official: bool = False


@dataclass(frozen=True)
class Said:
    """One of several values, with who gives it: official sources first, then the newest."""

    value: Value
    origins: tuple[Origin, ...] = ()
    official: bool = False
    newest: bool = False
    date: str = ""

    @property
    def named(self) -> tuple[Origin, ...]:
        """The sources that are told by name."""
        return self.origins[:MOST_ORIGINS]

    @property
    def rest(self) -> tuple[int, ...]:
        """The numbers of the others."""
        return tuple(sorted(one.number for one in self.origins[MOST_ORIGINS:]))


@dataclass(frozen=True)
class Group:
    """The values of one property; `count` is how many there are, of which the first ones are here.

    Where sources differ, or a value changes over time, there are `said` and no plain values.
    """

    name: Link
    prop: IRI
    unit: str
    values: tuple[Value, ...]
    count: int
    query: str
    conflict: tuple[Said, ...] = ()
    series: tuple[Said, ...] = ()

    @property
    def dots(self) -> Dots | None:
        """The values that differ or change as dots by date, where they are numbers."""
        return dots(self.conflict or self.series, are_joined=bool(self.series))

    @property
    def more(self) -> int:
        """How many values are not shown."""
        return self.count - len(self.values or self.conflict) if not self.series else 0

    @property
    def told(self) -> tuple[Value, ...]:
        """The values that are shown, whoever gives them."""
        return self.values or tuple(one.value for one in (*self.conflict, *self.series))


@dataclass(frozen=True)
class Section:
    """Properties under one heading (None for those without), and the query for what they say."""

    heading: Label | None
    groups: tuple[Group, ...]
    query: str


@dataclass(frozen=True)
class Sheet:
    """A page about one thing: its description, with everything named, linked and numbered."""

    description: Description
    kinds: tuple[Link, ...]
    sections: tuple[Section, ...]
    identities: Section | None
    incoming: Referrers
    sources: tuple[tuple[int, Source, str], ...]
    behind: Behind

    @property
    def linked(self) -> set[IRI]:
        """What the page tells to be linked with the thing."""
        values = (one.object for one in self.description.statements)
        things = (IRI(value.raw) for group in self.incoming.groups for value in group.values)
        return {term for term in (*values, *things) if isinstance(term, IRI)}

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is said of the thing, without the headings."""
        return tuple(group for section in self.sections for group in section.groups)

    def query(self, groups: Iterable[Group]) -> str:
        """The query for what is said by the properties of some groups."""
        return self.behind.statements((one.prop for one in groups), stated=self.description.is_stated)

    @property
    def is_parted(self) -> bool:
        """Whether there are headings."""
        return len(self.sections) > 1 or any(section.heading for section in self.sections)

    @property
    def names(self) -> dict[str, list[str]]:
        """Other names by language, the shown one left out."""
        found: dict[str, list[str]] = {}
        for name in self.description.names:
            if name.text != self.description.label.text:
                found.setdefault(name.lang, []).append(name.text)
        return found


def sheet(links: Links, arrangement: Arrangement, incoming: Referring, asked: Asked) -> Sheet:
    """The page about what something refers to, or nothing.

    Raises UnknownEntity, with the nearest name, where the graph does not mention it.
    """
    release, iri = links.release, incoming.iri
    found = outline(release, iri, incoming.counts, links.langs)
    counted = bool(found.quads) and all(
        quad.graph_name == release.iris.statistics_graph for quad in found.quads
    )
    if DOCUMENT in found.kinds:  # whose passages are shown as such
        incoming = incoming.without(PART_OF)
    drawing = _Drawing(links, arrangement, found, Behind(release, iri, counted))
    return drawing.draw(incoming, asked)


@dataclass
class _Drawing:
    links: Links
    arrangement: Arrangement
    found: Description
    behind: Behind
    marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        self._official = official_kinds(self.links.release.store)

    def draw(self, incoming: Referring, asked: Asked) -> Sheet:
        found = self.found
        self.links.prepare(_mentioned(found))
        alignment = Alignment(self.links.release.store)
        by_property = _by_property(found.statements)
        naming = {prop for prop in by_property if alignment.is_under(prop, IDENTITIES)}
        sections = self._sections({prop: said for prop, said in by_property.items() if prop not in naming})
        identities = {prop: said for prop, said in by_property.items() if prop in naming}
        return Sheet(
            description=found,
            kinds=tuple(self.links.link(kind) for kind in found.kinds),
            sections=tuple(sections),
            identities=self._section(None, identities) if identities else None,
            incoming=referrers(self.links, self.arrangement, incoming, asked, self.marks, self.behind),
            sources=tuple(
                (number, source, self.links.href(source.iri)) for source, number in self.marks.numbers.items()
            ),
            behind=self.behind,
        )

    def _sections(self, by_property: dict[IRI, list[Statement]]) -> list[Section]:
        """The properties by heading, in the order that the ontology states; those without one last."""
        ranked = sorted(by_property, key=self._rank)
        headed = groupby(ranked, key=lambda prop: self.arrangement.place(prop).heading)
        return [
            self._section(
                self.links.label(heading) if heading else None, {prop: by_property[prop] for prop in props}
            )
            for heading, props in headed
        ]

    def _rank(self, prop: IRI) -> tuple[object, ...]:
        place = self.arrangement.place(prop)
        return (
            place.group_order,
            place.group,
            place.order,
            self.links.label(prop).text.casefold(),
            prop.value,
        )

    def _section(self, heading: Label | None, by_property: dict[IRI, list[Statement]]) -> Section:
        groups = tuple(self._group(prop, said) for prop, said in by_property.items())
        return Section(heading, groups, self._query(by_property))

    def _query(self, props: Iterable[IRI]) -> str:
        return self.behind.statements(props, stated=self.found.is_stated)

    def _group(self, prop: IRI, statements: Sequence[Statement]) -> Group:
        single = is_single(self.links.release.store, prop)
        stands = standing(statements, self._official, single=single)
        return Group(
            name=self.links.term(prop),
            prop=prop,
            unit=self._unit(prop),
            values=() if stands.differ or stands.series else self._plain(stands),
            count=len(stands.values),
            query=self._query([prop]),
            conflict=self._weighed(stands) if stands.differ else (),
            series=self._series(stands),
        )

    def _plain(self, stands: Standing) -> tuple[Value, ...]:
        many = len(stands.values) > MOST_NAMED
        ranked = sorted((one.statement for one in stands.values), key=_by_term if many else self._order)
        return tuple(self._value(one.object, one.sources) for one in ranked[:MOST_VALUES])

    def _weighed(self, stands: Standing) -> tuple[Said, ...]:
        """Values that contradict each other, those that most sources give first."""
        ranked = sorted(
            stands.values, key=lambda one: (-len(one.statement.sources), self._order(one.statement))
        )
        return tuple(
            self._said(one.statement, official=one.official, newest=one.newest)
            for one in ranked[:MOST_VALUES]
        )

    def _series(self, stands: Standing) -> tuple[Said, ...]:
        newest = stands.series[0][0] if stands.series else ""
        return tuple(
            self._said(
                one,
                official=any(source.kind in self._official for source in one.sources),
                newest=date == newest,
                date=date,
            )
            for date, one in stands.series
        )

    def _said(self, one: Statement, *, official: bool, newest: bool, date: str = "") -> Said:
        value = self._value(one.object, one.sources)
        ranked = sorted(one.sources, key=lambda source: source.date, reverse=True)
        ranked.sort(key=lambda source: source.kind not in self._official)
        origins = tuple(
            Origin(self.marks.of([source])[0], source, source.kind in self._official) for source in ranked
        )
        return Said(value, origins, official, newest, date)

    def _order(self, statement: Statement) -> tuple[float, str]:
        """Numbers by size, everything else by name."""
        term = statement.object
        if is_number(term) and isinstance(term, Literal):
            return float(term.value), ""
        text = self.links.label(term).text if isinstance(term, IRI) else str(term)
        return 0.0, text.casefold()

    def _value(self, term: Term, sources: Iterable[Source]) -> Value:
        marks = self.marks.of(sources)
        if isinstance(term, IRI):
            return Value(self.links.link(term), term.value, "thing", marks)
        return literal_value(term, marks) if isinstance(term, Literal) else Value(Link(str(term)), "", "text")

    def _unit(self, prop: IRI) -> str:
        units = self.links.release.store.quads(subject=prop, predicate=UNIT)
        return next((quad.object.value for quad in units if isinstance(quad.object, Literal)), "")


def _mentioned(found: Description) -> set[IRI]:
    """What is to be named: of a property with very many values only the property itself."""
    terms: set[Term] = {found.iri, *found.kinds}
    for prop, statements in _by_property(found.statements).items():
        terms.add(prop)
        if len(statements) <= MOST_NAMED:
            terms.update(one.object for one in statements)
    return {term for term in terms if isinstance(term, IRI)}


def _by_term(statement: Statement) -> str:
    return str(statement.object)


def _by_property(statements: Iterable[Statement]) -> dict[IRI, list[Statement]]:
    found: dict[IRI, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.predicate, []).append(one)
    return found
