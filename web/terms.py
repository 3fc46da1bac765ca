"""The ontology: a page with every class and property, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from kg import nquads
from kg.inference import OWL
from kg.iris import GENID
from kg.labels import RDFS, SCHEMA, definition
from kg.sources import RDF_TYPE
from kg.store import IRI
from web import languages
from web.documents import write
from web.entity import alternates
from web.links import Link, Links
from web.negotiation import GRAPH, HTML, PAGE, choose, formats
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response as BaseResponse

    from kg.release import Release
    from kg.store import Quad

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
    """All terms on one page, or what says what they mean as RDF."""
    form = choose(OFFERED, request.headers.get("Accept"), suffix or request.args.get("format"))
    release = snapshot().release
    if form == HTML:
        response = Response(_page(release))
        response.vary.add("Accept-Language")
    else:
        response = Response(write(_quads(release), form, release.prefixes), content_type=form.content_type)
    response.vary.add("Accept")
    return response


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> BaseResponse:
    """Where the page shows a term whose IRI is below that of the ontology."""
    return redirect(url_for("terms.page", _anchor=name), code=303)


def _graph(release: Release) -> IRI | None:
    """The graph that declares the terms; None where they stand among the data, as in imported files."""
    return release.iris.ontology_graph if release.manifest.ontology else None


def _quads(release: Release) -> Iterator[Quad]:
    graph = _graph(release)
    if graph is None:
        for iri in (*_declared(release, CLASSES), *_declared(release, PROPERTIES)):
            yield from nquads.about(release.quads_file, iri)
    else:
        yield from (quad for quad in nquads.read(release.quads_file) if quad.graph_name == graph)


def _page(release: Release) -> str:
    links = snapshot().links(languages.wanted())
    classes, properties = _declared(release, CLASSES), _declared(release, PROPERTIES)
    links.prepare([*classes, *properties])
    members = _counts(release)
    uses = {iri: sum(1 for _ in release.store.quads(predicate=iri)) for iri in properties}
    said = release.manifest.ontology
    return render_template(
        "ontology.html",
        title=links.link(IRI(said["iri"])) if said else None,
        version=said.get("version", ""),
        sections={
            "Classes": [_term(links, iri, members.get(iri, 0)) for iri in classes],
            "Properties": [_term(links, iri, uses[iri]) for iri in properties],
        },
        alternates=alternates("/ontology", OFFERED),
    )


def _declared(release: Release, kinds: Iterable[IRI]) -> list[IRI]:
    """Terms of these kinds, nameless ones left out, in the order of their IRIs."""
    found = {
        quad.subject
        for kind in kinds
        for quad in release.store.quads(predicate=RDF_TYPE, object=kind, graph=_graph(release))
        if isinstance(quad.subject, IRI) and GENID not in quad.subject.value
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


def _term(links: Links, iri: IRI, count: int) -> Term:
    meaning = definition(links.release.store, iri, links.langs)
    related = {name: _related(links, iri, predicates) for name, predicates in ABOUT.items()}
    anchor = links.anchor(iri)
    return Term(
        name=links.link(iri),
        anchor=anchor if anchor is not None else iri.value,
        definition=Link(meaning.text, lang=meaning.lang) if meaning else Link(""),
        count=count,
        related={name: found for name, found in related.items() if found},
    )


def _related(links: Links, iri: IRI, predicates: Iterable[IRI]) -> list[Link]:
    graph = _graph(links.release)
    found = {
        quad.object
        for predicate in predicates
        for quad in links.release.store.quads(subject=iri, predicate=predicate, graph=graph)
        if isinstance(quad.object, IRI) and GENID not in quad.object.value
    }
    return [links.link(other) for other in sorted(found, key=str)]
