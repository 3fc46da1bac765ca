"""Which entities of a release are countries, and how questions speak of them: other names and demonyms.

A graph says "Italy"; askers say "Italian", "italienisch" or "les Italiens" too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from search.answering.territories import LANGUAGES, codes, wordings
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from search.answering.territories import Kind, Wording
    from search.lexicon import Form, Lexicon

COSTS: dict[Kind, float] = {"name": 0.03, "demonym": 0.05}
FEWEST_CODES = 3
BATCH = 500


@dataclass(frozen=True)
class CountryForm:
    """A way to speak of an entity that is a country; `text` is how it is written, `key` the same folded.

    Where `needs_capital` the same in small letters is a common word: `fits` tells whether words as written
    can mean it. A common word that begins a sentence fits too; what stands beside it has to tell.
    """

    key: str
    iri: str
    kind: Kind
    text: str
    needs_capital: bool = False

    @property
    def cost_hint(self) -> float:
        """How much less sure it is than a name that stands in the graph."""
        return COSTS[self.kind]

    def fits(self, written: str) -> bool:
        """Whether words can mean it as they are written: "Turkey" but not "turkey", "US" but not "Us"."""
        if not self.needs_capital:
            return True
        return written.isupper() if self.text.isupper() else written[:1].isupper()


@dataclass(frozen=True)
class Countries:
    """The countries among the entities of one release, by language and folded words; read only."""

    forms: Mapping[str, Mapping[str, Sequence[CountryForm]]] = field(default_factory=dict)

    @classmethod
    def of(cls, lexicon: Lexicon) -> Countries:
        """The countries that a lexicon has a name, a short name or a code of three letters for."""
        entities = entities_by_code(lexicon)
        if not entities:
            return cls()
        return cls({lang: _forms(lang, entities) for lang in LANGUAGES})

    def exact(self, keys: Sequence[str], lang: str) -> dict[str, list[CountryForm]]:
        """What rows of folded words mean, those that mean a country alone.

        They are read in the language of the question; English names of countries count in each.
        """
        found: dict[str, list[CountryForm]] = {}
        for name in keys:
            spoken = list(self.forms.get(lang, {}).get(name, ()))
            known = {form.iri for form in spoken}
            english = self.forms.get("en", {}).get(name, ()) if lang != "en" else ()
            spoken += [form for form in english if form.kind == "name" and form.iri not in known]
            if spoken:
                found[name] = spoken
        return found


def entities_by_code(lexicon: Lexicon) -> dict[str, set[str]]:
    """The entities that a lexicon names as countries, by the codes of these (ISO 3166-1, two letters)."""
    coded, entities = _by_code(lexicon), _by_name(lexicon)
    if len(coded) >= FEWEST_CODES and len(coded) > len(entities):
        return {country: coded.get(country, set()) | entities.get(country, set()) for country in coded}
    return entities


def _by_name(lexicon: Lexicon) -> dict[str, set[str]]:
    """The entities called like a country in the language of that name, or in none, by country."""
    meant: dict[tuple[str, str], set[str]] = {}
    for lang in LANGUAGES:
        for wording in _named(lang):
            meant.setdefault((wording.key, lang), set()).add(wording.country)
            meant.setdefault((wording.key, ""), set()).add(wording.country)
    found: dict[str, set[str]] = {}
    for form in _entities(lexicon, {name for name, _ in meant}):
        for country in meant.get((form.key, form.lang), ()):
            found.setdefault(country, set()).add(form.iri)
    return found


def _by_code(lexicon: Lexicon) -> dict[str, set[str]]:
    """The entities that are called by the code of a country and nothing else, by country.

    One or two of them say little: companies have three letters too.
    """
    countries = {key(code): country for code, country in codes().items()}
    found: dict[str, set[str]] = {}
    for form in _entities(lexicon, countries):
        if form.text.isupper() and _is_only_name(form, lexicon):
            found.setdefault(countries[form.key], set()).add(form.iri)
    return found


def _is_only_name(form: Form, lexicon: Lexicon) -> bool:
    others = (other for other in lexicon.of(form.iri) if other.how != "identifier")
    return all(other.key == form.key for other in others)


def _entities(lexicon: Lexicon, keys: Iterable[str]) -> Iterator[Form]:
    """The forms of entities with one of these keys, asked for in few queries."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        yield from (form for form in lexicon.exact(wanted[start : start + BATCH]) if form.kind == "entity")


def _named(lang: str) -> Iterator[Wording]:
    return (wording for wording in wordings(lang) if wording.kind == "name")


def _forms(lang: str, entities: Mapping[str, set[str]]) -> dict[str, list[CountryForm]]:
    """How a language speaks of some countries, by key: names before demonyms."""
    found: dict[str, list[CountryForm]] = {}
    for one in wordings(lang):
        for iri in sorted(entities.get(one.country, ())):
            form = CountryForm(one.key, iri, one.kind, one.text, one.needs_capital)
            known = found.setdefault(one.key, [])
            if all(other.iri != iri for other in known):
                known.append(form)
    return found
