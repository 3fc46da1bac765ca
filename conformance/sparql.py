"""SPARQL queries and updates: each is sent, and what comes back is compared with what the suite says."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from conformance import dataset, results
from conformance.endpoint import accepted, told
from conformance.manifest import MF, address, path_of
from conformance.results import SOLUTIONS, Results
from conformance.verdict import NotRunnable, expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from conformance.dataset import Wanted
    from conformance.endpoint import Endpoint
    from conformance.isomorphism import Row
    from conformance.manifest import Node, Term, Test

SERVICE_DATA = f"{dataset.QT}serviceData"
ALL_QUADS = "SELECT ?s ?p ?o ?g WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
JSON = SOLUTIONS[".srj"]
UNDERSTOOD = {HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
TRIPLES = RdfFormat.N_TRIPLES.media_type


class Sparql:
    """The runner of the SPARQL suites; it knows what the service holds from one test to the next."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._contents = dataset.Contents(endpoint)

    def run(self, test: Test) -> str:
        """Run a test by its kind; '' or BY_VALUE. Raises Failed and NotRunnable."""
        action, result = test.node.one(f"{MF}action"), test.node.one(f"{MF}result")
        assert action is not None
        kind = next(kind for kind in test.kinds if "Test" in kind)
        if "UpdateSyntax" in kind:
            self._contents.forget()
            return _syntax(kind, action, self._endpoint.change)
        if "Syntax" in kind:
            return _syntax(kind, action, lambda text: self._endpoint.ask_for(text, "*/*"))
        if kind.endswith("EntailmentTest"):
            return self._entailment(test, action, result)
        if action.all(SERVICE_DATA):
            raise NotRunnable("it needs endpoints at addresses below example.org, which nobody runs")
        assert result is not None
        if kind == "UpdateEvaluationTest":
            return self._update(action, result)
        return self._query(test, action, path_of(result.text))

    def _query(self, test: Test, action: Node, result: Path) -> str:
        node = action.one(f"{dataset.QT}query")
        assert node is not None
        query = path_of(node.text)
        self._contents.hold(dataset.described(action) or dataset.referred(query))
        accept = SOLUTIONS.get(result.suffix, f"{JSON}, {TRIPLES};q=0.9")
        response = accepted(self._endpoint.ask_for(_text(query), accept), "The query")
        media_type = response.headers["Content-Type"].partition(";")[0]
        expect(media_type in accept, f"{media_type} came instead of {accept}")
        wanted, got = results.expected(result), results.parsed(response.content, media_type)
        cardinality = test.node.one(f"{MF}resultCardinality")
        lax = cardinality is not None and cardinality.text == f"{MF}LaxCardinality"
        return wanted.compared(got, lax=lax)

    def _update(self, action: Node, result: Node) -> str:
        request = action.one(f"{dataset.UT}request")
        assert request is not None
        self._contents.hold(dataset.described(action))
        self._contents.forget()
        accepted(self._endpoint.change(_text(path_of(request.text))), "The update")
        return _quads(dataset.described(result)).compared(self._held())

    def _entailment(self, test: Test, action: Node, result: Node | None) -> str:
        """Whether one graph entails another, asked for by a pattern: the blank nodes of it match anything."""
        regime = test.node.one(f"{MF}entailmentRegime")
        if regime is None or regime.text != "simple":
            return entailment(test)
        assert result is not None
        self._contents.hold({"": (path_of(action.text),)})
        path = path_of(result.text)
        form = RdfFormat.from_extension(path.suffix[1:])
        entailed = parse(path.read_bytes(), format=form, base_iri=address(path))
        triples = " ".join(f"{quad.triple} ." for quad in entailed)
        response = accepted(self._endpoint.ask_for(f"ASK {{ {triples} }}", JSON), "The query")
        wanted = results.boolean("PositiveEntailmentTest" in test.kinds)
        return wanted.compared(results.parsed(response.content, JSON))

    def _held(self) -> Results:
        response = accepted(self._endpoint.ask_for(ALL_QUADS, JSON), "A query for all quads")
        return results.parsed(response.content, JSON)


def _syntax(kind: str, action: Node, send: Callable[[str], httpx.Response]) -> str:
    """A request in correct or in wrong syntax: what is understood may be refused, but not as bad syntax."""
    response = send(_text(path_of(action.text)))
    status = response.status_code
    if "Negative" in kind:
        expect(status == HTTPStatus.BAD_REQUEST, f"accepted, with {status}")
    else:
        understood = response.is_success or status in UNDERSTOOD
        expect(understood, f"answered by {status}: {told(response)}")
    return ""


def _text(path: Path) -> str:
    return dataset.based(path.read_text(encoding="utf-8"), address(path), "BASE <{}>")


def _quads(wanted: Wanted) -> Results:
    """What the documents of a dataset hold, as the solutions that tell it."""
    rows: set[Row] = set()
    for name, documents in wanted.items():
        for path in documents:
            form = RdfFormat.from_extension(path.suffix[1:])
            for quad in parse(path.read_bytes(), format=form, base_iri=address(path)):
                graph: Term | None = NamedNode(name) if name else None
                if not isinstance(quad.graph_name, DefaultGraph):
                    graph = quad.graph_name
                rows.add((*quad.triple, graph))
    return Results(("s", "p", "o", "g"), list(rows))


def entailment(test: Test) -> str:
    """No outcome for a test of an entailment regime. Raises NotRunnable."""
    regime = test.node.one(f"{MF}entailmentRegime")
    name = f"{regime.text} entailment" if regime else "an entailment regime"
    raise NotRunnable(f"it asks for {name}; queries are answered by simple entailment")
