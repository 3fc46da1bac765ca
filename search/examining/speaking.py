"""Sampled query graphs put into words: labels in the templates of a language, each name by its shape."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from search.answering.labels import CAMEL
from search.likeness import likeness
from search.tokens import key
from search.wording import Wording
from search.words import FALLBACK, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search.lexicon import Form, Lexicon

Shape: TypeAlias = Literal["noun", "participle", "finite", ""]
PHRASES = Path(__file__).parent / "phrases.toml"
PARENTHESIS = re.compile(r"\s*\(([^()]*)\)")
OF_ONE_WORD = 0.5
Words: TypeAlias = "Mapping[str, str | int | tuple[str, str]]"  # IRIs by blank, pairs for conditions


class NotSaid(Exception):
    """A name that is shared by several things, is missing, or has no fitting shape."""


@dataclass(frozen=True)
class Speaker:
    """Says samples in one language, with labels of that language or, where there is none, of English."""

    lexicon: Lexicon
    lang: str
    _names: dict[str, str] = field(default_factory=dict)

    def say(self, kind: str, words: Words) -> str:
        """A question of a kind with its blanks filled in; raises NotSaid where a name does not do."""
        said = {blank: self._filled(blank, word) for blank, word in words.items()}
        if key(said.get("relation", "")).endswith(f" {key(said.get('other', '?'))}"):
            raise NotSaid(kind)  # "part of programme a programme"
        return _table(self.lang)[kind].format(**said)

    def shape(self, iri: str) -> Shape:
        """Whether a relation is called by a noun, a participle or a verb; '' where by none of them."""
        name = self.name(iri)
        table = _table(self.lang)
        if re.search(table["participle"], name):
            return "participle"
        if re.search(table["finite"], name):
            return "finite"
        return "noun" if not _is_phrase(name, self.lang) else ""

    def name(self, iri: str) -> str:
        """What something is called; nothing else may be called so."""
        if iri not in self._names:
            self._names[iri] = self._own_name(self._forms(iri), iri)
        if not self._names[iri]:
            raise NotSaid(iri)
        return self._names[iri]

    def _filled(self, blank: str, word: str | int | tuple[str, str]) -> str:
        match blank, word:
            case _, int():
                return Wording(self.lang).number(str(word)) if blank != "year" else str(word)
            case "classes", str():
                return self._plural(word)
            case _, (relation, thing):
                form = {"has": "has", "has_too": "has", "of": "of", "not": "not"}[blank]
                template = _table(self.lang).get(f"{self.shape(relation)}_{form}")
                if template is None:
                    raise NotSaid(relation)
                return template.format(relation=self.name(relation), thing=self.name(thing))
        return self.name(str(word))

    def _forms(self, iri: str) -> list[Form]:
        forms = [form for form in self.lexicon.of(iri) if form.how == "name"]
        for lang in (self.lang, FALLBACK, ""):
            own = [form for form in forms if form.lang == lang]
            if own:
                return own
        return [form for form in self.lexicon.of(iri) if form.kind != "entity" and form.how == "identifier"]

    def _own_name(self, forms: Sequence[Form], iri: str) -> str:
        """The name without what stands in parentheses, or with it where another thing is called so too."""
        for form in forms[:1]:
            if form.how == "identifier":
                return CAMEL.sub(" ", form.text).lower()
            short = PARENTHESIS.sub("", form.text)
            unit = _with_unit(form.text, self.lang)
            for text in dict.fromkeys((short, unit)):
                if {one.iri for one in self.lexicon.exact([key(text)])} <= {iri}:
                    return text
        return ""

    def _plural(self, iri: str) -> str:
        """The other name of a class that is most like its name, or the name itself."""
        name = self.name(iri)
        others = [
            form for form in self.lexicon.of(iri) if form.lang == self.lang and form.how == "other name"
        ]
        alike = {form.text: likeness(key(name), form.key, OF_ONE_WORD) for form in others}
        best = max(alike, key=alike.__getitem__, default="")
        return best if best and alike[best] >= OF_ONE_WORD else name


def _with_unit(text: str, lang: str) -> str:
    """A name with what stands in parentheses after it: "cost in EUR"."""
    unit = PARENTHESIS.search(text)
    if unit is None:
        return text
    return _table(lang)["unit"].format(name=PARENTHESIS.sub("", text), unit=unit[1])


def _is_phrase(name: str, lang: str) -> bool:
    """Whether a name begins or breaks off at a word that needs another ("in use since", "founded on")."""
    words, language = key(name).split(), WORDS.language(lang)
    return any(language.is_empty(word) for word in (words[0], words[-1]))


@lru_cache
def _table(lang: str) -> dict[str, str]:
    tables = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    found: dict[str, str] = tables.get(lang, tables[FALLBACK])
    return found
