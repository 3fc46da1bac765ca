"""The SPARQL 1.1 Protocol, section 2.1, and RFC 10008 (QUERY), over HTTP: requests, validators, coding."""

from __future__ import annotations

import gzip
import http.client
import time
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks import seconds_until

SELECT = "SELECT DISTINCT ?s WHERE { ?s a owl:Class } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
DIRECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"
CSV = {"Accept": "text/csv"}


@pytest.fixture
def client(lighthouse_service):
    return lighthouse_service.client


def ask(client, query=SELECT, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity", **headers})


def raw(service, target, method="GET", body=None, **headers):
    """Status and body for an address that is sent as it is."""
    url = service.client.base_url
    connection = http.client.HTTPConnection(url.host, url.port, timeout=60)
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"', ";charset=us-ascii"])
@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_query_is_its_own_body(client, method, charset):
    headers = {**CSV, "Content-Type": DIRECT + charset}
    response = client.request(method, "/sparql", content=SELECT, headers=headers)
    assert response.status_code == 200
    assert response.text == client.get("/sparql", params={"query": SELECT}, headers=CSV).text


def test_a_query_comes_in_a_form_by_query_too(client):
    form = client.request("QUERY", "/sparql", data={"query": SELECT}, headers=CSV)
    assert form.status_code == 200
    assert "application/sparql-query" in form.headers["Accept-Query"]
    assert "QUERY" in client.options("/sparql").headers["Allow"]


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize("in_form", [True, False])
def test_graphs_are_named_in_the_address_of_a_posted_query(lighthouse_service, method, in_form):
    count, graph = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", lighthouse_service.release.iris.editorial.value
    sent = {"data": {"query": count}} if in_form else {"content": count}
    kind = {"Content-Type": FORM if in_form else DIRECT}
    answers = [
        lighthouse_service.client.request(
            method, "/sparql", params=params, headers={**CSV, **kind}, **sent
        ).text.split()[1]
        for params in ({}, {"default-graph-uri": graph}, {"named-graph-uri": graph})
    ]
    assert int(answers[0]) > int(answers[1]) > int(answers[2]) == 0


@pytest.mark.parametrize(
    ("method", "target", "body", "kind", "status"),
    [
        ("GET", "?query=ASK%7B%7D%zz", None, "", 400),
        ("GET", "?query=ASK%7B%7D%ff", None, "", 400),
        ("GET", "?query=%00", None, "", 400),
        ("GET", "?query=ASK%20%00%7B%7D", None, "", 400),
        ("GET", "?" + "a=b&" * 2000, None, "", 400),
        ("GET", "?query=" + "%20" * 20_500, None, "", 414),
        ("POST", "", b"query=ASK%7B%7D%", FORM, 400),
        ("POST", "", b"query=\xff\xfe", FORM, 400),
        ("POST", "", "ASK {}".encode("utf-16"), DIRECT, 400),
        ("POST", "", b"ASK {}", DIRECT + "; charset=utf-16", 415),
        ("POST", "", b"query=ASK%7B%7D", FORM + "; charset=latin-1", 415),
        ("POST", "", b"ASK {}", "", 415),
        ("POST", "", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        ("POST", "?query=ASK%7B%7D", b"ASK {}", DIRECT, 400),
        ("POST", "?query=ASK%7B%7D", b"update=CLEAR+ALL", FORM, 400),
        ("POST", "?update=CLEAR+ALL", b"", FORM, 400),
        ("POST", "", b"update=CLEAR+ALL&update=CLEAR+ALL", FORM, 401),
        ("QUERY", "", b"ASK {}", "", 400),
        ("QUERY", "", b"ASK {}", "text/plain", 415),
        ("QUERY", "", b"CLEAR ALL", "application/sparql-update", 415),
        ("QUERY", "", b"update=CLEAR+ALL", FORM, 400),
        ("QUERY", "", b"", DIRECT, 400),
        ("PUT", "?query=ASK%7B%7D", b"", FORM, 405),
    ],
)
def test_what_the_protocol_forbids_is_refused(lighthouse_service, method, target, body, kind, status):
    headers = {"Content-Type": kind} if kind else {}
    found, text = raw(lighthouse_service, f"/sparql{target}", method, body, **headers)
    assert found == status, text
    assert f'"status": {status}' in text


def test_a_query_of_a_megabyte_is_posted(client):
    values = " ".join(f'"{number:06}"' for number in range(100_000))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}"
    assert client.post("/sparql", data={"query": query}, headers=CSV).text.split() == ["n", "100000"]


# Validators (RFC 9110, sections 8.8 and 13.1.2)


def test_what_a_client_has_is_not_sent_again(client):
    first = ask(client)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert first.headers["Cache-Control"] == "no-cache"
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = ask(client, If_None_Match=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept" in again.headers["Vary"]
    assert ask(client, If_None_Match='"other"').status_code == 200
    headers = {"If-None-Match": tag, "Content-Type": DIRECT, "Accept-Encoding": "identity"}
    assert client.request("QUERY", "/sparql", content=SELECT, headers=headers).status_code == 304
    assert client.post("/sparql", content=SELECT, headers=headers).status_code == 200


def test_nothing_is_evaluated_for_what_a_client_has(client):
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?c != ?f && ?a < ?d) }"
    first = ask(client, slow)
    again = [ask(client, slow, If_None_Match=first.headers["ETag"]) for _ in range(5)]
    assert {answer.status_code for answer in again} == {304}
    assert min(answer.elapsed for answer in again) < first.elapsed / 2


