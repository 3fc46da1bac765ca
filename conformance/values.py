"""Literals by their values: a service may keep numbers and times in their canonical forms.

Equal values are one thing to RDF (RDF 1.1 Concepts, section 3.3), and the test that forbids canonical forms
says so by `mf:NoCanonicalizationOfNumerics`. Which tests pass by this alone is told in the report.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.isomorphism import Row
    from conformance.manifest import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
BYTES = ("byte", "short", "int", "long")
SIGNS = ("negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger")
INTEGERS = {"integer", *BYTES, *(f"unsigned{name.capitalize()}" for name in BYTES), *SIGNS}
TIMES = {"date", "dateTime", "time", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth"}
TRUTH = {"1": "true", "0": "false"}


def _moment(text: str) -> str:
    zoned = text[-6:] in {"+00:00", "-00:00"}
    return f"{text[:-6]}Z" if zoned else text


CANONICAL: dict[str, tuple[str, Callable[[str], str]]] = {
    "decimal": ("decimal", lambda text: str(Decimal(text).normalize() + 0)),
    "float": ("float", lambda text: repr(float(text))),
    "double": ("double", lambda text: repr(float(text))),
    "boolean": ("boolean", lambda text: TRUTH.get(text, text)),
    **{name: ("integer", lambda text: str(int(text))) for name in INTEGERS},
    **{name: (name, _moment) for name in TIMES},
}


def by_value(row: Row) -> Row:
    """A row with one literal for each value."""
    return tuple(None if term is None else _canonical(term) for term in row)


def _canonical(term: Term) -> Term:
    if isinstance(term, Triple):
        subject, object_ = _canonical(term.subject), _canonical(term.object)
        assert not isinstance(subject, Literal)
        return Triple(subject, term.predicate, object_)
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD):
        return term
    name = term.datatype.value.removeprefix(XSD)
    if name not in CANONICAL:
        return term
    kept, canonical = CANONICAL[name]
    try:
        return Literal(canonical(term.value), datatype=NamedNode(f"{XSD}{kept}"))
    except (ValueError, InvalidOperation):
        return term
