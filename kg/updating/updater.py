"""The process that makes a write: `python -m kg.updating.updater`.

It is told by one message what to write on what, copies the store (hard links), changes the copy, keeps up
what depends on it, and answers with what is different. What it is sent a stranger wrote: it has no network,
an allowance of memory and a deadline. `kg.updating.writer` is the other end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import defaultdict
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import Graph

from kg import nquads
from kg.errors import InvalidWrite, KGError, UnknownEntity, WriteRefused, WriteUnsupported
from kg.iris import Iris
from kg.journal import read_patch
from kg.processes import frames, isolation
from kg.processes.reports import told
from kg.skolem import skolemise
from kg.sparql.keywords import has_keyword
from kg.sparql.syntax import misreading
from kg.statistics import Statistics
from kg.store import IRI, DefaultGraph, EmbeddedStore, Oxigraph, Quad
from kg.updating.changes import Changes, normalised
from kg.updating.execution import NO_GRAPH, Execution, Rules
from kg.updating.payload import read_document
from kg.updating.revalidation import Revalidation
from kg.updating.updates import check_has_no_dataset, operations
from kg.updating.upkeep import Upkeep
from kg.validation import in_words, violations
from kg.workers import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.updating.updates import Operation


def main() -> None:
    """Make the write that stdin tells, and answer on stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    filtered = isolation.deny_network()
    _, payload = frames.unpack(sys.stdin.buffer.read)
    order = json.loads(payload)
    isolation.end_with_parent(sys.stdin.fileno())
    isolation.limit_memory(order["memory"])
    isolation.end_after(order["seconds"])
    replies = sys.stdout.buffer
    try:
        replies.write(frames.pack_json(frames.END, Write(order, filtered=filtered).make()))
    except MemoryError:
        os.abort()
    except KGError as error:
        replies.write(frames.pack_json(frames.FAILURE, told(error)))
    replies.flush()


MOST_TOLD = 20


