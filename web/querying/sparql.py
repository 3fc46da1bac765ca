"""SPARQL over HTTP: queries of the SPARQL 1.1 Protocol, and a page for those who write them by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotAcceptable

from kg.errors import QueryError, QuerySyntaxError
from kg.sparql.plan import Plan
from kg.workers.worker import CHUNK
from web import callers, languages, mementos, validators
from web.compression import coding
from web.errors import Problem, problem_response, retry_after
from web.negotiation import (
    DATASET,
    GRAPH,
    HTML,
    PAGE,
    PROBLEM,
    Choice,
    Format,
    best,
    choose,
    formats,
)
from web.publishing.catalogue import description_response
from web.querying import hints, protocol
from web.querying.excerpt import caret
from web.querying.federating import resolved
from web.querying.results import GRAPH as TRIPLES
from web.querying.results import ROWS, Table, table
from web.querying.updating import JSON, update_response
from web.querying.worksheet import FOR_GRAPHS, FOR_SOLUTIONS, page
from web.rdf.versions import Inspection
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.evaluation import Evaluation
    from web.querying.protocol import Asked

blueprint = Blueprint("sparql", __name__)

WITHOUT_A_QUERY = formats(GRAPH, DATASET, PAGE)
FRESH = "no-cache"  # may be kept, and is asked for again each time


@dataclass(frozen=True)
class Wanted:
    """How each kind of answer is wanted; whether the lack of a format matters is known when the kind is."""

    solutions: Choice | NotAcceptable
    graph: Choice | NotAcceptable

    @property
    def has_page(self) -> bool:
        """Whether some kind of answer is shown as a page."""
        return any(isinstance(one, Choice) and one.form == HTML for one in (self.solutions, self.graph))


@blueprint.route("/sparql", methods=["GET", "POST", "QUERY"])
def sparql() -> Response:
    """The answer to a query, what was done by an update, or else what the service is."""
    asked = protocol.asked()
    if asked is None:
        return update_response()
    mementos.use(asked.release)
    is_draft = asked.query is None or "layout" in request.args
    response = _introduction(asked) if is_draft else _answer(asked, asked.query or "")
    response.vary.update(("Accept", "Accept-Encoding"))
    return mementos.announced(response, asked.release)


@blueprint.after_request
def _hint(response: Response) -> Response:
    """The response with what may be sent by the method QUERY (RFC 10008, section 3)."""
    response.headers["Accept-Query"] = protocol.ACCEPT_QUERY
    return response


def _introduction(asked: Asked) -> Response:
    """The page to write a query, where one is laid out too, or the description of the service."""
    form = choose(WITHOUT_A_QUERY, request.headers.get("Accept"), asked.format)
    return Response(page(asked, None)) if form == HTML else description_response(form)


def _answer(asked: Asked, query: str) -> Response:
    wanted = Wanted(_choice(FOR_SOLUTIONS, asked), _choice(FOR_GRAPHS, asked))
    coding()  # refuses what cannot be sent, before anything is evaluated
    tag = "" if asked.explain else _tag(asked, query, wanted)
    if tag and validators.is_known(tag):
        return _validated(Response(status=HTTPStatus.NOT_MODIFIED), tag)
    try:
        if asked.explain:
            return _explained(asked, query)
        return _validated(_evaluated(asked, query, wanted), tag)
    except QueryError as error:
        return retry_after(_refusal(asked, wanted, _problem(query, error)), error)


def _choice(offered: tuple[Format, ...], asked: Asked) -> Choice | NotAcceptable:
    try:
        return best(offered, request.headers.get("Accept"), asked.format)
    except NotAcceptable as error:
        return error


def _tag(asked: Asked, query: str, wanted: Wanted) -> str:
    """The entity tag of the answer, whatever its kind will be; '' where it is not the same each time."""
    if wanted.has_page or not validators.is_repeatable(query):
        return ""
    choices = (one if isinstance(one, Choice) else None for one in (wanted.solutions, wanted.graph))
    written = [(one.form.name, one.version) if one else None for one in choices]
    release = snapshot().release
    known = sorted(release.prefixes.items())
    return validators.etag(release.tag, query, asked.default_graphs, asked.named_graphs, known, written)


def _validated(response: Response, tag: str) -> Response:
    response.headers["Cache-Control"] = FRESH
    if tag and response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response.headers["ETag"] = tag
    return response


def _evaluated(asked: Asked, query: str, wanted: Wanted) -> Response:
    """The answer in the format that is wanted for its kind. Raises QueryError and NotAcceptable."""
    started = time.monotonic()
    evaluation = callers.evaluator(snapshot().evaluator).evaluate(
        resolved(asked, query),
        _written(wanted.solutions, FOR_SOLUTIONS, ROWS),
        _written(wanted.graph, FOR_GRAPHS, TRIPLES),
        asked.default_graphs,
        asked.named_graphs,
    )
    choice = wanted.graph if evaluation.form == "graph" else wanted.solutions
    if isinstance(choice, NotAcceptable):
        evaluation.close()
        raise choice
    if choice.form == HTML:
        return Response(page(asked, _table(evaluation, started)))
    return _stream(query, evaluation, Inspection(choice))


def _table(evaluation: Evaluation, started: float) -> Table:
    found = table(evaluation, snapshot().links(languages.wanted()))
    return replace(found, seconds=time.monotonic() - started)


def _explained(asked: Asked, query: str) -> Response:
    """What the engine did to answer the query, as a page or as the engine writes it. Raises QueryError."""
    form = choose((JSON, *formats(PAGE)), request.headers.get("Accept"), asked.format)
    evaluator = callers.evaluator(snapshot().evaluator)
    with evaluator.explain(resolved(asked, query), asked.default_graphs, asked.named_graphs) as evaluation:
        plan = b"".join(evaluation)
    body = page(asked, None, plan=Plan.of(plan)) if form == HTML else plan
    return Response(body, content_type=form.content_type, headers={"Cache-Control": "no-store"})


def _written(choice: Choice | NotAcceptable, offered: tuple[Format, ...], shown: str) -> str:
    """The media type in which one kind of answer is written; `shown` is that which pages are made of."""
    form = offered[0] if isinstance(choice, NotAcceptable) else choice.form
    return shown if form == HTML else form.media_type


def _stream(query: str, evaluation: Evaluation, inspection: Inspection) -> Response:
    """The whole answer where it is short, so that its length is known; else its pieces as they come."""
    first = next(evaluation, b"")
    try:
        inspection.see(first)
    except QueryError:
        evaluation.close()
        raise
    if len(first) < CHUNK:  # only the last piece is shorter
        return _whole(query, first + b"".join(evaluation), inspection)
    see = inspection.see if inspection.is_needed else None
    return Response(Pieces(first, evaluation, see), content_type=inspection.content_type)


def _whole(query: str, body: bytes, inspection: Inspection) -> Response:
    response = Response(body, content_type=inspection.content_type)
    if hints.is_empty(body, inspection.choice.form.name):
        sentence = hints.notice(query, snapshot())
        if sentence:
            response.headers[hints.HEADER] = hints.header(sentence)
    return response


class Pieces:
    """The first piece and the rest of an evaluation, which is ended when the client takes no more.

    `see` is shown each piece of the rest before it is sent.
    """

    def __init__(self, first: bytes, rest: Evaluation, see: Callable[[bytes], bytes] | None = None) -> None:
        self._pieces: Iterator[bytes] = chain([first], map(see, rest) if see else rest)
        self.close = rest.close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def _refusal(asked: Asked, wanted: Wanted, problem: Problem) -> Response:
    """What is wrong: on the page with the query, or by itself."""
    accept = request.headers.get("Accept")
    try:
        shown = choose(formats(PROBLEM, PAGE), accept) == HTML
    except NotAcceptable:
        shown = False
    if wanted.has_page and (shown or asked.format):
        return Response(page(asked, None, problem), status=problem.status)
    return problem_response(problem)


def _problem(query: str, error: QueryError) -> Problem:
    problem = Problem.of(error)
    if isinstance(error, QuerySyntaxError) and error.line:
        problem.members["excerpt"] = caret(query, error.line, error.column)
    return problem
