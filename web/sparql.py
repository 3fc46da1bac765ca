"""SPARQL over HTTP: queries of the SPARQL 1.1 Protocol, and a page for those who write them by hand."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

from kg.errors import QueryError, QuerySyntaxError
from kg.worker import CHUNK
from web import languages
from web.errors import Problem, problem_response
from web.excerpt import caret
from web.negotiation import GRAPH, HTML, PAGE, SOLUTIONS, Format, choose, formats
from web.results import GRAPH as TRIPLES
from web.results import ROWS, Table, table
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.datastructures import MultiDict

    from kg.evaluation import Evaluation

blueprint = Blueprint("sparql", __name__)

DIRECT = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
NO_QUERY = "There is no query; send one as the parameter “query”"
FOR_SOLUTIONS = formats(SOLUTIONS, PAGE)
FOR_GRAPHS = formats(GRAPH, PAGE)


@dataclass(frozen=True)
class Asked:
    """What a request asks by the protocol (section 2.1)."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """The answer to a query, or the page to write one."""
    accept, name = request.headers.get("Accept"), request.values.get("format")
    asked = _asked()
    if asked is None:
        if choose((*formats(SOLUTIONS), HTML), accept, name) == HTML:
            return _varying(Response(_page("", None)))
        raise BadRequest(f"{NO_QUERY}, or open this address in a browser.")
    solutions, graph = _chosen(FOR_SOLUTIONS, accept, name), _chosen(FOR_GRAPHS, accept, name)
    if solutions == HTML or graph == HTML:
        return _varying(_answer_page(asked))
    return _varying(_answer(asked, solutions, graph))


def _asked() -> Asked | None:
    """The query of the request, and its graphs; None where a GET has no query."""
    if "update" in request.values:
        raise BadRequest("This address takes queries only; the graph cannot be changed here.")
    if request.method == "POST" and request.mimetype == DIRECT:
        try:
            query = request.get_data().decode()
        except UnicodeDecodeError as error:
            raise BadRequest(f"The query is not UTF-8 at byte {error.start + 1}.") from error
        return Asked(query, *_graphs(request.args))
    if request.method == "POST" and request.mimetype != FORM:
        raise UnsupportedMediaType(f"A query is posted as {FORM} or as {DIRECT}.")
    parameters = request.form if request.method == "POST" else request.args
    queries = parameters.getlist("query")
    if len(queries) > 1:
        raise BadRequest("There are several parameters “query”; send one.")
    if not queries or not queries[0].strip():
        if request.method == "POST":
            raise BadRequest(f"{NO_QUERY}.")
        return None
    return Asked(queries[0], *_graphs(parameters))


def _graphs(parameters: MultiDict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(parameters.getlist("default-graph-uri")), tuple(parameters.getlist("named-graph-uri"))


def _chosen(offered: tuple[Format, ...], accept: str | None, name: str | None) -> Format | NotAcceptable:
    """The format for one kind of answer; whether the lack of one matters is known when the kind is."""
    try:
        return choose(offered, accept, name)
    except NotAcceptable as error:
        return error


def _answer(asked: Asked, solutions: Format | NotAcceptable, graph: Format | NotAcceptable) -> Response:
    """The answer as a stream, whose end is only whole when the answer is."""
    if isinstance(solutions, NotAcceptable) and isinstance(graph, NotAcceptable):
        raise solutions
    first = FOR_SOLUTIONS[0] if isinstance(solutions, NotAcceptable) else solutions
    second = FOR_GRAPHS[0] if isinstance(graph, NotAcceptable) else graph
    try:
        evaluation = _evaluate(asked, first.media_type, second.media_type)
    except QuerySyntaxError as error:
        return problem_response(_problem(asked, error))
    chosen = graph if evaluation.form == "graph" else solutions
    if isinstance(chosen, NotAcceptable):
        evaluation.close()
        raise chosen
    return Response(_body(evaluation), content_type=chosen.content_type)


def _body(evaluation: Evaluation) -> bytes | Pieces:
    """The whole answer where it is short, so that its length is known; else its pieces as they come."""
    first = next(evaluation, b"")
    if len(first) < CHUNK:  # only the last piece is shorter
        return first + b"".join(evaluation)
    return Pieces(first, evaluation)


class Pieces:
    """The first piece and the rest of an evaluation, which is ended when the client takes no more."""

    def __init__(self, first: bytes, rest: Evaluation) -> None:
        self._pieces = chain([first], rest)
        self.close = rest.close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def _evaluate(asked: Asked, solutions: str, graph: str) -> Evaluation:
    evaluator = snapshot().evaluator
    return evaluator.evaluate(asked.query, solutions, graph, asked.default_graphs, asked.named_graphs)


def _answer_page(asked: Asked) -> Response:
    """The page with the first rows, or with what is wrong."""
    links = snapshot().links(languages.wanted())
    try:
        found = table(_evaluate(asked, ROWS, TRIPLES), links)
    except QueryError as error:
        problem = _problem(asked, error)
        return Response(_page(asked.query, None, problem), status=problem.status)
    return Response(_page(asked.query, found), status=HTTPStatus.OK)


def _problem(asked: Asked, error: QueryError) -> Problem:
    problem = Problem.of(error)
    if isinstance(error, QuerySyntaxError) and error.line:
        problem.members["excerpt"] = caret(asked.query, error.line, error.column)
    return problem


def _page(query: str, found: Table | None, problem: Problem | None = None) -> str:
    held = snapshot()
    links = held.links(languages.wanted())
    links.prepare(example.iri for example in held.examples)
    downloads = FOR_GRAPHS if found and found.form == "graph" else FOR_SOLUTIONS
    return render_template(
        "sparql.html",
        query=query,
        table=found,
        problem=problem,
        examples=[(links.label(example.iri), example.query) for example in held.examples],
        prefixes=held.release.prefixes,
        downloads=[form for form in downloads if form != HTML],
    )


def _varying(response: Response) -> Response:
    response.vary.add("Accept")
    return response
