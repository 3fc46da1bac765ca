"""Where things are: at their own coordinates, else at those of the place that they are said to be at.

Coordinates are WGS84, as a pair of numbers (`geo:lat` and `geo:long`, `schema:latitude` and
`schema:longitude`), as text (`geosparql:asWKT`, `georss:point`), or those of a node that is the geometry of
a thing. A property counts for what it is in these vocabularies if the ontology says so (see
`kg.aspects.alignment`).

A place is what a thing is linked to by a property that locates: one that is a kind of those in LOCATING, or
one of which a source gives one value and whose range is a class of places. So nothing is placed in a state
because it takes part there, and what is said to be nowhere is not placed at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from kg.aspects.alignment import ALIKE, NUMBERED, Alignment
from kg.aspects.schema import DOMAINS, RANGES
from kg.aspects.standing import FUNCTIONAL, SINGLE_VALUED, is_single
from kg.inference import SUB_PROPERTY
from kg.labels import DCTERMS, FOAF, SCHEMA, SCHEMA_HTTP
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Store, Term

GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
GEOSPARQL = "http://www.opengis.net/ont/geosparql#"
GEORSS = "http://www.georss.org/georss/"
PROV = "http://www.w3.org/ns/prov#"
SCHEMAS = (SCHEMA, SCHEMA_HTTP)
LATITUDES = frozenset({f"{GEO}lat", *(f"{space}latitude" for space in SCHEMAS)})
LONGITUDES = frozenset({f"{GEO}long", f"{GEO}lon", *(f"{space}longitude" for space in SCHEMAS)})
TEXTS = frozenset({f"{GEOSPARQL}asWKT", f"{GEORSS}point", f"{GEO}lat_long"})
GEOMETRIES = frozenset(
    {
        *(f"{GEOSPARQL}{name}" for name in ("hasGeometry", "hasDefaultGeometry", "defaultGeometry")),
        *(f"{space}geo" for space in SCHEMAS),
        "http://www.w3.org/ns/locn#geometry",
    }
)
LOCATING = frozenset(
    {
        f"{PROV}atLocation",
        f"{GEO}location",
        f"{FOAF}based_near",
        f"{DCTERMS}spatial",
        f"{GEOSPARQL}sfWithin",
        "http://www.wikidata.org/prop/direct/P131",
        "http://www.wikidata.org/prop/direct/P276",
        *(f"{space}{name}" for space in SCHEMAS for name in ("location", "containedInPlace", "homeLocation")),
    }
)
PLACES = frozenset(
    {
        f"{GEO}SpatialThing",
        f"{PROV}Location",
        f"{DCTERMS}Location",
        *(f"{GEOSPARQL}{name}" for name in ("SpatialObject", "Feature", "Geometry")),
        *(f"{space}Place" for space in SCHEMAS),
    }
)
NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
CODE = re.compile(r"[A-Z]{2}")
# A point as well-known text (longitude first), after a reference system that may be named before it.
WKT = re.compile(rf"\s*(?:<[^>]*CRS84>)?\s*POINT\s*\(\s*({NUMBER})\s+({NUMBER})\s*\)\s*", re.IGNORECASE)
PAIR = re.compile(rf"\s*({NUMBER})[\s,]+({NUMBER})\s*")  # latitude first


@dataclass(frozen=True, order=True)
class Coordinates:
    """A point on the earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Location:
    """Where a thing is, and whose coordinates these are: its own, or those of a place where it is."""

    coordinates: Coordinates
    place: IRI


