"""What stands on the page of the whole ontology."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.aspects.schema import (
    ANNOTATIONS,
    ATTRIBUTES,
    CLASSES,
    DATATYPES,
    DOMAINS,
    PROPERTIES,
    RANGES,
    RELATIONS,
    SCHEMES,
    is_nameless,
)
from kg.inference import OWL, SUB_CLASS
from kg.labels import RDFS
from kg.store import IRI
from web.links import Link
from web.terms import usage
from web.terms.axioms import Fact, facts
from web.terms.diagram import Diagram, diagram
from web.terms.listing import Row, rows
from web.terms.termsheet import Naming, kind_of, namings
from web.wording import N_, ngettext

if TYPE_CHECKING:
    from web.links import Links
    from web.terms.glossary import Glossary
    from web.terms.phrases import Speech

ANYTHING = frozenset({IRI(f"{OWL}Thing"), IRI(f"{RDFS}Resource")})
MOST = 2000  # terms of one kind; the files have all
DEEPEST = 30  # classes below classes


@dataclass(frozen=True)
class Entry:
    """A term as the whole page shows it: `domains` and `ranges` of a property, `wider` of a class."""

    iri: IRI
    name: Link
    curie: str
    anchor: str
    kind: str
    definition: Link
    count: int | None
    domains: tuple[Link, ...] = ()
    ranges: tuple[Link, ...] = ()
    wider: tuple[Link, ...] = ()
    narrower: list[Entry] = field(default_factory=list)
    is_first: bool = True


@dataclass(frozen=True)
class Section:
    """Terms of one kind; `what` is counted of each, and `count` are they all."""

    title: str
    what: str
    entries: list[Entry]
    count: int

    def counted(self, number: int) -> str:
        """A number of what is counted of each term, in words."""
        if self.what == "thing":
            return ngettext("%(num)s thing", "%(num)s things", number)
        if self.what == "member":
            return ngettext("%(num)s member", "%(num)s members", number)
        return ngettext("%(num)s statement", "%(num)s statements", number)


@dataclass(frozen=True)
class Overview:
    """The page of the whole."""

    name: Link | None
    definition: Link | None
    namings: list[Naming]
    facts: list[Fact]
    tree: list[Entry]
    class_count: int
    groups: list[tuple[Link | None, list[Entry]]]
    sections: list[Section]
    strange: list[Section]
    diagram: Diagram
    triples: list[Row]
    ontologies: list[Link]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared."""
        return not (self.tree or self.sections)


def overview(links: Links, glossary: Glossary) -> Overview:
    """The page of the ontology of a release, or of what is declared or used in one without."""
    schema, speech = glossary.schema, glossary.speech(links)
    links.prepare(schema.terms)
    whole = IRI(schema.iri) if schema.iri else None
    classes = [kind for kind in schema.of_kinds(CLASSES) if schema.is_own(kind)]
    return Overview(
        name=links.link(whole) if whole else None,
        definition=usage.meaning(speech, whole) if whole else None,
        namings=namings(schema, whole) if whole else [],
        facts=facts(speech, whole) if whole else [],
        tree=_tree(speech, glossary, classes[:MOST]),
        class_count=len(classes),
        groups=_groups(speech, glossary),
        sections=_sections(speech, glossary, set(classes)),
        strange=_strange(speech, glossary),
        diagram=diagram(speech, glossary),
        triples=rows(speech, [*(schema.about(whole) if whole else ()), *schema.loose]),
        ontologies=[speech.name(one) for one in schema.ontologies if one != whole],
    )


def _tree(speech: Speech, glossary: Glossary, classes: list[IRI]) -> list[Entry]:
    """The classes below each other; one with several above it is whole at the first place only."""
    schema, known, seen = glossary.schema, set(classes), set[IRI]()

    def entry(kind: IRI, path: frozenset[IRI]) -> Entry:
        is_first = kind not in seen
        seen.add(kind)
        below = [one for one in schema.subjects(kind, SUB_CLASS) if one in known and one not in path | {kind}]
        is_told = is_first and len(path) < DEEPEST
        nested = [entry(one, path | {kind}) for one in below] if is_told else []
        above = (one for one in schema.objects(kind, SUB_CLASS) if isinstance(one, IRI))
        wider = tuple(speech.name(one) for one in above if one not in known and not is_nameless(one))
        return _entry(speech, glossary, kind, wider=wider, narrower=nested, is_first=is_first)

    def has_wider(kind: IRI) -> bool:
        return any(one in known and one != kind for one in schema.objects(kind, SUB_CLASS))

    found = [entry(kind, frozenset()) for kind in classes if not has_wider(kind)]
    # Those of a circle are below each other, and none at the top; and some are too deep to be told in place.
    return [*found, *(entry(kind, frozenset()) for kind in classes if kind not in seen)]


