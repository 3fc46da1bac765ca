"""What stands on the page of one term."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.aspects.schema import (
    ANNOTATIONS,
    ATTRIBUTES,
    CLASSES,
    DATATYPES,
    ONTOLOGY,
    PROPERTIES,
    RELATIONS,
    SCHEMES,
    Schema,
)
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES, SKOS
from kg.store import IRI, Literal
from web.terms import usage
from web.terms.axioms import Fact, facts
from web.terms.constraints import Rule, Rules
from web.terms.listing import Row, rows
from web.wording import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.links import Link, Links
    from web.terms.glossary import Glossary

CONCEPT = IRI(f"{SKOS}Concept")
DEPRECATED = IRI("http://www.w3.org/2002/07/owl#deprecated")
MOST_MEMBERS = 200
KINDS = (
    (ONTOLOGY, N_("ontology")),
    *((kind, N_("class")) for kind in CLASSES),
    *((kind, N_("datatype")) for kind in DATATYPES),
    *((kind, N_("property between things")) for kind in RELATIONS),
    *((kind, N_("property with values")) for kind in ATTRIBUTES),
    *((kind, N_("annotation")) for kind in ANNOTATIONS),
    *((kind, N_("property")) for kind in PROPERTIES),
    *((kind, N_("concept scheme")) for kind in SCHEMES),
    (CONCEPT, N_("concept")),
)


@dataclass(frozen=True)
class Naming:
    """What a term is called in one language, and how it is defined there."""

    lang: str
    names: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TermSheet:
    """A page about a term; what is empty is not shown."""

    iri: IRI
    name: Link
    curie: str
    kind: str
    definition: Link
    is_declared: bool
    is_deprecated: bool
    namings: list[Naming]
    facts: list[Fact]
    counts: list[usage.Count]
    rules: list[Rule]
    queries: list[Link]
    words: list[usage.Words]
    triples: list[Row]
    properties: list[usage.Said] = field(default_factory=list)
    leading_here: list[usage.Said] = field(default_factory=list)
    things: list[Link] = field(default_factory=list)
    statements: list[usage.Statement] = field(default_factory=list)
    members: list[Link] = field(default_factory=list)
    member_count: int = 0


def termsheet(links: Links, glossary: Glossary, iri: IRI) -> TermSheet:
    """The page about a term that the glossary knows."""
    speech, schema = glossary.speech(links), glossary.schema
    triples = schema.about(iri)
    links.prepare(one for one in _named(schema, iri))
    is_class, is_property = glossary.is_class(iri), glossary.is_property(iri)
    shapes = glossary.speech(links, glossary.shapes)
    counts = usage.counts_of_class(glossary, iri) if is_class else []
    members = _members(glossary, iri)
    return TermSheet(
        iri=iri,
        name=links.link(iri),
        curie=links.curie(iri).text,
        kind=kind_of(schema, iri, is_class=is_class, is_property=is_property),
        definition=usage.meaning(speech, iri),
        is_declared=bool(schema.by_subject.get(iri)),
        is_deprecated=any(_is_true(one) for one in schema.objects(iri, DEPRECATED)),
        namings=namings(schema, iri),
        facts=facts(speech, iri),
        counts=[*counts, *(usage.counts_of_property(glossary, iri) if is_property else [])],
        rules=Rules(shapes, schema, glossary.scopes).of(iri),
        queries=usage.queries(speech, glossary, iri),
        words=usage.words(glossary, iri),
        triples=rows(speech, triples),
        properties=usage.properties_of(speech, glossary, iri) if is_class else [],
        leading_here=usage.properties_to(speech, glossary, iri) if is_class else [],
        things=usage.things(speech, glossary, iri) if is_class else [],
        statements=usage.statements(speech, glossary, iri) if is_property else [],
        members=_linked(links, members),
        member_count=len(members),
    )


def kind_of(schema: Schema, iri: IRI, *, is_class: bool = False, is_property: bool = False) -> str:
    """What a term is, in a word or two, to be translated."""
    kinds = schema.kinds(iri)
    for kind, word in KINDS:
        if kind in kinds:
            return word
    if is_class or is_property:
        return N_("class") if is_class else N_("property")
    return N_("individual") if kinds else N_("term")


def namings(schema: Schema, iri: IRI) -> list[Naming]:
    """Names and definitions of a term in every language that the ontology has them in."""
    found: dict[str, Naming] = {}
    for predicates, attribute in (
        (NAME_PROPERTIES, "names"),
        (ALT_PROPERTIES, "others"),
        (DEFINITION_PROPERTIES, "definitions"),
    ):
        for one in schema.objects(iri, *predicates):
            if isinstance(one, Literal):
                lang = one.language or ""
                texts: list[str] = getattr(found.setdefault(lang, Naming(lang)), attribute)
                texts.append(one.value)
    return [found[lang] for lang in sorted(found, key=lambda lang: (lang != "en", lang))]


def _members(glossary: Glossary, iri: IRI) -> list[IRI]:
    """What stands in a scheme of concepts."""
    if not glossary.schema.kinds(iri) & set(SCHEMES):
        return []
    store = glossary.release.store
    found = {quad.subject for name in usage.SCHEME_OF for quad in store.quads(predicate=name, object=iri)}
    return sorted((one for one in found if isinstance(one, IRI)), key=str)


def _linked(links: Links, members: Iterable[IRI]) -> list[Link]:
    chosen = list(members)[:MOST_MEMBERS]
    links.prepare(chosen)
    return sorted((links.link(one) for one in chosen), key=lambda link: link.text.casefold())


def _named(schema: Schema, iri: IRI) -> list[IRI]:
    """What a page names whatever else it shows: the terms beside one."""
    near = [*schema.about(iri), *schema.by_object.get(iri, ())]
    found = {term for one in near for term in (one.subject, one.predicate, one.object)}
    return [one for one in found if isinstance(one, IRI)]


def _is_true(term: object) -> bool:
    return isinstance(term, Literal) and term.value in ("true", "1")
