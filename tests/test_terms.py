"""The ontology documented from the graph: every triple visible, axioms and shapes in words, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib

from kg import nquads
from kg.aspects.schema import Schema
from kg.building.build import build
from kg.building.inputs import Inputs
from kg.imports.importing import import_files
from kg.iris import GENID, expand
from kg.release import Release, Releases
from kg.settings import Settings
from kg.store import IRI, Literal, Quad, RdfFormat, Triple, parse_quads
from web import create_app
from web.snapshot import KEY
from web.terms.ring import BOX_HEIGHT, BOX_WIDTH, WIDTH, places

LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"
PAGE = {"Accept": "text/html"}
STRING = "http://www.w3.org/2001/XMLSchema#string"
RICH = """
@prefix : <http://h.example/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:Animal a owl:Class ; owl:disjointUnionOf ( :Wild :Tame ) ; owl:hasKey ( :tag ) .
:Wild a owl:Class ; rdfs:subClassOf :Animal ; owl:disjointWith :Tame .
:Tame a owl:Class ; rdfs:subClassOf :Animal ,
    [ a owl:Restriction ; owl:onProperty :keeper ; owl:someValuesFrom :Person ] ,
    [ a owl:Restriction ; owl:onProperty :food ; owl:allValuesFrom [ owl:unionOf ( :Plant :Meat ) ] ] ,
    [ a owl:Restriction ; owl:onProperty :leg ; owl:maxQualifiedCardinality 4 ; owl:onClass :Limb ] ,
    [ a owl:Restriction ; owl:onProperty [ owl:inverseOf :feeds ] ; owl:minCardinality 1 ] .
:Zebra a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( :Wild
    [ a owl:Restriction ; owl:onProperty :coat ; owl:hasValue "striped" ] [ owl:complementOf :Tame ] ) ] .
:Season a owl:Class ; owl:oneOf ( :summer :winter ) .
:summer a :Season . :winter a :Season .
:Age a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:integer ;
    owl:withRestrictions ( [ xsd:minInclusive 0 ] [ xsd:maxExclusive 200 ] ) ] .
:Person a owl:Class . :Plant a owl:Class . :Meat a owl:Class . :Limb a owl:Class .
[] a owl:AllDisjointClasses ; owl:members ( :Person :Plant :Meat ) .
:keeper a owl:ObjectProperty , owl:FunctionalProperty , owl:AsymmetricProperty ; rdfs:domain :Tame ;
    rdfs:range :Person ; owl:propertyDisjointWith :feeds .
:feeds a owl:ObjectProperty ; rdfs:range :Animal ;
    rdfs:domain [ a owl:Class ; owl:unionOf ( :Person :Animal ) ] .
:grandparent a owl:ObjectProperty ; owl:propertyChainAxiom ( :parent :parent ) .
:parent a owl:ObjectProperty ; rdfs:domain :Animal ; rdfs:range :Animal ; owl:deprecated true .
:food a owl:ObjectProperty . :leg a owl:ObjectProperty .
:coat a owl:DatatypeProperty . :tag a owl:DatatypeProperty .
:note a owl:AnnotationProperty ; rdfs:label "<script>alert(1)</script>"@en ;
    rdfs:comment "\\"><img src=x>"@de ;
    rdfs:seeAlso <javascript:alert(2)> ; :note "lang-less", "1.50"^^xsd:decimal , "ciao"@it .
:leo a :Wild ; :coat "tawny" ; :unknown :leo .
:shape a sh:NodeShape ; sh:targetClass :Wild ; sh:property
    [ sh:path ( :parent [ sh:zeroOrMorePath :parent ] ) ; sh:maxCount 2 ; sh:message "has too many."@en ] ,
    [ sh:path [ sh:inversePath :feeds ] ; sh:not [ sh:class :Tame ] ; sh:severity sh:Warning ] .
