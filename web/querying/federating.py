"""SERVICE in the queries of a request, answered before it is evaluated (`kg.federating.federation`)."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flask import current_app

from kg.store import IRI, Literal
from web.callers import caller, client
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.federating.federation import Federation
    from kg.store import Term
    from web.querying.protocol import Asked

KEY = "kg.federation"
ROWS = "application/sparql-results+json"


def resolved(asked: Asked, query: str) -> str:
    """The query with the answers of other endpoints in the place of its SERVICE clauses.

    Raises QueryError.
    """
    federation: Federation = current_app.extensions[KEY]
    held = snapshot()
    return federation.resolved(
        query,
        held.release.prefixes,
        held.release.iris.base,
        held.limits.deadline,
        partial(_solutions, asked),
        client(),
    )


def _solutions(asked: Asked, query: str) -> Iterator[dict[str, Term]]:
    """What is known here, by a query that is part of that of the request."""
    evaluator = snapshot().evaluator.by(replace(caller(), id=""))  # the id is for the whole query
    graphs = asked.default_graphs, asked.named_graphs
    with evaluator.evaluate(query, ROWS, default_graphs=graphs[0], named_graphs=graphs[1]) as evaluation:
        found = json.loads(b"".join(evaluation))
    for solution in found["results"]["bindings"]:
        yield {name: _term(value) for name, value in solution.items()}


def _term(value: dict[str, str]) -> Term:
    """A term of the results; of what is no IRI only that it is none matters."""
    return IRI(value["value"]) if value["type"] == "uri" else Literal(str(value["value"]))
