"""Graphs as documents over HTTP: SPARQL 1.1 Graph Store HTTP Protocol, on a sandbox and on the facts."""

from __future__ import annotations

import gzip
import socket
import time

import httpx
import pyoxigraph
import pytest

SMALL = "<> <p> 1, 2 ."
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}


def put(client: httpx.Client, path: str, text: str = SMALL, **headers: str) -> httpx.Response:
    return client.put(path, content=text.encode(), headers={**TURTLE, **headers})


def triples(response: httpx.Response) -> set[str]:
    """What a response states, once its format has been read as what it says it is."""
    media_type = response.headers["Content-Type"].split(";")[0]
    form = pyoxigraph.RdfFormat.from_media_type(media_type)
    found = list(pyoxigraph.parse(response.content, format=form, base_iri="http://wrong.example/"))
    assert {str(quad.graph_name) for quad in found} <= {"DEFAULT"}
    return {str(quad.triple) for quad in found}


def lines(client: httpx.Client, path: str) -> list[str]:
    return client.get(path, headers={"Accept": "application/n-triples"}).text.splitlines()


def test_a_graph_is_made_read_replaced_and_deleted(sandbox):
    made = put(sandbox, "/graphs/a.ttl")
    assert (made.status_code, made.json()["added"]) == (201, 2)
    assert len(lines(sandbox, "/graphs/a.ttl")) == 2
    replaced = put(sandbox, "/graphs/a.ttl", "<> <p> 2, 3 .")
    assert replaced.status_code == 200
    assert lines(sandbox, "/graphs/a.ttl")[0].startswith(f"<{sandbox.base_url}graphs/a.ttl> ")
    assert sandbox.delete("/graphs/a.ttl").status_code == 200
    for method in ("GET", "HEAD", "DELETE"):
        assert sandbox.request(method, "/graphs/a.ttl").status_code == 404


def test_direct_and_indirect_names_agree(sandbox):
    direct = f"{sandbox.base_url}graphs/person/1%20é.ttl"
    put(sandbox, "/graphs/person/1%20%C3%A9.ttl")
    name = str(httpx.URL(direct))
    assert sandbox.get("/graphs", params={"graph": name}).status_code == 200
    assert sandbox.get("/graphs", params={"graph": "graphs/person/1%20%C3%A9.ttl"}).status_code == 200
    [row] = sandbox.get("/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}).json()[
        "results"
    ]["bindings"]
    assert row["g"]["value"] == name


@pytest.mark.parametrize("iri", ["http://example.org/g#", "urn:x:y", "http://example.org/g?a=b&c=%2531#d"])
def test_the_name_of_a_graph_is_taken_as_it_is(sandbox, iri):
    sandbox.put("/graphs", params={"graph": iri}, content=b"<a:a> <a:b> <a:c> .", headers=TURTLE)
    [listed] = sandbox.get("/graphs", headers={"Accept": "application/json"}).json()["graphs"]
    assert listed["graph"] == iri
    assert sandbox.get(listed["address"]).status_code == 200


def test_relative_iris_are_resolved_against_the_graph(sandbox):
    put(sandbox, "/graphs?graph=http%3A%2F%2Fexample.org%2Fdata%2Fa", "<b> <#c> <> .")
    assert lines(sandbox, "/graphs?graph=http://example.org/data/a") == [
        "<http://example.org/data/b> <http://example.org/data/a#c> <http://example.org/data/a> ."
    ]


def test_the_default_graph_is_always_there(sandbox):
    assert sandbox.get("/graphs?default").status_code == 200
    assert put(sandbox, "/graphs?default").status_code == 200
    assert len(lines(sandbox, "/graphs?default")) == 2
    assert sandbox.delete("/graphs?default").status_code == 200
    assert lines(sandbox, "/graphs?default") == []