class Write:
    """One write, from the store it is made on to what is different after it."""

    def __init__(self, order: dict[str, Any], *, filtered: bool) -> None:
        self._order, self._filtered = order, filtered
        self._iris = Iris(order["base"])
        self._quads_file = Path(order["quads"])
        Oxigraph.read_only(order["store"]).backup(order["target"])
        self._store = Oxigraph(order["target"])
        self._rules = Rules(
            order["work"].get("base", order["base"]),
            order["prefixes"],
            self._iris.genid("written"),
            self._iris.derived_graphs,
            self._iris.statistics_graph,
        )

    def make(self) -> dict[str, Any]:
        """Change the store; what the manifest and the journal need to know. Raises WriteError and others."""
        changes = self._pending()
        own = Changes(self._store)
        created = self._work(own)
        patch = [*_rows("-", self._lines(own.removed)), *_rows("+", map(nquads.line, own.added))]
        changes.join(own)
        if not (changes.added or changes.removed):
            return {"changed": False, "created": created}
        found = self._keep_up(changes)
        self._validate(changes)
        self._forget_empty(changes.removed)
        self._store.flush()
        _write(self._order["removed"], self._lines(changes.removed))
        _write(self._order["added"], map(nquads.line, changes.added))
        _write(self._order["patch"], sorted(patch))
        return {
            "changed": True,
            "created": created,
            "added": len(own.added),
            "removed": len(own.removed),
            **found,
        }

    def _pending(self) -> Changes:
        """The writes that the journal has and the release does not, for a crash came between."""
        changes = Changes(self._store)
        for path in self._order["pending"]:
            for mark, quad in read_patch(Path(path)).changes:
                (changes.add if mark == "+" else changes.remove)(normalised([quad]))
        return changes

    def _work(self, changes: Changes) -> bool:
        """Do what is asked; whether that makes a graph that was not there."""
        work = self._order["work"]
        if work["kind"] == "replace":
            self._replace(changes, work)
            return False
        graph = IRI(work["graph"]) if work["graph"] else None
        if work["kind"] in ("update", "patch"):
            is_new = graph is not None and self._is_empty(graph)
            self._update(changes, work, graph)
            return graph is not None and is_new and not self._is_empty(graph)
        if graph is None:
            raise WriteRefused(NO_GRAPH)
        held = set(self._quads_of(self._rules.checked(graph)))
        if work["kind"] == "delete":
            if not held:
                raise UnknownEntity(f"There is no graph {graph.value}.")
            changes.remove(held)
            return False
        wanted = normalised(self._documents(work["documents"], graph))
        if work["kind"] == "put":
            changes.remove(held - wanted)
        changes.add(wanted)
        return not held and bool(wanted)

    def _replace(self, changes: Changes, work: dict[str, Any]) -> None:
        """Let several graphs be what the documents state in them."""
        graphs = [self._rules.checked(IRI(name)) for name in work["graphs"]]
        read = skolemise(self._read(work["documents"]), self._iris.genid("written"))
        wanted = normalised(_within(quad, frozenset(graphs)) for quad in read)
        changes.remove({quad for graph in graphs for quad in self._quads_of(graph)} - wanted)
        changes.add(wanted)

    def _update(self, changes: Changes, work: dict[str, Any], graph: IRI | None) -> None:
        text = work["text"]
        if not self._filtered and has_keyword(text, "SERVICE"):
            raise verdicts.failure("service", "", None)
        found = _parsed(text, self._rules)
        graphs = [[IRI(iri) for iri in work[name]] for name in ("default_graphs", "named_graphs")]
        if any(graphs):
            check_has_no_dataset(found)
        execution = Execution(changes, self._rules, graph, *graphs)
        try:
            for operation in found:
                execution.execute(operation)
        except (OSError, RuntimeError, ValueError) as error:
            cause = "service" if has_keyword(text, "SERVICE") else "evaluation"
            raise verdicts.failure(cause, str(error), None) from error

    def _documents(self, documents: list[dict[str, Any]], graph: IRI) -> Iterator[Quad]:
        """What the documents state, in the graph; IRIs stand for blank nodes."""
        for document in documents:
            placed = (_placed(quad, graph) for quad in self._read([document]))
            yield from skolemise(placed, self._iris.genid("written"))

    def _read(self, documents: list[dict[str, Any]]) -> Iterator[Quad]:
        """The quads of documents as they stand there."""
        for document in documents:
            yield from read_document(
                Path(document["path"]).read_bytes(),
                document["media_type"],
                document["base"],
                self._order["most"],
                gzipped=document["gzipped"],
            )

    def _keep_up(self, changes: Changes) -> dict[str, Any]:
        """Infer, unite, count; what the manifest is to say."""
        upkeep = Upkeep(changes, self._iris, self._order["own_axioms"], self._order["is_complete"])
        statistics = Statistics.read(Path(self._order["statistics"]))
        upkeep.infer()
        statistics = upkeep.unite(statistics)
        upkeep.describe(statistics)
        statistics.write(Path(self._order["new_statistics"]))
        return {
            "is_complete": upkeep.is_complete,
            "warnings": upkeep.warnings,
            "counts": upkeep.counts(self._order["counts"]),
            "languages": upkeep.languages(self._order["languages"]),
        }

    def _validate(self, changes: Changes) -> None:
        """Raise InvalidWrite where the shapes of the release forbid what is there now."""
        changed = [quad for quad in (*changes.added, *changes.removed) if self._is_of_the_facts(quad)]
        report = Revalidation(self._store, self._iris).report(changed)
        grave = [one for one in violations(report or Graph()) if one.grave]
        if report is not None and grave:
            told = in_words(grave[:MOST_TOLD], EmbeddedStore(self._store), lambda _: [])
            raise InvalidWrite("\n".join(told), report.serialize(format="nt"))

    def _is_of_the_facts(self, quad: Quad) -> bool:
        return self._iris.is_stated(quad) or quad.graph_name == self._iris.inferred_graph

    def _lines(self, quads: Iterable[Quad]) -> Iterator[str]:
        """The lines that say the quads, in the lexical forms in which they were written."""
        places = defaultdict(set)
        for quad in quads:
            places[quad.subject, quad.predicate].add(quad)
        for (subject, predicate), some in places.items():
            assert isinstance(subject, IRI)
            written = defaultdict(list)
            for one in nquads.about(self._quads_file, subject, predicate):
                [form] = [one] if one in some else normalised([one])
                written[form].append(one)
            yield from (nquads.line(one) for quad in some for one in written.get(quad, [quad]))

    def _quads_of(self, graph: IRI) -> Iterator[Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)

    def _is_empty(self, graph: IRI) -> bool:
        return not any(True for _ in self._quads_of(graph))

    def _forget_empty(self, removed: Iterable[Quad]) -> None:
        """A graph without statements is none."""
        for graph in {quad.graph_name for quad in removed}:
            if isinstance(graph, IRI) and self._is_empty(graph):
                self._store.remove_graph(graph)


def _parsed(text: str, rules: Rules) -> list[Operation]:
    """The operations of an update that the engine accepts. Raises QuerySyntaxError and WriteRefused."""
    lost, found = None, []
    try:
        found = operations(text)
    except WriteRefused as error:
        lost = error
    if any(operation.kind == "load" for operation in found):
        raise WriteUnsupported(
            "LOAD is not done here, for nothing is ever fetched; send the document itself."
        )
    try:
        Oxigraph().update(text, base_iri=rules.base, prefixes=dict(rules.prefixes))
    except SyntaxError as error:
        parse = partial(Oxigraph().update, base_iri=rules.base, prefixes=dict(rules.prefixes))
        raise verdicts.failure(**misreading(text, error, parse, rules.prefixes)) from error
    except (OSError, RuntimeError):
        pass  # an empty store has no graph to drop, and nothing is fetched
    if lost:
        raise lost
    return found


def _placed(quad: Quad, graph: IRI) -> Quad:
    """The triple in the graph. Raises WriteRefused for one that is in a graph already."""
    if quad.graph_name not in (DefaultGraph(), graph):
        message = f"The document states in {quad.graph_name}, and is to be stored in {graph}; send triples."
        raise WriteRefused(message)
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _within(quad: Quad, graphs: frozenset[IRI]) -> Quad:
    """The quad, if it stands in one of the graphs. Raises WriteRefused."""
    if quad.graph_name not in graphs:
        message = f"The document states in {quad.graph_name}, which is not one of the graphs to be replaced."
        raise WriteRefused(message)
    return quad


def _rows(mark: str, lines: Iterable[str]) -> list[str]:
    return [f"{mark} {line}" for line in lines]


def _write(path: str, lines: Iterable[str]) -> None:
    with Path(path).open("x", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
