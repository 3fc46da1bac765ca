"""The queries behind a page about a thing: each gives the rows of one block, and runs on the query page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.aspects.referring import SAID, STATED
from kg.documents import PASSAGE, POSITION, VALUE
from kg.iris import compress
from kg.labels import ALT_PROPERTIES, NAME_PROPERTIES
from kg.sources import ISSUED, PART_OF, RDF_TYPE, VALID
from kg.text.annotations import HAS_BODY, HAS_SCOPE, HAS_TARGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.aspects.geography import Geography
    from kg.release import Release
    from kg.store import IRI


@dataclass(frozen=True)
class Behind:
    """Queries about one IRI. What sources state of it is told, or else what is said of a term.

    Of what is only `counted` the statistics tell.
    """

    release: Release
    iri: IRI
    counted: bool = False

    def statements(self, props: Iterable[IRI], *, stated: bool) -> str:
        """The values of some properties, each with its sources and the date of the statement."""
        return (
            "SELECT ?property ?value ?source ?date WHERE {\n"
            f"  VALUES ?property {{ {self._names(props)} }}\n"
            f"  GRAPH ?graph {{ {self._name(self.iri)} ?property ?value }}\n"
            f"{self._said(stated=stated)}{self._sourced()}"
            "}\nORDER BY ?property ?value ?source ?date"
        )

    def compared(self, things: Iterable[IRI], props: Iterable[IRI], *, stated: bool) -> str:
        """The values that some things have of some properties, each with its sources and the date."""
        return (
            "SELECT ?property ?thing ?value ?source ?date WHERE {\n"
            f"  VALUES ?property {{ {self._names(props)} }}\n"
            f"  VALUES ?thing {{ {self._names(things)} }}\n"
            "  GRAPH ?graph { ?thing ?property ?value }\n"
            f"{self._said(stated=stated)}{self._sourced()}"
            "}\nORDER BY ?property ?thing ?value ?source ?date"
        )

    def names(self, *, stated: bool) -> str:
        """What the thing is called."""
        props = self._names((*NAME_PROPERTIES, *ALT_PROPERTIES))
        return (
            "SELECT DISTINCT ?name (LANG(?name) AS ?language) WHERE {\n"
            f"  VALUES ?property {{ {props} }}\n"
            f"  GRAPH ?graph {{ {self._name(self.iri)} ?property ?name }}\n"
            f"{self._said(stated=stated)}"
            "  FILTER(ISLITERAL(?name))\n}\nORDER BY ?language ?name"
        )

    def referring(self, props: Iterable[IRI], scope: str) -> str:
        """What refers to the thing by some properties, within a scope of `kg.aspects.referring`."""
        lines = {STATED: f"  {self._stated('?graph')}\n", SAID: f"  {self._spoken('?graph')}\n"}
        return (
            "SELECT DISTINCT ?property ?thing WHERE {\n"
            f"  VALUES ?property {{ {self._names(props)} }}\n"
            f"  GRAPH ?graph {{ ?thing ?property {self._name(self.iri)} }}\n"
            f"{lines.get(scope, '')}"
            "  FILTER(ISIRI(?thing))\n}\nORDER BY ?property ?thing"
        )

    def shared(self, others: Iterable[IRI]) -> str:
        """What the thing shares with some others: all that both are linked to."""
        own, kind = self._name(self.iri), self._name(RDF_TYPE)
        return (
            "SELECT DISTINCT ?thing ?shared WHERE {\n"
            f"  VALUES ?thing {{ {self._names(others)} }}\n"
            f"  {{ GRAPH ?g {{ ?thing ?p ?shared }} }} UNION {{ GRAPH ?g {{ ?shared ?p ?thing }} }}\n"
            f"  {{ GRAPH ?h {{ {own} ?q ?shared }} }} UNION {{ GRAPH ?h {{ ?shared ?q {own} }} }}\n"
            f"  {self._stated('?g')}\n  {self._stated('?h')}\n"
            f"  FILTER(?p != {kind} && ?q != {kind} && ISIRI(?shared))\n"
            "}\nORDER BY ?thing ?shared"
        )

    def between(self, things: Iterable[IRI]) -> str:
        """What links some things to each other."""
        names = self._names(things)
        return (
            "SELECT DISTINCT ?from ?property ?to WHERE {\n"
            f"  VALUES ?from {{ {names} }}\n"
            f"  VALUES ?to {{ {names} }}\n"
            "  GRAPH ?graph { ?from ?property ?to }\n"
            f"  {self._stated('?graph')}\n"
            f"  FILTER(?property != {self._name(RDF_TYPE)})\n"
            "}\nORDER BY ?from ?property ?to"
        )

    def places(self, things: Iterable[IRI], geography: Geography) -> str:
        """Where some things are: the coordinates of each, or of the places that they are said to be at."""
        here = self._path("?place", geography.geometries, "?node")
        pairs = (
            f"{{ ?node {self._any(geography.latitudes)} ?latitude ;\n"
            f"      {self._any(geography.longitudes)} ?longitude }}"
        )
        texts = f"{{ ?node {self._any(geography.texts)} ?point }}"
        given = [one for one, props in ((pairs, geography.latitudes), (texts, geography.texts)) if props]
        return (
            f"SELECT DISTINCT ?thing ?place {' '.join(self._columns(geography))} WHERE {{\n"
            f"  VALUES ?thing {{ {self._names(things)} }}\n"
            f"  {self._path('?thing', geography.locating, '?place')}\n"
            f"  {here}\n"
            f"  {' UNION '.join(given)}\n"
            "}\nORDER BY ?thing ?place"
        )

    def citations(self) -> str:
        """The passages of documents that mention the thing."""
        readings = self.release.iris.readings
        return (
            "SELECT DISTINCT ?passage WHERE {\n  GRAPH ?reading {\n"
            f"    ?annotation {self._name(HAS_BODY)} {self._name(self.iri)} ;\n"
            f"      {self._name(HAS_TARGET)} ?target .\n"
            f"    ?target {self._name(HAS_SCOPE)} ?passage\n  }}\n"
            f'  FILTER(STRSTARTS(STR(?reading), "{readings}"))\n'
            "}\nORDER BY ?passage"
        )

    def contents(self) -> str:
        """The passages of a document, in their order."""
        return (
            "SELECT DISTINCT ?passage ?position ?text WHERE {\n"
            f"  ?passage {self._name(PART_OF)} {self._name(self.iri)} ; a {self._name(PASSAGE)} ;\n"
            f"    {self._name(POSITION)} ?position ; {self._name(VALUE)} ?text\n"
            "}\nORDER BY ?position"
        )

    def _columns(self, geography: Geography) -> Iterator[str]:
        if geography.latitudes:
            yield from ("?latitude", "?longitude")
        if geography.texts:
            yield "?point"

    def _path(self, start: str, props: Sequence[IRI], end: str) -> str:
        """The pattern for a thing itself, or what some properties lead to."""
        return f"{start} ({self._any(props)})? {end} ." if props else f"BIND({start} AS {end})"

    def _any(self, props: Iterable[IRI]) -> str:
        return "|".join(map(self._name, props))

    def _names(self, iris: Iterable[IRI]) -> str:
        return " ".join(map(self._name, iris))

    def _name(self, iri: IRI) -> str:
        return compress(iri.value, self.release.prefixes)

    def _said(self, *, stated: bool) -> str:
        """The line that leaves what sources state or, where they state nothing, all but what only counts."""
        if stated:
            return f"  {self._stated('?graph')}\n"
        return "" if self.counted else f"  FILTER(?graph != {self.release.iris.statistics_graph})\n"

    def _sourced(self) -> str:
        """The lines that lead from the graph of a statement to its source and its date."""
        return (
            f"  OPTIONAL {{ ?graph {self._name(PART_OF)} ?whole }}\n"
            "  BIND(COALESCE(?whole, ?graph) AS ?source)\n"
            f"  OPTIONAL {{ ?graph {self._name(VALID)} ?asOf }}\n"
            f"  OPTIONAL {{ ?source {self._name(ISSUED)} ?issued }}\n"
            "  BIND(COALESCE(?asOf, ?issued) AS ?date)\n"
        )

    def _stated(self, graph: str) -> str:
        return f'FILTER(!STRSTARTS(STR({graph}), "{self.release.iris.derived}"))'

    def _spoken(self, graph: str) -> str:
        """What leaves out what follows from the rest, what counts it, and what a machine read."""
        iris = self.release.iris
        others = f"{iris.inferred_graph}, {iris.statistics_graph}"
        return f'FILTER({graph} NOT IN ({others}) && !STRSTARTS(STR({graph}), "{iris.readings}"))'
