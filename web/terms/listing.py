"""Every triple about a term as a table: nothing that the ontology says is hidden behind words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.aspects.schema import is_nameless
from kg.store import IRI, Literal
from web.links import Link
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import Term, Triple
    from web.terms.phrases import Speech

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Row:
    """One triple as shown; `suffix` is the language or the type of a literal as Turtle writes it.

    `subject` is shown where it is another than in the row before.
    """

    subject: Link
    predicate: Link
    value: Link
    suffix: Link
    is_first: bool = False
    anchor: str = ""


def rows(speech: Speech, triples: Iterable[Triple]) -> list[Row]:
    """The triples in their order; nodes without a name are numbered as they are met."""
    numbers: dict[IRI, int] = {}
    found: list[Row] = []
    before: object = None
    for triple in triples:
        subject = _term(speech, triple.subject, numbers)
        value, suffix = _value(speech, triple.object, numbers)
        is_node = isinstance(triple.subject, IRI) and is_nameless(triple.subject)
        is_first = triple.subject != before
        anchor = subject.href.removeprefix("#") if is_node and is_first else ""
        plain = Link(subject.text, "", subject.lang, title=subject.title) if is_node else subject
        found.append(Row(plain, speech.curie(triple.predicate), value, suffix, is_first, anchor))
        before = triple.subject
    return found


def _term(speech: Speech, term: Term, numbers: dict[IRI, int]) -> Link:
    if not isinstance(term, IRI):
        return Link(str(term))
    if is_nameless(term):
        number = numbers.setdefault(term, len(numbers) + 1)
        return Link(gettext("node %(number)s", number=number), f"#node-{number}", title=term.value)
    return speech.curie(term)


def _value(speech: Speech, term: Term, numbers: dict[IRI, int]) -> tuple[Link, Link]:
    if not isinstance(term, Literal):
        return _term(speech, term, numbers), Link("")
    shown = Link(term.value, lang=term.language or "")
    if term.language:
        return shown, Link(f"@{term.language}{f'--{term.direction}' if term.direction else ''}")
    if term.datatype.value == XSD_STRING:
        return shown, Link("")
    kind = speech.curie(term.datatype)
    return shown, Link(f"^^{kind.text}", title=kind.title)
