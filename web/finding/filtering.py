"""The filters of a search as people name them: by slug, CURIE or IRI, a class by its name too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import KGError, UnknownEntity
from kg.iris import compress, expand
from kg.store import IRI
from search.filters import Filters
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.release import Release
    from search.ranking import Finder

# The parameter by which each sort of filter is sent, and the member of `Filters` that holds it.
MEMBERS = {"kind": "kinds", "class": "classes", "linked": "linked", "year": "years", "source": "sources"}
KINDS = ("entity", "class", "property", "source", "document")
YEAR = re.compile(r"-?\d{1,9}", re.ASCII)
MOST_VALUES = 20
MOST_MEANT = 3


class UnknownFilter(KGError):
    """A value of a filter that the graph does not know; the message says what may be meant."""


@dataclass(frozen=True)
class Filtering:
    """Reads and writes filters over one release."""

    finder: Finder

    def filters(self, said: Mapping[str, Iterable[str]]) -> Filters:
        """The filters that are said, by parameter. Raises UnknownFilter."""
        read: dict[str, Callable[[str], str]] = {
            "kind": _kind,
            "class": self._class,
            "linked": self._thing,
            "year": _year,
            "source": self._source,
        }
        found = {}
        for name, member in MEMBERS.items():
            values = [value for value in said.get(name, ()) if value.strip()]
            if len(values) > MOST_VALUES:
                raise UnknownFilter(f"“{name}” is given {len(values)} times; {MOST_VALUES} are the most.")
            found[member] = tuple(dict.fromkeys(read[name](value) for value in values))
        return Filters(**found)

    def named(self, filters: Filters) -> list[tuple[str, str]]:
        """Parameters and values of filters, each value as its IRI or word."""
        return [(name, value) for name, member in MEMBERS.items() for value in getattr(filters, member)]

    def short(self, name: str, value: str) -> str:
        """How addresses name a value: as shortly as `filters` still understands it."""
        iris = self._release.iris
        if name == "linked" and (slug := iris.slug(IRI(value))):
            return slug
        if name == "source" and value.startswith(f"{iris.base}source/"):
            return value.removeprefix(f"{iris.base}source/")
        is_word = name in ("kind", "year")
        return value if is_word else compress(value, self._release.prefixes).strip("<>")

    @property
    def _release(self) -> Release:
        return self.finder.release

    def _class(self, text: str) -> str:
        """A class by slug, CURIE, IRI, local name in the ontology, or name in any language."""
        ontology = self._release.manifest.ontology.get("iri", "").rstrip("#/")
        bare = [f"{ontology}{sign}{text.strip()}" for sign in "#/"] if ontology and ":" not in text else []
        named = [form.iri for form in self.finder.lexicon.exact([key(text)]) if form.kind == "class"]
        found = self._first([*self._expanded(text), *bare, *named])
        return found or self._refuse("class", text, ("class", "entity"))

    def _thing(self, text: str) -> str:
        return self._first(self._expanded(text)) or self._refuse("linked", text, ("entity", "class"))

    def _source(self, text: str) -> str:
        bare = [f"{self._release.iris.base}source/{text.strip()}"] if ":" not in text else []
        found = self._first([*bare, *self._expanded(text)])
        if found:
            return found
        raise UnknownFilter(f"There is no source “{text}”.")

    def _expanded(self, text: str) -> list[str]:
        try:
            return [expand(text, self._release.prefixes, self._release.iris).value]
        except UnknownEntity:
            return []

    def _first(self, candidates: Iterable[str]) -> str:
        """The first of the IRIs that the graph mentions, or ''."""
        return next((iri for iri in candidates if _is_mentioned(self._release, iri)), "")

    def _refuse(self, name: str, text: str, kinds: tuple[str, ...]) -> str:
        """Raise, with what may be meant."""
        found = self.finder.suggest(text.replace("-", " "), most=20)
        meant = [self.short("linked", one.iri.value) for one in found if one.kind in kinds][:MOST_MEANT]
        hint = f" Is {' or '.join(f'“{one}”' for one in meant)} meant?" if meant else ""
        raise UnknownFilter(
            f"“{text}” names nothing that “{name}” can be; give a slug, a CURIE or an IRI.{hint}"
        )


def _kind(text: str) -> str:
    if text not in KINDS:
        raise UnknownFilter(f"“{text}” is not a kind; these are: {', '.join(KINDS)}.")
    return text


def _year(text: str) -> str:
    if not YEAR.fullmatch(text.strip()):
        raise UnknownFilter(f"“{text}” is not a year; write it like 2025.")
    return text.strip()


def _is_mentioned(release: Release, iri: str) -> bool:
    """Whether something is said of an IRI, with it, or in the graph that it names."""
    try:
        term = IRI(iri)
    except ValueError:
        return False
    store = release.store
    found = (store.quads(subject=term), store.quads(object=term), store.quads(graph=term))
    return any(True for quads in found for _ in quads)
