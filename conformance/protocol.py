"""Tests written as HTTP requests in RDF: the SPARQL Protocol and the Graph Store Protocol.

`Exchange` sends the requests of one test one after the other, each to the service under test in the place
of the path that the manifest names, and holds the responses against what it expects.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pyoxigraph import RdfFormat

from conformance import dataset, results
from conformance.endpoint import told
from conformance.manifest import MF
from conformance.verdict import Failed, expect

if TYPE_CHECKING:
    import httpx

    from conformance.endpoint import Endpoint
    from conformance.manifest import Node, Test

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
FORMATS = {
    "boolean": {"application/sparql-results+xml", "application/sparql-results+json"},
    "tabular": set(results.SOLUTIONS.values()),
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"},
}
UPDATE = re.compile(r"(^|[?&])update=")


def run(test: Test, endpoint: Endpoint) -> str:
    """Run a test of one of the two protocols on an empty service. Raises Failed."""
    dataset.Contents(endpoint).hold(dataset.described(test.node))
    exchange = Exchange(endpoint)
    for action in test.node.all(f"{MF}action"):
        for number, request in enumerate(action.items(f"{HT}requests"), 1):
            try:
                exchange.send(request)
            except Failed as failure:
                message = f"Request {number}: {failure}"
                raise Failed(message) from failure
    return ""


class Exchange:
    """The requests of one test, and the addresses that their responses have given."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._known: dict[str, str] = {}

    def send(self, request: Node) -> None:
        """Send a request and check the response. Raises Failed."""
        method, path = request.one(f"{HT}methodName"), request.one(f"{HT}absolutePath")
        expected = request.one(f"{HT}resp")
        assert method is not None
        assert path is not None
        assert expected is not None
        headers = _headers(request)
        body = self._body(request)
        url = self._address(self._filled(path.text), headers, body)
        response = self._endpoint.client.request(method.text, url, headers=headers, content=body or None)
        self._check(response, expected)

    def _check(self, response: httpx.Response, expected: Node) -> None:
        statuses = [status.text.rsplit("#", 1)[-1] for status in expected.all(f"{MF}expectedStatus")]
        if not any(_is(response.status_code, status) for status in statuses):
            wanted = " or ".join(statuses)
            raise Failed(f"expected {wanted}, got {response.status_code}: {told(response)}")
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        for form in expected.all(f"{MF}expectedFormat"):
            expect(media_type in FORMATS[form.text], f"{media_type} is no format for {form.text}")
        for answer in expected.all(f"{MF}expectedBoolean"):
            got = results.parsed(response.content, media_type)
            expect(got.equals(results.boolean(answer.text == "true")), f"the answer is not {answer.text}")
        for name in expected.all(f"{MF}expectedLocation"):
            expect("Location" in response.headers, "the response has no Location")
            self._known[name.text] = urljoin(str(response.url), response.headers["Location"])
        self._check_content(response, expected, media_type)

    def _check_content(self, response: httpx.Response, expected: Node, media_type: str) -> None:
        for name, value in _headers(expected).items():
            got = response.headers.get(name, "")
            expect(got.partition(";")[0] == value.partition(";")[0], f"{name} is {got!r}, not {value!r}")
        body = self._body(expected)
        form = RdfFormat.from_media_type(media_type)
        if body and form:
            wanted = results.graph(body, RdfFormat.TURTLE, str(response.url))
            graph = results.graph(response.content, form, str(response.url))
            expect(wanted.equals(graph), f"expected {wanted}, got {graph}")

    def _body(self, message: Node) -> bytes:
        body = message.one(f"{HT}body")
        characters = body and body.one(f"{CNT}chars")
        if not body or not characters:
            return b""
        encoding = body.one(f"{CNT}characterEncoding")
        return self._filled(characters.text).encode(encoding.text if encoding else "UTF-8")

    def _filled(self, text: str) -> str:
        for name, address in self._known.items():
            text = text.replace(name, address)
        return text

    def _address(self, path: str, headers: dict[str, str], body: bytes) -> str:
        """Where a request goes, which the manifest writes as `/sparql/…` or `/gsp…`."""
        if path.startswith("/gsp"):
            return self._endpoint.store + path.removeprefix("/gsp")
        is_update = "sparql-update" in headers.get("content-type", "") or body.startswith(b"update=")
        target = self._endpoint.update if is_update or UPDATE.search(path) else self._endpoint.query
        return target + path.removeprefix("/sparql/")


def _headers(message: Node) -> dict[str, str]:
    pairs = (
        (header.one(f"{HT}fieldName"), header.one(f"{HT}fieldValue"))
        for header in message.items(f"{HT}headers")
    )
    return {name.text.lower(): value.text for name, value in pairs if name and value}


def _is(code: int, status: str) -> bool:
    """Whether a code is the status of a name, `NotFound`, or of a class, `StatusCode2xx`."""
    if status.startswith("StatusCode"):
        return str(code)[0] == status.removeprefix("StatusCode")[0]
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).upper()
    return code == HTTPStatus[name]
