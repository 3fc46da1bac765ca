"""The suites: which manifests each takes its tests from, and what runs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import httpx

from conformance import canonical, description, jsonld, protocol, shapes, syntaxes
from conformance.manifest import folder, json_tests, tests
from conformance.sparql import Sparql, entailment
from conformance.verdict import Failed, NotRunnable, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.endpoint import Endpoint
    from conformance.manifest import Test

Runner: TypeAlias = "Callable[[Test], str]"

SPARQL = "rdf-tests/sparql"
RDF = "rdf-tests/rdf"
QUERY = (
    *("aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation"),
    *("project-expression", "property-path", "service", "subquery", "syntax-query", "syntax-fed"),
)
UPDATE = (
    *("add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where"),
    *("drop", "move", "syntax-update-1", "syntax-update-2", "update-silent"),
)
RESULTS = ("csv-tsv-res", "json-res")
SYNTAXES = ("rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads", "rdf-xml")
HTTP, READER, NOTHING = "the running service", "the reader of documents", "nothing"


@dataclass(frozen=True)
class Suite:
    """Tests that are reported together; `through` says what they go through."""

    name: str
    title: str
    through: str
    manifests: tuple[str, ...]
    runner: Callable[[Endpoint], Runner]

    def tests(self) -> Iterator[Test]:
        """Its tests, each once."""
        known = set()
        for name in self.manifests:
            for path in sorted(folder().glob(name)):
                for test in json_tests(path) if path.suffix == ".jsonld" else tests(path):
                    if test.iri not in known:
                        known.add(test.iri)
                        yield test


def _sparql11(folders: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{SPARQL}/sparql11/{name}/manifest.ttl" for name in folders)


def _over_http(run: Callable[[Test, Endpoint], str]) -> Callable[[Endpoint], Runner]:
    return lambda endpoint: lambda test: run(test, endpoint)


def _sparql(endpoint: Endpoint) -> Runner:
    return Sparql(endpoint).run


def _inside(run: Runner) -> Callable[[Endpoint], Runner]:
    return lambda _: run


SUITES = (
    Suite("protocol", "SPARQL 1.1 Protocol", HTTP, _sparql11(["protocol"]), _over_http(protocol.run)),
    Suite(
        "graph-store",
        "SPARQL 1.1 Graph Store HTTP Protocol",
        HTTP,
        _sparql11(["graph-store-protocol"]),
        _over_http(protocol.run),
    ),
    Suite(
        "service-description",
        "SPARQL 1.1 Service Description",
        HTTP,
        _sparql11(["service-description"]),
        _over_http(description.run),
    ),
    Suite("results", "SPARQL 1.1 results: CSV, TSV, JSON", HTTP, _sparql11(RESULTS), _sparql),
    Suite("query", "SPARQL 1.1 Query", HTTP, _sparql11(QUERY), _sparql),
    Suite("update", "SPARQL 1.1 Update", HTTP, _sparql11(UPDATE), _sparql),
    Suite("sparql10", "SPARQL 1.0", HTTP, (f"{SPARQL}/sparql10/manifest.ttl",), _sparql),
    Suite("sparql12", "SPARQL 1.2", HTTP, (f"{SPARQL}/sparql12/manifest.ttl",), _sparql),
    Suite(
        "sparql-entailment",
        "SPARQL 1.1 Entailment Regimes",
        NOTHING,
        _sparql11(["entailment"]),
        _inside(entailment),
    ),
    Suite(
        "rdf11",
        "RDF 1.1 syntaxes",
        READER,
        tuple(f"{RDF}/rdf11/{name}/manifest.ttl" for name in SYNTAXES),
        _inside(syntaxes.run),
    ),
    Suite(
        "rdf12",
        "RDF 1.2 syntaxes",
        READER,
        (f"{RDF}/rdf12/*/syntax/manifest.ttl", f"{RDF}/rdf12/*/eval/manifest.ttl"),
        _inside(syntaxes.run),
    ),
    Suite(
        "rdf12-canonical",
        "RDF 1.2 canonical N-Triples and N-Quads",
        "the writer of N-Quads",
        (f"{RDF}/rdf12/*/c14n/manifest.ttl",),
        _inside(syntaxes.run),
    ),
    Suite(
        "rdf-entailment",
        "RDF 1.1 and 1.2 Semantics",
        HTTP,
        (f"{RDF}/rdf11/rdf-mt/manifest.ttl", f"{RDF}/rdf12/rdf-semantics/manifest.ttl"),
        _sparql,
    ),
    Suite("shacl", "SHACL", "validation", ("shacl/tests/**/*.ttl",), _inside(shapes.run)),
    Suite(
        "rdf-canon",
        "RDF Dataset Canonicalization (RDFC-1.0)",
        "canonicalisation and import",
        ("rdf-canon/manifest.ttl",),
        _inside(canonical.run),
    ),
    Suite(
        "json-ld-to-rdf",
        "JSON-LD 1.1 to RDF",
        READER,
        ("json-ld-api/toRdf-manifest.jsonld",),
        _inside(jsonld.to_rdf),
    ),
    Suite(
        "json-ld-from-rdf",
        "RDF to JSON-LD 1.1",
        "the writer of JSON-LD",
        ("json-ld-api/fromRdf-manifest.jsonld",),
        _inside(jsonld.from_rdf),
    ),
)


def run(suite: Suite, endpoint: Endpoint, chosen: Iterable[Test] | None = None) -> Iterator[Verdict]:
    """Verdicts on the tests of a suite, or on the chosen ones of them."""
    runner = suite.runner(endpoint)
    for test in suite.tests() if chosen is None else chosen:
        outcome, reason = _outcome(runner, test)
        yield Verdict(suite.name, test, outcome, reason)


def _outcome(runner: Runner, test: Test) -> tuple[Outcome, str]:
    try:
        return Outcome.PASSED, runner(test)
    except NotRunnable as reason:
        return Outcome.UNTESTED, str(reason)
    except Failed as reason:
        return Outcome.FAILED, str(reason)
    except (SyntaxError, httpx.HTTPError) as error:
        return Outcome.FAILED, f"{type(error).__name__}: {error}"
