"""Writing to a graph, as the faces ask for it: releases and the sandbox each do it their own way.

The five ways are SPARQL 1.1 Update and the operations of the SPARQL 1.1 Graph Store HTTP Protocol.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.release import Release

if TYPE_CHECKING:
    from kg.store import IRI

Expectation: TypeAlias = Callable[[Release], bool]


@dataclass(frozen=True)
class Document:
    """One RDF document to be stored.

    `media_type` is one of the formats of RDF, or '' where the content shall tell; relative IRIs are
    resolved against `base`; `gzipped` says that `data` are still packed.
    """

    data: bytes
    media_type: str
    base: str
    gzipped: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a write did.

    `state` is the tag of the state that it made, `version` the number of the release that is now current;
    `added` and `removed` count quads, None where nobody counts; `created` says whether the graph written did
    not exist before.
    """

    state: str
    version: int
    added: int | None
    removed: int | None
    created: bool


class Writing(ABC):
    """The ways to write; `who` is noted, and `graph` None is the default graph.

    `expected` is asked under the lock, with the release that the write would be made on; StateChanged is
    raised where it says no. Each way raises WriteError and QueryError too, and leaves then no trace.
    """

    @abstractmethod
    def update(
        self,
        text: str,
        who: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        expected: Expectation | None = None,
    ) -> Receipt:
        """Make an update; the graphs are those of the SPARQL 1.1 Protocol, section 2.2.3."""

    def put(
        self,
        graph: IRI | None,
        documents: Sequence[Document],
        who: str,
        *,
        expected: Expectation | None = None,
    ) -> Receipt:
        """Let the graph be what the documents state. Raises ForeignDataError."""
        return self._write({"kind": "put", "graph": name_of(graph)}, documents, who, expected)

    def post(
        self,
        graph: IRI | None,
        documents: Sequence[Document],
        who: str,
        *,
        expected: Expectation | None = None,
    ) -> Receipt:
        """Add what the documents state to the graph. Raises ForeignDataError."""
        return self._write({"kind": "post", "graph": name_of(graph)}, documents, who, expected)

    def delete(self, graph: IRI | None, who: str, *, expected: Expectation | None = None) -> Receipt:
        """Delete the graph. Raises UnknownEntity where there is none."""
        return self._write({"kind": "delete", "graph": name_of(graph)}, (), who, expected)

    @abstractmethod
    def patch(
        self, graph: IRI | None, text: str, who: str, *, base: str, expected: Expectation | None = None
    ) -> Receipt:
        """Make an update whose default graph is `graph`, relative IRIs resolved against `base`."""

    @abstractmethod
    def _write(
        self,
        order: dict[str, Any],
        documents: Sequence[Document],
        who: str,
        expected: Expectation | None,
    ) -> Receipt:
        """Make the write that an order tells to the process that makes it."""


def name_of(graph: IRI | None) -> str:
    """The name of a graph in an order; '' for the default graph."""
    return graph.value if graph else ""