"""


class Table(HTMLParser):
    """The rows of the table of every statement, each cell with its texts and titles; ids and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[list[tuple[str, str]]]] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.styles: list[str] = []
        self._inside = self._is_term = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.ids += [known["id"]] if "id" in known else []
        self.hrefs += [known["href"]] if "href" in known else []
        self.styles += [tag] if "style" in known or any(name.startswith("on") for name in known) else []
        if tag == "table":
            self._inside = known.get("class") == "triples"
        elif self._inside and tag == "tr":
            self.rows.append([])
        elif self._inside and tag == "td":
            self.rows[-1].append([])
        elif self._inside and tag in ("a", "span"):
            self.rows[-1][-1].append(("", known.get("title", "")))
            self._is_term = True

    def handle_endtag(self, tag):
        if tag in ("a", "span", "table"):
            self._is_term = False
            self._inside = self._inside and tag != "table"

    def handle_data(self, data):
        if self._is_term:
            text, title = self.rows[-1][-1][-1]
            self.rows[-1][-1][-1] = (text + data, title)


def term_in(cell: list[tuple[str, str]], release: Release) -> IRI | Literal:
    """What a reader sees in a cell: of nodes without a name the number, of all else what stands there."""
    (text, title), *suffixes = cell
    if title:
        seen = title if text.startswith("node ") else expand(text, release.prefixes, release.iris).value
        assert seen == title
        return IRI(seen)
    shown = suffixes[0][0] if suffixes else ""
    if shown.startswith("@"):
        return Literal(text, language=shown[1:])
    return Literal(text, datatype=IRI(suffixes[0][1] if shown else STRING))


def triples_on(text: str, release: Release) -> set[Triple]:
    """The triples in the table of a page."""
    rows = [row for row in Table(text).rows if row]
    return {Triple(*(term_in(cell, release) for cell in row)) for row in rows}


def text_of(body: str) -> str:
    """What is read on a page, with single blanks."""
    without = re.sub(r"<head>.*?</head>|<svg.*?</svg>", "", body, flags=re.DOTALL)
    text = re.sub(r"</?(?:td|th|li|p|dd|dt|h[1-6])\b[^>]*>", " ", without)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


@pytest.fixture(scope="module")
def clients() -> Iterator[dict[str, object]]:
    made: dict[str, object] = {}
    yield made
    for app in made.values():
        app.extensions[KEY].close()


def client_of(clients, release: Release):
    home = release.path.parent.parent
    app = clients.setdefault(str(home), None) or create_app(Settings(home=home))
    clients[str(home)] = app
    return app.test_client()


@pytest.fixture(params=["shipped", "lighthouses"])
def release(request) -> Release:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Release:
    """What others wrote: all that OWL can say, without an IRI of the ontology."""
    home = tmp_path_factory.mktemp("zoo")
    (home / "zoo.ttl").write_text(RICH, encoding="utf-8")
    return import_files(home, [home / "zoo.ttl"])


def stated(release: Release) -> set[Triple]:
    """The triples of the ontology, read from the file of the release."""
    graph = release.iris.ontology_graph
    return {quad.triple for quad in nquads.read(release.quads_file) if quad.graph_name == graph}


def test_every_triple_of_the_ontology_is_on_the_page_of_its_term(clients, release) -> None:
    client, wanted = client_of(clients, release), stated(release)
    assert len(wanted) > 200
    subjects = {one.subject for one in wanted if GENID not in one.subject.value}
    nodes: set[Triple] = set()
    for subject in subjects:
        is_whole = subject.value == release.manifest.ontology["iri"]
        path = "/ontology" if is_whole else f"/ontology?term={quote(subject.value)}"
        response = client.get(path, headers=PAGE)
        assert response.status_code == 200, path
        shown = triples_on(response.text, release)
        assert {one for one in wanted if one.subject == subject} <= shown, path
        assert shown <= wanted, path
        mentioned = {one.object for one in shown if isinstance(one.object, IRI)} & {
            one.subject for one in wanted
        }
        assert all(any(two.subject == one for two in shown) for one in mentioned if GENID in one.value), path
        nodes |= {one for one in shown if one.subject not in subjects}
    assert nodes == {one for one in wanted if one.subject not in subjects}


