"""Whether one value compares so with another, as the SPARQL of query graphs has it."""

from __future__ import annotations

import operator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.store import Term
    from search.answering.algebra import Comparison, Value

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def meets(term: Term, value: Value, comparison: Comparison, bound: RDFLiteral) -> bool:
    """Whether a term compares so with a number, a text, or a date at its precision."""
    if not isinstance(term, RDFLiteral):
        return False
    text, limit = term.value, bound.value
    match value.scale:
        case "date":
            return len(text) >= len(limit) and COMPARE[comparison](text[: len(limit)], limit)
        case "text":
            return COMPARE[comparison](text, limit)
    first, second = amount(text), amount(limit)
    return first is not None and second is not None and COMPARE[comparison](first, second)


def amount(text: str) -> Decimal | None:
    """The number that a text is, or None."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
