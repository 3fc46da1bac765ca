"""The page to explore on: one selection of things, seen as a map, a network, a timeline or a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, json, render_template, request

from kg.errors import KGError
from kg.store import Literal
from web import languages, validators
from web.commands.naming import termed
from web.drawing.outlines import outlines
from web.drawing.places import kind_of, map_of
from web.drawing.timelines import Event, timeline
from web.exploring.facets import Facets
from web.exploring.listing import PAGE, Listing, columns
from web.exploring.selected import Selected
from web.exploring.selection import VIEWS, Selection, chosen
from web.exploring.sharing import DIRECT, study_of, ways, web_of
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.aspects.collection import Collection, Field
    from kg.store import IRI
    from web.links import Links
    from web.snapshot import Snapshot

blueprint = Blueprint("exploring", __name__)

MOST_EVENTS = 400
MOST_KINDS = 12  # classes to choose from
FOR_A_DAY = "public, max-age=86400"


@blueprint.get("/explore")
def page() -> Response:
    """A selection as a page."""
    seen = Exploration.asked()
    body = render_template("explore.html", it=seen, **getattr(seen, f"show_{seen.view}")())
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/explore.csv")
def sheet() -> Response:
    """All of a selection as a table, with coordinates."""
    seen = Exploration.asked()
    every = replace(seen.listing, columns=tuple(seen.collection.fields.values()))
    tag = validators.etag(seen.held.release.tag, "explore", request.full_path, languages.wanted())
    names = seen.selected.columns(every.columns)
    response = Response(every.sheet(names), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=explore.csv"
    response.headers["ETag"] = tag
    response.vary.update(("Accept-Language", "Accept-Encoding"))
    return response


@blueprint.get("/outlines.json")
def ground() -> Response:
    """The outlines of land and states as GeoJSON, for maps that are moved by a script."""
    body = json.dumps(outlines().geojson(), separators=(",", ":"))
    response = Response(body, content_type="application/geo+json")
    response.headers["Cache-Control"] = FOR_A_DAY
    response.vary.add("Accept-Encoding")
    return response


@dataclass(frozen=True)
class Exploration:
    """A selection over a release, and what its views show."""

    held: Snapshot
    links: Links
    selection: Selection

    @classmethod
    def asked(cls) -> Exploration:
        """What a request asks for. Raises BadRequest and UnknownEntity."""
        held = snapshot()
        return cls(held, held.links(languages.wanted()), Selection.of(held.release, request.args))

    @cached_property
    def view(self) -> str:
        """The view that is asked for, else the map, or a table where nothing is placed."""
        return self.selection.view or ("table" if self.held.geography.is_empty else VIEWS[0])

    @cached_property
    def kinds(self) -> tuple[IRI, ...]:
        """The classes that are selected, else those that there is most to see of."""
        return self.selection.kinds or self.held.sights

    @cached_property
    def collection(self) -> Collection:
        """The members of the classes."""
        return self.held.collected(self.kinds)

    @cached_property
    def selected(self) -> Selected:
        """The queries about what is selected."""
        filters = self.selection.accept(self.collection.fields, self.held.release)
        return Selected(self.held.release, self.collection, self.kinds, filters)

    @cached_property
    def things(self) -> list[IRI]:
        """What is selected."""
        return chosen(self.collection, self.selected.filters)

    @cached_property
    def facets(self) -> Facets:
        """By what the selection can be narrowed down."""
        asked = replace(self.selection, page=1)
        return Facets(self.links, self.held.arrangement, self.collection, asked, tuple(self.selected.filters))

    @cached_property
    def listing(self) -> Listing:
        """The table of what is selected."""
        locations = {thing: self.held.geography.locations(thing) for thing in self.things}
        places = {one.place for found in locations.values() for one in found}
        return Listing(
            self.links,
            self.collection,
            self.things,
            columns(self.collection, self.things, self.held.arrangement, places),
            locations,
            {thing: kind_of(self.held, thing) for thing in self.things},
            self.selection.sort,
        )

    def address(self, **changes: object) -> str:
        """The address of the selection with some of it changed."""
        changed: Selection = replace(self.selection, **{"page": 1, **changes})  # type: ignore[arg-type]
        return changed.address(self.held.release)

    @property
    def download(self) -> str:
        """The address of the whole table as CSV."""
        return replace(self.selection, view="", page=1).address(self.held.release, "exploring.sheet")

    def classes(self) -> list[dict[str, Any]]:
        """The classes to choose from: those that most things are of."""
        census = [(kind, count) for kind, count in self.held.census if count > 1][:MOST_KINDS]
        self.links.prepare(kind for kind, _ in census)
        bare = Selection(view=self.selection.view)
        return [
            {
                "label": self.links.label(kind),
                "count": count,
                "href": replace(bare, kinds=(kind,)).address(self.held.release),
                "is_chosen": kind in self.selection.kinds,
            }
            for kind, count in census
        ]

    def show_map(self) -> dict[str, Any]:
        """What the map shows."""
        geography = self.held.geography
        query = self.selected.places(geography) if geography.latitudes else ""
        return {"map": map_of(self.held, self.links, self.things), "query": query}

    def show_table(self) -> dict[str, Any]:
        """What the table shows."""
        pages = max(1, -(-len(self.things) // PAGE))
        number = min(self.selection.page, pages)
        listing = self.listing
        self.links.prepare(field.prop for field in listing.columns)
        return {
            "listing": listing,
            "rows": listing.page(number),
            "page": number,
            "pages": pages,
            "query": self.selected.table(listing.columns, self.held.geography),
        }

    def show_timeline(self) -> dict[str, Any]:
        """What the timeline shows: the dates by one property, or by all."""
        dated = self._dated()
        shown = [field for field in dated if self.listing.key(field) == self.selection.on] or dated
        events = sorted(self._events(shown), key=lambda one: one.date)
        return {
            "timeline": timeline(events[:MOST_EVENTS]) if events else None,
            "left_out": max(0, len(events) - MOST_EVENTS),
            "dated": [(self.links.term(field.prop), self.listing.key(field)) for field in dated],
            "query": self.selected.dates([field.prop for field in shown]) if shown else "",
        }

    def show_network(self) -> dict[str, Any]:
        """What the network shows, or why it cannot be drawn."""
        possible = ways(self.held, self.collection)
        among = self._among(possible)
        self.links.prepare(possible)
        shown = {"ways": possible, "among": among, "web": None, "refusal": "", "query": ""}
        try:
            study, query = study_of(self.selected, self.held, among)
        except KGError as error:
            return {**shown, "refusal": str(error)}
        return {**shown, "web": web_of(self.held, self.links, study), "query": query}

    def _among(self, possible: list[IRI]) -> IRI | None:
        """The class through which things are linked; None where only direct links are wanted, or none is."""
        if self.selection.by == DIRECT:
            return None
        if self.selection.by:
            return termed(self.held.release, self.selection.by)
        return possible[0] if possible else None

    def _dated(self) -> list[Field]:
        known = set(self.things)
        fields = self.collection.fields.values()
        return [one for one in fields if one.sort == "date" and not known.isdisjoint(one.values)]

    def _events(self, fields: list[Field]) -> Iterator[Event]:
        self.links.prepare((*(field.prop for field in fields), *self.things))
        for field in fields:
            for thing in self.things:
                name, kind = self.links.link(thing), self.links.term(field.prop)
                dates = (value.value for value in field.values.get(thing, ()) if isinstance(value, Literal))
                yield from (Event(date, name, kind) for date in dates)
