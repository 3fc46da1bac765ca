"""The outcomes as a page: totals, and each test that did not pass by name with its cause."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from conformance.suites import SUITES
from conformance.verdict import BY_VALUE, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.suites import Suite
    from conformance.verdict import Verdict

TOGETHER = {
    "SPARQL 1.1 query, update and results together": ("query", "update", "results"),
    "RDF 1.1 and 1.2 syntaxes together": ("rdf11", "rdf12"),
}
HEAD = """\
# Conformance

Made by `make conformance`, which starts `kg serve --sandbox` and runs the test suites of the W3C against it
over HTTP, and against the readers, the validation and the canonicalisation of this project. Each outcome is
also in [conformance.ttl](conformance.ttl) (EARL). The suites are looked for in the folder that `KG_W3C`
names, by default `../shared/w3c` beside the checkout.

How the tests are run:

- The graphs of a test are put into the service by the Graph Store Protocol, and datasets by `INSERT DATA`;
  what an update leaves is asked for by a query.
- A test that has relative IRIs gets `BASE` or `@base` with the address of its file in front of its text,
  since the service cannot know that address.
- A test of syntax passes if wrong syntax is answered by 400, and correct syntax is evaluated or refused for
  another reason than its syntax, by another status: the sandbox evaluates neither `SERVICE` nor `LOAD`.
- Results are compared up to the names of blank nodes, each solution as often as it is expected; in order
  where the suite numbers the solutions.
- Literals are compared as they are written, and if that fails by their values (`1.0E6` and `1000000`, or a
  `xsd:negativeInteger` and the equal `xsd:integer`). Tests that pass by value only are named at the end.

Not among the suites: `http-rdf-update` (18 tests), which the W3C has replaced by the Graph Store suite; and
compaction, expansion, flattening, HTML and remote documents of JSON-LD, which this project does not offer.
"""


def report(verdicts: Sequence[Verdict], causes: Mapping[str, str]) -> str:
    """The page in Markdown."""
    by_suite: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_suite[verdict.suite].append(verdict)
    parts = [HEAD, _totals(by_suite), *_failures(by_suite, causes), _untested(by_suite), _by_value(by_suite)]
    return "\n".join(parts)


def count(verdicts: Iterable[Verdict]) -> tuple[int, int, int]:
    """How many passed, failed and could not be run."""
    outcomes = [verdict.outcome for verdict in verdicts]
    passed, failed, untested = (outcomes.count(outcome) for outcome in Outcome)
    return passed, failed, untested


def _totals(by_suite: Mapping[str, list[Verdict]]) -> str:
    rows = [_total(suite.title, suite.through, by_suite[suite.name]) for suite in _run(by_suite)]
    for title, names in TOGETHER.items():
        rows.append(_total(f"*{title}*", "", [verdict for name in names for verdict in by_suite[name]]))
    head = ["| Suite | Through | Passed | Run | Failed | Not runnable |", "|---|---|--:|--:|--:|--:|"]
    return "\n".join(["## Totals\n", *head, *rows, ""])


def _total(title: str, through: str, verdicts: Iterable[Verdict]) -> str:
    passed, failed, untested = count(verdicts)
    return f"| {title} | {through} | {passed} | {passed + failed} | {failed} | {untested} |"


def _failures(by_suite: Mapping[str, list[Verdict]], causes: Mapping[str, str]) -> Iterator[str]:
    yield "## Failing tests\n"
    for suite in _run(by_suite):
        failed = [verdict for verdict in by_suite[suite.name] if verdict.outcome is Outcome.FAILED]
        if failed:
            yield f"### {suite.title}\n"
            yield from (_failure(verdict, causes) for verdict in failed)
            yield ""


def _failure(verdict: Verdict, causes: Mapping[str, str]) -> str:
    return f"- {_link(verdict)}: {causes.get(verdict.test.iri, verdict.reason)}"


def _untested(by_suite: Mapping[str, list[Verdict]]) -> str:
    lines = ["## Tests that are not runnable\n"]
    for suite in _run(by_suite):
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for verdict in by_suite[suite.name]:
            if verdict.outcome is Outcome.UNTESTED:
                reasons[verdict.reason].append(_link(verdict))
        lines += [
            f"- {suite.title}, {len(names)}: {reason}. {', '.join(names)}."
            for reason, names in reasons.items()
        ]
    return "\n".join([*lines, ""])


def _by_value(by_suite: Mapping[str, list[Verdict]]) -> str:
    lines = ["## Tests that pass by value only\n"]
    for suite in _run(by_suite):
        names = [_link(verdict) for verdict in by_suite[suite.name] if verdict.reason == BY_VALUE]
        if names:
            lines.append(f"- {suite.title}, {len(names)}: {', '.join(names)}.")
    return "\n".join([*lines, ""])


def _run(by_suite: Mapping[str, list[Verdict]]) -> Iterator[Suite]:
    return (suite for suite in SUITES if suite.name in by_suite)


def _link(verdict: Verdict) -> str:
    folder, _, name = verdict.test.iri.rpartition("/")
    label = name.replace("manifest.ttl#", "").replace("manifest#", "").split("#")[-1]
    return f"[{folder.rpartition('/')[2]}/{label}]({verdict.test.iri})"
