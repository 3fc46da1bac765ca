"""The addresses of the ontology and of its terms, each negotiated: a page, or RDF.

The IRI of a term with a hash leads to the page of the whole, at whose anchor of that name the term stands.
Its own page is `/ontology/<name>`, which is also the IRI of a term with a slash. A term of another ontology
has `/ontology?term=<CURIE or IRI>`, and a version of the ontology `/ontology/<version>`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, render_template, request, url_for
from werkzeug.exceptions import NotAcceptable, NotFound

from kg.iris import compress
from web import languages, mementos, validators
from web.negotiation import GRAPH, HTML, PAGE, PROBLEM, Format, choose, formats
from web.rdf.documents import in_default_graph, write
from web.rdf.representations import suffixed, written
from web.snapshot import current, snapshot
from web.terms.editions import editions, release_with
from web.terms.overview import overview
from web.terms.termsheet import termsheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.store import IRI, Triple
    from web.terms.glossary import Glossary

blueprint = Blueprint("terms", __name__)

OFFERED = formats(PAGE, GRAPH)
SUFFIXES = {form.name for form in OFFERED}
Alternates = list[tuple[Format, str]]


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def page(suffix: str | None = None) -> Response:
    """The whole ontology, or the term that `?term=` names."""
    _choose_release()
    name, wanted = suffix or request.args.get("format"), request.args.get("term")
    if wanted is None:
        return _whole(name)
    glossary = snapshot().glossary
    iri = glossary.meant(wanted)
    return _term(iri, name) if iri else _missing(wanted)


@blueprint.get("/ontology/<path:name>")
def term(name: str) -> Response:
    """A term of the ontology's own, or else one of its versions."""
    _choose_release()
    glossary = snapshot().glossary
    stem, _, suffix = name.rpartition(".")
    for wanted, form in ((name, request.args.get("format")), (stem if suffix in SUFFIXES else "", suffix)):
        iri = glossary.named(wanted) if wanted else None
        version = None if iri in glossary.schema.by_subject else release_with(glossary.schema.iri, wanted)
        if version is not None:
            g.snapshot = current().at(version)
            return _whole(form, edition=wanted)
        if iri:
            return _term(iri, form)
    return _missing(name)


def _choose_release() -> None:
    """Answer from the release that the request names. Raises an HTTP error for one that is not there."""
    if (named := request.args.get("release")) is not None:
        mementos.use(named)


def _whole(name: str | None, edition: str = "") -> Response:
    """The page of the whole, or all its triples; `edition` is the version that the address names."""
    glossary = snapshot().glossary
    path = url_for("terms.term", name=edition) if edition else url_for("terms.page")
    alternates = suffixed(path, OFFERED)
    kept = editions(glossary.schema.iri) if glossary.schema.iri else []

    def shown() -> str:
        links = snapshot().links(languages.wanted())
        return render_template(
            "ontology.html",
            it=overview(links, glossary),
            glossary=glossary,
            version=glossary.release.manifest.ontology.get("version", ""),
            editions=kept,
            prefixes=_prefixes(glossary),
            alternates=alternates,
            compress=compress,
        )

    triples = (one for said in glossary.schema.by_subject.values() for one in said)
    response = _negotiated(name, shown, triples, alternates, *(one.span for one in kept))
    if edition:
        response.headers.add("Link", f'<{url_for("terms.page")}>; rel="latest-version"')
    return response


def _term(iri: IRI, name: str | None) -> Response:
    """The page about a term, or the triples that stand on it."""
    glossary = snapshot().glossary
    local = glossary.local(iri)
    if glossary.named(local) == iri:
        others = suffixed(url_for("terms.term", name=local), OFFERED)
    else:
        others = [(form, glossary.of_others(iri, form.name)) for form in OFFERED if form != HTML]

    def shown() -> str:
        sheet = termsheet(snapshot().links(languages.wanted()), glossary, iri)
        place = url_for("terms.page", _anchor=glossary.anchor(iri))
        return render_template("term.html", it=sheet, alternates=others, whole=place)

    response = _negotiated(name, shown, glossary.schema.about(iri), others)
    response.headers.add("Link", f'<{url_for("terms.page")}>; rel="collection"')
    response.headers.add("Link", f'<{written(iri.value)}>; rel="describes"')
    return response


def _negotiated(
    name: str | None,
    shown: Callable[[], str],
    triples: Iterable[Triple],
    alternates: Alternates,
    *further: object,
) -> Response:
    """The page or the triples, in the format that is asked for, with what tells this body from others.

    `further` is what the page depends on beside the release, its address and the languages of the reader.
    """
    form = choose(OFFERED, request.headers.get("Accept"), name)
    release = snapshot().release
    if form == HTML:
        key = (request.url_root, request.full_path, *languages.wanted(), *further)
        body = snapshot().printed.page(key, lambda: (shown(), True))
    else:
        body = write(in_default_graph(triples), form, release.prefixes)
    tag = validators.etag(release.tag, form.name, body)
    response = validators.answered(tag, lambda: Response(body, content_type=form.content_type))
    response.vary.update(("Accept", "Accept-Encoding", *(("Accept-Language",) if form == HTML else ())))
    for other, href in alternates:
        response.headers.add("Link", f'<{href}>; rel="alternate"; type="{other.media_type}"')
    return response


def _missing(name: str) -> Response:
    """That there is no such term, and which are near. Raises NotFound for programs."""
    glossary = snapshot().glossary
    near = glossary.near(name)
    shown = [compress(one.value, glossary.release.prefixes) for one in near]
    meant = f"; did you mean {' or '.join(shown)}?" if shown else "."
    if not _is_read():
        raise NotFound(f"The ontology has no term “{name}”{meant}")
    speech = glossary.speech(snapshot().links(languages.wanted()))
    body = render_template("term_missing.html", name=name, near=[speech.name(one) for one in near])
    response = Response(body, status=HTTPStatus.NOT_FOUND)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _is_read() -> bool:
    """Whether the client would rather have a page than a problem for programs."""
    try:
        return choose(formats(PROBLEM, PAGE), request.headers.get("Accept")) == HTML
    except NotAcceptable:
        return False


def _prefixes(glossary: Glossary) -> dict[str, str]:
    """The prefixes of the namespaces that the ontology uses."""
    used = {
        part.value
        for said in glossary.schema.by_subject.values()
        for one in said
        for part in (one.subject, one.predicate, one.object)
        if hasattr(part, "value")
    }
    known = glossary.release.prefixes
    return dict(sorted(item for item in known.items() if any(one.startswith(item[1]) for one in used)))
