"""Every other IRI of ours: terms of shapes, examples, words, graphs, nodes that stand for blank ones.

What is told from an address by a fragment alone is described there, all of it in one document. Anything else
is a thing (Cool URIs for the Semantic Web, section 4.2): one 303 leads to the document about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from kg import nquads
from kg.labels import definition
from kg.sources import RDF_TYPE
from kg.store import IRI
from web import languages, mementos
from web.links import Link
from web.rdf.documents import MOST_BELOW, space_document
from web.rdf.representations import SUFFIXES, Resource, redirected, represent
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.release import Release
    from web.links import Links

blueprint = Blueprint("names", __name__)

IN_PATHS = "/%:@!$&'()*+,;=~-._"


MOST_TOLD = 500
MOST_MADE = 64
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """Something that a fragment tells from others: its name, its kinds, and what it is."""

    anchor: str
    name: Link
    kinds: tuple[Link, ...]
    definition: Link


@blueprint.get("/<path:path>")
def name(path: str) -> Response:
    """What the IRI at this path means: its document, or the way to it."""
    mementos.use(request.args.get("release"), next(named(path), None))
    release, form = snapshot().release, request.args.get("format")
    iri = next((one for one in named(path) if _is_known(release, one)), None)
    stem, _, suffix = path.rpartition(".")
    if iri is None and stem and suffix in SUFFIXES:
        path, form = stem, suffix
        iri = next((one for one in named(stem, f".{suffix}") if _is_known(release, one)), None)
    if iri is None:
        raise NotFound
    if _is_space(release, iri):
        return space(iri, url_for("names.name", path=path), form)
    if form and "format" not in request.args:
        return redirected(url_for("entity.describe", iri=iri.value, format=form))
    return redirected(url_for("entity.describe", iri=iri.value))


def named(path: str, suffix: str = "") -> Iterator[IRI]:
    """The IRIs that a path below the base may mean: as it is read, and as it was sent, with its escapes."""
    for one in dict.fromkeys((path, sent().removesuffix(suffix))):
        try:
            yield IRI(f"{snapshot().release.iris.base}{one}")
        except ValueError:
            continue


def sent() -> str:
    """The path of the request as it was sent, for escapes are part of an IRI, without the first slash."""
    raw = request.environ.get("RAW_URI", "").partition("?")[0].encode("latin-1")
    return quote(raw.decode(errors="replace"), safe=IN_PATHS).removeprefix(f"{request.script_root}/")


def space(iri: IRI, address: str, form: str | None) -> Response:
    """What the graph says of an IRI and of all that a fragment tells from it."""
    held = snapshot()
    resource = Resource.at(iri, address)
    return represent(
        resource,
        form,
        lambda: _page(held.links(languages.wanted()), resource),
        lambda chosen: once(
            (iri, chosen.name), lambda: space_document(held.release, iri, chosen, held.context)
        ),
    )


def once(key: object, make: Callable[[], T]) -> T:
    """What was made of the release under a key, or is now."""
    made = snapshot().made
    if key not in made:
        if len(made) >= MOST_MADE:
            made.clear()
        made[key] = make()
    found: T = made[key]
    return found


def _page(links: Links, resource: Resource) -> str:
    iri, path = resource.iri, links.release.quads_file
    key = (iri, tuple(links.langs), request.script_root)
    entries, is_cut = once(key, lambda: _entries(links, iri))
    return render_template(
        "names.html",
        title=links.label(iri),
        iri=iri,
        is_told=nquads.is_below(path, f"{iri.value}> "),
        entries=entries,
        is_cut=is_cut,
        alternates=resource.others,
    )


def _entries(links: Links, space: IRI) -> tuple[list[Entry], bool]:
    """What a fragment tells from others, and whether that is not all."""
    said = nquads.below(links.release.quads_file, f"{space.value}#", MOST_BELOW)
    kinds: dict[IRI, dict[IRI, None]] = {}
    for quad in said:
        if isinstance(quad.subject, IRI):
            own = kinds.setdefault(quad.subject, {})
            if quad.predicate == RDF_TYPE and isinstance(quad.object, IRI):
                own[quad.object] = None
    links.prepare([*kinds, *(kind for own in kinds.values() for kind in own)])
    are_told = len(kinds) <= MOST_TOLD
    entries = [_entry(links, space, one, own if are_told else ()) for one, own in kinds.items()]
    return entries, len(said) == MOST_BELOW


def _entry(links: Links, space: IRI, iri: IRI, kinds: Iterable[IRI]) -> Entry:
    """What a page shows of one; of very many, only the names."""
    meaning = definition(links.release.store, iri, links.langs) if kinds else None
    text = links.label(iri)
    return Entry(
        anchor=iri.value.removeprefix(f"{space.value}#"),
        name=Link(text.text, f"{url_for('entity.describe')}?iri={quote(iri.value, safe='')}", text.lang),
        kinds=tuple(links.term(kind) for kind in kinds),
        definition=Link(meaning.text, lang=meaning.lang) if meaning else Link(""),
    )


def _is_space(release: Release, iri: IRI) -> bool:
    return nquads.is_below(release.quads_file, f"{iri.value}#")


def _is_known(release: Release, iri: IRI) -> bool:
    """Whether the graph speaks of an IRI, or of one that a fragment tells from it, or is named by it."""
    if _is_space(release, iri) or nquads.is_below(release.quads_file, f"{iri.value}> "):
        return True
    found = (release.store.quads(object=iri), release.store.quads(graph=iri))
    return any(True for quads in found for _ in quads)
