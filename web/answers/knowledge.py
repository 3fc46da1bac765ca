"""What the graph knows of what was recognised in a question without an answer, and questions with one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from flask import url_for

from kg.iris import compress
from kg.store import IRI
from search.answering.algebra import Definition, Listing, Members
from search.answering.state import state
from search.tokens import key
from web import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.labels import Label
    from search.contract import Answer
    from search.lexicon import Form
    from web.links import Link, Links
    from web.snapshot import Snapshot

MOST_THINGS, MOST_EXAMPLES = 3, 4
MOST_TRIED = 10  # examples, until enough of them have an answer
TERMS = frozenset({"entity", "class", "property"})


@dataclass(frozen=True)
class Choice:
    """A question to ask by following a link; `count` is how many answers it has, where known."""

    text: str
    href: str
    count: int | None = None
    lang: str = ""


@dataclass(frozen=True)
class Known:
    """A thing or a class that was recognised, what it is, and what may be asked about it."""

    link: Link
    sentence: str
    questions: list[Choice]


@dataclass(frozen=True)
class Knowledge:
    """What helps on from an answer that is none."""

    held: Snapshot
    links: Links
    answer: Answer

    @cached_property
    def things(self) -> list[Known]:
        """The things and classes that were recognised."""
        told = (self._known(form) for form in self._recognised if form.kind != "property")
        return list(islice(told, MOST_THINGS))

    @cached_property
    def examples(self) -> list[Choice]:
        """Questions that the graph offers, those about the same classes and properties first."""
        terms = {compress(form.iri, self.held.release.prefixes) for form in self._recognised}
        offered = sorted(
            self.held.examples,
            key=lambda one: (-sum(term in one.query for term in terms), "home" not in one.keywords),
        )
        named = (self.links.label(one.iri) for one in offered[:MOST_TRIED])
        return [self._example(name) for name in islice(filter(self._is_answered, named), MOST_EXAMPLES)]

    @cached_property
    def _recognised(self) -> list[Form]:
        """What the words of the question were taken for."""
        found = (self._form(one["as"], one["kind"]) for one in self.answer.understood)
        return list({form.iri: form for form in found if form}.values())

    def _form(self, name: str, kind: str) -> Form | None:
        if kind not in TERMS:
            return None
        forms = [one for one in self.held.finder.lexicon.exact([key(name)]) if one.kind == kind]
        return max(forms, key=lambda one: (one.text == name, one.weight), default=None)

    def _known(self, form: Form) -> Known:
        question = Definition(form.iri) if form.kind == "entity" else Listing(Members(form.iri))
        name = self.links.label(IRI(form.iri)).text
        told = self.held.answerer.answered(name, self.answer.lang, meant=state(question))
        is_answer = told.outcome == "answer"
        return Known(
            self.links.link(IRI(form.iri)),
            told.sentence if is_answer else "",
            list(self._questions(told, name)),
        )

    def _questions(self, told: Answer, name: str) -> Iterator[Choice]:
        if told.outcome == "answer" and told.state:
            yield self._choice(name, told.state, len(told.answers) if len(told.answers) > 1 else None)
        for one in told.suggestions:
            yield self._choice(one["q"], one["state"], None, one["paraphrase"])

    def _choice(self, question: str, meant: str, count: int | None, text: str = "") -> Choice:
        href = url_for("ask.page", q=question, meant=meant, lang=languages.chosen() or self.answer.lang)
        return Choice(text or question, href, count, self.answer.lang)

    def _is_answered(self, question: Label) -> bool:
        """Whether a question has an answer, which is found out once."""
        key = ("is answered", question.text)
        if key not in self.held.made:
            told = self.held.answerer.answered(question.text, question.lang or None)
            self.held.made[key] = told.outcome == "answer"
        return bool(self.held.made[key])

    def _example(self, name: Label) -> Choice:
        return Choice(name.text, url_for("ask.page", q=name.text, lang=languages.chosen()), lang=name.lang)
