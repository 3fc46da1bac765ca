"""Releases: what each of them is, as its manifest says (DCAT 3, section 11: versions of a dataset)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kg.downloads.distributions import DCAT, weighed
from kg.lineage import identified
from kg.sources import LICENSE, PROV, RDF_TYPE
from kg.store import IRI, Literal, Triple
from kg.void import VOID
from web import mementos
from web.rdf.documents import in_default_graph, license_of, write
from web.rdf.representations import SUFFIXES, Resource, represent
from web.snapshot import current, snapshot
from web.wording import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release

blueprint = Blueprint("releases", __name__)

N_QUADS = IRI("https://www.iana.org/assignments/media-types/application/n-quads")
NAME = re.compile(rf"([0-9]{{1,9}})(?:\.({'|'.join(sorted(SUFFIXES))}))?")
TOLD = {
    "quads": N_("Statements"),
    "entities": N_("Things"),
    "sources": N_("Sources"),
    "graphs": N_("Graphs"),
    "inferred": N_("Inferred"),
}
MOST_WARNINGS = 50


@blueprint.get("/release/<name>")
def page(name: str) -> Response:
    """A release: its page, or what its manifest says as RDF. One that is not kept any more is gone (410)."""
    match = NAME.fullmatch(name)
    if match is None:
        raise NotFound(f"“{name[:20]}” is not the number of a release.")
    mementos.use(match[1])
    release = snapshot().release
    iri = release.iris.release(release.version)
    resource = Resource.at(iri, url_for("releases.page", name=str(release.version)), is_fixed=True)
    return represent(
        resource,
        match[2] or request.args.get("format"),
        lambda: _page(release, resource),
        lambda form: write(in_default_graph(triples(release)), form, release.prefixes, snapshot().context),
    )


@blueprint.get("/timemap/<path:path>")
def timemap(path: str) -> Response:
    """The releases that say something of what the document at a path is about."""
    return mementos.timemap_of(path)


def triples(release: Release) -> Iterator[Triple]:
    """What never changes about a release: its number, its date, how much it holds, and its file."""
    iris, said = release.iris, release.manifest
    version, file = iris.release(release.version), IRI(f"{iris.base}release/{release.version}#nquads")
    yield Triple(version, RDF_TYPE, IRI(f"{PROV}Entity"))
    yield from identified(release, iris, said.title)
    if said.follows:
        yield Triple(version, IRI(f"{PROV}wasRevisionOf"), iris.release(said.follows))
    if "entities" in said.counts:
        yield Triple(version, IRI(f"{VOID}entities"), Literal(said.counts["entities"]))
    licence = license_of(release)
    if licence:
        yield Triple(version, LICENSE, licence)
    yield Triple(version, IRI(f"{DCAT}distribution"), file)
    yield Triple(file, RDF_TYPE, IRI(f"{DCAT}Distribution"))
    yield Triple(file, IRI(f"{DCAT}downloadURL"), IRI(f"{iris.base}data.nq?release={release.version}"))
    yield Triple(file, IRI(f"{DCAT}mediaType"), N_QUADS)
    yield from weighed(file, release.quads_file.stat().st_size, said.quads_digest)


def _page(release: Release, resource: Resource) -> str:
    said = release.manifest
    return render_template(
        "release.html",
        release=release,
        iri=resource.iri,
        is_current=release.version == current().snapshot().release.version,
        counts=[(title, said.counts[name]) for name, title in TOLD.items() if name in said.counts],
        warnings=said.warnings[:MOST_WARNINGS],
        others=[number for number in current().releases.versions() if number != release.version],
        alternates=resource.others,
    )
