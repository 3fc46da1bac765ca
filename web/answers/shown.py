"""All that one page shows of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import url_for

from kg.labels import definition
from kg.sources import RDF_TYPE
from kg.store import IRI
from web import languages
from web.answers import asked
from web.answers.knowledge import Choice, Knowledge
from web.answers.members import Members
from web.answers.outcomes import Outcome, outcome
from web.answers.proof import Proof
from web.answers.rows import Rows, all_values, rows
from web.answers.sentence import Sentence, sentence
from web.answers.sureness import sureness
from web.answers.views import Views

if TYPE_CHECKING:
    from kg.labels import Label
    from search.contract import Answer
    from web.links import Link, Links
    from web.snapshot import Snapshot

FIRST = 20  # rows that are shown at first


@dataclass
class Shown:
    """An answer with everything named in its language, linked and numbered.

    `view` is the name of the view that is asked for.
    """

    held: Snapshot
    links: Links
    answer: Answer
    view: str = ""

    @property
    def outcome(self) -> Outcome | None:
        """Why there is no answer, and what helps; None where there is one."""
        return outcome(self.answer.outcome)

    @cached_property
    def members(self) -> Members:
        """Writes what the answer names."""
        return Members(self.links, self.answer.lang)

    @cached_property
    def proof(self) -> Proof:
        """The statements it rests on."""
        return Proof(self.answer.evidence, self.members, self.held.finder.profile.uses)

    @cached_property
    def rows(self) -> Rows:
        """What is asked for."""
        return rows(self.answer, self.members, self.proof)

    @cached_property
    def views(self) -> Views:
        """The ways to see the rows."""
        return Views(self.rows, self.proof, self.held, self.view)

    @cached_property
    def sentence(self) -> Sentence:
        """The answer in words, or why there is none."""
        if self.outcome:
            return sentence(self.answer.message, (), ())
        told = all_values(self.rows.cells)
        named = [link for one in self.proof.evidence for link in (one.subject, one.value.link) if link.href]
        return sentence(self.answer.sentence, told, named, self.proof.numbers)

    @property
    def question(self) -> list[asked.Part]:
        """The question, in parts."""
        return asked.parts(self.answer)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What helps on where there is no answer."""
        return Knowledge(self.held, self.links, self.answer)

    @property
    def is_guessed(self) -> bool:
        """Whether something else may have been meant."""
        return asked.has_other_words(self.answer)

    @property
    def is_told(self) -> bool:
        """Whether the sentence says all that was found."""
        return not len(self.rows) or (self.rows.is_single and self.only is None)

    @property
    def sureness(self) -> str:
        """How sure the answer is, in words."""
        return sureness(self.answer.confidence)

    @cached_property
    def only(self) -> IRI | None:
        """The one thing that is the answer."""
        if not self.rows.is_single or self.rows.cells[0][0][0].kind != "thing":
            return None
        return IRI(self.rows.cells[0][0][0].raw)

    @cached_property
    def definition(self) -> Label | None:
        """What the one thing is that is the answer, where the sentence does not say it."""
        found = definition(self.links.release.store, self.only, self.links.langs) if self.only else None
        return None if found and found.text in self.answer.sentence else found

    @cached_property
    def classes(self) -> list[Link]:
        """What kinds of thing the one thing is that is the answer, as sources say."""
        iris = self.links.release.iris
        quads = self.links.release.store.quads(subject=self.only, predicate=RDF_TYPE) if self.only else ()
        stated = {quad.object for quad in quads if isinstance(quad.object, IRI) and iris.is_stated(quad)}
        return [self.links.term(kind) for kind in sorted(stated, key=str)]

    @property
    def related(self) -> list[Link]:
        """What a search for the question finds."""
        return [self.members.named(hit) for hit in self.answer.related]

    @property
    def nearest(self) -> list[Link]:
        """The names that are nearest to those not known."""
        return [self.members.named(hit) for hit in self.answer.nearest if hit.get("iri")]

    @property
    def alternatives(self) -> list[Choice]:
        """What else may be meant."""
        return [self._choice(one) for one in self.answer.alternatives]

    @property
    def suggestions(self) -> list[Choice]:
        """What may be asked next."""
        lang = languages.chosen()
        return [
            Choice(
                one["paraphrase"],
                url_for("ask.page", q=one["q"], meant=one["state"], lang=lang),
                lang=self.answer.lang,
            )
            for one in self.answer.suggestions
        ]

    def _choice(self, other: dict[str, Any]) -> Choice:
        """Its question alone where that says enough, else with the reading that is meant."""
        meant = other.get("state") if other["q"] == self.answer.question else None
        href = url_for("ask.page", q=other["q"], meant=meant, lang=languages.chosen())
        return Choice(other["paraphrase"], href, other.get("count"), self.answer.lang)
