"""The SPARQL endpoint over real HTTP, on both graphs (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import rdflib
from bs4 import BeautifulSoup

SELECT = "SELECT DISTINCT ?s WHERE { ?s a owl:Class } ORDER BY ?s LIMIT 3"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 4"
HUGE = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
URI = "{http://www.w3.org/2005/sparql-results#}"


def get(service, query, accept=None, **parameters):
    return service.client.get(
        "/sparql", params={"query": query, **parameters}, headers={"Accept": accept} if accept else {}
    )


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_solutions_in_every_format_say_the_same(service, accept, content_type):
    response = get(service, SELECT, accept)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert set(response.headers["Vary"].split(", ")) == {"Accept", "Accept-Encoding", "Accept-Datetime"}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    expected = json.loads(get(service, SELECT, "application/json").content)["results"]["bindings"]
    subjects = [row["s"]["value"] for row in expected]
    assert len(subjects) == 3
    if "json" in content_type:
        assert response.json()["results"]["bindings"] == expected
    elif "xml" in content_type:
        found = ET.fromstring(response.content).iterfind(f".//{URI}binding[@name='s']/{URI}uri")
        assert [uri.text for uri in found] == subjects
    elif "csv" in content_type:
        assert [row["s"] for row in csv.DictReader(io.StringIO(response.text))] == subjects
    else:
        assert [line.split("\t")[0] for line in response.text.splitlines()[1:]] == [
            f"<{s}>" for s in subjects
        ]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize(
    ("name", "parser"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")]
)
def test_graphs_in_every_format_say_the_same(service, name, parser):
    response = get(service, CONSTRUCT, format=name)
    assert response.status_code == 200
    assert len(rdflib.Graph().parse(data=response.content, format=parser)) == 4


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml"])
def test_booleans(service, accept):
    assert "true" in get(service, ASK, accept).text


def test_the_three_ways_to_send_a_query_answer_alike(service):
    client, accept = service.client, {"Accept": "text/csv"}
    form = {**accept, "Content-Type": "application/x-www-form-urlencoded"}
    direct = {**accept, "Content-Type": "application/sparql-query"}
    answers = [
        client.get("/sparql", params={"query": SELECT}, headers=accept),
        client.post("/sparql", content=urlencode({"query": SELECT}), headers=form),
        client.post("/sparql", content=SELECT, headers=direct),
        client.post(
            "/sparql",
            content=SELECT,
            headers={**direct, "Content-Type": "application/sparql-query; charset=utf-8"},
        ),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


def test_head_tells_what_get_would(service):
    response = service.client.head("/sparql", params={"query": ASK})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/sparql-results+json"
    assert response.content == b""


def test_preflight_lets_pages_elsewhere_ask(service):
    response = service.client.options(
        "/sparql", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_the_dataset_of_the_protocol_is_the_dataset_of_the_query(service):
    iris = service.release.iris
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    everything = int(get(service, count, "text/csv").text.split()[1])
    editorial = {"default-graph-uri": iris.editorial.value}
    one = int(get(service, count, "text/csv", **editorial).text.split()[1])
    assert 0 < one < everything
    posted = service.client.post(
        "/sparql", data={"query": count, **editorial}, headers={"Accept": "text/csv"}
    ).text
    assert int(posted.split()[1]) == one
    named = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    found = get(service, named, "text/csv", **{"named-graph-uri": iris.editorial.value}).text.split()[1:]
    assert found == [iris.editorial.value]
    missing = {"default-graph-uri": "https://example.org/no-such-graph"}
    assert int(get(service, count, "text/csv", **missing).text.split()[1]) == 0
    assert get(service, count, "text/csv", **{"default-graph-uri": "not an iri"}).status_code == 400


def test_prefixes_of_the_graph_need_no_declaration(service):
    assert get(service, "ASK { ?s skos:prefLabel ?o ; a ?class }", "text/csv").text.strip() == "true"


@pytest.mark.parametrize(
    ("query", "line"),
    [("SELECT * WHERE {\n  ?s ?p }", 2), ("SELECT *\nWHERE { ?s ?p ?o", 2), ("nonsense", 1)],
)
def test_a_syntax_error_says_where(service, query, line):
    response = get(service, query)
    problem = response.json()
    assert response.status_code == problem["status"] == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["line"] == line
    shown, caret = problem["excerpt"].split("\n")
    assert shown == query.split("\n")[line - 1]
    assert caret.index("^") == problem["column"] - 1


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", "each variable must be in GROUP BY"),
        ("SELECT (STR(?s) AS ?t) (COUNT(?p) AS ?n) { ?s ?p ?o }", "each variable must be in GROUP BY"),
        (f"SELECT * {{ ?s ?p ?o }} LIMIT {10**30}", "LIMIT takes a whole number below"),
    ],
)
def test_what_is_no_slip_of_the_pen_is_told_with_a_remedy(service, query, remedy):
    response = get(service, query)
    assert response.status_code == 400
    assert remedy in response.json()["detail"]


@pytest.mark.parametrize(
    ("method", "kwargs", "status"),
    [
        ("GET", {"params": {"query": ""}}, 400),
        ("GET", {"params": [("query", ASK), ("query", ASK)]}, 400),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 400),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 401),
        ("POST", {"data": {"update": "CLEAR ALL", "query": ASK}}, 400),
        ("POST", {"data": {"update": "CLEAR ALL", "release": "1"}}, 400),
        ("POST", {"data": {"something": "else"}}, 400),
        ("POST", {"content": ASK, "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", {"content": b"\xff\xfe", "headers": {"Content-Type": "application/sparql-query"}}, 400),
        ("PUT", {"content": ASK}, 405),
        ("DELETE", {}, 405),
        ("GET", {"params": {"query": "SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}}, 422),
        ("GET", {"params": {"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}}, 400),
        ("GET", {"params": {"query": ASK, "format": "nonsense"}}, 406),
        ("GET", {"params": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406),
        ("GET", {"params": {"query": ASK}, "headers": {"Accept": "text/turtle"}}, 406),
        ("GET", {"params": {"query": CONSTRUCT}, "headers": {"Accept": "text/csv"}}, 406),
        ("POST", {"data": {"query": ASK + " " * 3_000_000}}, 413),
    ],
)
def test_what_cannot_be_answered_is_told_as_a_problem(service, method, kwargs, status):
    response = service.client.request(method, "/sparql", **kwargs)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"].endswith((".", "…"))
    assert "Traceback" not in response.text


def test_a_browser_without_a_query_gets_the_form_and_the_examples_of_the_graph(service):
    response = service.client.get("/sparql", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert '<textarea id="query"' in response.text
    assert response.text.count("/sparql?query=") >= 3


def test_a_browser_gets_a_table_with_links_and_downloads(service):
    query = (
        f"SELECT ?thing ?name WHERE {{ VALUES ?thing {{ id:{service.thing} }} ?thing skos:prefLabel ?name }}"
    )
    response = get(service, query, "text/html")
    assert f'href="/id/{service.thing}"' in response.text
    assert "all of them" in response.text
    assert "format=csv" in response.text


def test_a_page_that_shows_not_all_rows_says_so(service):
    response = get(service, "SELECT * WHERE { ?s ?p ?o }", "text/html")
    assert "there are more" in response.text


def test_a_browser_sees_graphs_booleans_and_no_rows(service):
    assert '<th scope="col">predicate</th>' in get(service, CONSTRUCT, "text/html").text
    assert "Yes" in get(service, ASK, "text/html").text
    assert "nothing in the graph matches" in get(service, "SELECT * { ?s <a:b> ?o }", "text/html").text


def test_every_kind_of_term_is_shown_as_it_is(service):
    values = (
        r""" "tab\there" "line\nbreak" "quote\"s" "back\\slash" "<script>alert(1)</script>" "naïve"@fr-CA """
    )
    more = '42 1.50 1e6 true "2025"^^xsd:gYear "x"^^<a:type> "" <javascript:alert(1)> <urn:x> UNDEF'
    response = get(service, f"SELECT ?v WHERE {{ VALUES ?v {{ {values} {more} }} }}", "text/html")
    assert response.status_code == 200
    for shown in ("tab\there", "line\nbreak", "quote&#34;s", "back\\slash", 'lang="fr-', "1.50", "1e6"):
        assert shown in response.text
    assert "&lt;script&gt;" in response.text
    assert "<script>" not in response.text
    assert 'href="javascript:' not in response.text
    assert response.text.count("<tr>") == 17


def test_a_bad_query_is_explained_on_the_page_and_stays_in_the_form(service):
    response = get(service, 'SELECT * WHERE { ?s ?p "</textarea><script>" ', "text/html")
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert "^" in response.text
    assert "<script>" not in response.text


def test_the_examples_of_the_graph_all_run(service):
    page = service.client.get("/sparql", headers={"Accept": "text/html"}).text
    queries = [href.split('"')[0] for href in page.split('href="/sparql?query=')[1:]]
    for query in queries:
        response = service.client.get(f"/sparql?query={query}", headers={"Accept": "text/csv"})
        assert response.status_code == 200
        assert len(response.text.splitlines()) > 1, query


def children(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    direct = [int(line) for line in found.stdout.split()]
    return [*direct, *(other for child in direct for other in children(child))]


def evaluating(service) -> list[int]:
    """The workers over the disk, and over the memory with what holds it."""
    found = [(pid, command_line(pid)) for pid in children(service.process.pid)]
    return [pid for pid, line in found if "kg.workers.worker" in line or "kg.workers.nursery" in line]


def command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def asking(service, query: str) -> socket.socket:
    """A connection on which a query was sent, and of whose answer something has come."""
    connection = socket.create_connection((service.client.base_url.host, service.client.base_url.port))
    connection.settimeout(30)
    target = f"/sparql?query={quote(query)}"
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: test\r\nAccept: text/csv\r\n\r\n".encode())
    return connection


def test_an_answer_that_breaks_off_is_a_broken_chunk(lighthouse_service):
    with asking(lighthouse_service, HUGE) as connection:
        received = connection.recv(1 << 16)
        assert received.startswith(b"HTTP/1.1 200 OK")
        assert b"transfer-encoding: chunked" in received
        for pid in evaluating(lighthouse_service):
            os.kill(pid, signal.SIGKILL)
        while piece := connection.recv(1 << 20):
            received = received[-16:] + piece
    assert not received.endswith(b"0\r\n\r\n")
    assert get(lighthouse_service, ASK, "text/csv").text.strip() == "true"


def test_a_client_that_goes_away_frees_what_worked_for_it(lighthouse_service):
    for _ in range(8):
        with asking(lighthouse_service, HUGE) as connection:
            connection.recv(1 << 16)
    assert get(lighthouse_service, ASK, "text/csv").text.strip() == "true"


def test_a_reader_that_stops_holds_up_nobody(lighthouse_service):
    connections = [asking(lighthouse_service, HUGE) for _ in range(3)]
    try:
        for connection in connections:
            connection.recv(100)
        assert get(lighthouse_service, ASK, "text/csv").elapsed.total_seconds() < 15
    finally:
        for connection in connections:
            connection.close()


def test_a_query_that_is_too_long_for_an_address_is_posted_by_the_page(lighthouse_service):
    values = " ".join(f"<https://example.org/{number}>" for number in range(2000))
    query = f"SELECT ?s {{ VALUES ?s {{ {values} }} }}"
    html = {"Accept": "text/html"}
    shown = lighthouse_service.client.post("/sparql", data={"query": query}, headers=html)
    page = BeautifulSoup(shown.text, "html.parser")
    assert shown.text.count("https://example.org/1999&gt;") == 1
    assert page.select_one("form.query")["method"] == "post"
    assert not [one for one in page.select("a[href]") if len(one["href"]) > 2000]
    button = next(one for one in page.select("button[name=format]") if one.text == "CSV")
    fields = [("query", query), ("format", ""), ("format", button["value"])]
    taken = lighthouse_service.client.post(
        "/sparql",
        content=urlencode(fields),
        headers={**html, "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert taken.headers["Content-Type"].startswith("text/csv")
    assert taken.text.count("\n") == 2001
