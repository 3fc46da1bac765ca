"""The suites of the W3C against a running sandbox; all of them when slow tests run, else a sample."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from conformance import earl, manifest, page, report
from conformance.endpoint import sandbox
from conformance.isomorphism import isomorphic
from conformance.results import Results, parsed
from conformance.suites import SUITES, run
from conformance.verdict import BY_VALUE, Failed, Outcome

DOCS = Path(__file__).parent.parent / "docs"
PROTOCOLS = {"protocol": 34, "graph-store": 13, "service-description": 3, "results": 10}
SAMPLED = [suite for suite in SUITES if suite.name not in PROTOCOLS]
BARS = {
    ("protocol",): (34, 34),
    ("graph-store",): (13, 13),
    ("service-description",): (3, 3),
    ("results",): (10, 10),
    ("query", "update", "results"): (487, 499),
    ("sparql10",): (466, 482),
    ("sparql12",): (264, 269),
    ("rdf11", "rdf12"): (1238, 1242),
    ("shacl",): (119, 121),
    ("rdf-canon",): (65, 65),
}
A, B, C = (BlankNode(name) for name in "abc")
P = NamedNode("http://example.org/p")

needs_suites = pytest.mark.skipif(
    not manifest.folder().is_dir(), reason=f"the suites of the W3C are not in {manifest.folder()}"
)


@pytest.fixture(scope="module")
def endpoint():
    with sandbox() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def verdicts(endpoint):
    """The outcomes of all suites."""
    return [verdict for suite in SUITES for verdict in run(suite, endpoint)]


def suite(name):
    return next(suite for suite in SUITES if suite.name == name)


@needs_suites
@pytest.mark.parametrize(("name", "count"), PROTOCOLS.items(), ids=list(PROTOCOLS))
def test_the_protocols_and_formats_hold_to_the_letter(endpoint, name, count):
    verdicts = list(run(suite(name), endpoint))
    assert [(str(v.test), v.reason) for v in verdicts if v.outcome is not Outcome.PASSED] == []
    assert len(verdicts) == count


@needs_suites
@pytest.mark.parametrize("suite", SAMPLED, ids=lambda suite: suite.name)
def test_of_a_sample_only_what_is_known_to_fail_fails(endpoint, suite):
    tests = [test for test in suite.tests() if not test.iri.endswith("#test074c")]  # takes its seconds
    chosen = tests[:: max(1, len(tests) // 8)]
    known = report.causes()
    failed = [v for v in run(suite, endpoint, chosen) if v.outcome is Outcome.FAILED]
    assert [(str(v.test), v.reason) for v in failed if v.test.iri not in known] == []


@needs_suites
@pytest.mark.slow
@pytest.mark.parametrize(("names", "bar"), BARS.items(), ids=lambda value: "+".join(map(str, value)))
def test_the_bars_are_reached(verdicts, names, bar):
    passed, failed, _ = page.count(v for v in verdicts if v.suite in names)
    assert (passed >= bar[0], passed + failed) == (True, bar[1])


@needs_suites
@pytest.mark.slow
def test_exactly_the_tests_with_a_known_cause_fail(verdicts):
    failed = {v.test.iri: v.reason for v in verdicts if v.outcome is Outcome.FAILED}
    known = report.causes()
    assert {iri: reason for iri, reason in failed.items() if iri not in known} == {}
    assert known.keys() - failed.keys() == set()


@needs_suites
@pytest.mark.slow
def test_the_published_report_says_what_a_run_says(verdicts):
    published = (DOCS / "conformance.md").read_text(encoding="utf-8")
    assert published == page.report(verdicts, report.causes())


@needs_suites
@pytest.mark.slow
def test_the_published_earl_says_what_a_run_says(verdicts):
    prefix = "http://www.w3.org/ns/earl#"
    quads = parse((DOCS / "conformance.ttl").read_bytes(), format=RdfFormat.TURTLE, base_iri="urn:x:")
    said = {}
    of_test = {}
    for quad in quads:
        if quad.predicate.value == f"{prefix}test":
            of_test[quad.subject] = quad.object.value
        elif quad.predicate.value in {f"{prefix}result", f"{prefix}outcome"}:
            said[quad.subject] = quad.object
    published = Counter((iri, said[said[node]].value.removeprefix(prefix)) for node, iri in of_test.items())
    assert published == Counter((v.test.iri, v.outcome.value) for v in verdicts)


@needs_suites
def test_every_suite_finds_its_tests():
    assert [suite.name for suite in SUITES if not any(True for _ in suite.tests())] == []


def test_results_are_equal_up_to_the_names_of_blank_nodes():
    left = [(A, P, B), (B, P, A), (C, P, C)]
    assert isomorphic(left, [(C, P, A), (B, P, B), (A, P, C)])
    assert not isomorphic(left, [(C, P, A), (B, P, B), (C, P, C)])


def test_blank_nodes_that_look_alike_are_told_apart_by_trying():
    def ring(names):
        nodes = [BlankNode(name) for name in names]
        return [(node, P, other) for node, other in zip(nodes, nodes[1:] + nodes[:1], strict=True)]

    assert isomorphic(ring("abcdef"), ring("fadbec"))
    assert not isomorphic(ring("abcdef"), ring("abc") + ring("def"))


def test_blank_nodes_within_triple_terms_count():
    assert isomorphic([(A, Triple(A, P, B))], [(B, Triple(B, P, C))])
    assert not isomorphic([(A, Triple(A, P, B))], [(B, Triple(C, P, B))])


def test_a_solution_counts_as_often_as_it_comes():
    assert not isomorphic([(P,), (P,)], [(P,)])
    assert not isomorphic([(A,), (A,)], [(A,), (B,)])


def test_reduced_solutions_may_come_less_often_but_not_more():
    def table(count):
        return Results(("x",), [(P,)] * count)

    assert table(2).equals(table(1), lax=True)
    assert not table(2).equals(table(3), lax=True)


def test_what_is_equal_by_value_only_is_told():
    xsd = "http://www.w3.org/2001/XMLSchema#"

    def table(text, kind):
        return Results(("x",), [(Literal(text, datatype=NamedNode(f"{xsd}{kind}")),)])

    assert table("1", "integer").compared(table("1", "integer")) == ""
    assert table("01", "unsignedByte").compared(table("1", "integer")) == BY_VALUE
    with pytest.raises(Failed):
        table("1", "decimal").compared(table("1", "integer"))


def test_columns_may_come_in_any_order_but_all_must_come():
    table = parsed(b"a,b\r\n1,x\r\n", "text/csv")
    assert table.equals(parsed(b"b,a\r\nx,1\r\n", "text/csv"))
    assert not table.equals(parsed(b"a\r\n1\r\n", "text/csv"))


def test_the_report_names_a_failure_with_its_cause():
    from conformance.manifest import Node, Test
    from conformance.verdict import Verdict

    test = Test("http://example.org/manifest#t1", "one", frozenset(), Node(P, {}))
    failed = Verdict("shacl", test, Outcome.FAILED, "expected this, got that")
    causes = {test.iri: "The engine says “that”."}
    assert "manifest#t1): The engine says “that”." in page.report([failed], causes)
    [said] = [
        quad.object.value
        for quad in parse(
            earl.report([failed], causes, "1").encode(), format=RdfFormat.TURTLE, base_iri="urn:x:"
        )
        if quad.predicate.value.endswith("description")
    ]
    assert said == "The engine says “that”."
