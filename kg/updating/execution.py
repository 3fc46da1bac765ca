"""The operations of an update, executed on a store so that each quad they change is known.

What SPARQL 1.1 Update says in section 4.2 is done in its own words: the solutions of WHERE are computed,
and the templates are filled in with them, both by the engine. Graphs are never empty here and blank nodes
get IRIs (section 3.1.1 of RDF 1.1 Concepts lets a store do so), and the default graph is read-only.
"""

from __future__ import annotations

import uuid
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.errors import ReadOnlyGraph, WriteRefused
from kg.store import IRI, BlankNode, DefaultGraph, Oxigraph, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.updating.changes import Changes
    from kg.updating.updates import Operation

ROWS = 1000  # solutions filled in at once
NO_GRAPH = (
    "The default graph is the union of all graphs and cannot be written; name the graph: GRAPH <…> { … } in "
    "the update, WITH <…> before it, or using-graph-uri in the request."
)


@dataclass(frozen=True)
class Rules:
    """How an update is read, and what it may write: `read_only` has the graphs that only a build writes.

    `base` and `prefixes` are known to every update; IRIs for blank nodes begin with `space`; `apart` is the
    graph that the default graph, the union of all others, is without.
    """

    base: str
    prefixes: Mapping[str, str]
    space: str
    read_only: frozenset[IRI]
    apart: IRI

    def checked(self, graph: IRI) -> IRI:
        """The graph, if it may be written. Raises ReadOnlyGraph."""
        if graph in self.read_only:
            message = (
                f"{graph.value} is made by every build and cannot be written; write in the graph of a source "
                f"and, where the graph is a variable, leave this one out: FILTER(?graph != {graph})."
            )
            raise ReadOnlyGraph(message)
        return graph