def test_what_is_posted_is_added_and_makes_a_graph(sandbox):
    assert sandbox.post("/graphs/a", content=b"<> <p> 1 .", headers=TURTLE).status_code == 201
    assert sandbox.post("/graphs/a", content=b"<> <p> 1, 2 .", headers=TURTLE).json()["added"] == 1
    assert len(lines(sandbox, "/graphs/a")) == 2


def test_what_is_posted_to_no_graph_becomes_one(sandbox):
    posted = sandbox.post("/graphs", content=b"<> <p> 1 .", headers=TURTLE)
    assert posted.status_code == 201
    assert posted.headers["Location"].startswith(f"{sandbox.base_url}graphs/")
    [line] = lines(sandbox, posted.headers["Location"])
    assert line.startswith(f"<{posted.headers['Location']}> ")


def test_a_form_may_hold_several_files(sandbox):
    files = [
        ("file", ("a.ttl", b"_:a <a:p> 1 .", "text/turtle")),
        ("file", ("b.nt", b'_:a <a:p> "2" .', "application/octet-stream")),
        ("more", ("c.rdf.gz", gzip.compress(b'<a:a> <a:p> "3" .'), "application/n-triples")),
        ("text", (None, b'<a:a> <a:p> "4" .')),
    ]
    assert sandbox.post("/graphs/form", files=files).json()["added"] == 4
    assert sandbox.put("/graphs/form", files=files[:1]).json()["removed"] == 4


FORMATS = {
    "text/turtle": b"<a:a> <a:p> 1.5 .",
    "application/n-triples": b'<a:a> <a:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
    "application/trig": b"{ <a:a> <a:p> 1.5 }",
    "application/n-quads": b'<a:a> <a:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
    "application/ld+json": b'{"@id": "a:a", "a:p": {"@value": "1.5", "@type": "http://www.w3.org/2001/XMLSchema#decimal"}}',
    "application/rdf+xml": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:"><rdf:Description '
        b'rdf:about="a:a"><a:p rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">1.5</a:p>'
        b"</rdf:Description></rdf:RDF>"
    ),
}


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_is_read_and_written(sandbox, media_type):
    sent = sandbox.put("/graphs/x", content=FORMATS[media_type], headers={"Content-Type": media_type})
    assert (sent.status_code, sent.json()["added"]) == (201, 1)
    expected = {'<a:a> <a:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'}
    for wanted in FORMATS:
        got = sandbox.get("/graphs/x", headers={"Accept": wanted})
        assert got.headers["Content-Type"].split(";")[0] == wanted
        assert "Accept" in got.headers["Vary"]
        assert triples(got) == expected
    assert sandbox.get("/graphs/x?format=nq").headers["Content-Type"] == "application/n-quads"
    assert sandbox.get("/graphs/x", headers={"Accept": "image/png"}).status_code == 406


def test_a_packed_document_is_unpacked(sandbox):
    sent = put(sandbox, "/graphs/x")
    packed = {**TURTLE, "Content-Encoding": "gzip"}
    assert sandbox.put("/graphs/x", content=gzip.compress(b"<> <p> 5 ."), headers=packed).json()["added"] == 1
    refused = put(sandbox, "/graphs/x", **{"Content-Encoding": "br"})
    assert (sent.status_code, refused.status_code) == (201, 415)
    assert "gzip" in refused.json()["detail"]


def test_a_document_that_cannot_be_read_is_told_with_its_place(sandbox):
    put(sandbox, "/graphs/x")
    refused = put(sandbox, "/graphs/x", "<a> <b>\n   <c> x .")
    assert refused.status_code == 400
    assert (refused.json()["line"], refused.json()["column"]) == (2, 8)
    assert "line 2, column 8" in refused.json()["detail"]
    assert len(lines(sandbox, "/graphs/x")) == 2


