"""An ontology read from its Turtle file: terms, prefixes, what each term may be said of."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, cast

import rdflib
from rdflib import OWL, RDF, RDFS, SDO, VANN, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import ClosedNamespace
from rdflib.plugins.parsers.notation3 import BadSyntax

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import IdentifiedNode, Node

CLASS_KINDS = (OWL.Class, RDFS.Class)
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)


class OntologyError(Exception):
    """A file that is not a usable ontology: which, where, and how to mend it."""


class Terms(ClosedNamespace):
    """A closed namespace whose error names the nearest terms."""

    def term(self, name: str) -> URIRef:
        """The IRI of a term. Raises KeyError, or AttributeError when asked for as an attribute."""
        try:
            return super().term(name)
        except KeyError:
            near = get_close_matches(name, dir(self), 3)
            hint = f"; did you mean {' or '.join(near)}?" if near else "."
            raise KeyError(f"the ontology {self.uri} has no term “{name}”{hint}") from None

    def __getattr__(self, name: str) -> URIRef:
        try:
            return super().__getattr__(name)
        except AttributeError as error:
            raise AttributeError(*getattr(error.args[0] if error.args else None, "args", ())) from None


@dataclass(frozen=True)
class Ontology:
    """One ontology: its graph, and what the engine reads from it.

    Terms are those that the graph declares in its own namespace. Lists are sorted by IRI.
    """

    path: Path
    graph: Graph
    iri: URIRef

    @property
    def base(self) -> str:
        """The ontology's IRI up to its last slash, below which the IRIs of its data are minted."""
        return self.iri.rpartition("/")[0] + "/"

    @cached_property
    def namespace(self) -> str:
        """What the IRIs of all terms begin with."""
        stated = self.graph.value(self.iri, VANN.preferredNamespaceUri)
        if stated:
            return str(stated)
        guesses = [str(self.iri) + end for end in ("#", "/", "")]
        classes = [str(node) for kind in CLASS_KINDS for node in self.graph.subjects(RDF.type, kind)]
        return next((guess for guess in guesses if any(iri.startswith(guess) for iri in classes)), guesses[0])

    @cached_property
    def prefix(self) -> str:
        """The prefix by which the namespace is abbreviated; "" if none is stated."""
        return str(self.graph.value(self.iri, VANN.preferredNamespacePrefix) or "")

    @cached_property
    def version(self) -> str:
        """The version in words; "" if none is stated."""
        return str(self.graph.value(self.iri, OWL.versionInfo) or "")

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the file declares, and the preferred one of the namespace."""
        declared = {name: str(space) for name, space in self.graph.namespaces() if name}
        return dict(sorted({**declared, **({self.prefix: self.namespace} if self.prefix else {})}.items()))

    @cached_property
    def terms(self) -> Terms:
        """All terms: classes, properties, individuals. A misspelt one raises AttributeError."""
        subjects = {str(subject) for subject in self.graph.subjects(RDF.type) if self._is_ours(subject)}
        return Terms(self.namespace, sorted(iri.removeprefix(self.namespace) for iri in subjects))

    @cached_property
    def classes(self) -> tuple[URIRef, ...]:
        """All classes."""
        return self._ours(term for kind in CLASS_KINDS for term in self.graph.subjects(RDF.type, kind))

    @cached_property
    def properties(self) -> tuple[URIRef, ...]:
        """All properties whose values are things (object) or literals (datatype)."""
        return self._ours(term for kind in PROPERTY_KINDS for term in self.graph.subjects(RDF.type, kind))

    def texts(self, prop: str) -> dict[str, str]:
        """What the ontology says of itself with a property, by language; "" where there is none."""
        found = self.graph.objects(self.iri, URIRef(prop))
        return dict(sorted((node.language or "", str(node)) for node in found if isinstance(node, Literal)))

    def domains(self, prop: str) -> frozenset[URIRef]:
        """Classes of what the property is said of, any of which will do; empty means of anything."""
        return self._alternatives(prop, RDFS.domain, SDO.domainIncludes)

    def ranges(self, prop: str) -> frozenset[URIRef]:
        """Classes or datatypes of what the property takes, any of which will do; empty means anything."""
        return self._alternatives(prop, RDFS.range, SDO.rangeIncludes)

    def superclasses(self, kind: str) -> frozenset[URIRef]:
        """All named classes above one, of this ontology and of others, itself left out."""
        above = self.graph.transitive_objects(URIRef(kind), RDFS.subClassOf)
        return frozenset(node for node in above if isinstance(node, URIRef)) - {URIRef(kind)}

    def is_object_property(self, prop: str) -> bool:
        """Whether the property leads to things and not to literals."""
        kinds = set(self.graph.objects(URIRef(prop), RDF.type))
        if kinds & {OWL.ObjectProperty, OWL.DatatypeProperty}:
            return OWL.ObjectProperty in kinds
        return not any(iri.startswith(str(XSD)) for iri in self.ranges(prop))

    def _alternatives(self, prop: str, strict: URIRef, loose: URIRef) -> frozenset[URIRef]:
        found: set[URIRef] = set()
        for predicate in (strict, loose):
            for node in self.graph.objects(URIRef(prop), predicate):
                found.update(self._members(cast("IdentifiedNode", node)))
        return frozenset(found)

    def _members(self, node: IdentifiedNode) -> Iterable[URIRef]:
        union = self.graph.value(node, OWL.unionOf)
        members: Iterable[Node] = Collection(self.graph, cast("IdentifiedNode", union)) if union else [node]
        return (member for member in members if isinstance(member, URIRef))

    def _ours(self, nodes: Iterable[Node]) -> tuple[URIRef, ...]:
        return tuple(sorted({URIRef(str(node)) for node in nodes if self._is_ours(node)}))

    def _is_ours(self, node: Node) -> bool:
        return isinstance(node, URIRef) and node.startswith(self.namespace) and str(node) != self.namespace


def load(path: Path) -> Ontology:
    """The ontology in a Turtle file.

    Raises OntologyError when the file cannot be read, is not Turtle, or declares no owl:Ontology or two.
    """
    rdflib.NORMALIZE_LITERALS = False  # for all of rdflib: literals keep the form they are written in
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(path, format="turtle")
    except OSError as error:
        raise OntologyError(
            f"{path} cannot be read ({error.strerror}); name the Turtle file of an ontology."
        ) from error
    except UnicodeDecodeError as error:
        raise OntologyError(f"{path} is not UTF-8 at byte {error.start + 1}; save it as UTF-8.") from error
    except BadSyntax as error:
        why = error.message.partition("Bad syntax (")[2].partition(") at ^")[0]
        raise OntologyError(
            f"{path}:{error.lines + 1}: not Turtle ({why}); mend the statement there or before."
        ) from error
    return Ontology(path, graph, _header(path, graph))


def _header(path: Path, graph: Graph) -> URIRef:
    declared = [iri for iri in graph.subjects(RDF.type, OWL.Ontology) if isinstance(iri, URIRef)]
    if len(declared) != 1:
        found = " and ".join(sorted(declared)) or "none"
        raise OntologyError(f"{path} must state “<IRI> a owl:Ontology .” once; it declares {found}.")
    return declared[0]
