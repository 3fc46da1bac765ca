"""Rows by which a query chooses what is linked: two things, and what they share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.errors import NetworkRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.evaluation import Evaluation
    from kg.network.projection import Row
    from kg.workers.evaluator import Evaluator

COLUMNS = ("a", "b", "via")
LONGEST = 32 << 20  # bytes of an answer


def rows(evaluator: Evaluator, query: str) -> list[Row]:
    """What a SELECT query with the columns a, b and, if wanted, via answers; without a value via is ''.

    A row without a or b is left out. Raises NetworkRefused for another kind of query, other columns, values
    that are no IRIs, and answers longer than LONGEST; and QueryError.
    """
    with evaluator.evaluate(query) as evaluation:
        if evaluation.form != "solutions":
            raise NetworkRefused("A network is chosen by a SELECT query with the columns ?a, ?b and ?via.")
        found = json.loads(_read(evaluation))
    columns = found["head"]["vars"]
    if not {"a", "b"} <= set(columns) <= set(COLUMNS):
        given = ", ".join(f"?{name}" for name in columns)
        raise NetworkRefused(
            f"The query has the columns {given}; a network needs ?a, ?b and, if wanted, ?via."
        )
    return list(_rows(found["results"]["bindings"]))


def _read(evaluation: Evaluation) -> bytes:
    body = bytearray()
    for piece in evaluation:
        body += piece
        if len(body) > LONGEST:
            message = (
                f"The query answers with more than {LONGEST >> 20} MB; add a LIMIT, or choose fewer pairs."
            )
            raise NetworkRefused(message)
    return bytes(body)


def _rows(bindings: list[dict[str, Any]]) -> Iterator[Row]:
    for binding in bindings:
        if "a" in binding and "b" in binding:
            for name, term in binding.items():
                if term["type"] != "uri":
                    message = (
                        f"?{name} has the value “{term['value']}”, and only things with an IRI are linked."
                    )
                    raise NetworkRefused(message)
            a, b, via = (binding.get(name, {}).get("value", "") for name in COLUMNS)
            yield a, b, via
