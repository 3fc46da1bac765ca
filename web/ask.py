"""A question in plain language, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from kg.store import IRI, Literal
from search.contract import gathered
from search.wording import Wording
from web import languages
from web.asked import answered, parameters
from web.links import Link, Links
from web.snapshot import snapshot
from web.values import Marks, Value, literal_value

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from kg.sources import Source
    from kg.store import Term
    from search.contract import Answer

blueprint = Blueprint("ask", __name__)

OUTCOMES = {
    "unknown-term": "A word is not known",
    "no-such-relation": "This is not what is recorded of such things",
    "not-recorded": "Not recorded here, which does not mean no",
    "type-mismatch": "The parts of the question do not fit together",
    "ambiguous": "Several things may be meant",
    "empty": "Nothing meets all that was asked",
    "out-of-scope": "No record can answer this",
    "too-complex": "The question was not understood as a whole",
}
KINDS = {
    "entity": "a thing by name",
    "class": "a kind of thing",
    "property": "a property or relation",
    "value": "a value",
    "operator": "how it is asked",
}
WRITTEN = ("number", "date")  # kinds of values that each language writes in its own way


@dataclass(frozen=True)
class Evidence:
    """One statement that an answer rests on, with the numbers of its sources."""

    subject: Link
    predicate: Link
    value: Value


@dataclass(frozen=True)
class Choice:
    """Another question to ask by following a link; `count` is how many answers it has, where known."""

    text: str
    href: str
    count: int | None = None


@blueprint.get("/ask")
def page() -> BaseResponse:
    """The answer to the question `q`; without one, the first page. Raises BadRequest for what is no state."""
    question = request.args.get("q", "").strip()
    if not question:
        return redirect(url_for("home.page"), code=303)
    answer = answered(question)
    links = snapshot().links([answer.lang, *languages.wanted()])
    shown = Shown(answer, links)
    body = render_template("ask.html", answer=answer, shown=shown, asked=parameters(), kinds=KINDS)
    response = Response(body)
    response.vary.add("Accept-Language")
    return response


@dataclass
class Shown:
    """What a page shows of an answer: everything named in its language, linked and numbered."""

    answer: Answer
    links: Links
    evidence: list[Evidence] = field(init=False)
    _marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        self.evidence = self._evidence()  # which numbers the sources

    @property
    def outcome(self) -> str:
        """Why there is no answer, in a few words; '' where there is one."""
        return OUTCOMES.get(self.answer.outcome, "")

    @property
    def columns(self) -> tuple[str, ...]:
        """What heads the columns; nothing where they are not those of the rows."""
        first = next(iter(self.rows), [])
        return self.answer.columns if len(self.answer.columns) == len(first) else ()

    @cached_property
    def rows(self) -> list[list[list[Value]]]:
        """What is asked for, row by row; a row of one cell where only one thing is. A cell has its values."""
        if self.answer.rows:
            whole = self.answer.kind == "rows"
            rows = (
                gathered(self.answer.rows)
                if whole
                else [[[cell] for cell in row] for row in self.answer.rows]
            )
            return [[list(map(self._cell, cells)) for cells in row] for row in rows]
        subjects = {of["iri"] for one in self.answer.answers if (of := one.get("of"))}
        return [self._answered(one, several=len(subjects) > 1) for one in self.answer.answers]

    @property
    def sources(self) -> list[tuple[int, Source, str]]:
        """The sources of the evidence, with their numbers and where they lead."""
        numbers = self._marks.numbers
        return [(number, source, self.links.href(source.iri)) for source, number in numbers.items()]

    @property
    def related(self) -> list[Link]:
        """What a search for the question finds."""
        return [self._named(hit) for hit in self.answer.related]

    @property
    def nearest(self) -> list[Link]:
        """The names that are nearest to those not known."""
        return [self._named(hit) for hit in self.answer.nearest if hit.get("iri")]

    @property
    def alternatives(self) -> list[Choice]:
        """What else may be meant."""
        return [self._choice(one) for one in self.answer.alternatives]

    @property
    def suggestions(self) -> list[Choice]:
        """What may be asked next."""
        chosen = languages.chosen()
        return [
            Choice(one["paraphrase"], url_for("ask.page", q=one["q"], meant=one["state"], lang=chosen))
            for one in self.answer.suggestions
        ]

    def _choice(self, other: dict[str, Any]) -> Choice:
        """Its question alone where that says enough, else with the reading that is meant."""
        meant = other.get("state") if other["q"] == self.answer.question else None
        href = url_for("ask.page", q=other["q"], meant=meant, lang=languages.chosen())
        return Choice(other["paraphrase"], href, other.get("count"))

    def _answered(self, member: dict[str, Any], *, several: bool) -> list[list[Value]]:
        """One answer, after what it is a value of where that is not the same for all."""
        of = member.get("of")
        return [*([[self._cell(of)]] if of and several else []), [self._cell(member)]]

    def _cell(self, member: dict[str, Any]) -> Value:
        if member.get("iri"):
            return Value(self._named(member), member["iri"], "thing")
        text = str(member.get("value", member.get("label", "")))
        datatype = member.get("datatype") or None
        literal = Literal(text, datatype=IRI(datatype)) if datatype else Literal(text)
        return self._written(literal, (), member.get("unit") or "")

    def _written(self, term: Literal, marks: tuple[int, ...], unit: str = "") -> Value:
        """A value as the language of the answer writes it, with its unit."""
        value = literal_value(term, marks)
        if value.kind in WRITTEN:
            said = Wording(self.answer.lang).value(term, {}, unit)
            return replace(value, link=Link(said, lang=self.answer.lang))
        return replace(value, link=replace(value.link, text=f"{value.text} {unit}")) if unit else value

    def _named(self, member: dict[str, Any]) -> Link:
        """A thing of the answer, by the name that the answer gives it."""
        link = self.links.link(IRI(member["iri"]))
        return replace(link, text=member.get("label") or link.text)

    def _evidence(self) -> list[Evidence]:
        stated = self.answer.evidence
        terms = {term for one in stated for term in (one.subject, one.predicate, one.object)}
        self.links.prepare(term for term in terms if isinstance(term, IRI))
        return [
            Evidence(
                self.links.link(one.subject),
                self.links.link(one.predicate),
                self._stated(one.object, self._marks.of(one.sources)),
            )
            for one in stated
        ]

    def _stated(self, term: Term, marks: tuple[int, ...]) -> Value:
        if isinstance(term, IRI):
            return Value(self.links.link(term), term.value, "thing", marks)
        if isinstance(term, Literal):
            return self._written(term, marks)
        return Value(Link(str(term)), "", "text", marks)
