"""The SPARQL port: what everything above asks of a triple store, and the embedded engine behind it.

The terms of the port are those of pyoxigraph, which is imported here and by the evaluation worker
only. A second engine, any SPARQL 1.1 endpoint, implements the same protocol.
"""

from __future__ import annotations

from itertools import chain, groupby, islice
from typing import IO, TYPE_CHECKING, Protocol, Self, TypeAlias

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuadParser,
    QueryBoolean,
    QuerySolutions,
    RdfFormat,
    Triple,
    Variable,
    parse,
    serialize,
)
from pyoxigraph import Store as Oxigraph

from kg.errors import ForeignDataError, ReleaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = [
    "IRI",
    "BlankNode",
    "CanonicalizationAlgorithm",
    "Dataset",
    "DefaultGraph",
    "EmbeddedStore",
    "Literal",
    "Oxigraph",
    "Quad",
    "QuadParser",
    "RdfFormat",
    "Solution",
    "Store",
    "Term",
    "Triple",
    "add_apart",
    "bulk_load",
    "parse",
    "parse_quads",
    "serialize",
]

IRI = NamedNode
Term: TypeAlias = IRI | BlankNode | Literal | Triple
Solution: TypeAlias = "Mapping[str, Term]"


class Store(Protocol):
    """Read access to the quads of one release; the default graph is the union of the named graphs.

    The graph of statistics has no part in the union, which it counts. The queries given to it are our own:
    a stranger's query goes to `kg.workers.evaluator`.
    """

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """Solutions of a SELECT query, in its order; an unbound variable is absent from its solution.

        `bindings` puts terms in the place of variables; a variable so bound must be projected.
        """
        ...

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """Whether an ASK query has a solution."""
        ...

    def quads(
        self,
        subject: IRI | BlankNode | None = None,
        predicate: IRI | None = None,
        object: Term | None = None,  # noqa: A002 the standard name of the third place of a triple
        graph: IRI | None = None,
    ) -> Iterator[Quad]:
        """Quads that match; `None` matches everything."""
        ...

    def is_hub(self, term: IRI, most: int) -> bool:
        """Whether more than `most` triples begin or end at a term, at a price that `most` bounds."""
        ...

    def graphs(self) -> Iterator[IRI]:
        """Names of the named graphs."""
        ...

    def __len__(self) -> int:
        """Count of quads."""
        ...


class EmbeddedStore:
    """pyoxigraph, read-only on disk (any number of processes may open it) or in memory.

    Its methods are those of `Store`, where they are described.
    """

    def __init__(self, engine: Oxigraph) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> Self:
        """The store in the folder `path`, read-only. Raises ReleaseError when it is not one."""
        try:
            return cls(Oxigraph.read_only(str(path)))
        except OSError as error:
            message = f"{path} is not a readable store ({error}); run `kg build` to make a new release."
            raise ReleaseError(message) from error

    @classmethod
    def in_memory(cls, quads: Iterable[Quad]) -> Self:
        """A store that lives as long as the object and holds the given quads."""
        engine = Oxigraph()
        engine.bulk_extend(quads)
        engine.bulk_extend(Quad(*quad.triple) for quad in list(engine))
        return cls(engine)

    def select(self, query: str, bindings: Mapping[str, Term] | None = None) -> list[Solution]:
        """See `Store.select`."""
        results = self._query(query, bindings)
        assert isinstance(results, QuerySolutions)
        names = [variable.value for variable in results.variables]
        return [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in results
        ]

    def ask(self, query: str, bindings: Mapping[str, Term] | None = None) -> bool:
        """See `Store.ask`."""
        result = self._query(query, bindings)
        assert isinstance(result, QueryBoolean)
        return bool(result)

    def quads(
        self,
        subject: IRI | BlankNode | None = None,
        predicate: IRI | None = None,
        object: Term | None = None,  # noqa: A002 the standard name of the third place of a triple
        graph: IRI | None = None,
    ) -> Iterator[Quad]:
        """See `Store.quads`."""
        found = self._engine.quads_for_pattern(subject, predicate, object, graph)
        return (quad for quad in found if not isinstance(quad.graph_name, DefaultGraph))

    def is_hub(self, term: IRI, most: int) -> bool:
        """See `Store.is_hub`; the default graph is the union, in which each triple is once."""
        union = DefaultGraph()
        begin = self._engine.quads_for_pattern(term, None, None, union)
        end = self._engine.quads_for_pattern(None, None, term, union)
        return sum(1 for _ in islice(chain(begin, end), most + 1)) > most

    def graphs(self) -> Iterator[IRI]:
        """See `Store.graphs`."""
        return (name for name in self._engine.named_graphs() if isinstance(name, IRI))

    def __len__(self) -> int:
        [row] = self.select("SELECT (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } }")
        count = row["count"]
        assert isinstance(count, Literal)
        return int(count.value)

    def _query(self, query: str, bindings: Mapping[str, Term] | None) -> object:
        substitutions = {Variable(name): term for name, term in (bindings or {}).items()}
        return self._engine.query(query, substitutions=substitutions)


def bulk_load(path: Path, quads_file: Path) -> None:
    """Make the store in the new folder `path` from a sorted file of N-Quads, written through to the disk.

    The default graph of the store is the union of the named ones, each triple once. The engine could also
    make the union as it evaluates, but then a triple that two graphs state is there twice (and so are
    solutions and counts), where an RDF graph is a set (RDF 1.1 Concepts, section 3).
    """
    engine = Oxigraph(str(path))
    engine.bulk_load(path=str(quads_file), format=RdfFormat.N_QUADS)
    triples_file = path.with_name(f"{path.name}.nt")
    with quads_file.open("rb") as quads, triples_file.open("xb") as triples:
        # In a sorted file the quads of one triple are neighbours, and no IRI of a graph holds a blank.
        triples.writelines(
            triple + b" .\n" for triple, _ in groupby(quad.rsplit(b" ", 2)[0] for quad in quads)
        )
    engine.bulk_load(path=str(triples_file), format=RdfFormat.N_TRIPLES)
    triples_file.unlink()
    engine.optimize()
    engine.flush()


def add_apart(path: Path, quads: Iterable[Quad]) -> None:
    """Add quads to the store in a folder without making them part of the union, through to the disk."""
    engine = Oxigraph(str(path))
    engine.bulk_extend(quads)
    engine.flush()


def parse_quads(data: bytes | IO[bytes], form: RdfFormat, base: str | None = None) -> Iterator[Quad]:
    """Quads of a document, literals with the lexical forms they are written in.

    Raises ForeignDataError with line and column where the document is not in the format.
    """
    try:
        yield from parse(data, format=form, base_iri=base)
    except SyntaxError as error:
        place = f"line {error.lineno}, column {error.offset}: " if error.lineno else ""
        message = f"{place}not {form.name}: {error.msg}"
        raise ForeignDataError(message, error.lineno or 0, error.offset or 0) from error
