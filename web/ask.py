"""A question in plain language, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from kg.store import IRI, Literal
from web import languages
from web.links import Link, Links
from web.sheet import Marks, Value, literal_value
from web.snapshot import snapshot

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.sources import Source
    from search.contract import Answer

blueprint = Blueprint("ask", __name__)


@dataclass(frozen=True)
class Evidence:
    """One statement that an answer rests on, with the numbers of its sources."""

    subject: Link
    predicate: Link
    value: Value


@blueprint.get("/ask")
def page() -> BaseResponse:
    """The answer to the question `q`; without one, the first page."""
    question = request.args.get("q", "").strip()
    if not question:
        return redirect(url_for("home.page"), code=303)
    held = snapshot()
    answer = held.answerer.answer(question, languages.chosen())
    links = held.links([answer.lang, *languages.wanted()])
    marks = Marks()
    body = render_template(
        "ask.html",
        answer=answer,
        columns=_columns(answer),
        rows=_rows(answer, links),
        evidence=_evidence(answer, links, marks),
        sources=_sources(marks.numbers, links),
        related=[_named(hit, links) for hit in answer.related],
        nearest=[_named(hit, links) for hit in answer.nearest if hit.get("iri")],
    )
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


def _columns(answer: Answer) -> tuple[str, ...]:
    return answer.columns if answer.rows else ()


def _rows(answer: Answer, links: Links) -> list[list[Value]]:
    """What is asked for, row by row; a row of one cell where only one thing is."""
    if answer.rows:
        return [[_cell(cell, links) for cell in row] for row in answer.rows]
    subjects = {of["iri"] for one in answer.answers if (of := one.get("of"))}
    return [_answered(one, links, several=len(subjects) > 1) for one in answer.answers]


def _answered(member: dict[str, Any], links: Links, *, several: bool) -> list[Value]:
    """One answer, after what it is a value of where that is not the same for all."""
    of = member.get("of")
    return [*([_cell(of, links)] if of and several else []), _cell(member, links)]


def _cell(member: dict[str, Any], links: Links) -> Value:
    if member.get("iri"):
        return Value(_named(member, links), member["iri"], "thing")
    text = str(member.get("value", member.get("label", "")))
    datatype = member.get("datatype") or None
    value = literal_value(Literal(text, datatype=IRI(datatype)) if datatype else Literal(text))
    unit = member.get("unit")
    if not unit:
        return value
    return Value(Link(f"{value.text} {unit}"), value.raw, value.kind, value.marks)


def _named(member: dict[str, Any], links: Links) -> Link:
    """A thing of the answer, by the name that the answer gives it."""
    iri = IRI(member["iri"])
    link = links.link(iri)
    return Link(member.get("label") or link.text, link.href, link.lang, link.external, link.title)


def _evidence(answer: Answer, links: Links, marks: Marks) -> list[Evidence]:
    terms = {term for one in answer.evidence for term in (one.subject, one.predicate, one.object)}
    links.prepare(term for term in terms if isinstance(term, IRI))
    found = []
    for one in answer.evidence:
        numbers = marks.of(one.sources)
        if isinstance(one.object, IRI):
            value = Value(links.link(one.object), one.object.value, "thing", numbers)
        elif isinstance(one.object, Literal):
            value = literal_value(one.object, numbers)
        else:
            value = Value(Link(str(one.object)), "", "text", numbers)
        found.append(Evidence(links.link(one.subject), links.link(one.predicate), value))
    return found


def _sources(numbers: dict[Source, int], links: Links) -> list[tuple[int, Source, str]]:
    return [(number, source, links.href(source.iri)) for source, number in numbers.items()]