class Execution:
    """Executes operations on the store of some changes.

    `graph` is where templates write what names no graph, and what WHERE then reads as the default graph;
    `default_graphs` and `named_graphs` are those of the protocol (SPARQL 1.1 Protocol, section 2.2.3).
    """

    def __init__(
        self,
        changes: Changes,
        rules: Rules,
        graph: IRI | None = None,
        default_graphs: Sequence[IRI] = (),
        named_graphs: Sequence[IRI] = (),
    ) -> None:
        self._changes, self._rules = changes, rules
        self._default_graphs, self._named_graphs = list(default_graphs), list(named_graphs)
        self._reads = graph
        single = default_graphs[0] if len(default_graphs) == 1 else None
        self._graph = graph or single

    def execute(self, operation: Operation) -> None:
        """Make the changes of one operation. Raises WriteError."""
        if operation.kind == "insert data":
            self._changes.add(self._quads(operation, operation.insert, [{}]))
        elif operation.kind == "delete data":
            self._changes.remove(self._quads(operation, operation.delete, [{}]))
        elif operation.kind in ("modify", "delete where"):
            self._modify(operation)
        else:
            self._manage(operation)

    def _modify(self, operation: Operation) -> None:
        solutions = list(self._solutions(operation))
        gone = list(self._quads(operation, operation.delete, solutions))
        come = list(self._quads(operation, operation.insert, solutions))
        self._changes.remove(gone)
        self._changes.add(come)

    def _solutions(self, operation: Operation) -> Iterator[dict[str, Any]]:
        dataset = self._dataset(operation)
        with nullcontext() if dataset else self._changes.united(self._rules.apart):
            found: Any = self._changes.store.query(
                f"{operation.prologue} SELECT * WHERE {operation.where}",
                base_iri=self._rules.base,
                prefixes=dict(self._rules.prefixes),
                **dataset,
            )
            names = [variable.value for variable in found.variables]
            for solution in found:
                yield {name: solution[name] for name in names if solution[name] is not None}

    def _dataset(self, operation: Operation) -> dict[str, Any]:
        """What WHERE reads: as USING says, else WITH, else the request, else the store's own graphs."""
        if operation.using:
            graphs = [(named, self._iri(operation, text)) for named, text in operation.using]
            return {
                "default_graph": [iri for named, iri in graphs if not named],
                "named_graphs": [iri for named, iri in graphs if named],
            }
        if operation.graph:
            return {"default_graph": [self._iri(operation, operation.graph)]}
        if self._default_graphs or self._named_graphs:
            return {"default_graph": self._default_graphs, "named_graphs": self._named_graphs}
        return {"default_graph": [self._reads]} if self._reads else {}

    def _quads(
        self, operation: Operation, template: str, solutions: Iterable[Mapping[str, Any]]
    ) -> Iterator[Quad]:
        """The quads of a template, filled in by the engine in a store of its own."""
        if not template:
            return
        graph = self._iri(operation, operation.graph) if operation.graph else self._graph
        rows, names = iter(solutions), Names(self._rules.space)
        while some := list(islice(rows, ROWS)):
            scratch = Oxigraph()
            scratch.update(
                f"{operation.prologue} INSERT {template} WHERE {{ {_values(some, names)} }}",
                base_iri=self._rules.base,
                prefixes=dict(self._rules.prefixes),
            )
            for quad in scratch:
                yield self._placed(names.quad(quad), graph)

    def _placed(self, quad: Quad, graph: IRI | None) -> Quad:
        """The quad in its graph, if that may be written."""
        name = graph if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        if not isinstance(name, IRI):
            raise WriteRefused(NO_GRAPH)
        return Quad(quad.subject, quad.predicate, quad.object, self._rules.checked(name))

    def _manage(self, operation: Operation) -> None:
        """Graph management (SPARQL 1.1 Update, section 3.2)."""
        targets = [self._target(operation, text) for text in operation.targets]
        source = list(self._quads_of(targets[0]))
        if not source and operation.kind not in ("create", "clear") and not operation.silent:
            raise WriteRefused(
                f"There is no graph {operation.targets[0]}; write SILENT where that is no error."
            )
        if operation.kind in ("clear", "drop"):
            self._remove(targets[0])
        elif operation.kind == "create":
            if source and not operation.silent:
                raise WriteRefused(
                    f"The graph {operation.targets[0]} exists; write SILENT where that is no error."
                )
        elif targets[0] != targets[1]:
            self._transfer(operation.kind, source, targets[0], targets[1])

    def _transfer(self, kind: str, quads: list[Quad], source: IRI | None, target: IRI | None) -> None:
        """ADD, COPY and MOVE."""
        if target is None:
            raise WriteRefused(NO_GRAPH)
        self._rules.checked(target)
        copies = [Quad(quad.subject, quad.predicate, quad.object, target) for quad in quads]
        if kind != "add":
            self._changes.remove(set(self._quads_of(target)) - set(copies))
        self._changes.add(copies)
        if kind == "move":
            self._remove(source)

    def _remove(self, graph: IRI | None) -> None:
        if graph is None:
            raise WriteRefused(NO_GRAPH)
        self._changes.remove(list(self._quads_of(self._rules.checked(graph))))

    def _quads_of(self, graph: IRI | None) -> Iterator[Quad]:
        with nullcontext() if graph else self._changes.united(self._rules.apart):
            yield from self._changes.store.quads_for_pattern(None, None, None, graph or DefaultGraph())

    def _target(self, operation: Operation, text: str) -> IRI | None:
        if text in ("named", "all"):
            message = (
                f"{operation.kind.upper()} {text.upper()} would take the graphs that only a build writes; "
                "name the graphs one by one."
            )
            raise WriteRefused(message)
        return self._graph if text == "default" else self._iri(operation, text)

    def _iri(self, operation: Operation, text: str) -> IRI:
        """The IRI that is written in full, relative, or with a prefix."""
        found: Any = self._changes.store.query(
            f"{operation.prologue} SELECT ?iri {{ VALUES ?iri {{ {text} }} }}",
            base_iri=self._rules.base,
            prefixes=dict(self._rules.prefixes),
        )
        iri = next(iter(found))["iri"]
        assert isinstance(iri, IRI)
        return iri


class Names:
    """Fresh IRIs for blank nodes, the same for the same one."""

    def __init__(self, space: str) -> None:
        self._space = space
        self._known: dict[str, IRI] = {}

    def quad(self, quad: Quad) -> Quad:
        """The quad without blank nodes."""
        subject, value, graph = (self.term(term) for term in (quad.subject, quad.object, quad.graph_name))
        return Quad(subject, quad.predicate, value, graph)

    def term(self, term: Any) -> Any:  # noqa: ANN401 each kind of term comes back as its kind
        """The term, or the IRI of a blank node."""
        if isinstance(term, Triple):
            return Triple(self.term(term.subject), term.predicate, self.term(term.object))
        if isinstance(term, BlankNode):
            return self._known.setdefault(term.value, IRI(f"{self._space}{uuid.uuid4().hex}"))
        return term


def _values(solutions: Sequence[Mapping[str, Any]], names: Names) -> str:
    """The solutions as a VALUES block, which cannot hold blank nodes."""
    variables = sorted({name for solution in solutions for name in solution})

    def cell(solution: Mapping[str, Any], name: str) -> str:
        if name not in solution:
            return "UNDEF"
        term = names.term(solution[name])
        return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)

    rows = (f"({' '.join(cell(solution, name) for name in variables)})" for solution in solutions)
    return f"VALUES ({' '.join(f'?{name}' for name in variables)}) {{ {' '.join(rows)} }}"