def test_the_whole_has_an_anchor_for_each_term_that_leads_to_its_page(clients, release) -> None:
    client = client_of(clients, release)
    whole = Table(client.get("/ontology", headers=PAGE).text)
    assert len(whole.ids) == len(set(whole.ids))
    assert not whole.styles
    namespace = Schema.of(release).namespaces[0]
    named = {one.subject.value for one in stated(release) if one.subject.value.startswith(namespace)}
    for name in sorted(iri.removeprefix(namespace) for iri in named - {namespace}):
        assert name in whole.ids
        assert f"/ontology/{name}" in whole.hrefs


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf"])
def test_a_term_and_the_whole_are_there_in_each_format(clients, lighthouses, name) -> None:
    client = client_of(clients, lighthouses)
    form = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}[name]
    for path in ("/ontology", "/ontology/within", "/ontology/2.0"):
        by_suffix, by_name = client.get(f"{path}.{name}"), client.get(f"{path}?format={name}")
        accepted = by_suffix.headers["Content-Type"].split(";")[0]
        by_header = client.get(path, headers={"Accept": accepted})
        assert by_suffix.data == by_name.data == by_header.data
        graph = rdflib.Graph().parse(data=by_suffix.data, format=form)
        within = Schema.of(lighthouses).about(IRI("https://example.org/lighthouses/ontology/within"))
        assert len(graph) == (len(within) if "within" in path else len(stated(lighthouses)))
    of_others = client.get(f"/ontology?term=skos:broader&format={name}")
    assert len(rdflib.Graph().parse(data=of_others.data, format=form)) == 3


def test_a_term_tells_programs_what_it_describes_and_where_else_it_is(clients, shipped) -> None:
    client = client_of(clients, shipped)
    response = client.head("/ontology/hostedBy", headers=PAGE)
    links = ", ".join(response.headers.getlist("Link"))
    assert '<https://w3id.org/aifactories/ontology#hostedBy>; rel="describes"' in links
    assert '</ontology/hostedBy.ttl>; rel="alternate"; type="text/turtle"' in links
    assert {"Accept", "Accept-Language"} <= set(response.vary)
    assert response.data == b""
    for headers in (PAGE, {"Accept": "text/turtle"}, {**PAGE, "Accept-Language": "de"}):
        first = client.get("/ontology/hostedBy", headers=headers)
        again = client.get("/ontology/hostedBy", headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert (
        len(
            {
                client.get("/ontology", headers={"Accept": f}).headers["ETag"]
                for f in ("text/html", "text/turtle")
            }
        )
        == 2
    )


def test_what_is_no_term_gets_the_nearest_ones(clients, shipped) -> None:
    client = client_of(clients, shipped)
    page = client.get("/ontology/hostdBy", headers=PAGE)
    assert page.status_code == 404
    assert "/ontology/hostedBy" in Table(page.text).hrefs
    problem = client.get("/ontology/hostdBy", headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")
    assert "aif:hostedBy" in problem.json["detail"]
    assert client.get("/ontology/hostdBy.ttl", headers={"Accept": "text/turtle"}).status_code == 404
    for path in (
        "/ontology/%00",
        "/ontology/a b<c>",
        "/ontology?term=",
        "/ontology?term=a%20b",
        "/ontology/0.0.9",
    ):
        assert client.get(path, headers=PAGE).status_code == 404


def test_counts_are_what_a_query_counts(clients, shipped) -> None:
    client = client_of(clients, shipped)
    select = "SELECT (COUNT(DISTINCT ?s) AS ?s) (COUNT(DISTINCT ?o) AS ?o) (COUNT(*) AS ?n) WHERE {{ {} }}"
    iri = "https://w3id.org/aifactories/ontology#"
    [row] = shipped.store.select(
        select.format(f"?s <{iri}locatedIn> ?o").replace("AS ?s", "AS ?c").replace("AS ?o", "AS ?d")
    )
    text = text_of(client.get("/ontology/locatedIn", headers=PAGE).text)
    assert f"{int(row['n'].value):,} statements, what follows included" in text
    assert f"{int(row['c'].value):,} subjects" in text
    assert f"{int(row['d'].value):,} values" in text
    members = shipped.store.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a <{iri}Organisation> }}")
    assert f"{int(members[0]['n'].value):,} things" in text_of(
        client.get("/ontology/Organisation", headers=PAGE).text
    )