@pytest.mark.parametrize(
    "media_type", ["application/x-www-form-urlencoded", "text/html", "text/turtle; charset=latin1"]
)
def test_what_is_not_rdf_is_told_what_is(sandbox, media_type):
    refused = put(sandbox, "/graphs/x", **{"Content-Type": media_type})
    assert refused.status_code == 415
    assert "text/turtle" in refused.headers["Accept-Post"]
    assert "application/sparql-update" in refused.headers["Accept-Patch"]


def test_a_patch_is_an_update_of_the_graph(sandbox):
    put(sandbox, "/graphs/x")
    patched = sandbox.patch("/graphs/x", content=b"DELETE DATA { <> <p> 1 }", headers=UPDATE)
    assert (patched.status_code, patched.json()["removed"]) == (200, 1)
    assert sandbox.patch("/graphs/x", content=b"<> <p> 1", headers=TURTLE).status_code == 415
    wrong = sandbox.patch("/graphs/x", content=b"DELETE DATA { <> <p> }", headers=UPDATE)
    assert (wrong.status_code, wrong.json()["line"]) == (400, 1)
    assert (
        sandbox.patch("/graphs/new", content=b"INSERT DATA { <> <p> 1 }", headers=UPDATE).status_code == 201
    )


def test_a_graph_has_a_tag_of_its_own_in_each_format(sandbox):
    put(sandbox, "/graphs/x")
    first = sandbox.get("/graphs/x", headers={"Accept": "text/turtle"})
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert sandbox.head("/graphs/x").headers["ETag"] == tag
    assert sandbox.get("/graphs/x", headers={"Accept": "application/n-triples"}).headers["ETag"] != tag
    put(sandbox, "/graphs/y")
    again = sandbox.get("/graphs/x", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    put(sandbox, "/graphs/x", "<> <p> 3 .")
    assert sandbox.get("/graphs/x", headers={"If-None-Match": tag}).status_code == 200
    put(sandbox, "/graphs/x")
    assert sandbox.get("/graphs/x").headers["ETag"] == tag


def test_a_graph_can_be_read_on_condition(sandbox):
    put(sandbox, "/graphs/x")
    tag = sandbox.get("/graphs/x").headers["ETag"]
    for expected in ("*", tag, f'"0", {tag}'):
        assert sandbox.get("/graphs/x", headers={"If-Match": expected}).status_code == 200
    refused = sandbox.get("/graphs/x", headers={"If-Match": '"0"'})
    assert refused.status_code == 412
    assert refused.json()["detail"].endswith("without If-Match.")


def test_braces_in_a_name_are_no_format(sandbox):
    refused = sandbox.get("/graphs", params={"graph": "}:{0}"})
    assert refused.status_code == 400
    assert refused.json()["detail"].endswith("Invalid IRI code point '}'.")


def test_a_write_can_be_made_on_condition(sandbox):
    assert put(sandbox, "/graphs/x", **{"If-Match": "*"}).status_code == 412
    assert put(sandbox, "/graphs/x", **{"If-None-Match": "*"}).status_code == 201
    assert put(sandbox, "/graphs/x", **{"If-None-Match": "*"}).status_code == 412
    tag = sandbox.get("/graphs/x").headers["ETag"]
    put(sandbox, "/graphs/y")
    assert put(sandbox, "/graphs/x", "<> <p> 7 .", **{"If-Match": tag}).status_code == 200
    assert put(sandbox, "/graphs/x", "<> <p> 8 .", **{"If-Match": tag}).status_code == 412
    assert sandbox.delete("/graphs/x", headers={"If-Match": tag}).status_code == 412
    refused = sandbox.post("/graphs/x", content=b"<> <p> 9 .", headers={**TURTLE, "If-Match": '"0000"'})
    assert refused.status_code == 412
    assert lines(sandbox, "/graphs/x")[0].endswith('"7"^^<http://www.w3.org/2001/XMLSchema#integer> .')


def test_head_is_get_without_a_body(sandbox):
    put(sandbox, "/graphs/x")
    got, headed = sandbox.get("/graphs/x"), sandbox.head("/graphs/x")
    assert (headed.status_code, headed.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Vary"):
        assert headed.headers[name] == got.headers[name]
    assert headed.headers.get("Content-Length") in (None, got.headers.get("Content-Length"))


def test_the_graphs_are_listed(sandbox):
    put(sandbox, "/graphs/x")
    name = f"{sandbox.base_url}graphs/x"
    assert name in sandbox.get("/graphs", headers={"Accept": "text/html"}).text
    described = triples(sandbox.get("/graphs", headers={"Accept": "text/turtle"}))
    assert any(text.endswith(f"sparql-service-description#name> <{name}>") for text in described)
    assert sandbox.get("/graphs/").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("PUT", "/graphs", "No graph"),
        ("DELETE", "/graphs", "No graph"),
        ("PUT", "/graphs?default&graph=http://x/", "Several"),
        ("PUT", "/graphs/x?graph=http://x/", "Several"),
        ("GET", "/graphs?graph=", "empty"),
        ("GET", "/graphs?graph=http%3A%2F%2Fx%2F%3C", "IRI"),
        ("GET", "/graphs?graph=http%3A%2F%2F%5B%3A%3A1", "IRI"),
    ],
)
def test_a_request_that_names_no_graph_or_several_is_told_so(sandbox, method, path, said):
    refused = sandbox.request(method, path, headers=TURTLE)
    assert refused.status_code == 400
    assert said in refused.json()["detail"]


