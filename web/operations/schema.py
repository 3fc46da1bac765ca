"""The words of the graph for whoever writes queries: classes, properties, prefixes; `operations/schema.toml`.

They are counted as a query would count them, with what follows from the ontology, so that a property is
told of every class whose members have it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from kg.aspects.schema import CLASSES, PROPERTIES
from kg.iris import compress
from kg.labels import ALT_PROPERTIES, NAME_PROPERTIES, definition, literals
from kg.sources import RDF_TYPE
from kg.statistics import Statistics
from kg.store import IRI
from search.answering.lemon import lexical_forms
from web import languages, validators
from web.operations.api import json_response
from web.rdf.names import once
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.release import Release
    from web.links import Links

blueprint = Blueprint("schema", __name__, url_prefix="/api")

NAMES = (*NAME_PROPERTIES, *ALT_PROPERTIES)
MOST = 1000  # classes, and properties; those that are most used
LONGEST = 300  # characters of what a term means
FRESH = "no-cache"  # may be kept, and is asked for again each time


@blueprint.get("/schema")
def schema() -> Response:
    """The classes and properties that a query can name, the most used first, with their names."""
    release, langs = snapshot().release, languages.wanted()
    tag = validators.etag(release.tag, "schema", langs)
    if validators.is_known(tag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
        response.vary.add("Accept-Language")
    else:
        response = json_response(once(("schema", *langs), lambda: _words(snapshot().links(langs)).as_json()))
    response.headers["ETag"], response.headers["Cache-Control"] = tag, FRESH
    return response


@dataclass(frozen=True)
class Words:
    """What the terms of a release are called, and how they are used.

    `spoken` are the words of its lexicon, by the term that they speak of.
    """

    links: Links
    counted: Statistics
    spoken: Mapping[str, Sequence[str]]

    def as_json(self) -> dict[str, Any]:
        """All that is told of them."""
        members = {kind: self._members(kind) for kind in self.counted.class_subjects}
        classes = self._most_used(members, CLASSES)
        properties = self._most_used(self.counted.triples, PROPERTIES)
        return {
            "prefixes": self.links.release.prefixes,
            "complete": max(len(classes), len(properties)) <= MOST,
            "classes": [self._term(iri, members) for iri in classes[:MOST]],
            "properties": [
                {**self._term(iri, self.counted.triples), **self._use(iri)} for iri in properties[:MOST]
            ],
        }

    def _members(self, kind: str) -> int:
        return self.counted.class_subjects[kind].get(RDF_TYPE.value, 0)

    def _most_used(self, counts: Mapping[str, int], kinds: Iterable[IRI]) -> list[str]:
        """What is counted and what is declared, the most used first."""
        return sorted(
            {*counts, *_declared(self.links.release, kinds)}, key=lambda iri: (-counts.get(iri, 0), iri)
        )

    def _term(self, iri: str, counts: Mapping[str, int]) -> dict[str, Any]:
        store, term = self.links.release.store, IRI(iri)
        meaning = definition(store, term, self.links.langs)
        names = [name.value for _, name in literals(store, [term], NAMES)[term]]
        return {
            "iri": iri,
            "written": self._written(iri),
            "label": self.links.label(term).text,
            "names": list(dict.fromkeys([*names, *self.spoken.get(iri, ())])),
            "description": meaning.text[:LONGEST] if meaning else "",
            "count": counts.get(iri, 0),
        }

    def _use(self, iri: str) -> dict[str, Any]:
        """How many members of each class have a property, and what types its values are of."""
        holders = {kind: had[iri] for kind, had in self.counted.class_subjects.items() if iri in had}
        datatypes = self.counted.datatypes.get(iri, {})
        return {
            "classes": {self._written(kind): count for kind, count in holders.items()},
            "datatypes": [self._written(one) for one in datatypes],
        }

    def _written(self, iri: str) -> str:
        """An IRI as queries write it."""
        return compress(iri, self.links.release.prefixes)


def _words(links: Links) -> Words:
    """The terms of a release, with the words by which its lexicon speaks of them."""
    spoken: defaultdict[str, list[str]] = defaultdict(list)
    for form in lexical_forms(links.release):
        spoken[form.reference].append(form.text)
    return Words(links, _counts(links.release), spoken)


def _counts(release: Release) -> Statistics:
    """The counts of a release; none where it has not been counted."""
    path = release.statistics_file
    return Statistics.read(path) if path.exists() else Statistics(release.iris.base)


def _declared(release: Release, kinds: Iterable[IRI]) -> list[str]:
    """What its ontology says to be of one of these kinds."""
    graph = release.iris.ontology_graph
    found = (quad.subject for kind in kinds for quad in release.store.quads(None, RDF_TYPE, kind, graph))
    return [iri.value for iri in found if isinstance(iri, IRI)]
