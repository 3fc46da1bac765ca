"""How the graph uses a term: counts, things and statements as examples, queries, words."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from flask import url_for

from kg.aspects.schema import DOMAINS, RANGES
from kg.labels import SKOS, definition
from kg.sources import RDF_TYPE, sources
from kg.store import IRI
from web.links import Link
from web.pages import members_of
from web.values import Value, value_of
from web.wording import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.sources import Source
    from kg.store import Quad
    from web.terms.glossary import Glossary
    from web.terms.phrases import Speech

CANDIDATES, MOST_THINGS, MOST_STATEMENTS = 100, 8, 5
MOST_COUNTED = 200_000  # statements up to which it is counted how many sources make them
SCHEME_OF = (IRI(f"{SKOS}inScheme"), IRI(f"{SKOS}topConceptOf"))
PARTS = (N_("noun"), N_("verb"), N_("adjective"), N_("other"))


@dataclass(frozen=True)
class Count:
    """A number with what it counts; `href` leads to what is counted."""

    number: int
    what: str
    href: str = ""


@dataclass(frozen=True)
class Said:
    """A property that members of a class have, or that leads to them: to what, in how many statements.

    `wider` is the class by which it is a property of this one, where that is another.
    """

    name: Link
    definition: Link
    others: tuple[Link, ...]
    count: int | None
    wider: Link | None = None


@dataclass(frozen=True)
class Statement:
    """An example of a property in use."""

    subject: Link
    value: Value
    sources: tuple[Link, ...]
    is_inferred: bool


@dataclass(frozen=True)
class Words:
    """What a term is called in one language beside its labels, by part of speech."""

    lang: str
    parts: dict[str, list[str]] = field(default_factory=dict)


def counts_of_class(glossary: Glossary, kind: IRI) -> list[Count]:
    """How many things are of a class, and how many of them sources say to be."""
    members, direct = glossary.members(kind), glossary.direct.get(kind)
    query = url_for("sparql.sparql", query=members_of(kind))
    if members is None:
        return [Count(direct, gettext("things that sources call so"), query)] if direct else []
    if members == direct:
        return [Count(members, ngettext("thing", "things", members), query)]
    said = ngettext("thing, what follows included", "things, what follows included", members)
    found = [Count(members, said, query)]
    return [*found, *([Count(direct, gettext("of them called so by sources"))] if direct is not None else [])]


def counts_of_property(glossary: Glossary, prop: IRI) -> list[Count]:
    """How many statements have a property, of how many things, with how many values, by how many sources."""
    counted = glossary.statistics
    if counted is None:
        return []
    uses = counted.triples.get(prop.value, 0)
    query = url_for("sparql.sparql", query=uses_of(prop)) if uses else ""
    subjects, objects = counted.subjects.get(prop.value, 0), counted.objects.get(prop.value, 0)
    found = [
        Count(
            uses,
            ngettext("statement, what follows included", "statements, what follows included", uses),
            query,
        ),
        Count(subjects, ngettext("subject", "subjects", subjects)),
        Count(objects, ngettext("value", "values", objects)),
    ]
    if 0 < uses <= MOST_COUNTED:
        stating = len(_stating(glossary, prop))
        found.append(Count(stating, ngettext("source states it", "sources state it", stating)))
    return found


def uses_of(prop: IRI) -> str:
    """The query for all statements with a property."""
    return f"SELECT ?subject ?value WHERE {{\n  ?subject {prop} ?value\n}}\nORDER BY ?subject ?value"


def properties_of(speech: Speech, glossary: Glossary, kind: IRI) -> list[Said]:
    """The properties that members of a class may have: its own, those of wider classes, and those in use."""
    schema = glossary.schema
    found: dict[IRI, Said] = {}
    counted = glossary.statistics
    used = counted.class_triples.get(kind.value, {}) if counted else {}
    by_domain = glossary.by_domain
    for one in (kind, *schema.above(kind)):
        for prop in by_domain.get(one, ()):
            if prop not in found:
                wider = None if one == kind else speech.name(one)
                count = used.get(prop.value, 0) if counted else None
                found[prop] = _said(speech, prop, RANGES, count, wider)
    rest = sorted((IRI(name) for name in used), key=lambda prop: (-used[prop.value], prop.value))
    for prop in rest:
        if prop not in found and prop != RDF_TYPE:
            found[prop] = _said(speech, prop, RANGES, used[prop.value], None)
    return list(found.values())


def properties_to(speech: Speech, glossary: Glossary, kind: IRI) -> list[Said]:
    """The properties whose values are members of a class."""
    schema = glossary.schema
    found: dict[IRI, Said] = {}
    for one in (kind, *schema.above(kind)):
        for prop in glossary.by_range.get(one, ()):
            if prop not in found:
                wider = None if one == kind else speech.name(one)
                found[prop] = _said(speech, prop, DOMAINS, glossary.uses(prop), wider)
    return list(found.values())


def things(speech: Speech, glossary: Glossary, kind: IRI) -> list[Link]:
    """A few members of a class: of the first ones those of which most is said."""
    store, iris = glossary.release.store, glossary.release.iris
    quads = store.quads(predicate=RDF_TYPE, object=kind)
    found = {quad.subject: iris.is_stated(quad) for quad in islice(quads, CANDIDATES)}
    named = [one for one in found if isinstance(one, IRI)]
    weights = {one: sum(1 for _ in islice(store.quads(subject=one), CANDIDATES)) for one in named}
    chosen = sorted(named, key=lambda one: (not found[one], -weights[one], one.value))[:MOST_THINGS]
    speech.links.prepare(chosen)
    return [speech.links.link(one) for one in chosen]


def statements(speech: Speech, glossary: Glossary, prop: IRI) -> list[Statement]:
    """A few statements with a property, those of sources first, each of another subject."""
    release = glossary.release
    quads = list(islice(release.store.quads(predicate=prop), CANDIDATES))
    quads.sort(key=lambda quad: (not release.iris.is_stated(quad), str(quad)))
    chosen = list({quad.subject: quad for quad in reversed(quads)}.values())[::-1][:MOST_STATEMENTS]
    terms = [term for quad in chosen for term in (quad.subject, quad.object) if isinstance(term, IRI)]
    speech.links.prepare(terms)
    graphs = [quad.graph_name for quad in chosen if isinstance(quad.graph_name, IRI)]
    known = sources(release.store, release.iris, set(graphs))
    return [_statement(speech, glossary, quad, known) for quad in chosen]


def queries(speech: Speech, glossary: Glossary, iri: IRI) -> list[Link]:
    """The example queries that name a term, each leading to the page where it is run."""
    found = glossary.examples.get(iri.value, [])
    speech.links.prepare(one.iri for one in found)
    links = []
    for one in found:
        label = speech.links.label(one.iri)
        links.append(Link(label.text, url_for("sparql.sparql", query=one.query), label.lang))
    return links


def words(glossary: Glossary, iri: IRI) -> list[Words]:
    """The words of the lexicon for a term, by language."""
    found: dict[str, Words] = {}
    for form in glossary.words.get(iri.value, ()):
        parts = found.setdefault(form.lang, Words(form.lang)).parts
        known = parts.setdefault(form.part, [])
        if form.text not in known:
            known.append(form.text)
    return [
        Words(one.lang, {part: one.parts[part] for part in PARTS if part in one.parts})
        for _, one in sorted(found.items(), key=lambda item: (item[0] != "en", item[0]))
    ]


def meaning(speech: Speech, iri: IRI) -> Link:
    """The definition of a term in the best of the languages; without text where there is none."""
    found = definition(speech.links.release.store, iri, speech.links.langs)
    return Link(found.text, lang=found.lang) if found else Link("")


def _said(speech: Speech, prop: IRI, ends: Iterable[IRI], count: int | None, wider: Link | None) -> Said:
    others = tuple(speech.name(one) for one in speech.schema.classes_of(prop, ends))
    return Said(speech.name(prop), meaning(speech, prop), others, count, wider)


def _stating(glossary: Glossary, prop: IRI) -> frozenset[IRI]:
    """The sources of statements with a property."""
    if prop not in glossary.sources:
        iris = glossary.release.iris
        graphs = {quad.graph_name for quad in glossary.release.store.quads(predicate=prop)}
        named = (graph for graph in graphs if isinstance(graph, IRI) and iris.is_source(graph))
        glossary.sources[prop] = frozenset(map(iris.source_of, named))
    return glossary.sources[prop]


def _statement(speech: Speech, glossary: Glossary, quad: Quad, known: dict[IRI, Source]) -> Statement:
    links = speech.links
    value = value_of(links, quad.predicate, quad.object)
    subject = links.link(quad.subject) if isinstance(quad.subject, IRI) else Link(str(quad.subject))
    named = known.get(quad.graph_name) if isinstance(quad.graph_name, IRI) else None
    told = (Link(named.title, links.href(named.iri), named.language),) if named else ()
    is_stated = glossary.release.iris.is_stated(quad)
    return Statement(subject, value, told if is_stated else (), not is_stated)
