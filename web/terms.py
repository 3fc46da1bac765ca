"""The ontology: a page with every class and property, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from kg import nquads
from kg.inference import OWL
from kg.labels import DEFINITION_PROPERTIES, RDFS, SCHEMA, literals
from kg.sources import RDF_TYPE
from kg.store import IRI
from web import languages
from web.documents import write
from web.entity import alternates
from web.links import Link, Links
from web.negotiation import GRAPH, HTML, PAGE, choose, formats
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.wrappers import Response as BaseResponse

    from kg.release import Release

blueprint = Blueprint("terms", __name__)

OFFERED = formats(PAGE, GRAPH)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CLASSES = (IRI(f"{OWL}Class"), IRI(f"{RDFS}Class"))
PROPERTIES = tuple(
    IRI(name)
    for name in (
        f"{OWL}ObjectProperty",
        f"{OWL}DatatypeProperty",
        f"{OWL}AnnotationProperty",
        f"{RDF}Property",
    )
)
ABOUT = {
    "Said of": (IRI(f"{RDFS}domain"), IRI(f"{SCHEMA}domainIncludes")),
    "Values": (IRI(f"{RDFS}range"), IRI(f"{SCHEMA}rangeIncludes")),
    "Kind of": (IRI(f"{RDFS}subClassOf"), IRI(f"{RDFS}subPropertyOf")),
    "Inverse of": (IRI(f"{OWL}inverseOf"),),
}


@dataclass(frozen=True)
class Term:
    """A class or property as shown: how often it is used, what it relates to."""

    name: Link
    anchor: str
    definition: Link
    count: int
    related: dict[str, list[Link]]


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def page(suffix: str | None = None) -> Response:
    """All terms on one page, or the ontology as RDF."""
    form = choose(OFFERED, request.headers.get("Accept"), suffix or request.args.get("format"))
    release = snapshot().release
    if form == HTML:
        response = Response(_page(release))
        response.vary.add("Accept-Language")
    else:
        graph = release.iris.ontology_graph
        quads = (quad for quad in nquads.read(release.quads_file) if quad.graph_name == graph)
        response = Response(write(quads, form, release.prefixes), content_type=form.content_type)
    response.vary.add("Accept")
    return response


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> BaseResponse:
    """Where the page shows a term whose IRI is below that of the ontology."""
    return redirect(url_for("terms.page", _anchor=name), code=303)


def _page(release: Release) -> str:
    links = snapshot().links(languages.wanted())
    store = release.store
    classes = _declared(release, CLASSES)
    properties = _declared(release, PROPERTIES)
    counts = _counts(release)
    links.prepare([*classes, *properties])
    return render_template(
        "ontology.html",
        title=links.link(IRI(release.manifest.ontology["iri"])) if release.manifest.ontology else None,
        version=release.manifest.ontology.get("version", ""),
        sections={
            "Classes": [_term(release, links, iri, counts.get(iri, 0)) for iri in classes],
            "Properties": [
                _term(release, links, iri, sum(1 for _ in store.quads(predicate=iri))) for iri in properties
            ],
        },
        alternates=alternates("/ontology", OFFERED),
    )


def _declared(release: Release, kinds: Iterable[IRI]) -> list[IRI]:
    """Terms of these kinds in the ontology, nameless ones left out, in the order of their IRIs."""
    graph = release.iris.ontology_graph
    found = {
        quad.subject
        for kind in kinds
        for quad in release.store.quads(predicate=RDF_TYPE, object=kind, graph=graph)
        if isinstance(quad.subject, IRI) and "/.well-known/genid/" not in quad.subject.value
    }
    return sorted(found, key=lambda iri: iri.value.casefold())


def _counts(release: Release) -> dict[IRI, int]:
    """How many things there are of each class, what is inferred included."""
    query = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE { ?thing a ?class } GROUP BY ?class"
    found = {}
    for row in release.store.select(query):
        kind = row.get("class")
        if isinstance(kind, IRI):
            found[kind] = int(getattr(row["count"], "value", "0"))
    return found


def _term(release: Release, links: Links, iri: IRI, count: int) -> Term:
    store = release.store
    said = literals(store, [iri], DEFINITION_PROPERTIES)[iri]
    order = {lang: place for place, lang in enumerate(links.langs)}
    best = min(said, key=lambda item: (order.get(item[1].language or "", 99), item[0]), default=None)
    related = {
        name: [
            links.link(quad.object)
            for predicate in predicates
            for quad in store.quads(subject=iri, predicate=predicate, graph=release.iris.ontology_graph)
            if isinstance(quad.object, IRI) and "/.well-known/genid/" not in quad.object.value
        ]
        for name, predicates in ABOUT.items()
    }
    anchor = links.anchor(iri)
    return Term(
        name=links.link(iri),
        anchor=anchor if anchor is not None else iri.value,
        definition=Link(best[1].value, lang=best[1].language or "") if best else Link(""),
        count=count,
        related={name: found for name, found in related.items() if found},
    )
