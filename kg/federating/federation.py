"""Queries that ask other endpoints by SERVICE (SPARQL 1.1 Federated Query), as far as the operator allows.

What evaluates a stranger's query has no network. So the clauses are answered before: each endpoint is asked
for the solutions of its pattern, and they take the place of the clause.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from kg.errors import EndpointFailed, Overloaded, QueryRefused, QueryUnsupported
from kg.federating.bindings import narrowed
from kg.federating.exchange import Unanswered, ask
from kg.federating.service_clauses import service_clauses
from kg.federating.solutions import NOTHING, values
from kg.iris import GENID
from kg.records.tables import shortened
from kg.sparql.prologue import Prologue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.federating.bindings import Evaluate
    from kg.federating.endpoints import Endpoint
    from kg.federating.service_clauses import ServiceClause

AGAIN = 2  # seconds after which to ask again


@dataclass(frozen=True)
class FederationLimits:
    """What SERVICE may use.

    An answer has at most `size` bytes and `rows` solutions. A query has at most `clauses`, which are answered
    within `deadline` seconds all together, and `at_once` queries may be waiting for answers. Clauses are
    looked for in a query of at most so many `letters`, for who looks holds up others meanwhile.
    """

    rows: int = 10_000
    size: int = 16 << 20
    deadline: float = 20.0
    clauses: int = 4
    at_once: int = 8
    letters: int = 1 << 16


class Federation:
    """The endpoints that may be asked, by their IRIs, and what asking them may use."""

    def __init__(self, endpoints: Iterable[Endpoint], limits: FederationLimits | None = None) -> None:
        self.endpoints = {endpoint.iri: endpoint for endpoint in endpoints}
        self.limits = limits or FederationLimits()
        self._places: Counter[str] = Counter()
        self._changing = Lock()

    def resolved(
        self,
        query: str,
        prefixes: Mapping[str, str],
        base: str,
        deadline: float | None = None,
        evaluate: Evaluate | None = None,
        client: str = "",
    ) -> str:
        """The query with the answers of endpoints as VALUES in the place of its SERVICE clauses.

        `prefixes` need no declaration; relative IRIs are relative to `base`; `deadline` is in seconds.
        With `evaluate`, which gives the solutions of a SELECT query here, endpoints are told what is known
        before a clause. Lines keep their numbers. A query without SERVICE stays as it is, and so does a text
        that is seen to be no query, or that has too many letters: whoever evaluates it refuses its clauses.

        Raises QueryUnsupported for an endpoint that may not be asked, QueryRefused for too many clauses,
        EndpointFailed for one that does not answer, and Overloaded.
        """
        if len(query) > self.limits.letters or "service" not in query.casefold():
            return query
        prologue = Prologue(prefixes, base)
        clauses = service_clauses(query, prologue)
        if len(clauses) > self.limits.clauses:
            raise QueryRefused(
                f"The query has {len(clauses)} SERVICE clauses; at most {self.limits.clauses} are evaluated."
            )
        asked = [(clause, self._endpoint(clause, prologue)) for clause in clauses]
        seconds = self.limits.deadline if deadline is None else min(deadline, self.limits.deadline)
        resolution = _Resolution(
            query, prologue, f"{base}{GENID}", self.limits, time.monotonic() + seconds, evaluate
        )
        if not any(endpoint for _, endpoint in asked):
            return resolution.text(asked)
        with self._place(client):
            return resolution.text(asked)

    @contextmanager
    def _place(self, client: str) -> Iterator[None]:
        """A place among those who wait for other endpoints, of which a client has half at most.

        Raises Overloaded.
        """
        with self._changing:
            most = self.limits.at_once
            if self._places.total() >= most or (client and self._places[client] >= max(1, most // 2)):
                raise Overloaded("Too many queries wait for other endpoints; try again in a moment.", AGAIN)
            self._places[client] += 1
        try:
            yield
        finally:
            with self._changing:
                self._places[client] -= 1
                self._places += Counter()  # without those who have none

    def _endpoint(self, clause: ServiceClause, prologue: Prologue) -> Endpoint | None:
        """Which endpoint to ask; None where it may not be asked, and its answer may be missing."""
        try:
            return self._allowed(clause, prologue)
        except QueryUnsupported:
            if clause.is_silent:
                return None
            raise

    def _allowed(self, clause: ServiceClause, prologue: Prologue) -> Endpoint:
        """Which endpoint to ask. Raises QueryUnsupported."""
        if not self.endpoints:
            message = (
                "This service asks no other endpoint, so SERVICE is not evaluated; "
                "remove the clause, or run the query where federation is allowed."
            )
            raise QueryUnsupported(message)
        if clause.is_nested:
            message = (
                "SERVICE within SERVICE is not evaluated, for the one endpoint would ask the other; "
                "write the clauses side by side."
            )
            raise QueryUnsupported(message)
        endpoint = self.endpoints.get(prologue.expanded(clause.endpoint) or "")
        if endpoint is None:
            allowed = ", ".join(f"<{iri}>" for iri in self.endpoints)
            message = (
                f"SERVICE {shortened(clause.endpoint)} is not evaluated, for the endpoints that this service "
                f"asks are {allowed}; name one of them, or run the query where yours is allowed."
            )
            raise QueryUnsupported(message)
        return endpoint


@dataclass(frozen=True)
class _Resolution:
    """A query whose endpoints are asked, one after the other."""

    query: str
    prologue: Prologue
    space: str
    limits: FederationLimits
    until: float
    evaluate: Evaluate | None

    def text(self, asked: Sequence[tuple[ServiceClause, Endpoint | None]]) -> str:
        """The query with an answer in the place of each clause, and as many lines."""
        done, position = "", 0
        for clause, endpoint in asked:
            done += self.query[position : clause.start]
            answer = self._answer(clause, endpoint, done) if endpoint else NOTHING
            done += f" {answer} " + "\n" * self.query.count("\n", clause.start, clause.end)
            position = clause.end
        return done + self.query[position:]

    def _answer(self, clause: ServiceClause, endpoint: Endpoint, before: str) -> str:
        """The solutions of a clause as VALUES. Raises EndpointFailed."""
        try:
            answer = ask(endpoint, self._question(clause, before), self.limits.size, self.until)
            return values(answer, clause.variables, self.limits.rows, f"{self.space}{uuid.uuid4().hex}/")
        except Unanswered as error:
            if clause.is_silent:
                return NOTHING
            message = (
                f"The endpoint <{endpoint.iri}> {error}; try again later, ask it for less, or write SERVICE "
                "SILENT to go on without its answer."
            )
            raise EndpointFailed(message) from error

    def _question(self, clause: ServiceClause, before: str) -> str:
        """The query that an endpoint is asked, which needs nothing else."""
        pattern = clause.pattern
        if self.evaluate:
            pattern = narrowed(clause, before, self.query[clause.end :], self.prologue, self.evaluate)
        return f"{self.prologue.text(clause.prefixes)}\nSELECT * WHERE {pattern}"
