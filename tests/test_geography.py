"""Where things are: at coordinates of several vocabularies, or at the place that they are said to be at."""

from __future__ import annotations

import pytest

from kg.aspects.geography import Coordinates, Geography, point
from kg.store import IRI, EmbeddedStore, RdfFormat, parse_quads

DATA = """
@prefix e: <http://e/> . @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix gs: <http://www.opengis.net/ont/geosparql#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
GRAPH e:ontology {
e:north rdfs:subPropertyOf geo:lat . e:east rdfs:subPropertyOf geo:long .
e:moored rdfs:subPropertyOf prov:atLocation .
e:Port rdfs:subClassOf schema:Place .
e:homePort a owl:FunctionalProperty ; rdfs:range e:Port .
e:callsAt rdfs:range e:Port .
}
GRAPH e:data {
e:oslo e:north 59.91 ; e:east 10.75 .
e:kiel schema:geo e:there . e:there schema:latitude "54.32" ; schema:longitude "10.14" .
e:bergen gs:hasGeometry e:form . e:form gs:asWKT "POINT (5.32 60.39)"^^gs:wktLiteral .
e:fram e:moored e:oslo . e:gorch e:homePort e:kiel ; e:callsAt e:oslo .
e:ghost e:callsAt e:oslo . e:both e:moored e:oslo , e:bergen .
e:nonsense e:north 159.91 ; e:east 10 . e:half e:north 5 .
}
"""


@pytest.fixture(scope="module")
def geography() -> Geography:
    return Geography(EmbeddedStore.in_memory(parse_quads(DATA.encode(), RdfFormat.TRIG)))


def where(geography: Geography, name: str) -> list[tuple[float, float, str]]:
    found = geography.locations(IRI(f"http://e/{name}"))
    return [(one.coordinates.latitude, one.coordinates.longitude, one.place.value[9:]) for one in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("oslo", [(59.91, 10.75, "oslo")]),
        ("kiel", [(54.32, 10.14, "kiel")]),
        ("bergen", [(60.39, 5.32, "bergen")]),
        ("fram", [(59.91, 10.75, "oslo")]),
        ("gorch", [(54.32, 10.14, "kiel")]),
        ("both", [(60.39, 5.32, "bergen"), (59.91, 10.75, "oslo")]),
        ("ghost", []),
        ("nonsense", []),
        ("half", []),
    ],
)
def test_things_are_at_their_coordinates_or_at_their_place(geography, name, expected):
    assert where(geography, name) == expected


def test_the_state_of_a_thing_is_known_by_its_code(shipped):
    geography = Geography(shipped.store)
    [(place, code)] = geography.states(shipped.iris.entity("cineca"))
    assert (place, code) == (shipped.iris.entity("italy"), "IT")
    assert geography.states(shipped.iris.entity("italy")) == ((place, code),)
    assert geography.states(shipped.iris.entity("health")) == ()


def test_a_graph_without_coordinates_is_known_as_such(geography, lighthouses):
    assert not geography.is_empty
    assert Geography(lighthouses.store).is_empty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POINT(11.3 44.5)", Coordinates(44.5, 11.3)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point (-9 38.7)", Coordinates(38.7, -9.0)),
        ("44.5 11.3", Coordinates(44.5, 11.3)),
        ("44.5,11.3", Coordinates(44.5, 11.3)),
        ("POINT(11.3 144.5)", None),
        ("POLYGON((1 2, 3 4, 5 6, 1 2))", None),
        ("somewhere", None),
    ],
)
def test_points_are_read_from_text(text, expected):
    assert point(text) == expected


def test_the_shipped_graph_says_where_its_machines_are(shipped):
    geography = Geography(shipped.store)
    [machine] = geography.locations(shipped.iris.entity("leonardo"))
    assert machine.place == shipped.iris.entity("bologna")
    assert 44 < machine.coordinates.latitude < 45
    assert geography.locations(shipped.iris.entity("italy")) == ()
