"""What things are called: the properties that name them, and the one label to show in a language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.iris import local_name
from kg.store import IRI, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SCHEMA_HTTP = "http://schema.org/"
DCTERMS = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
FOAF = "http://xmlns.com/foaf/0.1/"
ENGINE = "https://w3id.org/aifactories/kg#"  # our terms for how a graph is handled

NAME_PROPERTIES = tuple(
    IRI(iri)
    for iri in (
        f"{SKOS}prefLabel",
        f"{RDFS}label",
        f"{SCHEMA}name",
        f"{SCHEMA_HTTP}name",
        f"{FOAF}name",
        f"{DCTERMS}title",
        f"{DC}title",
        "http://www.geonames.org/ontology#name",
        "http://www.w3.org/ns/shacl#name",
    )
)
ALT_PROPERTIES = tuple(
    IRI(iri)
    for iri in (
        f"{SKOS}altLabel",
        f"{SKOS}hiddenLabel",
        f"{SCHEMA}alternateName",
        f"{SCHEMA_HTTP}alternateName",
        f"{FOAF}nick",
        f"{DCTERMS}alternative",
    )
)
DEFINITION_PROPERTIES = tuple(
    IRI(iri)
    for iri in (
        f"{SKOS}definition",
        f"{DCTERMS}description",
        f"{SCHEMA}description",
        f"{SCHEMA_HTTP}description",
        f"{RDFS}comment",
    )
)


Ranked: TypeAlias = "tuple[int, Literal]"  # a name, with the place of its property in a list


@dataclass(frozen=True)
class Label:
    """A name with the language it is in ('' where it is the same in all, or unknown)."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def label(store: Store, iri: IRI, langs: Sequence[str]) -> Label:
    """The name to show for one IRI; see `labels`."""
    return labels(store, [iri], langs)[iri]


def labels(store: Store, iris: Iterable[IRI], langs: Sequence[str]) -> dict[IRI, Label]:
    """The name to show for each IRI: by the order of languages, then English, none, any other.

    Among names of one language the property that stands first in NAME_PROPERTIES decides, then the
    alphabet. An IRI without a name gets one from its last part.
    """
    wanted = list(dict.fromkeys(iris))
    found = literals(store, wanted, NAME_PROPERTIES)
    return {iri: best(found[iri], langs) or nameless(iri) for iri in wanted}


def nameless(iri: IRI) -> Label:
    """The label of an IRI that has no name: its last part."""
    return Label(local_name(iri.value), "")


def definition(store: Store, iri: IRI, langs: Sequence[str]) -> Label | None:
    """What the graph says the thing is, in the best of the languages, or None."""
    return best(literals(store, [iri], DEFINITION_PROPERTIES)[iri], langs)


def literals(store: Store, iris: Sequence[IRI], properties: Sequence[IRI]) -> dict[IRI, list[Ranked]]:
    """For each IRI the distinct literals of the properties, with the place of the property in the list.

    Names of nothing but blanks are left out.
    """
    found: dict[IRI, dict[tuple[int, Literal], None]] = defaultdict(dict)
    for iri in iris:
        # One SELECT with VALUES would make the engine scan all statements from some ten IRIs on.
        for place, name in enumerate(properties):
            for quad in store.quads(subject=iri, predicate=name):
                if isinstance(quad.object, Literal) and quad.object.value.strip():
                    found[iri][(place, quad.object)] = None
    return defaultdict(list, {iri: list(names) for iri, names in found.items()})


def best(names: Sequence[Ranked], langs: Sequence[str]) -> Label | None:
    """The one to show of several names of a thing, in the best of the languages, or None."""
    order = {lang: place for place, lang in enumerate(dict.fromkeys((*langs, "en", "")))}

    def preference(item: Ranked) -> tuple[int, int, str]:
        place, name = item
        lang = (name.language or "").split("-")[0]
        return (order.get(lang, len(order)), place, name.value)

    if not names:
        return None
    _, name = min(names, key=preference)
    return Label(name.value, name.language or "")
