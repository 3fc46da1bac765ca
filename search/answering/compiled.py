"""A release compiled for questions: its schema, the names of its terms, the values that it mentions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.answering.bracketed import name_units
from search.answering.countries import Countries
from search.answering.keys import hidden_keys
from search.answering.schema import Schema
from search.answering.seeding.seeder import Seeder
from search.answering.terms import Terms
from search.answering.values import Values
from search.index import PROFILE
from search.profile import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.release import Release
    from search.answering.lemon import LexicalForm
    from search.lexicon import Lexicon


@dataclass(frozen=True)
class Compiled:
    """What the parser needs of one release; opened once, then only read."""

    schema: Schema
    seeder: Seeder

    @classmethod
    def open(cls, release: Release, lexicon: Lexicon, forms: Iterable[LexicalForm] = ()) -> Compiled:
        """The compiled release; `forms` are the words of its OntoLex lexicons."""
        profile = Profile.read(release.index / PROFILE)
        name_units(profile, lexicon)
        schema = Schema(release.store, profile, lexicon)
        schema.keys = hidden_keys(release.store, schema.profile, lexicon)
        terms = Terms.of(lexicon, schema, forms)
        schema.concepts.update(terms.concepts())
        schema.bound.update(terms.bound())
        schema.bare.update(terms.bare())
        schema.vague.update(terms.vague())
        return cls(schema, Seeder(schema, lexicon, terms, Values(release.index), Countries.of(lexicon)))
