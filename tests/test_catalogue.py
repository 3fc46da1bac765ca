"""What the service says of itself: the same in every format, valid, and true to the last number."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path

import httpx
import pytest
from rdflib import DCAT, DCTERMS, RDF, SH, VOID, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

import ontology
from kg.building.build import build
from kg.building.inputs import DATA
from kg.imports.importing import import_files
from kg.release import Release, Releases
from kg.settings import Settings
from kg.store import RdfFormat, parse_quads
from kg.updating.writer import Writer
from kg.void import EXTENDED, SD
from kg.workers.limits import Limits
from tests.shapes import dcat_ap, violations
from web import create_app
from web.negotiation import DATASET, GRAPH, SOLUTIONS, formats

SERVICE = Namespace(SD)
PARTS = Namespace(EXTENDED)
DCAT3 = Namespace(str(DCAT))  # with the terms of version 3
KG = Namespace("https://w3id.org/aifactories/kg#")
FORMATS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
TURTLE = {"Accept": "text/turtle"}


def described(client: httpx.Client, path: str = "/sparql") -> Graph:
    answer = client.get(path, headers=TURTLE)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.content, format="turtle")


def rows(client: httpx.Client, query: str) -> list[list[str]]:
    """The solutions of a query that was sent over HTTP."""
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"}).raise_for_status()
    return list(csv.reader(answer.text.splitlines()))[1:]


def number(client: httpx.Client, pattern: str, what: str = "*") -> int:
    [[count]] = rows(client, f"SELECT (COUNT({what}) AS ?n) WHERE {{ {pattern} }}")
    return int(count)


def counts(graph: Graph, node: URIRef, *names: str) -> tuple[int, ...]:
    return tuple(int(value) for name in names for value in graph.objects(node, VOID[name]))


# The document


def test_the_description_is_the_same_in_every_format(service) -> None:
    expected = None
    for form in formats(GRAPH, DATASET):
        answer = service.client.get("/sparql", params={"format": form.name})
        assert answer.headers["Content-Type"] == form.content_type
        syntax = RdfFormat.from_media_type(form.media_type)
        found = {str(quad.triple) for quad in parse_quads(answer.content, syntax)}
        assert len(found) > 1000
        assert found == (expected or found), form.title
        expected = found


def test_its_quads_are_those_of_the_named_graphs_but_for_addresses(service) -> None:
    answer = service.client.get("/sparql", headers={"Accept": "application/n-quads"})
    iris = service.release.iris
    own = service.url.rstrip("/")
    named = {
        line.replace(f"<{own}/", f"<{iris.base}")
        for line in answer.text.splitlines()
        if line.endswith(f"{iris.statistics_graph} .")
    }
    held = {
        f"{quad} .".replace(f"<{own}/", f"<{iris.base}")
        for quad in service.release.store.quads(graph=iris.statistics_graph)
    }
    assert named == held
    [[size]] = rows(
        service.client, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {iris.statistics_graph} {{ ?s ?p ?o }} }}"
    )
    assert int(size) == len(held)


def test_it_is_at_the_well_known_address_too(service) -> None:
    assert isomorphic(described(service.client, "/.well-known/void"), described(service.client))
    page = service.client.get("/.well-known/void", headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert service.client.get(page.headers["Location"], headers={"Accept": "text/html"}).status_code == 200
    seen = service.client.get("/dataset", headers=TURTLE)
    assert (seen.status_code, seen.headers["Location"]) == (303, "/.well-known/void")


def test_it_is_announced_by_the_first_page_and_by_the_page_for_queries(service) -> None:
    for path in ("/", "/sparql"):
        answer = service.client.get(path, headers={"Accept": "text/html"})
        assert '</.well-known/void>; rel="describedby"' in answer.headers["Link"]
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_client_that_has_it_is_not_sent_it_again(service) -> None:
    first = service.client.get("/sparql", headers=TURTLE)
    tag = first.headers["ETag"]
    again = service.client.get("/sparql", headers={**TURTLE, "If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = service.client.get("/sparql", headers={"Accept": "application/trig", "If-None-Match": tag})
    assert other.status_code == 200


# Valid


@pytest.fixture(scope="module")
def dcat_shapes() -> Graph:
    return dcat_ap()


def test_the_description_conforms_to_the_shapes_that_it_names(service) -> None:
    data = described(service.client)
    [document] = data.subjects(RDF.type, VOID.DatasetDescription)
    assert URIRef("https://w3id.org/aifactories/service-shapes") in set(
        data.objects(document, DCTERMS.conformsTo)
    )
    published = Graph().parse(data=service.client.get("/service-shapes", headers=TURTLE).content)
    assert isomorphic(published, Graph().parse(ontology.SERVICE_SHAPES))
    assert not violations(data, published)


MISSING = {
    (SERVICE.Service, SERVICE.endpoint): "has not exactly one endpoint",
    (SERVICE.Service, SERVICE.resultFormat): "names no format of results",
    (SERVICE.NamedGraph, SERVICE.name): "has not exactly one name",
    (SH.SPARQLExecutable, SH.select): "has not exactly one query",
    (VOID.Linkset, VOID.linkPredicate): "has no property by which it links",
}


def test_the_shapes_object_to_what_is_missing(shipped_service) -> None:
    data = described(shipped_service.client)
    for kind, predicate in MISSING:
        data.remove((next(data.subjects(RDF.type, kind)), predicate, None))
    told = violations(data, Graph().parse(ontology.SERVICE_SHAPES))
    assert [words for words in MISSING.values() if words not in told] == []


def test_the_description_breaks_no_shape_of_dcat_ap(service, dcat_shapes: Graph) -> None:
    data = described(service.client)
    assert set(data.subjects(RDF.type, DCAT.Dataset))
    assert set(data.subjects(RDF.type, DCAT.DataService))
    assert not violations(data, dcat_shapes)


def test_the_shapes_of_dcat_ap_object_to_what_is_missing(shipped_service, dcat_shapes: Graph) -> None:
    data = described(shipped_service.client)
    [catalogue] = data.subjects(RDF.type, DCAT.Catalog)
    data.remove((catalogue, DCTERMS.publisher, None))
    data.remove((None, RDF.type, DCTERMS.MediaType))
    told = violations(data, dcat_shapes)
    assert "publisher" in told
    assert "MediaType" in told


def test_an_import_is_described_as_well(tmp_path: Path, dcat_shapes: Graph) -> None:
    shutil.copy(ontology.EXAMPLES / "money.ttl", tmp_path / "money.ttl")
    release = import_files(tmp_path / "home", [tmp_path / "money.ttl"])
    client = create_app(Settings(home=tmp_path / "home")).test_client()
    data = Graph().parse(data=client.get("/.well-known/void", headers=TURTLE).data, format="turtle")
    dataset = URIRef(release.iris.dataset.value)
    assert data.value(dataset, DCTERMS.title) == Literal("money.ttl")
    assert not list(data.objects(dataset, VOID.uriSpace)), "its things are not named below our base"
    assert not violations(data, dcat_shapes)
    assert not violations(data, Graph().parse(ontology.SERVICE_SHAPES))


# True


def test_the_service_is_what_it_says(service) -> None:
    data = described(service.client)
    [node] = data.subjects(RDF.type, SERVICE.Service)
    endpoint = f"{service.url.rstrip('/')}/sparql"
    assert data.value(node, SERVICE.endpoint) == URIRef(endpoint)
    assert data.value(node, DCAT.endpointURL) == URIRef(endpoint)
    assert httpx.get(endpoint, params={"query": "ASK {}"}).status_code == 200
    assert data.value(node, KG.deadline).toPython() == Limits().deadline
    assert data.value(node, KG.memoryLimit).toPython() == Limits().memory
    assert data.value(node, KG.answerLimit).toPython() == Limits().size
    assert data.value(node, KG.concurrentQueries).toPython() == Limits().workers
    assert data.value(node, KG.waitingQueries).toPython() == Limits().waiting
    assert data.value(node, KG.computingPerMinute).toPython() == 60
    addresses = {
        str(value)
        for predicate in (VOID.dataDump, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointDescription)
        for value in data.objects(None, predicate)
    }
    assert len(addresses) >= 3  # those of the dumps come when these are made
    for address in addresses:
        assert httpx.head(address, headers=TURTLE | {"Accept": "*/*"}).status_code == 200, address


def test_every_format_that_it_names_is_answered_and_every_other_named(service) -> None:
    data = described(service.client)
    prefix = "http://www.w3.org/ns/formats/"
    named = {str(iri).removeprefix(prefix) for iri in data.objects(None, SERVICE.resultFormat)}
    offered = formats(SOLUTIONS, GRAPH, DATASET)
    assert named == {FORMATS[form.name] for form in offered}
    for form in offered:
        query = "ASK {}" if SOLUTIONS in form.families else "CONSTRUCT WHERE { ?s a ?o } LIMIT 1"
        answer = service.client.get(
            "/sparql", params={"query": query}, headers={"Accept": form.media_type}
        ).raise_for_status()
        assert answer.headers["Content-Type"].startswith(form.media_type)
    taken = {str(iri).removeprefix(prefix) for iri in data.objects(None, SERVICE.inputFormat)}
    assert taken == {FORMATS[form.name] for form in formats(GRAPH, DATASET)}


def test_every_function_that_it_names_is_known_to_the_engine(shipped_service) -> None:
    data = described(shipped_service.client)
    wkt = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    shapes = (f'"POINT(1 1)"^^{wkt}', f'"POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"^^{wkt}')
    metre = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
    named = [str(function) for function in data.objects(None, SERVICE.extensionFunction)]
    assert len(named) > 20
    for function in named:
        tried = [f"({shapes[1]})", f"({shapes[0]}, {shapes[1]})", f"({shapes[0]}, {shapes[0]}, {metre})"]
        options = " ".join(f"BIND(<{function}>{arguments} AS ?x{n})" for n, arguments in enumerate(tried))
        [found] = rows(shipped_service.client, f"SELECT ?x0 ?x1 ?x2 WHERE {{ {options} }}")
        assert any(found), function


def test_what_it_extends_the_language_by_is_there(shipped_service) -> None:
    query = "SELECT ?x WHERE { BIND(<<( <a:s> <a:p> 1 )>> AS ?t) BIND(PREDICATE(?t) AS ?x) }"
    assert rows(shipped_service.client, query) == [["a:p"]]


def test_the_release_and_its_file_are_described(service) -> None:
    data, release = described(service.client), service.release
    dataset, file = (URIRef(iri.value) for iri in (release.iris.dataset, release.iris.dataset_part("nquads")))
    assert data.value(dataset, URIRef(f"{DCAT}version")) == Literal(str(release.version))
    assert str(data.value(dataset, DCTERMS.modified)) == release.manifest.created
    address = str(data.value(file, DCAT.downloadURL))
    content = httpx.get(address, headers={"Accept-Encoding": "identity"}).content
    assert str(data.value(file, DCAT.byteSize)) == str(len(content))
    spdx = Namespace("http://spdx.org/rdf/terms#")
    checksum = data.value(data.value(file, spdx.checksum), spdx.checksumValue)
    assert str(checksum) == hashlib.sha256(content).hexdigest()


def test_the_examples_are_in_it_as_they_are_in_the_ontology(shipped_service) -> None:
    data = described(shipped_service.client)
    files = Graph()
    for path in ontology.EXAMPLES.glob("*.ttl"):
        files.parse(path)
    examples = set(files.subjects(RDF.type, SH.SPARQLExecutable))
    assert examples
    assert set(data.subjects(RDF.type, SH.SPARQLExecutable)) == examples
    assert all(triple in data for triple in files)


def test_every_example_is_answered_over_http(service) -> None:
    data = described(service.client)
    for example in data.subjects(RDF.type, SH.SPARQLExecutable):
        assert rows(service.client, str(data.value(example, SH.select))), example


def test_the_period_is_that_of_the_facts(shipped_service) -> None:
    data = described(shipped_service.client)
    with (DATA / "facts.csv").open(encoding="utf-8", newline="") as file:
        years = {row["as_of"][:4] for row in csv.DictReader(file) if row["as_of"]}
    [period] = data.subjects(RDF.type, DCTERMS.PeriodOfTime)
    assert str(data.value(period, DCAT.startDate)) == min(years)
    assert str(data.value(period, DCAT.endDate)) == max(years)


def test_it_conforms_to_what_its_facts_are_checked_against(shipped_service) -> None:
    data = described(shipped_service.client)
    dataset = URIRef(shipped_service.release.iris.dataset.value)
    base = shipped_service.release.iris.base
    assert set(data.objects(dataset, DCTERMS.conformsTo)) == {
        URIRef(f"{base}ontology"),
        URIRef(f"{base}shapes"),
    }
    assert shipped_service.client.get("/ontology", headers=TURTLE).status_code == 200


def test_every_recommended_property_of_a_dataset_and_of_a_catalogue_is_there(shipped_service) -> None:
    data = described(shipped_service.client)
    dataset = URIRef(shipped_service.release.iris.dataset.value)
    terms = (
        "conformsTo creator description issued language modified provenance publisher spatial temporal title"
    )
    ours = "contactPoint distribution hasCurrentVersion hasVersion keyword landingPage theme version"
    said = set(data.predicates(dataset))
    assert {DCTERMS[name] for name in terms.split()} <= said
    assert {URIRef(f"{DCAT}{name}") for name in ours.split()} <= said
    [catalogue] = data.subjects(RDF.type, DCAT.Catalog)
    assert set(data.objects(catalogue, DCAT.dataset)) == {dataset}
    assert set(data.objects(catalogue, DCAT.service)) == set(data.subjects(RDF.type, DCAT.DataService))
    terms = "description issued language license modified publisher spatial title"
    assert {DCTERMS[name] for name in terms.split()} <= set(data.predicates(catalogue))


# Versions


def of_home(home: Path) -> Graph:
    client = create_app(Settings(home=home)).test_client()
    answer = client.get("/.well-known/void", headers=TURTLE)
    return Graph().parse(data=answer.data, format="turtle")


def test_releases_that_are_kept_are_versions(tmp_path: Path, lighthouse_inputs, dcat_shapes: Graph) -> None:
    first, second = build(tmp_path, lighthouse_inputs), build(tmp_path, lighthouse_inputs)
    more = f"INSERT DATA {{ GRAPH <{first.iris.base}source/more> {{ <urn:a> <urn:b> 1 , 2 }} }}"
    third = Writer(tmp_path).update(more, "test")
    data = of_home(tmp_path)
    dataset = URIRef(first.iris.dataset.value)
    names = [URIRef(first.iris.release(number).value) for number in (1, 2, 3)]
    assert third.version == 3
    assert set(data.objects(dataset, DCAT3.hasVersion)) == set(names)
    assert list(data.objects(dataset, DCAT3.hasCurrentVersion)) == names[2:]
    assert [data.value(one, DCAT3.previousVersion) for one in names] == [None, *names[:2]]
    assert {data.value(one, DCAT3.isVersionOf) for one in names} == {dataset}
    assert [str(data.value(one, URIRef(f"{DCAT}version"))) for one in names] == ["1", "2", "3"]
    assert str(data.value(names[1], DCTERMS.issued)) == second.manifest.created
    [note] = data.objects(names[2], URIRef("http://www.w3.org/ns/adms#versionNotes"))
    assert str(note).startswith("Online write on release 2; ")
    assert str(note).endswith(" more than release 2.")
    assert not violations(data, dcat_shapes)
    assert not violations(data, Graph().parse(ontology.SERVICE_SHAPES))


def test_what_was_pruned_is_no_version_any_more_and_a_rollback_changes_the_current_one(
    tmp_path: Path, lighthouse_inputs
) -> None:
    first = build(tmp_path, lighthouse_inputs)
    build(tmp_path, lighthouse_inputs)
    build(tmp_path, lighthouse_inputs)
    client = create_app(Settings(home=tmp_path)).test_client()
    before = client.get("/.well-known/void", headers=TURTLE)
    Releases(tmp_path).prune(2)
    after = client.get("/.well-known/void", headers={**TURTLE, "If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    Releases(tmp_path).rollback(2)
    data = of_home(tmp_path)
    names = [URIRef(first.iris.release(number).value) for number in (2, 3)]
    dataset = URIRef(first.iris.dataset.value)
    assert set(data.objects(dataset, DCAT3.hasVersion)) == set(names)
    assert list(data.objects(dataset, DCAT3.hasCurrentVersion)) == names[:1]
    assert list(data.objects(names[0], DCAT3.previousVersion)) == []


# Counted


class Checked:
    """The counts of a description, each of which is compared with a query at most once."""

    def __init__(self, service) -> None:
        self.client, self.data = service.client, described(service.client)
        self.dataset = URIRef(service.release.iris.dataset.value)
        self.left = Counter(
            (subject, predicate)
            for subject, predicate, value in self.data
            if predicate.startswith(str(VOID))
            and isinstance(value, Literal)
            and value.datatype == URIRef("http://www.w3.org/2001/XMLSchema#integer")
        )

    def take(self, node: URIRef, name: str) -> int:
        self.left[node, VOID[name]] -= 1
        [count] = counts(self.data, node, name)
        return count

    def parts(self, whole: URIRef, relation: URIRef, key: URIRef) -> dict[str, URIRef]:
        return {str(self.data.value(part, key)): part for part in self.data.objects(whole, relation)}


@pytest.fixture
def checked(service) -> Checked:
    return Checked(service)


def test_every_count_is_what_a_query_counts(checked: Checked) -> None:
    check_totals(checked)
    check_properties(checked)
    check_classes(checked)
    check_linksets(checked)
    check_graphs(checked)
    assert not +checked.left, "a number was compared with nothing"


def check_totals(checked: Checked) -> None:
    client, dataset, anything = checked.client, checked.dataset, "?s ?p ?o"
    assert checked.take(dataset, "triples") == number(client, anything)
    assert checked.take(dataset, "distinctSubjects") == number(client, anything, "DISTINCT ?s")
    assert checked.take(dataset, "distinctObjects") == number(client, anything, "DISTINCT ?o")
    assert checked.take(dataset, "properties") == number(client, anything, "DISTINCT ?p")
    assert checked.take(dataset, "classes") == number(client, "?s a ?c", "DISTINCT ?c")
    space = checked.data.value(dataset, VOID.uriSpace)
    below = f'{anything} FILTER(STRSTARTS(STR(?s), "{space}"))'
    assert checked.take(dataset, "entities") == number(client, below, "DISTINCT ?s")


def check_properties(checked: Checked) -> None:
    what = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) (COUNT(DISTINCT ?o) AS ?l)"
    live = {p: tuple(n) for p, *n in rows(checked.client, f"SELECT ?p {what} {{ ?s ?p ?o }} GROUP BY ?p")}
    query = (
        "SELECT ?p ?d (COUNT(*) AS ?n) { ?s ?p ?o FILTER(ISLITERAL(?o)) } GROUP BY ?p (DATATYPE(?o) AS ?d)"
    )
    types = {(p, d): n for p, d, n in rows(checked.client, query)}
    told, told_types = {}, {}
    for prop, part in checked.parts(checked.dataset, VOID.propertyPartition, VOID.property).items():
        names = ("triples", "distinctSubjects", "distinctObjects")
        told[prop] = tuple(str(checked.take(part, name)) for name in names)
        for datatype, typed in checked.parts(part, PARTS.datatypePartition, PARTS.datatype).items():
            told_types[prop, datatype] = str(checked.take(typed, "triples"))
    assert told == live
    assert told_types == types


def check_classes(checked: Checked) -> None:
    query = (
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?m) (COUNT(*) AS ?n) (COUNT(DISTINCT ?p) AS ?l) "
        "{ ?s a ?c ; ?p ?o } GROUP BY ?c"
    )
    live = {c: tuple(n) for c, *n in rows(checked.client, query)}
    what = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m)"
    pairs = rows(checked.client, f"SELECT ?c ?p {what} {{ ?s a ?c ; ?p ?o }} GROUP BY ?c ?p")
    told, told_pairs = {}, []
    for kind, part in checked.parts(checked.dataset, VOID.classPartition, VOID["class"]).items():
        told[kind] = tuple(str(checked.take(part, name)) for name in ("entities", "triples", "properties"))
        for prop, inner in checked.parts(part, VOID.propertyPartition, VOID.property).items():
            found = [str(checked.take(inner, name)) for name in ("triples", "distinctSubjects")]
            told_pairs.append([kind, prop, *found])
    assert told == live
    assert sorted(told_pairs) == sorted(pairs)


def check_linksets(checked: Checked) -> None:
    data = checked.data
    space = data.value(checked.dataset, VOID.uriSpace)
    for links in data.objects(checked.dataset, VOID.subset):
        predicate = data.value(links, VOID.linkPredicate)
        host = data.value(data.value(links, VOID.objectsTarget), VOID.uriSpace)
        ends = f'STRSTARTS(STR(?s), "{space}") && STRSTARTS(STR(?o), "{host}")'
        live = number(checked.client, f"?s <{predicate}> ?o FILTER({ends})")
        assert checked.take(links, "triples") == live


def check_graphs(checked: Checked) -> None:
    data, dataset = checked.data, checked.dataset
    default = data.value(dataset, SERVICE.defaultGraph)
    assert checked.take(default, "triples") == number(checked.client, "?s ?p ?o")
    live = dict(
        rows(checked.client, "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    )
    told = {
        str(data.value(named, SERVICE.name)): str(checked.take(data.value(named, SERVICE.graph), "triples"))
        for named in data.objects(dataset, SERVICE.namedGraph)
    }
    assert told == live


def test_the_shipped_graph_tells_of_its_links_to_wikidata(shipped_service) -> None:
    data = described(shipped_service.client)
    hosts = {str(data.value(target, VOID.uriSpace)) for target in data.objects(None, VOID.objectsTarget)}
    assert "http://www.wikidata.org/" in hosts


def test_counts_are_not_shown_as_statements_about_what_is_counted(shipped: Release) -> None:
    client = create_app(Settings(home=shipped.path.parent.parent)).test_client()
    for iri in ("https://w3id.org/aifactories/ontology#AIFactory", shipped.iris.dataset.value):
        page = client.get("/describe", query_string={"iri": iri}, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert not re.search(r"partition|distinct ?subjects", page.text, re.IGNORECASE)


# The sandbox


def test_a_sandbox_describes_its_service_with_a_default_graph_of_its_own(sandbox: httpx.Client) -> None:
    data = described(sandbox)
    [node] = data.subjects(RDF.type, SERVICE.Service)
    assert data.value(node, SERVICE.endpoint) == URIRef(str(sandbox.base_url.join("/sparql")))
    assert not list(data.objects(node, SERVICE.feature))
    assert set(data.objects(node, SERVICE.supportedLanguage)) == {
        SERVICE.SPARQL11Query,
        SERVICE.SPARQL11Update,
    }
    assert not violations(data, Graph().parse(ontology.SERVICE_SHAPES))
    assert isomorphic(described(sandbox, "/.well-known/void"), data)


@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.5", "text/turtle", "*/*"])
def test_a_sandbox_without_pages_gives_the_shapes_as_rdf(sandbox: httpx.Client, accept: str) -> None:
    response = sandbox.get("/service-shapes", headers={"Accept": accept})
    assert response.status_code == 200
    assert Graph().parse(data=response.content)
    assert sandbox.get("/service-shapes", headers={"Accept": "text/html"}).status_code == 406


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_each_address_of_a_sandbox_answers_in_words(sandbox: httpx.Client, accept: str) -> None:
    rules = create_app(Settings(home=Path("unused")), sandbox=True).url_map.iter_rules()
    for address in sorted({rule.rule for rule in rules if not rule.arguments}):
        assert sandbox.get(address, headers={"Accept": accept}).status_code < 500, address