def test_each_representation_has_its_own_tag(client):
    variants = [
        ask(client),
        ask(client, Accept="text/csv"),
        ask(client, Accept="application/sparql-results+json;version=1.2"),
        ask(client, Accept_Encoding="gzip"),
        ask(client, SELECT + " "),
        client.get("/sparql", params={"query": SELECT, "default-graph-uri": "a:b"}),
    ]
    tags = [response.headers["ETag"] for response in variants]
    assert len(set(tags)) == len(tags)
    assert len({tag.split(".")[0] for tag in tags}) == 1


@pytest.mark.parametrize(
    ("query", "is_tagged"),
    [
        ("SELECT (RAND() AS ?x) {}", False),
        ("SELECT (now() AS ?x) {}", False),
        ("SELECT (UUID() AS ?x) {}", False),
        ("SELECT (StrUUID() AS ?x) {}", False),
        ("SELECT (BNODE() AS ?x) {}", False),
        ("ASK { SERVICE SILENT <http://127.0.0.1:1/> {} }", False),
        ("CONSTRUCT { [] a ?c } { ?s a ?c } LIMIT 1", False),
        ("CONSTRUCT { _:x a ?c } { ?s a ?c } LIMIT 1", False),
        ("CONSTRUCT { ?s a ?c } { ?s a ?c . FILTER(?c != owl:Class) [] a ?c } LIMIT 1", True),
        ("SELECT ?now { ?now rdfs:label 'RAND()' , ?x:rand } # UUID()", True),
        ("SELECT * { ?s a ", False),
    ],
)
def test_what_differs_each_time_has_no_tag(client, query, is_tagged):
    assert ("ETag" in ask(client, query.replace("?x:rand", "?x")).headers) == is_tagged


def test_the_same_query_writes_the_same_bytes(client):
    assert (
        ask(client, CONSTRUCT, Accept="text/turtle").content
        == ask(client, CONSTRUCT, Accept="text/turtle").content
    )


def test_head_has_the_headers_of_get(client):
    for query in (SELECT, CONSTRUCT):
        got = ask(client, query)
        head = client.head("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity"})
        assert head.content == b""
        for name in ("Content-Type", "ETag", "Vary", "Cache-Control", "Content-Length"):
            assert head.headers.get(name) == got.headers.get(name), name


