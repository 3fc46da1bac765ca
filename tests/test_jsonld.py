"""JSON-LD of documents: it says what Turtle says, by the context of the release or by the part it holds."""

from __future__ import annotations

import json
import re

import pyld
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryUnwritable
from kg.settings import Settings
from kg.sparql.prefixes import STANDARD
from kg.store import IRI, BlankNode, DefaultGraph, Literal, Quad, RdfFormat, Triple, parse_quads
from web import create_app
from web.negotiation import FORMATS
from web.rdf.context import Context
from web.rdf.documents import write
from web.snapshot import KEY

XSD = STANDARD["xsd"]
FORM = {form.name: form for form in FORMATS}


@pytest.fixture(scope="module", params=["shipped", "lighthouses"])
def site(request):
    release = request.getfixturevalue(request.param)
    app = create_app(Settings(home=release.path.parent.parent))
    yield app.test_client(), release, {"shipped": "cineca", "lighthouses": "bell-rock"}[request.param]
    app.extensions[KEY].close()


def triples(data):
    return {quad.triple for quad in parse_quads(data, RdfFormat.JSON_LD)}


def test_with_its_part_of_the_context_and_with_the_whole_it_means_the_same(site):
    client, _, thing = site
    context = client.get("/context.jsonld")
    assert context.mimetype == "application/ld+json"
    assert context.headers["Access-Control-Allow-Origin"] == "*"
    document = client.get(f"/doc/{thing}.jsonld").json
    stated = {quad.triple for quad in parse_quads(client.get(f"/doc/{thing}.nt").data, RdfFormat.N_TRIPLES)}
    assert triples(json.dumps(document).encode()) == stated
    whole = {**document, "@context": context.json["@context"]}
    assert triples(json.dumps(whole).encode()) == stated
    expanded = pyld.jsonld.expand(document)
    assert triples(json.dumps(expanded).encode()) == stated
    compacted = pyld.jsonld.compact(expanded, context.json)
    assert triples(json.dumps(compacted).encode()) == stated


def test_it_is_compact_and_each_value_as_it_was_written(lighthouses):
    app = create_app(Settings(home=lighthouses.path.parent.parent))
    document = app.test_client().get("/doc/bell-rock.jsonld").json
    (light,) = (node for node in document["@graph"] if node["@id"] == "id:bell-rock")
    assert {"rock_lighthouse"} <= {*light["@type"]}
    assert light["height"] == ["35", "35.3"]
    assert "id:scotland" in light["within"]
    assert light["prefLabel"] == {"de": "Leuchtturm Bell Rock", "en": "Bell Rock Lighthouse"}
    assert not [key for node in document["@graph"] for key in node if "://" in key]
    assert document["@context"]["height"]["@type"] == "xsd:decimal"
    app.extensions[KEY].close()


def test_the_context_stays_and_is_not_sent_again(site):
    client, release, _ = site
    first, second = client.get("/context.jsonld"), client.get("/context.jsonld")
    assert first.data == second.data
    tag = first.headers["ETag"]
    assert client.get("/context.jsonld", headers={"If-None-Match": tag}).status_code == 304
    terms = first.json["@context"]
    assert all(terms[name] == space for name, space in release.prefixes.items() if space[-1] in "/#")
    assert not any(re.match("@", name) for name in terms)


IRIS = st.sampled_from(
    [
        *("urn:a", "geo:45,9", "http://www.w3.org/2003/01/geo/wgs84_pos#lat", "id:x", "mailto:a@b.example"),
        *(f"{XSD}decimal", "https://x.example/id/1", "https://x.example/id/a/b", "https://x.example/id/"),
        *(STANDARD["skos"] + name for name in ("prefLabel", "definition", "x:y", "//x", "")),
        *("http://purl.org/dc/terms/license", "http://purl.org/dc/terms/title", "tag:x.example,2020:a"),
    ]
).map(IRI)
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=9)
LITERALS = st.one_of(
    st.builds(Literal, TEXT),
    st.builds(
        lambda text, lang: Literal(text, language=lang), TEXT, st.sampled_from(["en", "de-ch", "zh-hant"])
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=IRI(f"{XSD}{name}")),
        st.sampled_from(["1", "1.50", "001", "1e0", "true", "0", "-0", "NaN", "x", ""]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date", "anyURI", "unsignedLong"]),
    ),
    st.builds(Literal, TEXT, datatype=st.sampled_from([IRI("urn:type"), IRI(STANDARD["rdf"] + "JSON")])),
)
NODES = st.one_of(IRIS, st.builds(BlankNode, st.sampled_from("ab")))
QUADS = st.builds(Quad, NODES, IRIS, st.one_of(NODES, LITERALS), st.just(DefaultGraph()))
TERMS = {
    "lat": (STANDARD["geo"] + "lat", {"@id": "geo:lat", "@type": "xsd:decimal"}),
    "a": ("urn:a", {"@id": "urn:a", "@type": "@id"}),
    "mailto": ("https://x.example/id/1", {"@id": "id:1"}),
}


@given(st.lists(QUADS, max_size=9), st.booleans())
def test_nothing_is_lost_or_changed(quads, has_terms):
    prefixes = {**STANDARD, "id": "https://x.example/id/", "odd": "https://x.example/i"}
    context = Context.of(prefixes)
    if has_terms:
        context = Context(context.prefixes, {**context.terms, **TERMS})
    data = write(quads, FORM["jsonld"], prefixes, context)
    assert triples(data) == {quad.triple for quad in quads}


def test_what_a_format_has_not_is_told():
    urn = IRI("urn:x")
    triple = Quad(urn, urn, Triple(urn, urn, urn))
    with pytest.raises(QueryUnwritable, match="triple terms"):
        write([triple], FORM["jsonld"], {})
    for name in ("urn:1", "https://x.example/1.5", "https://x.example/p/", "https://x.example/%20"):
        quads = [Quad(urn, IRI(name), urn)]
        with pytest.raises(QueryUnwritable, match="RDF/XML cannot write"):
            write(quads, FORM["rdf"], {})
        assert triples(write(quads, FORM["jsonld"], {})) == {quads[0].triple}


@given(st.lists(st.sampled_from([*"aZé_5.-·/:²µ", "%20"]), min_size=1, max_size=5).map("".join))
def test_rdf_xml_says_what_it_was_given_or_refuses(name):
    quads = [Quad(IRI("urn:x"), IRI(f"http://x.example/{name}"), Literal("1"))]
    try:
        data = write(quads, FORM["rdf"], {})
    except QueryUnwritable:
        assert not re.search(r"[A-Za-zé_][\w.-]*$", name, re.ASCII)
    else:
        assert {quad.triple for quad in parse_quads(data, RdfFormat.RDF_XML)} == {quads[0].triple}
