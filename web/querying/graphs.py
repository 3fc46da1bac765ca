"""The graphs, each as a document: SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named indirectly, /graphs?graph=IRI or /graphs?default, or directly by an address below /graphs/,
which stands for the IRI with the same path below the base IRI of the service.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from kg.errors import QueryError, StateChanged, UnknownEntity
from kg.store import IRI
from kg.workers.worker import CHUNK
from web import LONGEST_DOCUMENT, callers, mementos, validators
from web.access import SANDBOX, authorise
from web.negotiation import DATASET, GRAPH, best, formats
from web.querying.graphlist import list_response
from web.querying.sparql import FRESH, Pieces
from web.querying.updating import DIRECT, direct_text, expectation, iri_of, receipt_response, writing
from web.rdf.uploads import MULTIPART, documents
from web.rdf.versions import Inspection
from web.snapshot import current, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.evaluation import Evaluation
    from kg.release import Release
    from kg.updating.writing import Expectation
    from web.snapshot import Snapshot

blueprint = Blueprint("graphs", __name__)

OFFERED = formats(GRAPH, DATASET)
METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"]
HINTS = {
    "Accept-Post": ", ".join((*(form.media_type for form in OFFERED), MULTIPART)),
    "Accept-Patch": DIRECT,
}


@dataclass(frozen=True)
class Named:
    """A graph that a request names; without an IRI the default graph."""

    iri: IRI | None

    @property
    def name(self) -> str | None:
        """The IRI as text."""
        return self.iri.value if self.iri else None

    @property
    def base(self) -> str:
        """What relative IRIs in its documents are resolved against."""
        return self.iri.value if self.iri else _address()

    def state(self, release: Release) -> str:
        """What tells its state in the release that is current; '' where it is not there."""
        held = current().snapshot()
        return self.state_in(held) if held.release.version == release.version else ""

    def state_in(self, held: Snapshot) -> str:
        """What tells its state from others; '' where it is not there. A union is as the whole release is."""
        is_union = self.iri is None and not current_app.extensions[SANDBOX]
        return held.release.tag if is_union else held.evaluator.digest(self.name)

    def expectation(self) -> Expectation | None:
        """What the client expects of it."""
        return expectation(self.state)


@blueprint.route("/graphs", methods=METHODS, strict_slashes=False)
@blueprint.route("/graphs/<path:path>", methods=METHODS)
def graphs(path: str = "") -> Response:
    """A graph, what was done to it, or the list of all."""
    request.max_content_length = request.max_form_memory_size = LONGEST_DOCUMENT
    named = _named(direct=bool(path))
    if request.method == "GET" or request.method == "HEAD":
        return _read(named) if named else list_response(_base())
    who = authorise("graphs")
    if "release" in request.args:
        raise BadRequest("A release never changes; send the request without “release”.")
    if named is None and request.method == "POST":
        return _posted_anew(who)
    if named is None:
        raise BadRequest("No graph is named; say ?graph=IRI or ?default, or use an address below this one.")
    return WRITES[request.method](named, who)


@blueprint.after_request
def _hint(response: Response) -> Response:
    """The response with what may be sent, where it tells what may be done (RFC 5789, LDP 1.0)."""
    if request.method == "OPTIONS" or response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        response.headers.update(HINTS)
    return response


def _read(named: Named) -> Response:
    mementos.use(request.args.get("release"))
    held = snapshot()
    choice = best(OFFERED, request.headers.get("Accept"), request.args.get("format"))
    state = named.state_in(held)
    if not state:
        listed = url_for("graphs.graphs")
        raise UnknownEntity(f"There is no graph {named.name}; {listed} lists those there are.")
    response = Response(content_type=choice.form.content_type)
    response.headers["ETag"] = validators.etag(state, choice.form.name, choice.version)
    response.headers["Cache-Control"] = FRESH
    response.vary.update(("Accept", "Accept-Encoding", mementos.ACCEPT_DATETIME))
    response.automatically_set_content_length = False
    wanted = validators.states(request.headers.get("If-Match"))
    if wanted is not None and not validators.is_among(state, wanted):
        raise StateChanged("The graph is in another state than you expect; ask for it without If-Match.")
    if validators.is_known(response.headers["ETag"]):
        response.status_code = HTTPStatus.NOT_MODIFIED
    if request.method == "GET" and response.status_code == HTTPStatus.OK:
        evaluator = callers.evaluator(held.evaluator)
        _fill(response, evaluator.graph(named.name, choice.form.media_type), Inspection(choice))
    return response


def _fill(response: Response, evaluation: Evaluation, inspection: Inspection) -> None:
    """Put a graph into the response: the whole where it is short, else its pieces as they come."""
    first = next(evaluation, b"")
    try:
        inspection.see(first)
    except QueryError:
        evaluation.close()
        raise
    response.headers["Content-Type"] = inspection.content_type
    if len(first) < CHUNK:  # only the last piece is shorter
        response.data = first + b"".join(evaluation)
    else:
        see = inspection.see if inspection.is_needed else None
        response.response = Pieces(first, evaluation, see)


def _put(named: Named, who: str) -> Response:
    if "Content-Range" in request.headers:
        raise BadRequest("A graph is put as a whole; send it without Content-Range, or change it by PATCH.")
    receipt = writing().put(named.iri, documents(named.base), who, expected=named.expectation())
    return receipt_response(receipt, _status(created=receipt.created))


def _post(named: Named, who: str) -> Response:
    receipt = writing().post(named.iri, documents(named.base), who, expected=named.expectation())
    return receipt_response(receipt, _status(created=receipt.created))


def _posted_anew(who: str) -> Response:
    """The answer to what was posted to no graph in particular: it becomes one (section 5.5)."""
    path = uuid.uuid4().hex
    named = Named(IRI(f"{_address()}/{path}"))
    receipt = writing().post(named.iri, documents(named.base), who)
    response = receipt_response(receipt, HTTPStatus.CREATED, graph=named.base)
    response.headers["Location"] = url_for("graphs.graphs", path=path, _external=True)
    return response


def _delete(named: Named, who: str) -> Response:
    return receipt_response(writing().delete(named.iri, who, expected=named.expectation()))


def _patch(named: Named, who: str) -> Response:
    if request.mimetype != DIRECT:
        raise UnsupportedMediaType(f"A graph is changed by an update; send it as {DIRECT}.")
    text, expected = direct_text(), named.expectation()
    receipt = writing().patch(named.iri, text, who, base=named.base, expected=expected)
    return receipt_response(receipt, _status(created=receipt.created))


WRITES: dict[str, Callable[[Named, str], Response]] = {
    "PUT": _put,
    "POST": _post,
    "DELETE": _delete,
    "PATCH": _patch,
}


def _status(*, created: bool) -> HTTPStatus:
    return HTTPStatus.CREATED if created else HTTPStatus.OK


def _named(*, direct: bool) -> Named | None:
    """The graph that the request names, or None. Raises BadRequest where it names several."""
    found = [Named(_resolved(text)) for text in request.args.getlist("graph")]
    found += [Named(None)] * ("default" in request.args)
    if direct:
        found.append(Named(iri_of(_base().rstrip("/") + _raw_path(), "address")))
    if len(found) > 1:
        raise BadRequest("Several graphs are named; name one, by ?graph=IRI, ?default or the address.")
    return found[0] if found else None


def _resolved(text: str) -> IRI:
    """The IRI of the parameter “graph”; a relative one is resolved against that of the graph store."""
    if not text:
        raise BadRequest("The parameter “graph” is empty; say ?graph=IRI or ?default.")
    try:
        return IRI(text)
    except ValueError:
        return iri_of(_joined(text), "graph")


def _joined(text: str) -> str:
    """A reference resolved against the IRI of the graph store; as it is where it cannot be read."""
    try:
        return urljoin(_address(), text)
    except ValueError:
        return text


def _raw_path() -> str:
    """The path of the address as it was sent, for escapes are part of an IRI."""
    raw = request.environ["RAW_URI"].partition("?")[0].encode("latin-1")
    return quote(raw.decode(errors="replace"), safe="/%:@!$&'()*+,;=~-._")


def _address() -> str:
    """The IRI of the graph store."""
    return f"{_base()}graphs"


def _base() -> str:
    """The base IRI of the service: in the sandbox, the address under which it was asked."""
    return request.host_url if current_app.extensions[SANDBOX] else snapshot().release.iris.base
