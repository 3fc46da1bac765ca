"""Things, sources and terms at their addresses: pages and RDF over real HTTP, on both graphs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
import rdflib
from rdflib import DCTERMS, FOAF, RDF, URIRef

from kg import nquads
from kg.store import IRI, RdfFormat, parse_quads
from tests.imported import imported

PARSERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
QUADS = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
rdflib_warns = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


class Links(HTMLParser):
    """All addresses that a page leads to, and the ids on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in ("a", "link"):
            self.hrefs.append(attributes["href"])
        if "id" in attributes:
            self.ids.append(attributes["id"])


@pytest.fixture(scope="session")
def prepared():
    """Documents keep their lexical forms only where rdflib is told not to normalise them."""
    rdflib.NORMALIZE_LITERALS = False


def page(service, path, **headers):
    return service.client.get(path, headers={"Accept": "text/html", **headers})


def triples(service, path, name):
    graph = rdflib.Graph()
    graph.parse(data=service.client.get(f"{path}.{name}").content, format=PARSERS[name])
    return graph


def test_a_thing_leads_to_its_document_in_one_step(service):
    response = service.client.get(f"/id/{service.thing}", headers={"Accept": "text/turtle"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"/doc/{service.thing}"
    assert "Accept" in response.headers["Vary"].split(", ")
    document = service.client.get(response.headers["Location"], headers={"Accept": "text/turtle"})
    assert document.status_code == 200
    assert document.headers["Content-Type"] == TYPES["ttl"]


def test_the_language_asked_for_survives_the_step(service):
    response = service.client.get(f"/id/{service.thing}?lang=de&slug=x&_external=1")
    assert response.headers["Location"] == f"/doc/{service.thing}?lang=de&slug=x&_external=1"


@pytest.mark.parametrize("name", TYPES)
def test_a_document_is_there_in_each_format_by_header_suffix_and_parameter(service, name):
    media_type = TYPES[name].split(";")[0]
    path = f"/doc/{service.thing}"
    responses = [
        service.client.get(path, headers={"Accept": media_type}),
        service.client.get(f"{path}.{name}"),
        service.client.get(path, params={"format": name}),
    ]
    for response in responses:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == TYPES[name]
        assert "Accept" in response.headers["Vary"]
    if name != "html":  # a page carries the languages that its address asks for
        assert len({response.content for response in responses}) == 1
    assert service.client.head(f"{path}.{name}").headers["Content-Type"] == TYPES[name]


@rdflib_warns
def test_documents_of_triples_all_say_the_same(service, prepared):
    path = f"/doc/{service.thing}"
    graphs = {name: set(triples(service, path, name)) for name in PARSERS}
    assert len(graphs["nt"]) > 20
    assert all(graph == graphs["nt"] for graph in graphs.values())


@rdflib_warns
def test_every_statement_is_there_as_it_was_written_with_its_sources(service, prepared):
    release = service.release
    iri = release.iris.entity(service.thing)
    graph = triples(service, f"/doc/{service.thing}", "ttl")
    document = graph.value(predicate=FOAF.primaryTopic, object=URIRef(iri.value))
    assert str(document) == f"{release.iris.base}doc/{service.thing}"
    stated = {}
    for quad in nquads.about(release.quads_file, iri):
        lines = rdflib.Graph().parse(data=f"{quad.triple} .", format="nt")
        assert set(lines) <= set(graph)
        if release.iris.is_source(quad.graph_name):
            stated.setdefault(next(iter(lines)), set()).add(release.iris.source_of(quad.graph_name).value)
    told = {}
    for node in graph.subjects(RDF.type, RDF.Statement):
        triple = tuple(graph.value(node, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        told[triple] = {str(source) for source in graph.objects(node, DCTERMS.source)}
    assert told == stated
    assert all(
        (URIRef(source), DCTERMS.title, None) in graph
        for sources in stated.values()
        for source in sources
        if "editorial" not in source
    )


@pytest.mark.parametrize("name", QUADS)
def test_documents_of_quads_have_each_statement_in_the_graph_of_its_source(service, name):
    release = service.release
    iri = release.iris.entity(service.thing)
    found = set(parse_quads(service.client.get(f"/doc/{service.thing}.{name}").content, QUADS[name]))
    assert set(nquads.about(release.quads_file, iri)) <= found
    catalogue = {quad.subject for quad in found if quad.graph_name == release.iris.catalogue_graph}
    assert len(catalogue) > 1


def test_the_page_shows_names_statements_sources_and_downloads(service):
    response = page(service, f"/doc/{service.thing}")
    release = service.release
    links = Links(response.text)
    assert service.release.iris.entity(service.thing).value in response.text
    assert {f"/doc/{service.thing}.{name}" for name in (*PARSERS, *QUADS)} <= set(links.hrefs)
    marks = {href for href in links.hrefs if href.startswith("#source-")}
    assert marks
    assert marks == {f"#{name}" for name in links.ids if name.startswith("source-")}
    assert any(href.startswith("/source/") for href in links.hrefs)
    assert any(href.startswith("/ontology/") for href in links.hrefs)
    assert str(release.version) in response.text


def test_every_link_of_a_page_leads_somewhere(service):
    seen: set[str] = set()
    for path in ("/", f"/doc/{service.thing}", "/ontology", "/source/editorial"):
        links = Links(page(service, path).text)
        for href in links.hrefs:
            if href.startswith("#"):
                assert href[1:] in links.ids
        seen |= {
            href.split("#")[0] for href in links.hrefs if href.startswith("/") and "/sparql?" not in href
        }
    assert len(seen) > 20
    for href in sorted(seen)[:120]:
        response = service.client.get(href, headers={"Accept": "text/html"}, follow_redirects=True)
        assert response.status_code == 200, href


def test_sources_that_differ_stand_side_by_side(lighthouse_service):
    text = page(lighthouse_service, "/doc/eddystone").text
    rows = re.findall(r'<div class="conflict">.*?</div>', text, re.DOTALL)
    (row,) = (row for row in rows if "height" in row)
    assert "sources differ" in row
    assert re.findall(r'<data value="(\d+)">', row) == ["49", "51"]


def test_the_same_number_written_twice_is_no_conflict(lighthouse_service):
    text = page(lighthouse_service, "/doc/skerryvore").text
    said = text.split('id="said"', 1)[1]
    assert said.count(">48<") == 1
    assert ">48.0<" not in text


def test_a_year_and_a_day_in_it_are_no_conflict_and_what_is_inferred_is_not_repeated(lighthouse_service):
    text = page(lighthouse_service, "/doc/eddystone").text
    rows = re.findall(r'<div( class="conflict")?>(.*?)</div>', text, re.DOTALL)
    (flag,) = (flag for flag, row in rows if "1882-05-18" in row)
    assert flag == ""
    assert "What refers to it" not in text


def test_names_come_in_the_language_asked_for(shipped_service):
    assert "ospita" in page(shipped_service, "/doc/cineca?lang=it").text
    assert "ospita" in page(shipped_service, "/doc/cineca", **{"Accept-Language": "it-IT,it;q=0.9"}).text
    assert "ospita" not in page(shipped_service, "/doc/cineca", **{"Accept-Language": "de"}).text
    response = page(shipped_service, "/doc/italy?lang=it")
    assert "<h1>Italia</h1>" in response.text  # the page is in Italian itself
    assert "Accept-Language" in response.headers["Vary"]


def test_a_name_that_leads_nowhere_offers_what_is_near(service):
    wrong = f"{service.thing}x"
    response = page(service, f"/doc/{wrong}")
    assert response.status_code == 404
    assert f'href="/id/{service.thing}"' in response.text
    problem = service.client.get(f"/doc/{wrong}.ttl")
    assert problem.status_code == 404
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert service.thing in problem.json()["detail"]


@pytest.mark.parametrize(
    "slug", ["%00", "a%20b", "%FF%FE", "..%2F..%2Fetc%2Fpasswd", "<x>", "a" * 4000, "%F0%9F%97%BC"]
)
def test_strange_names_are_told_not_to_be_there(service, slug):
    for path in (f"/doc/{slug}", f"/doc/{slug}.ttl", f"/source/{slug}", f"/id/{slug}"):
        response = service.client.get(path, follow_redirects=True)
        assert response.status_code in (404, 414), path
        assert "Traceback" not in response.text
    for iri in (slug, f"http://x/{slug}"):
        assert service.client.get("/describe", params={"iri": iri}).status_code in (400, 404)


def test_any_iri_of_the_graph_is_described(service):
    release = service.release
    namespace = "http://www.w3.org/2004/02/skos/core#"
    target = next(
        q.object
        for q in release.store.quads(graph=release.iris.ontology_graph)
        if isinstance(q.object, IRI)
        and not release.iris.slug(q.object)
        and not q.object.value.startswith(namespace)
    )
    response = page(service, f"/describe?iri={target.value.replace('#', '%23')}")
    assert response.status_code == 200
    turtle = service.client.get("/describe", params={"iri": target.value, "format": "ttl"})
    assert turtle.status_code == 200
    assert len(rdflib.Graph().parse(data=turtle.text, format="turtle")) >= 2


def test_the_ontology_has_a_page_with_every_term_and_is_there_as_rdf(service):
    release = service.release
    links = Links(page(service, "/ontology").text)
    graph = rdflib.Graph().parse(data=service.client.get("/ontology.ttl").text, format="turtle")
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    namespace = release.manifest.ontology["iri"]
    terms = {
        str(term) for kind in kinds for term in graph.subjects(RDF.type, kind) if term.startswith(namespace)
    }
    assert len(terms) > 10
    assert {term.removeprefix(namespace).lstrip("#/") for term in terms} <= set(links.ids)
    name = min(terms).removeprefix(namespace).lstrip("#/")
    assert f"/ontology/{name}" in links.hrefs
    assert page(service, f"/ontology/{name}").status_code == 200


def test_a_source_tells_what_it_is_and_what_it_states(service):
    release = service.release
    graphs = {
        release.iris.source_of(graph) for graph in release.store.graphs() if release.iris.is_source(graph)
    }
    source = min(graphs - {release.iris.editorial}, key=str)
    path = "/source/" + source.value.rsplit("/", 1)[-1]
    response = page(service, path)
    assert response.status_code == 200
    assert "What it states" in response.text
    assert source.value in response.text
    turtle = service.client.get(path, headers={"Accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=turtle.text, format="turtle")
    assert graph.value(URIRef(source.value), DCTERMS.title) is not None
    assert page(service, "/source/no-such-source").status_code == 404


HOSTILE = """
<http://h.example/x> <http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>\\"'" .
<http://h.example/x> <http://h.example/web> <javascript:alert(1)> .
<http://h.example/x> <http://h.example/data> <data:text/html,%3Cscript%3E> .
<http://h.example/x> <http://h.example/page> <https://h.example/ok?a=1&b=2> .
<http://h.example/x> <http://h.example/rtl> "\\u202Eabc\\u0000\\u0007"@ar .
<http://h.example/x> <http://h.example/long> "LONG" .
<http://h.example/x> <http://h.example/html> "</dd><img src=x onerror=alert(1)>"^^<http://h.example/HTML> .
<javascript:alert(2)> <http://h.example/web> <http://h.example/x> .
""".replace("LONG", "word " * 1000)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    with imported(home, HOSTILE) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    "path",
    ["/", "/describe?iri=http://h.example/x", "/source/x", "/ontology", "/sparql?query=SELECT*{?s+?p+?o}"],
)
def test_what_strangers_wrote_is_shown_as_text(hostile, path):
    response = hostile.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    links = Links(response.text)
    own = r'<script type="module" src="/static/(?:\w+\.js\?v=\w+|built/\w+-\w+\.js)"></script>'
    data = r'<script type="application/(?:ld\+)?json"(?: id="\w+")?>[^<>&]*</script>'
    assert "<script" not in re.sub(f"{own}|{data}", "", response.text)
    assert "<img src=x" not in response.text
    assert all(href.startswith(("/", "#", "http://", "https://")) for href in links.hrefs)
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if "describe" in path:
        assert 'href="https://h.example/ok?a=1&amp;b=2"' in response.text
        assert 'rel="noopener nofollow"' in response.text
