"""What a release says of its terms: the triples of its ontology, by the term on whose page they stand.

Where the release has an ontology, they are those of its graph. Else, as in imported files, they are what is
said of whatever is declared to be a class, a property, a datatype, a scheme of concepts or an ontology. Nodes
without a name (restrictions, lists, unions) belong to the terms whose statements lead to them; an axiom that
nothing leads to, as owl:AllDisjointClasses, to all the terms that it names.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg import nquads
from kg.inference import OWL, SUB_CLASS
from kg.iris import GENID
from kg.labels import RDF, RDFS, SCHEMA, SCHEMA_HTTP, SKOS
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.release import Release
    from kg.store import Term

FIRST, REST, NIL = (IRI(f"{RDF}{name}") for name in ("first", "rest", "nil"))
ONTOLOGY = IRI(f"{OWL}Ontology")
CLASSES = (IRI(f"{OWL}Class"), IRI(f"{RDFS}Class"))
DATATYPES = (IRI(f"{RDFS}Datatype"),)
RELATIONS = (IRI(f"{OWL}ObjectProperty"),)
ATTRIBUTES = (IRI(f"{OWL}DatatypeProperty"),)
ANNOTATIONS = (IRI(f"{OWL}AnnotationProperty"), IRI(f"{OWL}OntologyProperty"))
CHARACTERS = tuple(
    IRI(f"{OWL}{name}Property")
    for name in (
        *("Functional", "InverseFunctional", "Transitive", "Symmetric"),
        *("Asymmetric", "Reflexive", "Irreflexive"),
    )
)
PROPERTIES = (*RELATIONS, *ATTRIBUTES, *ANNOTATIONS, IRI(f"{RDF}Property"), *CHARACTERS)
SCHEMES = (IRI(f"{SKOS}ConceptScheme"),)
DECLARING = (*CLASSES, *DATATYPES, *PROPERTIES, *SCHEMES, ONTOLOGY)
AXIOMS = tuple(
    IRI(f"{OWL}{name}")
    for name in (
        *("AllDisjointClasses", "AllDisjointProperties", "AllDifferent", "Axiom"),
        "NegativePropertyAssertion",
    )
)
DOMAINS = tuple(
    IRI(name) for name in (f"{RDFS}domain", f"{SCHEMA}domainIncludes", f"{SCHEMA_HTTP}domainIncludes")
)
RANGES = tuple(
    IRI(name) for name in (f"{RDFS}range", f"{SCHEMA}rangeIncludes", f"{SCHEMA_HTTP}rangeIncludes")
)
UNION = IRI(f"{OWL}unionOf")
NAMESPACE = IRI("http://purl.org/vocab/vann/preferredNamespaceUri")


@dataclass(frozen=True)
class Schema:
    """The triples of an ontology by subject and by object; `iri` is that of the ontology, '' without one."""

    iri: str = ""
    by_subject: dict[IRI, list[Triple]] = field(default_factory=dict)
    by_object: dict[Term, list[Triple]] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Release) -> Schema:
        """The schema of a release, its literals with the forms they were written in."""
        triples = _of_graph(release) if release.manifest.ontology else _among_data(release)
        return cls.from_triples(triples, release.manifest.ontology.get("iri", ""))

    @classmethod
    def from_triples(cls, triples: Iterable[Triple], iri: str = "") -> Schema:
        """The schema that these triples are."""
        by_subject: defaultdict[IRI, list[Triple]] = defaultdict(list)
        by_object: defaultdict[Term, list[Triple]] = defaultdict(list)
        for triple in sorted(set(triples), key=str):
            if isinstance(triple.subject, IRI):
                by_subject[triple.subject].append(triple)
                by_object[triple.object].append(triple)
        return cls(iri, dict(by_subject), dict(by_object))

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """What the IRIs of the ontology's own terms may begin with, the stated one first."""
        if not self.iri:
            return ()
        stated = [one.value for one in self.objects(IRI(self.iri), NAMESPACE) if isinstance(one, Literal)]
        ends = ("",) if self.iri[-1] in "#/" else ("#", "/")
        return tuple(dict.fromkeys([*stated, *(self.iri + end for end in ends)]))

    @cached_property
    def terms(self) -> tuple[IRI, ...]:
        """All that is named and spoken of but for the ontologies; the terms of its own namespace first."""
        named = (iri for iri in self.by_subject if not is_nameless(iri) and iri not in self.ontologies)
        return tuple(sorted(named, key=lambda iri: (not self.is_own(iri), iri.value.casefold(), iri.value)))

    @cached_property
    def ontologies(self) -> tuple[IRI, ...]:
        """What is said to be an ontology, that of the release first."""
        found = {one.subject for one in self.by_object.get(ONTOLOGY, ()) if one.predicate == RDF_TYPE}
        named = [iri for iri in found if isinstance(iri, IRI)]
        return tuple(sorted(named, key=lambda iri: (iri.value != self.iri, iri.value)))

    def is_own(self, iri: IRI) -> bool:
        """Whether a term is in a namespace of the ontology; any is where there is none."""
        return iri.value.startswith(self.namespaces) if self.namespaces else True

    def of_kinds(self, kinds: Iterable[IRI]) -> list[IRI]:
        """The terms that are of one of these kinds."""
        wanted = set(kinds)
        return [iri for iri in self.terms if self.kinds(iri) & wanted]

    def kinds(self, iri: IRI) -> frozenset[IRI]:
        """What a term is said to be."""
        return frozenset(one for one in self.objects(iri, RDF_TYPE) if isinstance(one, IRI))

    def objects(self, subject: IRI, *predicates: IRI) -> list[Term]:
        """What a subject has by these predicates, each once."""
        said = self.by_subject.get(subject, ())
        found = [one.object for name in predicates for one in said if one.predicate == name]
        return list(dict.fromkeys(found))

    def subjects(self, value: Term, *predicates: IRI) -> list[IRI]:
        """What has this value by these predicates, each once."""
        said = self.by_object.get(value, ())
        found = (one.subject for name in predicates for one in said if one.predicate == name)
        return list(dict.fromkeys(one for one in found if isinstance(one, IRI)))

    def members(self, head: Term) -> list[Term]:
        """The members of a list; of one that bites its tail each once."""
        found: list[Term] = []
        seen: set[Term] = set()
        while isinstance(head, IRI) and head != NIL and head not in seen:
            seen.add(head)
            found += self.objects(head, FIRST)[:1]
            head = next(iter(self.objects(head, REST)), NIL)
        return found

    def classes_of(self, subject: IRI, predicates: Iterable[IRI]) -> list[IRI]:
        """The named classes that a property leads from or to by these predicates, members of unions too."""
        found: list[IRI] = []
        for node in self.objects(subject, *predicates):
            union = self.objects(node, UNION)[:1] if isinstance(node, IRI) else []
            members = [one for head in union for one in self.members(head)] or [node]
            found += [one for one in members if isinstance(one, IRI) and not is_nameless(one)]
        return list(dict.fromkeys(found))

    def above(self, kind: IRI) -> list[IRI]:
        """All named classes above one, the nearest first."""
        return self._reached(kind, lambda one: self.objects(one, SUB_CLASS))

    def below(self, kind: IRI) -> list[IRI]:
        """All named classes below one, the nearest first."""
        return self._reached(kind, lambda one: self.subjects(one, SUB_CLASS))

    def about(self, iri: IRI) -> list[Triple]:
        """The triples on the page of a term: its own, its axioms', and those of nameless nodes below."""
        starts = [iri, *(node for node, named in self._axioms.items() if iri in named)]
        return self._spread(starts)

    @cached_property
    def loose(self) -> list[Triple]:
        """The triples of axioms that name no term, which belong to the whole."""
        return self._spread([node for node, named in self._axioms.items() if not named])

    @cached_property
    def _axioms(self) -> dict[IRI, frozenset[IRI]]:
        """The nameless nodes that nothing leads to, with the terms that are named below each."""
        found = {}
        for node in self.by_subject:
            if is_nameless(node) and not self.by_object.get(node):
                named = (one.object for one in self._spread([node]) if one.predicate != RDF_TYPE)
                found[node] = frozenset(
                    one
                    for one in named
                    if isinstance(one, IRI) and not is_nameless(one) and one in self.by_subject
                )
        return found

    def _spread(self, starts: Iterable[IRI]) -> list[Triple]:
        """What is said of some nodes and of all nameless ones below them, in that order."""
        waiting, seen, found = list(starts), set[IRI](), list[Triple]()
        while waiting:
            node = waiting.pop(0)
            if node in seen:
                continue
            seen.add(node)
            for triple in self.by_subject.get(node, ()):
                found.append(triple)
                if isinstance(triple.object, IRI) and is_nameless(triple.object):
                    waiting.append(triple.object)
        return found

    def _reached(self, start: IRI, step: Callable[[IRI], Iterable[Term]]) -> list[IRI]:
        found: list[IRI] = []
        waiting = [start]
        while waiting:
            for one in step(waiting.pop(0)):
                if isinstance(one, IRI) and not is_nameless(one) and one != start and one not in found:
                    found.append(one)
                    waiting.append(one)
        return found


def is_nameless(iri: IRI) -> bool:
    """Whether an IRI stands for a blank node."""
    return f"/{GENID}" in iri.value


def _of_graph(release: Release) -> Iterator[Triple]:
    graph = release.iris.ontology_graph
    for subject in {quad.subject for quad in release.store.quads(graph=graph)}:
        if isinstance(subject, IRI):
            yield from (
                quad.triple for quad in nquads.about(release.quads_file, subject) if quad.graph_name == graph
            )


def _among_data(release: Release) -> Iterator[Triple]:
    """What sources say of all that they declare, and of the nameless nodes below it."""
    waiting = {
        quad.subject
        for kind in (*DECLARING, *AXIOMS)
        for quad in release.store.quads(predicate=RDF_TYPE, object=kind)
        if release.iris.is_stated(quad)
    }
    seen: set[IRI] = set()
    while waiting:
        subject = waiting.pop()
        if not isinstance(subject, IRI) or subject in seen:
            continue
        seen.add(subject)
        for quad in nquads.about(release.quads_file, subject):
            if release.iris.is_stated(quad):
                yield quad.triple
                if isinstance(quad.object, IRI) and is_nameless(quad.object):
                    waiting.add(quad.object)