def _groups(speech: Speech, glossary: Glossary) -> list[tuple[Link | None, list[Entry]]]:
    """The properties by the classes whose members have them, each below all of them; at last the others."""
    schema = glossary.schema
    props = [prop for prop in schema.of_kinds(PROPERTIES) if not schema.kinds(prop) & set(ANNOTATIONS)][:MOST]
    domains = {prop: schema.classes_of(prop, DOMAINS) for prop in props}
    named = {kind for found in domains.values() for kind in found} - ANYTHING
    kinds = sorted(named, key=lambda one: (not schema.is_own(one), one.value))
    found: list[tuple[Link | None, list[Entry]]] = []
    for kind in kinds:
        members = [_entry(speech, glossary, prop) for prop in props if kind in domains[prop]]
        found.append((speech.name(kind), members))
    rest = [prop for prop in props if not set(domains[prop]) - ANYTHING]
    return [*found, *([(None, [_entry(speech, glossary, prop) for prop in rest])] if rest else [])]


def _sections(speech: Speech, glossary: Glossary, told: set[IRI]) -> list[Section]:
    """All terms that have not been told, by kind."""
    schema = glossary.schema
    left = [iri for iri in schema.terms if iri not in told]
    found = []
    for title, what, kinds in (
        (N_("Classes of other vocabularies"), "thing", CLASSES),
        (N_("Properties between things"), "statement", RELATIONS),
        (N_("Properties with values"), "statement", ATTRIBUTES),
        (N_("Annotations"), "statement", ANNOTATIONS),
        (N_("Other properties"), "statement", PROPERTIES),
        (N_("Datatypes"), "", DATATYPES),
        (N_("Concept schemes"), "member", SCHEMES),
        (N_("Other terms of which something is said"), "", ()),
    ):
        chosen = [iri for iri in left if not kinds or schema.kinds(iri) & set(kinds)]
        gone = set(chosen)
        left = [iri for iri in left if iri not in gone]
        if chosen:
            entries = [_entry(speech, glossary, iri, what=what) for iri in chosen[:MOST]]
            found.append(Section(title, what, entries, len(chosen)))
    return found


def _strange(speech: Speech, glossary: Glossary) -> list[Section]:
    """What sources use though nothing declares it."""
    kinds, props = glossary.used
    speech.links.prepare([*kinds[:MOST], *props[:MOST]])
    found = []
    for title, what, used in ((N_("Classes"), "thing", kinds), (N_("Properties"), "statement", props)):
        if used:
            entries = [_entry(speech, glossary, one, what=what) for one in used[:MOST]]
            found.append(Section(title, what, entries, len(used)))
    return found


def _entry(
    speech: Speech,
    glossary: Glossary,
    iri: IRI,
    *,
    what: str = "statement",
    wider: tuple[Link, ...] = (),
    narrower: list[Entry] | None = None,
    is_first: bool = True,
) -> Entry:
    schema = glossary.schema
    is_class = narrower is not None or what == "thing"
    return Entry(
        iri=iri,
        name=speech.name(iri) if glossary.address(iri) else _led(speech, glossary, iri),
        curie=speech.links.curie(iri).text,
        anchor=glossary.anchor(iri),
        kind=kind_of(schema, iri),
        definition=usage.meaning(speech, iri),
        count=_count(glossary, iri, "thing" if is_class else what),
        domains=tuple(speech.name(one) for one in schema.classes_of(iri, DOMAINS)),
        ranges=tuple(speech.name(one) for one in schema.classes_of(iri, RANGES)),
        wider=wider,
        narrower=narrower or [],
        is_first=is_first,
    )


def _led(speech: Speech, glossary: Glossary, iri: IRI) -> Link:
    """A term that nothing declares, leading to the page that says how it is used."""
    name = speech.name(iri)
    return Link(name.text, glossary.of_others(iri), name.lang, title=name.title)


def _count(glossary: Glossary, iri: IRI, what: str) -> int | None:
    if what == "thing":
        counted = glossary.members(iri)
        return glossary.direct.get(iri) if counted is None else counted
    if what == "statement":
        return glossary.uses(iri)
    if what == "member":
        names = usage.SCHEME_OF
        return len({q.subject for name in names for q in glossary.release.store.quads(None, name, iri)})
    return None
