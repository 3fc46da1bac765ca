"""What the graph says, subject by subject, read from the sorted N-Quads of a release in one pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg import nquads
from kg.documents import PASSAGE
from kg.inference import OWL
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES, RDF, RDFS, SKOS
from kg.sources import RDF_TYPE
from kg.store import IRI
from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.iris import Iris
    from kg.release import Release
    from kg.store import Quad, Term

Part: TypeAlias = Literal["stated", "ontology", "catalogue", "passage"]
Fact: TypeAlias = "tuple[str, Term]"

CLASS_TYPES = frozenset({f"{OWL}Class", f"{RDFS}Class"})
PROPERTY_TYPES = frozenset(
    {
        f"{RDF}Property",
        *(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Symmetric", "Transitive", "Functional")),
    }
)
OTHER_TERM_TYPES = frozenset(
    {f"{OWL}{kind}" for kind in ("Ontology", "Restriction", "AnnotationProperty", "AllDifferent")}
    | {f"{RDFS}Datatype", f"{SKOS}ConceptScheme"}
)
# Of these vocabularies are the words by which terms are spoken of (OntoLex-Lemon); its concepts are things.
OF_WORDS = (
    *(f"http://www.w3.org/ns/lemon/{module}#" for module in ("ontolex", "synsem", "lime", "vartrans")),
    *(f"http://www.lexinfo.net/ontology/{version}/lexinfo#" for version in ("3.0", "2.0")),
    "http://lemon-model.net/oils#",
)
CONCEPTS = frozenset(f"{OF_WORDS[0]}{kind}" for kind in ("LexicalConcept", "ConceptSet"))
EVERYTHING = frozenset({f"{OWL}Thing", f"{OWL}NamedIndividual", f"{RDFS}Resource"})
META_CLASSES = CLASS_TYPES | PROPERTY_TYPES | OTHER_TERM_TYPES | EVERYTHING
NAMES = {iri.value: place for place, iri in enumerate((*NAME_PROPERTIES, *ALT_PROPERTIES))}
DEFINITIONS = frozenset(iri.value for iri in DEFINITION_PROPERTIES)


@dataclass(frozen=True)
class Name:
    """What a thing is called: the language is '' where it is the same in all, or unknown."""

    text: str
    lang: str
    rank: int

    @property
    def is_preferred(self) -> bool:
        """Whether it is the name to show rather than another one."""
        return self.rank < len(NAME_PROPERTIES)


@dataclass(frozen=True)
class Thing:
    """One subject, and what one part of the graph says of it; `facts` are the other statements.

    `sources` has for each statement the IRIs of those who make it, in order.
    """

    iri: str
    part: Part
    types: tuple[str, ...]
    names: tuple[Name, ...]
    definitions: tuple[Name, ...]
    facts: tuple[Fact, ...]
    sources: Mapping[Fact, tuple[str, ...]] = field(default_factory=dict)

    @property
    def all_sources(self) -> tuple[str, ...]:
        """Who says something of it, in order."""
        return tuple(sorted({source for sources in self.sources.values() for source in sources}))

    @property
    def is_class(self) -> bool:
        """Whether it is declared as a class."""
        return not CLASS_TYPES.isdisjoint(self.types)

    @property
    def is_property(self) -> bool:
        """Whether it is declared as a property."""
        return not PROPERTY_TYPES.isdisjoint(self.types)

    @property
    def is_entity(self) -> bool:
        """Whether it is something that the graph is about rather than a term of its language."""
        is_term = self.is_class or self.is_property or not OTHER_TERM_TYPES.isdisjoint(self.types)
        return self.part == "stated" and not is_term and not self.is_word

    @property
    def is_word(self) -> bool:
        """Whether it belongs to a lexicon by which terms are spoken of: an entry, a form, a sense."""
        marks = self.types or tuple(predicate for predicate, _ in self.facts)
        return CONCEPTS.isdisjoint(marks) and any(mark.startswith(OF_WORDS) for mark in marks)


def things(release: Release) -> Iterator[Thing]:
    """Every subject with what is stated of it, or what ontology or catalogue say; in order of IRIs.

    What several sources state is given once. Inferred statements are left out.
    """
    iris = release.iris
    for subject, quads in groupby(nquads.read(release.quads_file), key=lambda quad: quad.subject):
        if isinstance(subject, IRI):
            yield from _parts(subject.value, quads, iris)


def thing(release: Release, iri: str) -> Thing:
    """What is said of one IRI, ontology first; nothing, where it is no subject."""
    found = list(_parts(iri, nquads.about(release.quads_file, IRI(iri)), release.iris))
    found.sort(key=lambda part: part.part != "ontology")
    return found[0] if found else Thing(iri, "ontology", (), (), (), ())


def _parts(iri: str, quads: Iterable[Quad], iris: Iris) -> Iterator[Thing]:
    said: dict[Part, dict[Fact, dict[str, None]]] = {}
    for quad in quads:
        part = _part(quad, iris)
        if part is not None and isinstance(quad.graph_name, IRI):
            fact = (quad.predicate.value, quad.object)
            source = iris.source_of(quad.graph_name).value
            said.setdefault(part, {}).setdefault(fact, {})[source] = None
    for part, facts in said.items():
        yield _thing(iri, part, {fact: tuple(sorted(sources)) for fact, sources in facts.items()})


def _part(quad: Quad, iris: Iris) -> Part | None:
    graph = quad.graph_name
    if graph == iris.ontology_graph:
        return "ontology"
    if graph == iris.catalogue_graph:
        return "catalogue"
    return "stated" if isinstance(graph, IRI) and iris.is_source(graph) else None


def _thing(iri: str, part: Part, facts: dict[Fact, tuple[str, ...]]) -> Thing:
    types, names, definitions, other = [], [], [], []
    for predicate, value in facts:
        if isinstance(value, RDFLiteral) and predicate in NAMES and value.value.strip():
            names.append(Name(value.value, _language(value), NAMES[predicate]))
        elif isinstance(value, RDFLiteral) and predicate in DEFINITIONS:
            definitions.append(Name(value.value, _language(value), 0))
        elif predicate == RDF_TYPE.value and isinstance(value, IRI):
            types.append(value.value)
        else:
            other.append((predicate, value))
    names.sort(key=lambda name: (name.rank, name.lang, name.text))
    part = "passage" if PASSAGE.value in types else part
    return Thing(iri, part, tuple(types), tuple(names), tuple(definitions), tuple(other), facts)


def _language(value: RDFLiteral) -> str:
    return (value.language or "").split("-")[0].lower()
