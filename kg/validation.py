"""SHACL over the whole graph, each violation told in words (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.labels import label
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from kg.store import Quad, Store

SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Violation:
    """One statement, or lack of one, that a shape forbids; `value` and `path` may be ''."""

    focus: str
    path: str
    value: str
    message: str
    grave: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What two equal violations share, in the order in which they are told."""
        return self.focus, self.path, self.value, self.message


def validate(quads: Iterable[Quad], shapes: Path, ontology: Graph) -> list[Violation]:
    """All violations by the shapes in a file, graver ones first, then by IRI.

    The data are taken as one graph, and the ontology gives the sub-classes.
    """
    from pyshacl import validate as run

    data = rdflib_graph(quads)
    _, report, _ = run(
        data,
        shacl_graph=_turtle(shapes),
        ont_graph=ontology,
        inference="none",
        advanced=True,
        allow_warnings=True,
    )
    return sorted(_violations(report), key=lambda violation: (not violation.grave, *violation.key))


def rdflib_graph(quads: Iterable[Quad]) -> Graph:
    """The triples of the quads as an rdflib graph, literals with the forms they were written in."""
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    text = "\n".join({f"{quad.triple} ." for quad in quads})
    return rdflib.Graph().parse(data=text, format="nt")


def _turtle(path: Path) -> Graph:
    import rdflib

    return rdflib.Graph().parse(path, format="turtle")


def _violations(report: Graph) -> Iterable[Violation]:
    from rdflib import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):

        def text(name: str, result: Node = result) -> str:
            return str(report.value(result, SH[name]) or "")

        grave = report.value(result, SH.resultSeverity) == SH.Violation
        yield Violation(text("focusNode"), text("resultPath"), text("value"), text("resultMessage"), grave)


def in_words(
    violations: Sequence[Violation], store: Store, lines: Callable[[Violation], Sequence[int]]
) -> list[str]:
    """Each violation as a sentence: the label, the statement, the message, and the lines of the facts."""
    sentences = []
    for violation in violations:
        places = [f"facts.csv:{line}" for line in lines(violation)]
        statement = _statement(violation, store)
        place = f" ({', '.join(places)})" if places else ""
        sentences.append(f"{_name(violation.focus, store)}: {violation.message}{statement}{place}")
    return sentences


def _statement(violation: Violation, store: Store) -> str:
    """What was stated; '' where the flaw is that nothing was."""
    if not violation.path.startswith("http") or not violation.value:
        return ""
    return f" Stated: {_name(violation.path, store)} “{_name(violation.value, store)}”."


def _name(text: str, store: Store) -> str:
    if not text.startswith(("http://", "https://")):
        return text
    return label(store, IRI(text), ["en"]).text
