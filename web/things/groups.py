"""What is said of a thing by one property: each value with its sources, and how these stand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.aspects.standing import is_number, is_single, official_kinds, standing
from kg.store import IRI, Literal
from web.drawing.dots import dots
from web.values import Marks, Value, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.aspects.arrangement import Arrangement
    from kg.aspects.standing import Standing
    from kg.description import Description, Statement
    from kg.sources import Source
    from kg.store import Term
    from web.drawing.dots import Dots
    from web.links import Link, Links

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


@dataclass
class Grouping:
    """Draws what is said of things, of all on one page with the same numbers for sources."""

    links: Links
    marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        self._official = official_kinds(self.links.release.store)

    def group(self, prop: IRI, statements: Sequence[Statement], query: str) -> Group:
        """The values of a property as statements of one thing give them."""
        single = is_single(self.links.release.store, prop)
        stands = standing(statements, self._official, single=single)
        return Group(
            name=self.links.term(prop),
            prop=prop,
            unit=self.links.unit(prop),
            values=() if stands.differ or stands.series else self._plain(stands),
            count=len(stands.values),
            query=query,
            conflict=self._weighed(stands) if stands.differ else (),
            series=self._series(stands),
        )

    def _plain(self, stands: Standing) -> tuple[Value, ...]:
        many = len(stands.values) > MOST_NAMED
        ranked = sorted((one.statement for one in stands.values), key=_by_term if many else self._order)
        return tuple(map(self._value, ranked[:MOST_VALUES]))

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
        value = self._value(one)
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
        name = self.links.label(term) if isinstance(term, IRI) else None
        return 0.0, str(name or self.links.value_label(statement.predicate, term) or term).casefold()

    def _value(self, one: Statement) -> Value:
        return value_of(self.links, one.predicate, one.object, self.marks.of(one.sources))


def rank(prop: IRI, arrangement: Arrangement, links: Links) -> tuple[object, ...]:
    """By what properties are ordered: their heading, their place under it, their name."""
    place = arrangement.place(prop)
    name = links.label(prop).text.casefold()
    return place.group_order, place.group, place.order, name, prop.value


def mentioned(found: Description) -> set[IRI]:
    """What is to be named: of a property with very many values only the property itself."""
    terms: set[Term] = {found.iri, *found.kinds}
    for prop, statements in by_property(found.statements).items():
        terms.add(prop)
        if len(statements) <= MOST_NAMED:
            terms.update(one.object for one in statements)
    return {term for term in terms if isinstance(term, IRI)}


def _by_term(statement: Statement) -> str:
    return str(statement.object)


def by_property(statements: Iterable[Statement]) -> dict[IRI, list[Statement]]:
    """The statements of each property."""
    found: dict[IRI, list[Statement]] = {}
    for one in statements:
        found.setdefault(one.predicate, []).append(one)
    return found
