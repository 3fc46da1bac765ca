"""What a page about one thing shows: its statements under headings, each value with its sources as marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from kg.aspects.alignment import IDENTITIES, Alignment
from kg.description import outline
from kg.documents import DOCUMENT
from kg.sources import PART_OF
from kg.store import IRI
from web.things.behind import Behind
from web.things.groups import Grouping, by_property, mentioned, rank
from web.things.referrers import referrers
from web.values import Marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.aspects.arrangement import Arrangement
    from kg.aspects.referring import Referring
    from kg.description import Description, Statement
    from kg.labels import Label
    from kg.sources import Source
    from web.links import Link, Links
    from web.things.groups import Group
    from web.things.referrers import Asked, Referrers


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
        self.grouping = Grouping(self.links, self.marks)

    def draw(self, incoming: Referring, asked: Asked) -> Sheet:
        found = self.found
        self.links.prepare(mentioned(found))
        alignment = Alignment(self.links.release.store)
        said = by_property(found.statements)
        naming = {prop for prop in said if alignment.is_under(prop, IDENTITIES)}
        sections = self._sections({prop: those for prop, those in said.items() if prop not in naming})
        identities = {prop: those for prop, those in said.items() if prop in naming}
        return Sheet(
            description=found,
            kinds=tuple(self.links.term(kind) for kind in found.kinds),
            sections=tuple(sections),
            identities=self._section(None, identities) if identities else None,
            incoming=referrers(self.links, self.arrangement, incoming, asked, self.marks, self.behind),
            sources=tuple(
                (number, source, self.links.href(source.iri)) for source, number in self.marks.numbers.items()
            ),
            behind=self.behind,
        )

    def _sections(self, said: dict[IRI, list[Statement]]) -> list[Section]:
        """The properties by heading, in the order that the ontology states; those without one last."""
        ranked = sorted(said, key=lambda prop: rank(prop, self.arrangement, self.links))
        headed = groupby(ranked, key=lambda prop: self.arrangement.place(prop).heading)
        return [
            self._section(
                self.links.label(heading) if heading else None, {prop: said[prop] for prop in props}
            )
            for heading, props in headed
        ]

    def _section(self, heading: Label | None, said: dict[IRI, list[Statement]]) -> Section:
        groups = tuple(self.grouping.group(prop, one, self._query([prop])) for prop, one in said.items())
        return Section(heading, groups, self._query(said))

    def _query(self, props: Iterable[IRI]) -> str:
        return self.behind.statements(props, stated=self.found.is_stated)