# Content coding (RFC 9110, section 12.5.3)


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        (None, ""),
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("br, zstd, gzip;q=0.001", "gzip"),
        ("*", "gzip"),
        ("br, deflate", ""),
        ("gzip;q=0", ""),
        ("gzip;q=0, *", ""),
        ("gzip;q=0.5, identity;q=0.9", ""),
        ("gzip;q=0.9, identity;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("*;q=0", "406"),
        ("identity;q=0", "406"),
        ("identity;q=0, br", "406"),
        ("gzip;q=high", ""),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, CONSTRUCT + " LIMIT 300"], ids=["stream", "short"])
def test_the_coding_is_the_one_that_the_client_takes(client, query, accept_encoding, expected):
    request = client.build_request(
        "GET", "/sparql", params={"query": query}, headers={"Accept": "text/turtle"}
    )
    request.headers.pop("Accept-Encoding")
    if accept_encoding is not None:
        request.headers["Accept-Encoding"] = accept_encoding
    response = client.send(request)
    assert response.status_code == (406 if expected == "406" else 200)
    assert response.headers.get("Content-Encoding", "") == expected.replace("406", "")
    assert "Accept-Encoding" in response.headers["Vary"]
    if expected != "406":
        assert response.text == ask(client, query, Accept="text/turtle").text


def test_what_is_short_is_not_compressed_unless_nothing_else_is_taken(client):
    assert "Content-Encoding" not in ask(client, "ASK {}", Accept_Encoding="gzip").headers
    forced = ask(client, "ASK {}", Accept_Encoding="gzip, identity;q=0")
    assert forced.headers["Content-Encoding"] == "gzip"
    assert forced.json() == {"head": {}, "boolean": True}


def test_a_compressed_stream_flows_and_the_rest_is_not_waited_for(client):
    unending = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with client.stream(
        "GET", "/sparql", params={"query": unending}, headers={**CSV, "Accept-Encoding": "gzip"}
    ) as response:
        unzipped = zlib.decompressobj(zlib.MAX_WBITS + 16)
        first = unzipped.decompress(next(response.iter_raw()))
    assert first.startswith(b"a,b,c,d,e,f,g,h,i\r\n")


def test_pages_are_compressed_too(client):
    with client.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert b"<html" in gzip.decompress(b"".join(response.iter_raw()))


# Pages elsewhere (Fetch, section 3.2)


def test_a_page_elsewhere_may_ask_and_read_the_headers(client):
    origin = {"Origin": "https://elsewhere.example"}
    preflight = client.options("/sparql", headers={**origin, "Access-Control-Request-Method": "QUERY"})
    assert "QUERY" in preflight.headers["Access-Control-Allow-Methods"]
    answer = ask(client, **origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Memento-Datetime", "KG-Notice", "Retry-After", "Location"} <= set(exposed)


# Long answers


def resident(process: int) -> int:
    """Bytes that a process holds."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) << 10


def workers(process: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in found.split()]


def command_line(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


def is_steady(processes: list[int]) -> bool:
    """Whether nothing more is loaded."""
    before = sum(map(resident, processes))
    time.sleep(2)
    return sum(map(resident, processes)) < before + (1 << 20)


@pytest.mark.slow
def test_five_million_rows_take_no_memory(start_service, lighthouses):
    numbers = " ".join(map(str, range(1000, 1171)))
    product = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abc")
    query = quote(f"SELECT * {{ {product} }}")
    with start_service(lighthouses, "bell-rock", "--deadline", "600") as service:
        service.client.get("/sparql", params={"query": SELECT})
        web = [number for number in workers(service.process.pid) if "encod" not in command_line(number)]
        assert web
        before, most, rows = 0, 0, 0
        seconds_until(lambda: is_steady(web), 60)
        plain = {**CSV, "Accept-Encoding": "identity"}
        with service.client.stream("GET", f"/sparql?query={query}", headers=plain) as response:
            for number, chunk in enumerate(response.iter_raw()):
                rows += chunk.count(b"\n")
                if number % 100 == 0:
                    most = max(most, sum(map(resident, web)))
                    before = most if rows < 2_000_000 else before  # buffers are no leak
    assert rows == 171**3 + 1 > 5_000_000
    assert most - before < 64 << 20
