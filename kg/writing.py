"""Writing to a graph, as the faces ask for it: releases and the sandbox each do it their own way.

The five ways are SPARQL 1.1 Update and the operations of the SPARQL 1.1 Graph Store HTTP Protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

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


class Writing(Protocol):
    """The ways to write; `who` is noted, and `graph` None is the default graph.

    `expected` is asked under the lock, with the release that the write would be made on; StateChanged is
    raised where it says no. Each way raises WriteError and QueryError too, and leaves then no trace.
    """

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
        ...

    def put(
        self,
        graph: IRI | None,
        documents: Sequence[Document],
        who: str,
        *,
        expected: Expectation | None = None,
    ) -> Receipt:
        """Let the graph be what the documents state. Raises ForeignDataError."""
        ...

    def post(
        self,
        graph: IRI | None,
        documents: Sequence[Document],
        who: str,
        *,
        expected: Expectation | None = None,
    ) -> Receipt:
        """Add what the documents state to the graph. Raises ForeignDataError."""
        ...

    def delete(self, graph: IRI | None, who: str, *, expected: Expectation | None = None) -> Receipt:
        """Delete the graph. Raises UnknownEntity where there is none."""
        ...

    def patch(
        self, graph: IRI | None, text: str, who: str, *, base: str, expected: Expectation | None = None
    ) -> Receipt:
        """Make an update whose default graph is `graph`, relative IRIs resolved against `base`."""
        ...