@dataclass(frozen=True)
class Geography:
    """The places of one store."""

    store: Store

    def locations(self, thing: IRI) -> tuple[Location, ...]:
        """Where a thing is; of several places all, and none where nothing is known."""
        own = self.coordinates(thing)
        if own:
            return (Location(own, thing),)
        places = {
            quad.object
            for prop in self.locating
            for quad in self.store.quads(thing, prop)
            if isinstance(quad.object, IRI)
        }
        found = ((self.coordinates(place), place) for place in sorted(places, key=lambda one: one.value))
        return tuple(Location(there, place) for there, place in found if there)

    def states(self, thing: IRI) -> tuple[tuple[IRI, str], ...]:
        """The places where a thing is that have two letters of ISO 3166-1, or it itself, with these."""
        places = {thing, *(one for one in self._objects(thing, self.locating) if isinstance(one, IRI))}
        found = ((place, self._code(place)) for place in sorted(places, key=lambda one: one.value))
        return tuple((place, code) for place, code in found if code)

    def _code(self, place: IRI) -> str:
        values = self._objects(place, self.codes)
        texts = sorted(one.value for one in values if isinstance(one, Literal) and CODE.fullmatch(one.value))
        return texts[0] if texts else ""

    def coordinates(self, thing: IRI) -> Coordinates | None:
        """The coordinates of a thing or its geometry; of several always the same, the lowest."""
        nodes = [thing, *self._objects(thing, self.geometries)]
        pairs = [pair for node in nodes if isinstance(node, IRI) for pair in self._pairs(node)]
        return min(pairs, default=None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the store has coordinates."""
        props = (*self.latitudes, *self.texts)
        return not any(True for prop in props for _ in self.store.quads(predicate=prop))

    @cached_property
    def latitudes(self) -> tuple[IRI, ...]:
        """The properties that give a latitude."""
        return self._kinds_of(LATITUDES)

    @cached_property
    def longitudes(self) -> tuple[IRI, ...]:
        """The properties that give a longitude."""
        return self._kinds_of(LONGITUDES)

    @cached_property
    def texts(self) -> tuple[IRI, ...]:
        """The properties that give a point in one text."""
        return self._kinds_of(TEXTS)

    @cached_property
    def geometries(self) -> tuple[IRI, ...]:
        """The properties that lead from a thing to its geometry."""
        return self._kinds_of(GEOMETRIES)

    @cached_property
    def codes(self) -> tuple[IRI, ...]:
        """The properties that give a place a code, as far as their subjects are classes of places."""
        return tuple(prop for prop in self._kinds_of(NUMBERED) if self._is_of_places(prop))

    @cached_property
    def locating(self) -> tuple[IRI, ...]:
        """The properties that lead from a thing to a place where it is."""
        single = {
            quad.subject
            for quads in (self.store.quads(predicate=SINGLE_VALUED), self.store.quads(object=FUNCTIONAL))
            for quad in quads
            if isinstance(quad.subject, IRI)
        }
        leading = (prop for prop in single if is_single(self.store, prop) and self._leads_to_places(prop))
        return tuple(sorted({*self._kinds_of(LOCATING), *leading}, key=str))

    def _kinds_of(self, names: frozenset[str]) -> tuple[IRI, ...]:
        """Properties of these names, and those that the ontology says are kinds of them; those in use."""
        alignment = Alignment(self.store)
        declared = chain.from_iterable(
            (quad.subject, quad.object)
            for name in (SUB_PROPERTY, *ALIKE)
            for quad in self.store.quads(None, name)
        )
        kinds = {one for one in declared if isinstance(one, IRI) and alignment.is_under(one, names)}
        found = {*map(IRI, names), *kinds}
        return tuple(sorted((one for one in found if self._is_used(one)), key=str))

    def _is_used(self, prop: IRI) -> bool:
        return any(True for _ in self.store.quads(predicate=prop))

    def _leads_to_places(self, prop: IRI) -> bool:
        return self._are_places(self._objects(prop, RANGES))

    def _is_of_places(self, prop: IRI) -> bool:
        return self._are_places(self._objects(prop, DOMAINS))

    def _are_places(self, kinds: Iterable[Term]) -> bool:
        alignment = Alignment(self.store)
        return any(isinstance(one, IRI) and alignment.is_under(one, PLACES) for one in kinds)

    def _objects(self, subject: IRI, props: Iterable[IRI]) -> Iterator[Term]:
        return (quad.object for prop in props for quad in self.store.quads(subject, prop))

    def _pairs(self, node: IRI) -> Iterator[Coordinates]:
        latitudes = _numbers(self._objects(node, self.latitudes))
        longitudes = _numbers(self._objects(node, self.longitudes))
        if latitudes and longitudes:
            yield from _valid(min(latitudes), min(longitudes))
        for text in self._objects(node, self.texts):
            if isinstance(text, Literal) and (found := point(text.value)):
                yield found


def point(text: str) -> Coordinates | None:
    """The point that a text is, as well-known text or as latitude and longitude."""
    if match := WKT.fullmatch(text):
        return next(_valid(float(match[2]), float(match[1])), None)
    match = PAIR.fullmatch(text)
    return next(_valid(float(match[1]), float(match[2])), None) if match else None


def _numbers(terms: Iterable[Term]) -> list[float]:
    texts = (term.value for term in terms if isinstance(term, Literal))
    return [float(text) for text in texts if re.fullmatch(NUMBER, text)]


def _valid(latitude: float, longitude: float) -> Iterator[Coordinates]:
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        yield Coordinates(latitude, longitude)
