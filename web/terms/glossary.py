"""What all pages about the terms of one release share: its schema, its shapes, its counts, its words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import url_for

from kg.aspects.schema import CLASSES, DOMAINS, PROPERTIES, RANGES, Schema, is_nameless
from kg.errors import UnknownEntity
from kg.inference import OWL
from kg.iris import compress, expand
from kg.labels import RDFS
from kg.sources import RDF_TYPE
from kg.sparql.keywords import terms
from kg.statistics import Statistics
from kg.store import IRI
from search.answering.lemon import LexicalForm, lexical_forms
from web.terms.phrases import Speech
from web.terms.scopes import Scope, scopes, shapes_of
from web.things.census import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.release import Release
    from web.entrance.examples import Example
    from web.links import Links
    from web.snapshot import Snapshot

VERSIONS = frozenset({IRI(f"{OWL}versionIRI"), IRI(f"{OWL}priorVersion")})
NEAREST = 3
LIKENESS = 0.6
LONGEST = 100  # characters of a name for which near ones are sought
MOST_LOOKED_AT = 10_000  # statements among which one of a source is sought


@dataclass
class Glossary:
    """What one release says of its terms; each part is read when it is first asked for, and then kept."""

    held: Snapshot
    sources: dict[IRI, frozenset[IRI]] = field(default_factory=dict)

    @property
    def release(self) -> Release:
        """The release."""
        return self.held.release

    @cached_property
    def schema(self) -> Schema:
        """What its ontology says."""
        return Schema.of(self.release)

    @cached_property
    def shapes(self) -> Schema:
        """What its shapes say."""
        return shapes_of(self.release)

    @cached_property
    def scopes(self) -> list[Scope]:
        """What its shapes are about."""
        return scopes(self.shapes, self.schema, self.release.prefixes)

    @cached_property
    def statistics(self) -> Statistics | None:
        """How often classes and properties are used; None where nobody has counted."""
        file = self.release.statistics_file
        return Statistics.read(file) if file.exists() else None

    @cached_property
    def direct(self) -> dict[IRI, int]:
        """How many things sources say to be of each class."""
        return dict(self.held.census)

    @cached_property
    def words(self) -> dict[str, list[LexicalForm]]:
        """The words of its lexicons by the IRI of the class or property that they speak of."""
        found: defaultdict[str, list[LexicalForm]] = defaultdict(list)
        for form in lexical_forms(self.release):
            found[form.reference].append(form)
        return dict(found)

    @property
    def has_lexicon(self) -> bool:
        """Whether there is a graph of words."""
        return any(True for _ in self.release.store.quads(graph=self.release.iris.lexicon_graph))

    @cached_property
    def examples(self) -> dict[str, list[Example]]:
        """The example queries by the IRIs that they name."""
        found: defaultdict[str, list[Example]] = defaultdict(list)
        for example in self.held.examples:
            for iri in terms(example.query, self.release.prefixes):
                found[iri].append(example)
        return dict(found)

    @cached_property
    def by_domain(self) -> dict[IRI, list[IRI]]:
        """The properties that each class is said to have."""
        return self._by_class(DOMAINS)

    @cached_property
    def by_range(self) -> dict[IRI, list[IRI]]:
        """The properties that are said to lead to each class."""
        return self._by_class(RANGES)

    @cached_property
    def used(self) -> tuple[tuple[IRI, ...], tuple[IRI, ...]]:
        """Classes and properties that sources use and nothing declares, in the order of their IRIs."""
        if self.statistics is None:
            return tuple(kind for kind in self.direct if kind not in self.schema.by_subject), ()
        known = self.schema.by_subject
        kinds = [kind for kind in self.direct if kind not in known and not is_nameless(kind)]
        props = [IRI(name) for name in self.statistics.triples]
        strange = [
            one for one in props if one not in known and not _is_of_language(one) and self._is_stated(one)
        ]
        return tuple(sorted(kinds, key=str)), tuple(sorted(strange, key=str))

    def members(self, kind: IRI) -> int | None:
        """How many things are of a class, by inference too; None where nobody has counted."""
        if self.statistics is None:
            return None
        return self.statistics.class_subjects.get(kind.value, {}).get(RDF_TYPE.value, 0)

    def uses(self, prop: IRI) -> int | None:
        """How many statements have a property, by inference too; None where nobody has counted."""
        return None if self.statistics is None else self.statistics.triples.get(prop.value, 0)

    def is_class(self, iri: IRI) -> bool:
        """Whether a term is a class, by declaration or by use."""
        return bool(self.schema.kinds(iri) & set(CLASSES)) or iri in self.direct or bool(self.members(iri))

    def is_property(self, iri: IRI) -> bool:
        """Whether a term is a property, by declaration or by use."""
        return bool(self.schema.kinds(iri) & set(PROPERTIES)) or bool(self.uses(iri))

    def is_known(self, iri: IRI) -> bool:
        """Whether there is something to say of a term."""
        if iri in self.schema.by_subject or iri in self.direct or self.uses(iri):
            return True
        store = self.release.store
        return any(True for _ in chain(store.quads(subject=iri), store.quads(object=iri)))

    def named(self, name: str) -> IRI | None:
        """The term of the ontology's own with this local name."""
        found = []
        for space in self.schema.namespaces:
            try:
                found.append(IRI(space + name))
            except ValueError:
                return None
        known = [iri for iri in found if iri not in self.schema.ontologies and self.is_known(iri)]
        return next((iri for iri in known if iri in self.schema.by_subject), next(iter(known), None))

    def meant(self, text: str) -> IRI | None:
        """The term with this IRI or CURIE."""
        try:
            iri = expand(text, self.release.prefixes, self.release.iris)
        except UnknownEntity:
            return None
        return iri if self.is_known(iri) and not is_nameless(iri) else None

    def address(self, iri: IRI) -> str:
        """Where the page about a term is; '' for what is none."""
        name = self.local(iri)
        if iri.value == self.schema.iri:
            return url_for("terms.page")
        is_version = any(one.predicate in VERSIONS for one in self.schema.by_object.get(iri, ()))
        if name and (is_version or self.is_known(iri)):
            return url_for("terms.term", name=name)
        if iri in self.schema.by_subject or iri in self.direct:
            return self.of_others(iri)
        if self.uses(iri) and not _is_of_language(iri):
            return self.of_others(iri)
        return ""

    def of_others(self, iri: IRI, form: str | None = None) -> str:
        """The address of a term of another ontology, in a format."""
        short = compress(iri.value, self.release.prefixes)
        shown = iri.value if short.startswith("<") else short
        return f"{url_for('terms.page')}?term={quote(shown, safe=':/')}" + (f"&format={form}" if form else "")

    def local(self, iri: IRI) -> str:
        """The name of a term in the ontology; '' for one of another, or of the ontology itself."""
        space = next((one for one in self.schema.namespaces if iri.value.startswith(one)), "")
        return iri.value.removeprefix(space) if space else ""

    def anchor(self, iri: IRI) -> str:
        """The id of a term on the page of the whole, which is the fragment of its IRI where it has one."""
        return self.local(iri) or iri.value

    def near(self, name: str) -> list[IRI]:
        """Terms that may have been meant by a name that is none."""
        if not 0 < len(name) <= LONGEST:
            return []
        last = name.rpartition(":")[2].rpartition("#")[2].rpartition("/")[2] or name
        names: dict[str, IRI] = {}
        for iri in self.schema.terms:
            names.setdefault(_last(iri).casefold(), iri)
        close = get_close_matches(last.casefold(), list(names), NEAREST, LIKENESS)
        return [names[one] for one in close]

    def speech(self, links: Links, schema: Schema | None = None) -> Speech:
        """Tells the nodes of a schema, its own unless another is given, in the languages of the links."""
        known = self.schema.by_subject
        return Speech(schema or self.schema, links, lambda iri: self.address(iri) or links.href(iri), known)

    def _by_class(self, predicates: Iterable[IRI]) -> dict[IRI, list[IRI]]:
        found: defaultdict[IRI, list[IRI]] = defaultdict(list)
        for prop in self.schema.of_kinds(PROPERTIES):
            for kind in self.schema.classes_of(prop, predicates):
                found[kind].append(prop)
        return dict(found)

    def _is_stated(self, prop: IRI) -> bool:
        looked_at = zip(range(MOST_LOOKED_AT), self.release.store.quads(predicate=prop), strict=False)
        return any(self.release.iris.is_stated(quad) for _, quad in looked_at)


def _last(iri: IRI) -> str:
    return iri.value.rstrip("#/").rpartition("#")[2].rpartition("/")[2]


def _is_of_language(iri: IRI) -> bool:
    """Whether a term is of those by which ontologies are written."""
    return iri.value.startswith(LANGUAGES) and iri.value not in (f"{RDFS}label", f"{RDFS}comment")
