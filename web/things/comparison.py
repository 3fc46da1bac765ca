"""Things side by side: what is said of each by the same properties, and where it differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from kg.aspects.alignment import IDENTITIES, Alignment
from kg.aspects.standing import NUMBER
from kg.description import outline
from web.drawing.timelines import timeline
from web.things.behind import Behind
from web.things.chronicle import happened
from web.things.groups import Grouping, by_property, mentioned, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.description import Description
    from kg.labels import Label
    from kg.sources import Source
    from kg.store import IRI
    from web.drawing.timelines import Event, Timeline
    from web.links import Link
    from web.snapshot import Snapshot
    from web.things.groups import Group
    from web.values import Value


@dataclass(frozen=True)
class Compared:
    """One of the things: its name, its kinds, what it is."""

    iri: IRI
    link: Link
    kinds: tuple[Link, ...]
    definition: Label | None


@dataclass(frozen=True)
class Row:
    """What is said of each thing by one property; None where nothing is."""

    name: Link
    prop: IRI
    unit: str
    cells: tuple[Group | None, ...]

    @property
    def is_whole(self) -> bool:
        """Whether something is said of each."""
        return all(self.cells)

    @property
    def differs(self) -> bool:
        """Whether something else is said of one than of another."""
        return len({_said(cell) for cell in self.cells if cell}) > 1


@dataclass(frozen=True)
class Part:
    """Rows under one heading or none; what all have comes first where the things are of different kinds."""

    heading: Label | None
    rows: tuple[Row, ...]
    is_common: bool = False

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows that differ."""
        return tuple(row for row in self.rows if row.differs)


@dataclass(frozen=True)
class Comparison:
    """A table of things and properties, with numbered sources and the query for all that it says."""

    things: tuple[Compared, ...]
    parts: tuple[Part, ...]
    sources: tuple[tuple[int, Source, str], ...]
    query: str

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def differing(self) -> int:
        """How many of them differ."""
        return sum(len(part.differing) for part in self.parts)

    @property
    def partial(self) -> int:
        """How many say something of some of the things only."""
        return sum(not row.is_whole for part in self.parts for row in part.rows)

    @property
    def dates(self) -> Timeline | None:
        """What happened to the things, on one line; None where no dates are known."""
        drawn = timeline(event for part in self.parts for row in part.rows for event in self._events(row))
        return drawn if drawn.moments else None

    def _events(self, row: Row) -> Iterator[Event]:
        for thing, cell in zip(self.things, row.cells, strict=True):
            for event in happened(cell) if cell else ():
                yield replace(event, name=thing.link, kind=row.name)


def compare(held: Snapshot, things: Sequence[IRI], langs: Sequence[str]) -> Comparison:
    """The comparison of some things. Raises UnknownEntity where the graph says nothing of one of them."""
    links = held.links(langs)
    found = [outline(held.release, thing, {}, langs) for thing in things]
    links.prepare({term for one in found for term in mentioned(one)})
    grouping = Grouping(links)
    rows = sorted(_rows(held, found, grouping), key=lambda row: rank(row.prop, held.arrangement, links))
    behind = Behind(held.release, things[0])
    stated = all(one.is_stated for one in found)
    return Comparison(
        things=tuple(
            Compared(one.iri, links.link(one.iri), tuple(map(links.term, one.kinds)), one.definition)
            for one in found
        ),
        parts=tuple(_parts(held, rows, grouping, is_mixed=_is_mixed(found))),
        sources=tuple(
            (number, source, links.href(source.iri)) for source, number in grouping.marks.numbers.items()
        ),
        query=behind.compared(things, [row.prop for row in rows], stated=stated),
    )


def _rows(held: Snapshot, found: Sequence[Description], grouping: Grouping) -> Iterator[Row]:
    """A row for each property but those that only name a thing elsewhere."""
    alignment, links = Alignment(held.release.store), grouping.links
    said = [by_property(one.statements) for one in found]
    props = {prop for one in said for prop in one if not alignment.is_under(prop, IDENTITIES)}
    for prop in sorted(props, key=lambda prop: rank(prop, held.arrangement, links)):
        cells = tuple(grouping.group(prop, one[prop], "") if prop in one else None for one in said)
        unit = next(cell.unit for cell in cells if cell)
        yield Row(links.term(prop), prop, unit, cells)


def _is_mixed(found: Iterable[Description]) -> bool:
    """Whether the things have no class in common."""
    kinds = [set(one.kinds) for one in found]
    return not set.intersection(*kinds)


def _parts(held: Snapshot, rows: Sequence[Row], grouping: Grouping, *, is_mixed: bool) -> Iterator[Part]:
    common = [row for row in rows if row.is_whole] if is_mixed else []
    if common:
        yield Part(None, tuple(common), is_common=True)
    others = (row for row in rows if row not in common)
    for heading, those in groupby(others, key=lambda row: held.arrangement.place(row.prop).heading):
        yield Part(grouping.links.label(heading) if heading else None, tuple(those))


def _said(cell: Group) -> frozenset[object]:
    """What a cell says: its values, of those that change over time the newest."""
    told = cell.told[:1] if cell.series else cell.told
    return frozenset(map(_key, told))


def _key(value: Value) -> object:
    is_number = value.kind == "number" and NUMBER.fullmatch(value.raw)
    return float(value.raw) if is_number else value.raw
