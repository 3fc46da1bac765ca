"""What a search shows: hits with what fits marked, and addresses that narrow them down or widen them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for

from kg.sources import sources
from kg.store import IRI
from web import languages
from web.links import Link, Links
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.release import Release
    from kg.sources import Source
    from search.facets import Facet
    from search.filters import Filters
    from search.hits import Excerpt, Hit, Hits
    from web.finding.filtering import Filtering

PAGE = 10
MOST_SOURCES = 3
HEADINGS = {"kind": N_("Kind"), "class": N_("Class"), "year": N_("Year"), "source": N_("Source")}
KINDS = {
    "entity": N_("things"),
    "class": N_("classes"),
    "property": N_("properties"),
    "source": N_("sources"),
    "document": N_("documents"),
}


@dataclass(frozen=True)
class Piece:
    """A part of a text, marked where it is what was sought."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Quotation:
    """A statement or passage as shown: its text, the page of the passage, and its first sources."""

    pieces: list[Piece]
    href: str
    sources: list[tuple[Source, str]]
    more: int


@dataclass(frozen=True)
class Found:
    """A hit as shown."""

    hit: Hit
    link: Link
    like: str
    snippet: list[Piece]
    statement: Quotation | None
    passage: Quotation | None


@dataclass(frozen=True)
class Way:
    """A way to narrow the hits down, or back: its words, its address, and how many hits are left."""

    text: str
    href: str
    count: int = 0


@dataclass(frozen=True)
class Heading:
    """What stands above ways to narrow down; it is a text of ours, or the name of something."""

    text: str
    is_ours: bool


@dataclass(frozen=True)
class Asked:
    """What a request seeks: words or something alike, filtered, from the `page`-th ten on."""

    text: str
    like: IRI | None
    filters: Filters
    page: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is sought."""
        return not (self.text or self.like or self.filters)

    @property
    def start(self) -> int:
        """How many hits come before the page."""
        return PAGE * (self.page - 1)


@dataclass(frozen=True)
class View:
    """What the page shows of a search, with addresses that repeat it otherwise."""

    release: Release
    filtering: Filtering
    links: Links
    asked: Asked

    def found(self, hits: Hits) -> list[Found]:
        """The hits as shown."""
        excerpts = [one for hit in hits for one in (hit.statement, hit.passage) if one]
        graphs = {IRI(iri) for one in excerpts for iri in one.sources}
        self.links.prepare(hit.iri for hit in hits)
        known = sources(self.release.store, self.release.iris, graphs)
        return [self._found(hit, known) for hit in hits]

    def kept(self) -> list[tuple[str, str]]:
        """The fields that the form sends along with the words."""
        filters = [(name, self.filtering.short(name, value)) for name, value in self._filters()]
        lang = languages.chosen()
        return [*filters, *([("lang", lang)] if lang else [])]

    def chosen(self) -> list[Way]:
        """The filters at work, each with the address without it."""
        pairs = self._filters()
        self.links.prepare(IRI(value) for name, value in pairs if name not in ("kind", "year"))
        return [Way(self._words(*pair), self._address(p for p in pairs if p != pair)) for pair in pairs]

    def ways(self, facets: Sequence[Facet], total: int) -> list[tuple[Heading, list[Way]]]:
        """The facets: what may be added to the filters to have fewer than all hits, under headings."""
        pairs = self._filters()
        found: list[tuple[Heading, list[Way]]] = []
        for facet in facets:
            added = [
                Way(
                    _kind(one.label) if facet.name == "kind" else one.label,
                    self._address([*pairs, (facet.name, one.value)]),
                    one.count,
                )
                for one in facet.choices
                if one.count < total and (facet.name, one.value) not in pairs
            ]
            if added:
                found.append((_heading(facet.label), added))
        return found

    def narrowed(self, name: str, value: str) -> str:
        """The address with one filter and nothing else."""
        return f"{url_for('searching.page')}?{urlencode({name: self.filtering.short(name, value)})}"

    def bare(self) -> str:
        """The address without filters."""
        return self._address([])

    def turn(self, number: int) -> str:
        """The address of another page of the same hits."""
        return f"{self._address(self._filters())}&page={number}"

    def _filters(self) -> list[tuple[str, str]]:
        return self.filtering.named(self.asked.filters)

    def _words(self, name: str, value: str) -> str:
        """A filter in words."""
        if name == "kind":
            return _kind(value)
        return value if name == "year" else self.links.label(IRI(value)).text

    def _address(self, pairs: Iterable[tuple[str, str]]) -> str:
        like = [("like", self.filtering.short("linked", self.asked.like.value))] if self.asked.like else []
        text = [("q", self.asked.text)] if self.asked.text else []
        lang = languages.chosen()
        named = [(name, self.filtering.short(name, value)) for name, value in pairs]
        query = urlencode([*text, *like, *named, *([("lang", lang)] if lang else [])])
        return f"{url_for('searching.page')}?{query}"

    def _found(self, hit: Hit, known: dict[IRI, Source]) -> Found:
        name = self.links.label(hit.iri)
        lang = name.lang if name.text == hit.label else ""
        like = url_for("searching.page", like=self.filtering.short("linked", hit.iri.value))
        return Found(
            hit,
            Link(hit.label, self.links.href(hit.iri), lang),
            like,
            list(pieces(hit.snippet, hit.marks)),
            self._quotation(hit.statement, known),
            self._quotation(hit.passage, known),
        )

    def _quotation(self, excerpt: Excerpt | None, known: dict[IRI, Source]) -> Quotation | None:
        if excerpt is None:
            return None
        told = list({known[IRI(iri)].iri: known[IRI(iri)] for iri in excerpt.sources}.values())
        return Quotation(
            list(pieces(excerpt.text, excerpt.marks)),
            self.links.href(IRI(excerpt.iri)) if excerpt.iri else "",
            [(source, self.links.href(source.iri)) for source in told[:MOST_SOURCES]],
            max(0, len(told) - MOST_SOURCES),
        )


def _kind(name: str) -> str:
    """What the page calls hits of a kind."""
    return gettext(KINDS[name]) if name in KINDS else name


def _heading(label: str) -> Heading:
    ours = HEADINGS.get(label)
    return Heading(gettext(ours), is_ours=True) if ours else Heading(label, is_ours=False)


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    """The text in pieces, those at the marks marked; marks that overlap make one."""
    is_marked = [False] * len(text)
    for start, end in marks:
        is_marked[start:end] = [True] * len(is_marked[start:end])
    edges = [place for place in range(1, len(text)) if is_marked[place] != is_marked[place - 1]]
    for start, end in pairwise([0, *edges, len(text)] if text else []):
        yield Piece(text[start:end], is_marked[start])
