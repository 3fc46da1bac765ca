"""SHACL over the whole graph, each violation told in words (https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import ReleaseError
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

    The data are taken as one graph, and the ontology gives the sub-classes. Raises ReleaseError where the
    file is not SHACL.
    """
    try:
        report = run(rdflib_graph(quads), _turtle(shapes), ont_graph=ontology, inplace=False)
    except (ReleaseError, SyntaxError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{shapes} cannot be used as SHACL shapes ({error}); mend it.") from error
    return violations(report)


def run(
    data: Graph,
    shapes: Graph,
    *,
    ont_graph: Graph | None = None,
    inplace: bool = True,
    use_shapes: list[str] | None = None,
    focus_nodes: list[str] | None = None,
) -> Graph:
    """The validation report on a graph; `use_shapes` on `focus_nodes` alone where they are given.

    Raises ReleaseError where the shapes are not SHACL.
    """
    from pyshacl import validate as validated
    from pyshacl.errors import ReportableRuntimeError, ValidationFailure

    _declare_imported_prefixes(shapes)
    try:
        _, report, _ = validated(
            data,
            shacl_graph=shapes,
            ont_graph=ont_graph,
            inference="none",
            inplace=inplace,
            advanced=True,
            use_shapes=use_shapes,
            focus_nodes=focus_nodes,
        )
    except (ReportableRuntimeError, NotImplementedError) as error:
        raise ReleaseError(str(error)) from error
    if isinstance(report, ValidationFailure):  # the shapes ask for what SHACL forbids
        raise ReleaseError(report.message)
    found: Graph = report
    return found


def _declare_imported_prefixes(shapes: Graph) -> None:
    """Declare in each ontology the prefixes of those that it imports (SHACL, section 5.2.1)."""
    from rdflib import OWL, SH

    for ontology in set(shapes.objects(None, SH.prefixes)):
        for imported in shapes.transitive_objects(ontology, OWL.imports):
            for declaration in list(shapes.objects(imported, SH.declare)):
                shapes.add((ontology, SH.declare, declaration))


def violations(report: Graph) -> list[Violation]:
    """The violations in a report, graver ones first, then by IRI."""
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
    violations: Sequence[Violation], store: Store, places: Callable[[Violation], Sequence[str]]
) -> list[str]:
    """Each violation as a sentence: the label, the message, the statement, and where the tables make it."""
    sentences = []
    for violation in violations:
        found = ", ".join(places(violation))
        told = f"{_name(violation.focus, store)}: {violation.message}{_statement(violation, store)}"
        sentences.append(f"{told} ({found})" if found else told)
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