def test_methods_and_what_they_take_are_told(sandbox):
    told = sandbox.options("/graphs/x")
    assert {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"} <= set(told.headers["Allow"].split(", "))
    assert "application/ld+json" in told.headers["Accept-Post"]
    refused = sandbox.request("BREW", "/graphs/x")
    assert (refused.status_code, "PATCH" in refused.headers["Allow"]) == (405, True)
    part = put(sandbox, "/graphs/x", **{"Content-Range": "bytes 0-1/2"})
    assert part.status_code == 400


def test_half_of_a_document_is_not_stored(sandbox):
    put(sandbox, "/graphs/x")
    for framing in (
        "Content-Length: 100\r\n\r\n<a> <b> <c> .",
        "Transfer-Encoding: chunked\r\n\r\n0d\r\n<a> <b> <c> .\r\n",
    ):
        with socket.create_connection((sandbox.base_url.host, sandbox.base_url.port)) as connection:
            host = sandbox.base_url.netloc.decode()
            head = f"PUT /graphs/x HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/turtle\r\n"
            connection.sendall(f"{head}{framing}".encode())
            time.sleep(0.2)
    time.sleep(0.3)
    assert len(lines(sandbox, "/graphs/x")) == 2


def test_a_document_may_be_long_and_no_longer(sandbox):
    text = "".join(f"<s{n}> <p> 'value {n}' .\n" for n in range(100_000))
    assert len(text) > 2 << 20
    assert put(sandbox, "/graphs/x", text).json()["added"] == 100_000
    got = sandbox.get("/graphs/x", headers={"Accept": "application/n-triples"})
    assert got.text.count("\n") == 100_000

    def endless():
        while True:
            yield b"#" * (1 << 20)

    try:
        refused = sandbox.put("/graphs/x", content=endless(), headers=TURTLE)
    except httpx.TransportError:
        return  # the answer was given and the connection closed while we were still sending
    assert refused.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:7878", "Origin": "http://evil.example:7878"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_writes_nothing(sandbox, headers):
    put(sandbox, "/graphs/x")
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        refused = sandbox.request(method, "/graphs/x", content=b"", headers={**TURTLE, **headers})
        assert refused.status_code == 403
    refused = sandbox.post("/sparql", data={"update": "CLEAR ALL"}, headers=headers)
    assert refused.status_code == 403
    assert len(lines(sandbox, "/graphs/x")) == 2
    answer = sandbox.get("/graphs/x", headers=headers)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.status_code == (403 if "Host" in headers else 200)