def test_a_page_shows_things_statements_queries_words_and_rules(clients, shipped) -> None:
    client = client_of(clients, shipped)
    page = client.get("/ontology/AIFactory", headers=PAGE).text
    text, links = text_of(page), Table(page)
    assert any(href.startswith("/id/") for href in links.hrefs)
    assert "KI-Fabrik" in text
    assert "AI gigafactory" in text
    assert "Each AI Factory should have under hosted by: at least 1 value." in text
    assert "“has no host.”" in text
    assert "Show every AI Factory with its country" in text
    assert any(href.startswith("/sparql?query=SELECT+?thing") or "%3Fthing" in href for href in links.hrefs)
    assert "Is never also AI Factory Antenna, testing and experimentation facility" in text
    prop = client.get("/ontology/endsOn", headers=PAGE).text
    assert "must not be found by the query below" in text_of(prop)
    assert "FILTER NOT EXISTS" in prop
    assert any(href.startswith("/source/") for href in Table(prop).hrefs)
    assert "not stated by a source" in client.get("/ontology/locatedIn", headers=PAGE).text
    scheme = client.get("/ontology/sectors", headers=PAGE).text
    assert text_of(scheme).count("In the scheme 51") == 1


def test_names_are_in_the_language_of_the_reader(clients, shipped) -> None:
    client = client_of(clients, shipped)
    assert "<h1>beherbergt von</h1>" in client.get("/ontology/hostedBy?lang=de", headers=PAGE).text


def read(clients, zoo: Release, name: str) -> str:
    iri = quote(f"http://h.example/zoo#{name}")
    return text_of(client_of(clients, zoo).get(f"/ontology?term={iri}", headers=PAGE).text)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Animal", "Each is exactly one of Wild or Tame"),
        ("Animal", "Is told apart by tag"),
        ("Animal", "Includes Tame Wild"),
        ("Wild", "Is never also Tame"),
        ("Tame", "what has at least one keeper that is Person"),
        ("Tame", "what has no food but Plant or Meat"),
        ("Tame", "what has at most 4 leg that is Limb"),
        ("Tame", "what has at least 1 feeds read the other way"),
        ("Zebra", "Is the same as Wild, what has coat: striped and anything but Tame"),
        ("Season", "Is one of :summer or :winter"),
        ("Age", "Is the same as xsd:integer at least 0 and less than 200"),
        ("Person", "Is never also Plant or Meat"),
        ("keeper", "A thing has at most one value of it."),
        ("keeper", "It never holds in both directions."),
        ("keeper", "What has it is Tame"),
        ("keeper", "Never holds together with feeds"),
        ("feeds", "What has it is Person or Animal"),
        ("feeds", "Never holds together with keeper"),
        ("grandparent", "Follows from the chain parent, then parent"),
        ("parent", "The ontology advises not to use it any more."),
        ("leg", "Is used to say what is meant by Tame"),
        ("unknown", "No ontology in this graph says what this term means"),
        ("Wild", "Each Wild must have under parent then parent, any number of times: at most 2 values."),
        ("Wild", "Each Wild should have under feeds read the other way: not Tame."),
        ("Wild", "“has too many.”"),
    ],
)
def test_axioms_and_shapes_are_told_in_words(clients, zoo, name, words) -> None:
    assert words in read(clients, zoo, name)


def test_what_others_wrote_is_whole_and_shown_as_text(clients, zoo) -> None:
    client = client_of(clients, zoo)
    whole = client.get("/ontology", headers=PAGE)
    assert whole.status_code == 200
    assert "This graph came without an ontology of its own" in whole.text
    assert "Used, but declared nowhere here" in whole.text
    wanted = set(Schema.of(zoo).by_subject)
    shown: set[IRI] = set()
    for iri in [one for one in wanted if GENID not in one.value]:
        page = client.get(f"/ontology?term={quote(iri.value)}", headers=PAGE)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        links = Table(page.text)
        assert not links.styles
        assert all(href.startswith(("/", "#", "http://", "https://")) for href in links.hrefs)
        triples = triples_on(page.text, zoo)
        assert set(Schema.of(zoo).about(iri)) == triples
        shown |= {one.subject for one in triples}
    assert shown == wanted


