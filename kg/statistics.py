"""Counts of the default graph, taken at a build by SPARQL and kept right as triples come and go.

They are the numbers of VoID (Describing Linked Datasets with the VoID Vocabulary, section 4) and say no more
and no less than a query would that counts the same on the endpoint.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kg import void
from kg.errors import ReleaseError
from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.iris import Iris
    from kg.store import Quad, Solution, Store, Term

Node: TypeAlias = IRI | BlankNode | Triple
Rest: TypeAlias = Callable[["Node | None", "IRI | None", "Term | None"], Iterator[Triple]]
Counts: TypeAlias = dict[str, int]
Table: TypeAlias = dict[str, Counts]

TRIPLES, SUBJECTS, OBJECTS, ENTITIES = "triples", "subjects", "objects", "entities"
HOST = re.compile(r"[^:/?#]+://[^/?#]+/")


@dataclass
class Statistics:
    """How much the default graph holds of what, by IRI; and how many triples each named graph has.

    `totals` are triples, distinct subjects and objects, and entities: subjects below `<base>id/`. Of each
    property `triples`, `subjects` and `objects` tell the same, and `datatypes` how many of its objects are
    literals of which type. `class_triples` and `class_subjects` are by class and then by property: triples
    whose subject is a member, and members that have the property. `links` count, by property and then by
    host, the links from entities to what others name. What is zero is absent.
    """

    base: str
    totals: Counts = field(default_factory=dict)
    triples: Counts = field(default_factory=dict)
    subjects: Counts = field(default_factory=dict)
    objects: Counts = field(default_factory=dict)
    datatypes: Table = field(default_factory=dict)
    class_triples: Table = field(default_factory=dict)
    class_subjects: Table = field(default_factory=dict)
    links: Table = field(default_factory=dict)
    graphs: Counts = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, iris: Iris) -> Statistics:
        """The counts of a store, in whose union the graph of statistics has no part."""
        found = cls(iris.base)
        found._count_totals(store)
        found._count_graphs(store)
        for prop in _iris(store.select("SELECT DISTINCT ?x WHERE { ?s ?x ?o }")):
            found._count_property(store, prop)
        for kind in _iris(store.select("SELECT DISTINCT ?x WHERE { ?s a ?x }")):
            found._count_class(store, kind)
        _put(found.totals, TRIPLES, sum(found.triples.values()))
        found.graphs.pop(iris.statistics_graph.value, None)
        return found

    @classmethod
    def read(cls, path: Path) -> Statistics:
        """The counts in a file. Raises ReleaseError when it cannot be read."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ReleaseError(f"{path} holds no counts ({error}); run `kg build`.") from error

    def write(self, path: Path) -> None:
        """Write the counts as JSON, through to the disk."""
        with path.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())

    @property
    def entity_space(self) -> str:
        """What the IRIs of entities begin with."""
        return f"{self.base}id/"

    def add(self, triple: Triple, rest: Rest) -> None:
        """Count a triple that joins the default graph.

        `rest` gives the triples of the default graph that match a pattern, in which None is anything; the
        triple itself is not among them. Its terms are as the store holds them.
        """
        self._change(triple, rest, 1)

    def remove(self, triple: Triple, rest: Rest) -> None:
        """Count a triple no longer that has left the default graph; `rest` is without it, as for `add`."""
        self._change(triple, rest, -1)

    def add_quad(self, graph: IRI) -> None:
        """Count a triple that joins a named graph."""
        _shift(self.graphs, graph.value, 1)

    def remove_quad(self, graph: IRI) -> None:
        """Count a triple no longer that has left a named graph."""
        _shift(self.graphs, graph.value, -1)

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """The statements of the graph of statistics; the same counts make the same statements."""
        return void.quads(self, iris)

    def _change(self, triple: Triple, rest: Rest, step: int) -> None:
        subject, prop, value = triple.subject, triple.predicate, triple.object
        name, is_new = prop.value, not _any(rest(subject, None, None))
        has_more = _any(rest(subject, prop, None))
        _shift(self.totals, TRIPLES, step)
        _shift(self.totals, SUBJECTS, step * is_new)
        _shift(self.totals, ENTITIES, step * (is_new and self._is_entity(subject)))
        _shift(self.totals, OBJECTS, step * (not _any(rest(None, None, value))))
        _shift(self.triples, name, step)
        _shift(self.subjects, name, step * (not has_more))
        _shift(self.objects, name, step * (not _any(rest(None, prop, value))))
        if isinstance(value, Literal):
            _shift_in(self.datatypes, name, value.datatype.value, step)
        if self._is_entity(subject):
            self._link(prop, value, step)
        for other in rest(subject, RDF_TYPE, None):
            if isinstance(other.object, IRI):
                _shift_in(self.class_triples, other.object.value, name, step)
                _shift_in(self.class_subjects, other.object.value, name, step * (not has_more))
        if prop == RDF_TYPE and isinstance(value, IRI):
            self._join(value.value, [triple, *rest(subject, None, None)], step)

    def _join(self, kind: str, triples: Iterable[Triple], step: int) -> None:
        """Count all that is said of a new member of a class, or of one that it loses."""
        for prop, count in Counter(triple.predicate.value for triple in triples).items():
            _shift_in(self.class_triples, kind, prop, step * count)
            _shift_in(self.class_subjects, kind, prop, step)

    def _link(self, prop: IRI, value: Term, step: int) -> None:
        if isinstance(value, IRI) and prop != RDF_TYPE and not value.value.startswith(self.base):
            host = HOST.match(value.value)
            if host:
                _shift_in(self.links, prop.value, host[0], step)

    def _is_entity(self, subject: Node) -> bool:
        return isinstance(subject, IRI) and subject.value.startswith(self.entity_space)

    def _count_totals(self, store: Store) -> None:
        objects = store.select("SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }")
        _put(self.totals, OBJECTS, _number(objects[0], "n"))
        subjects = "{ SELECT DISTINCT ?s WHERE { ?s ?p ?o } }"
        is_entity = f'(ISIRI(?s) && STRSTARTS(STR(?s), "{self.entity_space}"))'
        query = f"SELECT ?is (COUNT(*) AS ?n) WHERE {{ {subjects} BIND({is_entity} AS ?is) }} GROUP BY ?is"
        found = {_is_true(row["is"]): _number(row, "n") for row in store.select(query)}
        _put(self.totals, SUBJECTS, sum(found.values()))
        _put(self.totals, ENTITIES, found.get(True, 0))
        if ENTITIES in self.totals:
            is_foreign = f'ISIRI(?o) && !STRSTARTS(STR(?o), "{self.base}")'
            for row in store.select(f"SELECT ?p ?o WHERE {{ ?s ?p ?o FILTER({is_foreign} && {is_entity}) }}"):
                assert isinstance(row["p"], IRI)
                self._link(row["p"], row["o"], 1)

    def _count_graphs(self, store: Store) -> None:
        query = "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
        for row in store.select(query):
            _put(self.graphs, _iri(row, "graph"), _number(row, "n"))

    def _count_property(self, store: Store, prop: str) -> None:
        counts = "(COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
        [row] = store.select(f"SELECT {counts} WHERE {{ ?s <{prop}> ?o }}")
        self.triples[prop] = _number(row, TRIPLES)
        self.subjects[prop] = _number(row, SUBJECTS)
        self.objects[prop] = _number(row, OBJECTS)
        typed = f"SELECT ?type (COUNT(*) AS ?n) WHERE {{ ?s <{prop}> ?o }} GROUP BY (DATATYPE(?o) AS ?type)"
        found = {_iri(row, "type"): _number(row, "n") for row in store.select(typed) if "type" in row}
        if found:
            self.datatypes[prop] = found

    def _count_class(self, store: Store, kind: str) -> None:
        counts = "(COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)"
        rows = store.select(f"SELECT ?p {counts} WHERE {{ ?s a <{kind}> ; ?p ?o }} GROUP BY ?p")
        self.class_triples[kind] = {_iri(row, "p"): _number(row, TRIPLES) for row in rows}
        self.class_subjects[kind] = {_iri(row, "p"): _number(row, SUBJECTS) for row in rows}


def _any(triples: Iterable[Triple]) -> bool:
    return any(True for _ in triples)


def _put(counts: Counts, name: str, count: int) -> None:
    if count:
        counts[name] = count


def _shift(counts: Counts, name: str, step: int) -> None:
    counts[name] = counts.get(name, 0) + step
    if not counts[name]:
        del counts[name]


def _shift_in(table: Table, first: str, second: str, step: int) -> None:
    counts = table.setdefault(first, {})
    _shift(counts, second, step)
    if not counts:
        del table[first]


def _iris(rows: Iterable[Solution]) -> list[str]:
    return [term.value for row in rows if isinstance(term := row["x"], IRI)]


def _iri(row: Solution, name: str) -> str:
    term = row[name]
    assert isinstance(term, IRI)
    return term.value


def _is_true(term: Term) -> bool:
    return isinstance(term, Literal) and term.value == "true"


def _number(row: Solution, name: str) -> int:
    term = row[name]
    assert isinstance(term, Literal)
    return int(term.value)
