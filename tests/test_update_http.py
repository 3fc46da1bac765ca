"""Updates over HTTP (SPARQL 1.1 Protocol, section 2.2), on a sandbox and, with a token, on the facts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph
import pytest

from kg.release import Release, Releases
from kg.tokens import Tokens

UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
BASE = "https://example.org/lighthouses/"
NOTES = f"{BASE}source/notes"
FACT = f"<{BASE}id/bell-rock> <http://purl.org/dc/terms/description> 'It stands on a reef.'@en"


@pytest.fixture(scope="module")
def writable(lighthouses: Release, tmp_path_factory: pytest.TempPathFactory, start_service):
    """A client of a service that has a token, over a home of its own."""
    home = tmp_path_factory.mktemp("writable") / "home"
    shutil.copytree(lighthouses.path.parent.parent, home, symlinks=True, ignore=shutil.ignore_patterns("run"))
    _, secret = Tokens(home).create("tests", ["update", "graphs"], 1)
    with start_service(Releases(home).current(), "bell-rock") as service:
        service.client.headers["Authorization"] = f"Bearer {secret}"
        yield service.client


def ask(client: httpx.Client, pattern: str) -> bool:
    answer = client.get(
        "/sparql", params={"query": f"ASK {{ {pattern} }}"}, headers={"Accept": "application/json"}
    )
    return bool(answer.json()["boolean"])


@pytest.mark.parametrize(
    "request_",
    [
        {"content": b"INSERT DATA { <a> <b> <c> }", "headers": UPDATE},
        {"data": {"update": "INSERT DATA { <a> <b> <c> }"}},
    ],
)
def test_an_update_is_posted_as_it_is_or_as_a_form(sandbox, request_):
    made = sandbox.post("/sparql", **request_)
    assert made.status_code == 200
    assert made.json()["release"] > 1
    assert ask(sandbox, "<a> <b> <c>")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
    ],
)
def test_what_an_update_did_is_told_as_the_client_likes(sandbox, accept, content_type):
    made = sandbox.post("/sparql", content=b"CLEAR ALL", headers={**UPDATE, "Accept": accept})
    assert (made.status_code, made.headers["Content-Type"]) == (200, content_type)
    assert "release" in made.text


def test_a_client_that_takes_no_such_format_is_told_nothing(sandbox):
    made = sandbox.post(
        "/sparql", content=b"CLEAR ALL", headers={**UPDATE, "Accept": "application/sparql-results+xml"}
    )
    assert (made.status_code, made.content) == (204, b"")


def test_the_graphs_of_the_protocol_are_read_from_the_address_and_the_form(sandbox):
    sandbox.put("/graphs?graph=http://e/1", content=b"<http://e/1> <a:p> 1 .", headers=TURTLE)
    sandbox.put("/graphs?graph=http://e/2", content=b"<http://e/2> <a:p> 1 .", headers=TURTLE)
    copy = "INSERT { GRAPH <http://e/copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    address = {"using-graph-uri": "http://e/1"}
    sandbox.post("/sparql", params=address, content=copy.encode(), headers=UPDATE).raise_for_status()
    assert ask(sandbox, "GRAPH <http://e/copy> { <http://e/1> ?p ?o }")
    sandbox.post("/sparql", data={"update": copy, "using-graph-uri": "http://e/2"}).raise_for_status()
    assert ask(sandbox, "GRAPH <http://e/copy> { <http://e/2> ?p ?o }")
    named = copy.replace("WHERE { ?s ?p ?o }", "WHERE { GRAPH ?g { ?s ?p ?o } }").replace("copy", "named")
    parameters = {"using-named-graph-uri": "http://e/2"}
    sandbox.post("/sparql", params=parameters, content=named.encode(), headers=UPDATE).raise_for_status()
    assert ask(sandbox, "GRAPH <http://e/named> { <http://e/2> ?p ?o }")
    assert not ask(sandbox, "GRAPH <http://e/named> { <http://e/1> ?p ?o }")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "GET", "params": {"update": "CLEAR ALL"}}, (400, 405)),
        ({"method": "POST", "data": {"update": ["CLEAR ALL", "CLEAR ALL"]}}, (400,)),
        ({"method": "POST", "data": {"update": "CLEAR ALL", "query": "ASK {}"}}, (400,)),
        ({"method": "POST", "content": "CLEAR ALL".encode("utf-16"), "headers": UPDATE}, (400,)),
        ({"method": "POST", "content": b"CLEAR ALL", "headers": {"Content-Type": "text/plain"}}, (415,)),
        ({"method": "POST", "content": b"CLEAR ALLES", "headers": UPDATE}, (400,)),
        (
            {"method": "POST", "data": {"update": "WITH <a> DELETE {} WHERE {}", "using-graph-uri": "a:b"}},
            (400,),
        ),
        ({"method": "POST", "data": {"update": "CLEAR ALL", "using-graph-uri": "no iri"}}, (400,)),
        ({"method": "POST", "data": {"update": "LOAD <http://127.0.0.1:9/>"}}, (422,)),
    ],
)
def test_what_is_no_update_changes_nothing(sandbox, request_, status):
    sandbox.post("/sparql", data={"update": "INSERT DATA { <a> <b> <c> }"}).raise_for_status()
    refused = sandbox.request(url="/sparql", **request_)
    assert refused.status_code in status
    assert refused.json()["detail"].endswith(".")
    assert ask(sandbox, "<a> <b> <c>")


def test_a_syntax_error_is_told_with_its_place(sandbox):
    refused = sandbox.post("/sparql", content=b"INSERT DATA {\n <a> }", headers=UPDATE)
    assert (refused.status_code, refused.json()["line"]) == (400, 2)


def test_an_update_is_made_on_the_state_that_it_is_meant_for(sandbox):
    insert = b"INSERT DATA { <a> <b> <c> }"
    first = sandbox.post("/sparql", content=insert, headers=UPDATE)
    condition = {**UPDATE, "If-Match": first.headers["ETag"]}
    assert sandbox.post("/sparql", content=b"CLEAR ALL", headers=condition).status_code == 200
    refused = sandbox.post("/sparql", content=insert, headers=condition)
    assert refused.status_code == 412
    assert not ask(sandbox, "<a> <b> <c>")
    answer = sandbox.get("/sparql", params={"query": "ASK {}"})
    assert sandbox.post(
        "/sparql", content=insert, headers={**UPDATE, "If-Match": answer.headers["ETag"]}
    ).is_success


def test_a_service_of_several_processes_has_one_state(start_sandbox):
    with start_sandbox("--workers", "2") as (url, _, _, _):
        for number in range(12):
            with httpx.Client(base_url=url, timeout=30) as other:
                other.post(
                    "/sparql", data={"update": f"INSERT DATA {{ <a> <b> {number} }}"}
                ).raise_for_status()
            with httpx.Client(base_url=url, timeout=30) as other:
                query = {"query": "SELECT (COUNT(*) AS ?n) { <a> <b> ?n }"}
                answer = other.get("/sparql", params=query, headers={"Accept": "text/csv"})
                assert answer.text.split() == ["n", str(number + 1)]


def test_nothing_of_a_sandbox_is_left(start_sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with start_sandbox() as (_, client, process, errors):
        client.post("/sparql", data={"update": "INSERT DATA { <a> <b> 1 }"}).raise_for_status()
        assert list(tmp_path.glob("kg-sandbox-*"))
        process.terminate()
        assert process.wait(30) == 0
        assert not list(tmp_path.glob("kg-sandbox-*"))
    assert not [line for line in errors if "Traceback" in line]


def test_a_sandbox_is_for_this_machine_only():
    command = [sys.executable, "-m", "web.cli", "serve", "--sandbox", "--host", "0.0.0.0", "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "this machine only" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_first_page_of_a_sandbox_says_what_it_is(sandbox):
    page = sandbox.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    for words in ("without a token", "/sparql", "/graphs", "curl"):
        assert words in page.text
    assert sandbox.get("/sparql", headers={"Accept": "text/html"}).status_code == 200
    query = {"query": f"SELECT * {{ VALUES ?x {{ <{sandbox.base_url}id/x> <http://e/> 'a' }} }}"}
    assert sandbox.get("/sparql", params=query, headers={"Accept": "text/html"}).status_code == 200
    missing = sandbox.get("/ontology", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "</html>" in missing.text


def test_the_facts_are_changed_with_a_token(writable):
    insert = f"INSERT DATA {{ GRAPH <{NOTES}> {{ {FACT} }} }}"
    made = writable.post("/sparql", content=insert.encode(), headers=UPDATE)
    assert made.status_code == 200, made.text
    assert made.json()["added"] == 1
    assert ask(writable, FACT)
    assert ask(writable, f"GRAPH <{NOTES}> {{ {FACT} }}")
    again = writable.post("/sparql", content=insert.encode(), headers=UPDATE)
    assert again.json() == {**made.json(), "added": 0}
    removed = writable.post("/sparql", content=insert.replace("INSERT", "DELETE").encode(), headers=UPDATE)
    assert removed.json()["removed"] == 1
    assert not ask(writable, FACT)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/sparql", "POST"), *(("/graphs/x", method) for method in ("PUT", "POST", "DELETE", "PATCH"))],
)
def test_nothing_is_changed_without_a_token(writable, path, method):
    content, headers = (b"CLEAR ALL", UPDATE) if method in ("POST", "PATCH") else (b"", TURTLE)
    for credentials in ("", "Bearer wrong"):
        refused = writable.request(
            method, path, content=content, headers={**headers, "Authorization": credentials}
        )
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_long_document_is_read_from_those_with_a_token_only(writable):
    path, document = "/graphs?graph=source/long", b"# nothing\n" * (300 << 10)
    assert len(document) > 2 << 20
    assert writable.put(path, content=document, headers=TURTLE).status_code == 200
    anonymous = httpx.put(writable.base_url.join(path), content=document, headers=TURTLE)
    assert anonymous.status_code == 401


def test_graphs_of_the_facts_are_documents(writable):
    path = "/graphs?graph=source/remarks"
    made = writable.put(path, content=f"{FACT} .".encode(), headers=TURTLE)
    assert (made.status_code, made.json().get("added")) == (201, 1), made.text
    got = writable.get(path, headers={"Accept": "application/n-triples"})
    assert got.text == f"{FACT} .\n".replace("'", '"')
    assert ask(writable, f"GRAPH <{BASE}source/remarks> {{ {FACT} }}")
    assert writable.put(path, content=b"", headers={**TURTLE, "If-None-Match": "*"}).status_code == 412
    tag = got.headers["ETag"]
    patch = f"DELETE DATA {{ {FACT} }} ; INSERT DATA {{ {FACT.replace('reef', 'rock')} }}"
    patched = writable.patch(path, content=patch.encode(), headers={**UPDATE, "If-Match": tag})
    assert (patched.status_code, patched.json()["added"]) == (200, 1), patched.text
    assert writable.delete(path, headers={"If-Match": tag}).status_code == 412
    assert writable.delete(path).status_code == 200
    assert writable.get(path).status_code == 404


def test_the_default_graph_of_the_facts_is_read_as_the_union(writable):
    got = writable.get("/graphs?default", headers={"Accept": "application/n-triples"})
    lines = got.text.splitlines()
    assert len(lines) == len(set(lines))
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    answer = writable.get("/sparql", params=query, headers={"Accept": "text/csv"})
    store = pyoxigraph.Store()  # it writes 54.00 as 54.0, so what two sources state may become one
    store.load(got.content, pyoxigraph.RdfFormat.N_TRIPLES)
    assert answer.text.split() == ["n", str(len(store))]
    turtle = writable.get("/graphs?default", headers={"Accept": "text/turtle"})
    assert sum(1 for _ in pyoxigraph.parse(turtle.content, pyoxigraph.RdfFormat.TURTLE)) == len(lines)
    refused = writable.put("/graphs?default", content=b"<a:a> <a:b> <a:c> .", headers=TURTLE)
    assert refused.status_code == 400
    assert "name the graph" in refused.json()["detail"]


def test_a_graph_is_given_in_the_words_it_was_written_in(writable, lighthouses):
    lines = Path(lighthouses.quads_file).read_text().splitlines()
    name = f"<{BASE}source/editorial>"
    written = sorted(line.removesuffix(f" {name} .") + " ." for line in lines if line.endswith(f" {name} ."))
    got = writable.get("/graphs?graph=source/editorial", headers={"Accept": "application/n-triples"})
    assert got.text.splitlines() == written
    assert len(written) > 10


def test_what_only_a_build_writes_is_read_only(writable):
    for graph in ("graph/ontology", "graph/inferred", "graph/statistics"):
        refused = writable.put(f"/graphs?graph={graph}", content=b"<a:a> <a:b> <a:c> .", headers=TURTLE)
        assert refused.status_code == 403
        assert writable.get(f"/graphs?graph={graph}").status_code == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("*/*", "application/problem+json"), ("text/html", "text/html"), ("text/turtle", "text/turtle")],
)
def test_what_would_break_a_shape_is_refused_with_the_report(writable, accept, media_type):
    broken = f"INSERT DATA {{ GRAPH <{NOTES}> {{ id:bell-rock lh:height 4000.0 }} }}"
    refused = writable.post("/sparql", content=broken.encode(), headers={**UPDATE, "Accept": accept})
    assert refused.status_code == 422, refused.text
    assert refused.headers["Content-Type"].split(";")[0] == media_type
    if media_type == "text/turtle":
        assert "ValidationReport" in refused.text
    else:
        assert "height that no lighthouse has" in refused.text
    assert not ask(writable, "id:bell-rock lh:height 4000.0")