def test_a_graph_of_data_alone_says_what_it_uses(clients, tmp_path) -> None:
    (tmp_path / "x.nt").write_text(
        "<urn:x> <urn:size> <urn:y> .\n<urn:x> a <urn:K> .\n".replace(" a ", f" <{rdflib.RDF.type}> ")
    )
    release = import_files(tmp_path, [tmp_path / "x.nt"])
    client = client_of(clients, release)
    page = client.get("/ontology", headers=PAGE).text
    assert "these are the terms that it uses" in page
    assert {"/ontology?term=urn:K", "/ontology?term=urn:size"} <= set(Table(page).hrefs)
    assert "1 thing" in text_of(client.get("/ontology?term=urn:K", headers=PAGE).text)
    assert client.get("/ontology.ttl").status_code == 200


def test_each_version_that_a_kept_release_has_can_be_read(clients, tmp_path) -> None:
    text = (LIGHTHOUSES / "ontology.ttl").read_text(encoding="utf-8")
    newer = text.replace("2.0", "2.1").replace("Town or village.", "Small place.")
    for version in (text, newer):
        (tmp_path / "ontology.ttl").write_text(version, encoding="utf-8")
        build(tmp_path / "home", Inputs(tmp_path / "ontology.ttl", LIGHTHOUSES))
    client = client_of(clients, Releases(tmp_path / "home").current())
    whole = client.get("/ontology", headers=PAGE).text
    assert {"/ontology/2.0", "/ontology/2.1", "/ontology/2.0.ttl"} <= set(Table(whole).hrefs)
    assert "2.1 in release 2" in text_of(whole)
    old, new = client.get("/ontology/2.0.ttl"), client.get("/ontology/2.1.ttl")
    assert "Town or village." in old.text
    assert "Small place." in new.text
    assert '</ontology>; rel="latest-version"' in old.headers.getlist("Link")
    assert "Town or village." in client.get("/ontology/2.0", headers=PAGE).text
    assert client.get("/ontology/1.9").status_code == 404


def test_a_schema_tells_what_stands_above_and_below() -> None:
    quads: list[Quad] = list(parse_quads(RICH.encode(), RdfFormat.TURTLE))
    schema = Schema.from_triples(quad.triple for quad in quads)
    zoo = "http://h.example/zoo#"
    assert schema.above(IRI(f"{zoo}Tame")) == [IRI(f"{zoo}Animal")]
    assert set(schema.below(IRI(f"{zoo}Animal"))) == {IRI(f"{zoo}Tame"), IRI(f"{zoo}Wild")}


@pytest.mark.parametrize("count", range(1, 31))
def test_the_boxes_of_a_diagram_do_not_touch(count: int) -> None:
    middles, height = places(count)
    assert len(middles) == count
    for place, (x, y) in enumerate(middles):
        assert BOX_WIDTH / 2 < x < WIDTH - BOX_WIDTH / 2
        assert BOX_HEIGHT / 2 < y < height - BOX_HEIGHT / 2
        for left, top in middles[:place]:
            assert abs(left - x) > BOX_WIDTH or abs(top - y) > BOX_HEIGHT


def test_the_diagram_says_in_words_what_it_draws(clients, lighthouses) -> None:
    page = client_of(clients, lighthouses).get("/ontology", headers=PAGE).text
    [svg] = re.findall(r'<svg[^>]*"drawn-title.*?</svg>', page, re.DOTALL)
    assert "<desc" in svg
    assert svg.count("<rect") == 8
    assert svg.count("<polygon") == 3
    assert "builder of +1" in svg
    text = text_of(page)
    assert "is a kind of place" in text
    assert "kept by → lighthouse authority" in text
