"""What the service is and what it holds, for programs: one document, in the formats of RDF.

It is the description of the service (SPARQL 1.1 Service Description, section 2: what the endpoint answers
without a query), of the dataset (VoID, section 6.2: at `/.well-known/void`; DCAT-AP) and the example queries.
What a release cannot know of itself is added: addresses as they are here, its number and date, the limits.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, request, url_for

import ontology
from kg.catalogue import offered
from kg.cells import literal
from kg.downloads.distributions import DCAT, SPDX, of_dump, weighed
from kg.iris import Iris
from kg.labels import ENGINE, FOAF
from kg.lineage import versions
from kg.sources import MODIFIED, RDF_TYPE
from kg.store import IRI, Literal, Quad, RdfFormat, Triple, parse_quads
from kg.updating.sandbox import ORIGIN as SANDBOX
from kg.void import EXTENDED, SD, VOID
from web import validators
from web.negotiation import DATASET, GRAPH, HTML, PAGE, Format, choose, formats
from web.publishing.dumps import newest
from web.querying import federating
from web.rdf.documents import in_default_graph, write
from web.rdf.representations import redirected
from web.snapshot import current, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response as BaseResponse

    from kg.release import Release
    from kg.store import Term
    from kg.workers.limits import Limits
    from web.publishing.dumps import Kept

blueprint = Blueprint("catalogue", __name__)

SERVICE_SHAPES = "https://w3id.org/aifactories/service-shapes"
CATALOGUE = IRI(f"{DCAT}Catalog")
UNION = IRI(f"{SD}UnionDefaultGraph")
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "formats": "http://www.w3.org/ns/formats/",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "kg": ENGINE,
    "spdx": SPDX,
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "voidext": EXTENDED,
}
# Whose values are addresses, which below the base are told as they are where the request came in.
ADDRESSES = frozenset(
    {
        IRI(f"{SD}endpoint"),
        *(IRI(f"{VOID}{name}") for name in ("sparqlEndpoint", "dataDump")),
        *(IRI(f"{DCAT}{name}") for name in ("accessURL", "downloadURL", "landingPage")),
        *(IRI(f"{DCAT}endpoint{name}") for name in ("URL", "Description")),
        IRI(f"{FOAF}homepage"),
        IRI("http://www.w3.org/2006/vcard/ns#hasURL"),
    }
)
COUNTED = re.compile(r"-[0-9a-f]{16}>$")  # what parts of the dataset end in that are named by a digest
DESCRIBED = ("home.page", "sparql.sparql")


@blueprint.get("/.well-known/void")
def void() -> BaseResponse:
    """The description, at the address where those look for it who know the host only."""
    form = choose(formats(GRAPH, DATASET, PAGE), request.headers.get("Accept"), request.args.get("format"))
    response = redirect(_page(), code=303) if form == HTML else description_response(form)
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


@blueprint.get("/dataset")
def dataset() -> BaseResponse:
    """The dataset itself cannot be sent: see what describes it."""
    form = choose(formats(GRAPH, DATASET, PAGE), request.headers.get("Accept"), request.args.get("format"))
    return redirected(_page() if form == HTML else url_for("catalogue.void"))


@blueprint.get("/service-shapes")
def shapes() -> Response:
    """The SHACL shapes that the description conforms to."""
    known = formats(GRAPH, PAGE) if "entity" in current_app.blueprints else formats(GRAPH)
    form = choose(known, request.headers.get("Accept"), request.args.get("format"))
    if form == HTML:
        return redirected(url_for("entity.describe", iri=SERVICE_SHAPES))
    quads = list(parse_quads(ontology.SERVICE_SHAPES.read_bytes(), RdfFormat.TURTLE))
    response = Response(write(quads, form, snapshot().release.prefixes), content_type=form.content_type)
    response.vary.add("Accept")
    return response


def description_response(form: Format) -> Response:
    """The document in a format of triples or of quads."""
    held, root = snapshot(), request.url_root
    release = held.release
    is_sandbox = release.manifest.origin == SANDBOX
    dumped = None if is_sandbox else newest()
    dumps = dumped.release.version if dumped else 0
    known = (release.version, current().releases.versions(), dumps, root, held.limits)
    tag = validators.etag(release.tag, "description", *known, form.name)

    def made() -> Response:
        quads = _sandbox(root) if is_sandbox else described(release, root, dumped)
        told = [*quads, *in_default_graph(_limits(held.limits, quads))]
        prefixes = {**release.prefixes, **PREFIXES, "ds": f"{release.iris.dataset.value}#"}
        return Response(write(_ordered(told, form), form, prefixes), content_type=form.content_type)

    return validators.answered(tag, made)


@blueprint.after_app_request
def link(response: Response) -> Response:
    """The response with a link to the description, on the pages that introduce the service."""
    if request.endpoint in DESCRIBED and response.mimetype == HTML.media_type:
        links = [*response.headers.getlist("Link"), f'<{url_for("catalogue.void")}>; rel="describedby"']
        if "crate" in current_app.blueprints:
            links.append(f'<{url_for("crate.metadata")}>; rel="describedby"; type="application/ld+json"')
        response.headers["Link"] = ", ".join(links)
    return response


def _page() -> str:
    """The page about what the description is about."""
    if "entity" in current_app.blueprints:
        return url_for("entity.describe", iri=snapshot().release.iris.dataset.value)
    return url_for("home.page")


def described(release: Release, root: str, dumped: Kept | None) -> list[Quad]:
    """What the release says of itself and of those before it, with the addresses that it has here.

    `dumped` is the release of which there are dumps.
    """
    store, iris = release.store, release.iris
    sources = f"{iris.base}source/"
    quads = [
        *store.quads(graph=iris.statistics_graph),
        *(
            one
            for one in store.quads(graph=iris.catalogue_graph)
            if not str(one.subject)[1:].startswith(sources)
        ),
        *store.quads(graph=iris.examples_graph),
        *in_default_graph(_state(release, dumped)),
        *in_default_graph(versions(current().releases.all(), release)),
    ]
    quads += list(in_default_graph(_renewed(quads, release)))
    places = {one.object for one in quads if one.predicate in ADDRESSES and isinstance(one.object, IRI)}
    here: dict[Term, IRI] = {place: _moved(place, iris.base, root) for place in places}
    return [
        Quad(
            here.get(one.subject, one.subject),
            one.predicate,
            here.get(one.object, one.object),
            one.graph_name,
        )
        for one in quads
    ]


def _state(release: Release, dumped: Kept | None) -> Iterator[Triple]:
    """What tells this release from others, and the files that hold it."""
    iris, said = release.iris, release.manifest
    yield Triple(iris.dataset, IRI(f"{DCAT}version"), Literal(str(release.version)))
    for part in (iris.dataset, iris.dataset_part("nquads")):
        yield Triple(part, MODIFIED, literal(said.created, "dateTime"))
    yield from weighed(iris.dataset_part("nquads"), release.quads_file.stat().st_size, said.quads_digest)
    if dumped and dumped.dump:
        yield from of_dump(release, dumped.dump, dumped.release.manifest.created)


def _renewed(quads: Iterable[Quad], release: Release) -> Iterator[Triple]:
    """When the catalogues that list the dataset were last changed: with each release."""
    for quad in quads:
        if quad.predicate == RDF_TYPE and quad.object == CATALOGUE:
            yield Triple(quad.subject, MODIFIED, literal(release.manifest.created, "dateTime"))


def _sandbox(root: str) -> list[Quad]:
    """The service of a sandbox, whose default graph is one of its own, and whose dataset nobody counts."""
    iris = Iris(root)
    default = iris.dataset_part("default-graph")
    kinds = [
        Triple(iris.dataset, RDF_TYPE, IRI(f"{SD}Dataset")),
        Triple(iris.dataset, IRI(f"{SD}defaultGraph"), default),
        Triple(default, RDF_TYPE, IRI(f"{SD}Graph")),
    ]
    said = (quad.triple for quad in offered(iris))
    own = [
        triple
        for triple in said
        if triple.object != UNION
        and (triple.predicate.value.startswith(SD) or str(triple.object).startswith(f"<{SD}"))
    ]
    return list(in_default_graph([*own, *kinds]))


def _limits(limits: Limits, quads: Iterable[Quad]) -> Iterator[Triple]:
    """What a query may use of the service that the quads describe."""
    said = {
        "deadline": _decimal(limits.deadline),
        "memoryLimit": Literal(limits.memory),
        "answerLimit": Literal(limits.size),
        "concurrentQueries": Literal(limits.workers),
        "waitingQueries": Literal(limits.waiting),
        **({"computingPerMinute": _decimal(limits.budget)} if limits.budget else {}),
    }
    for quad in quads:
        if quad.object == IRI(f"{SD}Service") and isinstance(quad.subject, IRI):
            for name, value in said.items():
                yield Triple(quad.subject, IRI(f"{ENGINE}{name}"), value)
            if current_app.extensions[federating.KEY].endpoints:
                yield Triple(quad.subject, IRI(f"{SD}feature"), IRI(f"{SD}BasicFederatedQuery"))


def _decimal(number: float) -> Literal:
    return literal(format(Decimal(str(number)), "f"), "decimal")


def _moved(place: IRI, base: str, root: str) -> IRI:
    """An address below the base, where it is served."""
    return IRI(root + place.value.removeprefix(base)) if place.value.startswith(base) else place


def _ordered(quads: Iterable[Quad], form: Format) -> list[Quad]:
    """The quads in an order that reads well and is the same each time: what there is before how much."""

    def place(quad: Quad) -> tuple[str, bool, str]:
        graph = str(quad.graph_name) if DATASET in form.families else ""
        return graph, bool(COUNTED.search(str(quad.subject))), str(quad.triple)

    return sorted(quads, key=place)
