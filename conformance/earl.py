"""The outcomes as RDF in EARL 1.0 (https://www.w3.org/TR/EARL10-Schema/): an assertion for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from conformance.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.verdict import Verdict

HEAD = """\
# Made by `make conformance`; docs/conformance.md is the same for people.
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX doap: <http://usefulinc.com/ns/doap#>
PREFIX earl: <http://www.w3.org/ns/earl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

<#subject> a earl:Software, earl:TestSubject, doap:Project ;
    doap:name "ai-factories-kg" ;
    doap:release [ a doap:Version ; doap:revision {version} ] .
<#runner> a earl:Software, earl:Assertor ; rdfs:label "python -m conformance" .
"""


def report(verdicts: Iterable[Verdict], causes: Mapping[str, str], version: str) -> str:
    """The outcomes in Turtle; what did not pass has its cause."""
    head = HEAD.replace("{version}", str(Literal(version)))
    return head + "".join(_assertion(verdict, causes) for verdict in verdicts)


def _assertion(verdict: Verdict, causes: Mapping[str, str]) -> str:
    words = causes.get(verdict.test.iri, verdict.reason)
    if verdict.outcome is Outcome.PASSED:
        words = verdict.reason
    said = f" ; dcterms:description {Literal(words, language='en')}" if words else ""
    return (
        "\n[] a earl:Assertion ; earl:assertedBy <#runner> ; earl:subject <#subject> ;\n"
        f"    earl:mode earl:automatic ; earl:test <{verdict.test.iri}> ;\n"
        f"    earl:result [ a earl:TestResult ; earl:outcome earl:{verdict.outcome.value}{said} ] .\n"
    )
