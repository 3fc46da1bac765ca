"""In which country things are, by codes of ISO 3166-1: read from the property of each class that tells it.

A property tells the country of a class if nearly all of its members that have the property have one country
by it; of several it is the one that most members have. What follows from the ontology counts: a lighthouse
within a region is within the country of that region.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from kg.store import IRI
from search.answering.countries import entities_by_code
from search.answering.territories import LANGUAGES, codes, wordings
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kg.release import Release
    from search.lexicon import Lexicon

MOSTLY = 0.9  # of the things that have a property, those with one country by it
FEWEST = 2  # things that have it
LETTERS = 2  # of a code


@dataclass
class Homelands:
    """The countries of the things of one release; `told_by` has by class the properties that tell them."""

    entities: Mapping[str, str]
    told_by: Mapping[str, Sequence[str]]
    _values: Mapping[str, Mapping[str, set[str]]] = field(repr=False)

    @classmethod
    def of(
        cls, release: Release, lexicon: Lexicon, types: Mapping[str, Sequence[str]], given: Sequence[str] = ()
    ) -> Homelands:
        """Those of things with these classes, by the properties that are given or else found."""
        found = entities_by_code(lexicon)
        # A part of a country, such as GB-SCT, lies in the country.
        entities = {iri: code.partition("-")[0] for code, iris in sorted(found.items()) for iri in iris}
        values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        stated: set[str] = set()
        for iri, code in entities.items():
            for quad in release.store.quads(object=IRI(iri)):
                if isinstance(quad.subject, IRI) and quad.subject.value in types:
                    values[quad.predicate.value][quad.subject.value].add(code)
                    if release.iris.is_stated(quad):
                        stated.add(quad.predicate.value)
        classes = sorted({kind for kinds in types.values() for kind in kinds})
        told_by = {kind: given or _telling(kind, types, values, stated) for kind in classes}
        return cls(entities, {kind: found for kind, found in told_by.items() if found}, values)

    def countries(self, iri: str, kinds: Iterable[str]) -> frozenset[str]:
        """The codes of the countries of a thing; that of itself, if it is one."""
        if iri in self.entities:
            return frozenset([self.entities[iri]])
        properties = dict.fromkeys(prop for kind in kinds for prop in self.told_by.get(kind, ()))
        return frozenset(code for prop in properties for code in self._values.get(prop, {}).get(iri, ()))


def _telling(
    kind: str,
    types: Mapping[str, Sequence[str]],
    values: Mapping[str, Mapping[str, set[str]]],
    stated: Collection[str],
) -> list[str]:
    """The property that tells the country of the members of a class, if there is one."""
    counts: Counter[str] = Counter()
    for prop, said in values.items():
        own = [found for iri, found in said.items() if kind in types[iri]]
        single = sum(len(found) == 1 for found in own)
        if single >= max(FEWEST, MOSTLY * len(own)):
            counts[prop] = single
    return sorted(counts, key=lambda prop: (-counts[prop], prop not in stated, prop))[:1]


@dataclass(frozen=True)
class Codes:
    """What names and identifiers of countries mean: codes."""

    by_identifier: Mapping[str, str]

    def of(self, texts: Iterable[str]) -> frozenset[str]:
        """The codes of some countries, those that are not known left out."""
        return frozenset(code for text in texts if (code := self._code(text)))

    def _code(self, text: str) -> str:
        if text in self.by_identifier:
            return self.by_identifier[text]
        if len(text) == LETTERS and text.isalpha():
            return text.upper()
        return codes().get(text.upper(), "") or _named().get(key(text), "")


@cache
def _named() -> dict[str, str]:
    """The countries by the keys of their names."""
    return {one.key: one.country for lang in LANGUAGES for one in wordings(lang) if one.kind == "name"}
