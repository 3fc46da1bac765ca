"""Every error as one body: problem details (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException, NotAcceptable

from kg.errors import (
    AccessError,
    BudgetSpent,
    ChangesLost,
    DumpError,
    EncoderError,
    EndpointFailed,
    ForeignDataError,
    InvalidWrite,
    JournalError,
    KGError,
    NetworkRefused,
    NotAuthenticated,
    NotPermitted,
    Postponed,
    QueryCancelled,
    QueryCrashed,
    QueryDuplicate,
    QueryMemory,
    QueryPostponed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    QueryUnsupported,
    QueryUnwritable,
    ReadOnlyGraph,
    ReleaseError,
    StateChanged,
    TokenError,
    TooManyFailures,
    UnknownEntity,
    UnknownRelease,
    WriteConflict,
    WriteRefused,
    WriteUnsupported,
)
from web.finding.filtering import UnknownFilter
from web.negotiation import HTML, PAGE, PROBLEM, choose, formats
from web.querying import violations
from web.wording import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from web.negotiation import Format

logger = logging.getLogger(__name__)

STATUS: Mapping[type[KGError], HTTPStatus] = {
    QuerySyntaxError: HTTPStatus.BAD_REQUEST,
    QueryRefused: HTTPStatus.BAD_REQUEST,
    QueryUnsupported: HTTPStatus.UNPROCESSABLE_ENTITY,  # 400 says that the text is not SPARQL
    QueryUnwritable: HTTPStatus.NOT_ACCEPTABLE,
    QueryTimeout: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryMemory: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryTooLarge: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryCancelled: HTTPStatus.SERVICE_UNAVAILABLE,
    QueryDuplicate: HTTPStatus.CONFLICT,
    EndpointFailed: HTTPStatus.BAD_GATEWAY,
    QueryPostponed: HTTPStatus.SERVICE_UNAVAILABLE,
    BudgetSpent: HTTPStatus.TOO_MANY_REQUESTS,
    QueryCrashed: HTTPStatus.SERVICE_UNAVAILABLE,
    ReleaseError: HTTPStatus.SERVICE_UNAVAILABLE,
    JournalError: HTTPStatus.SERVICE_UNAVAILABLE,
    DumpError: HTTPStatus.SERVICE_UNAVAILABLE,
    EncoderError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownEntity: HTTPStatus.NOT_FOUND,
    UnknownRelease: HTTPStatus.NOT_FOUND,
    ChangesLost: HTTPStatus.GONE,
    NetworkRefused: HTTPStatus.BAD_REQUEST,
    ForeignDataError: HTTPStatus.BAD_REQUEST,
    UnknownFilter: HTTPStatus.BAD_REQUEST,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotPermitted: HTTPStatus.FORBIDDEN,
    TokenError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyFailures: HTTPStatus.TOO_MANY_REQUESTS,
    WriteRefused: HTTPStatus.BAD_REQUEST,
    WriteUnsupported: HTTPStatus.UNPROCESSABLE_ENTITY,
    ReadOnlyGraph: HTTPStatus.FORBIDDEN,
    InvalidWrite: HTTPStatus.UNPROCESSABLE_ENTITY,
    StateChanged: HTTPStatus.PRECONDITION_FAILED,
    WriteConflict: HTTPStatus.CONFLICT,
}
# What our own words are said for; those of the framework speak to programmers.
PLAIN = {
    HTTPStatus.NOT_FOUND: N_("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("This address does not take the method {method}; it takes {allowed}."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("The request is longer than this service reads."),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Something went wrong here; it has been noted in the log."),
}
# What HTTP calls each; pages are headed by it.
TITLES = (
    N_("Bad Request"),
    N_("Unauthorized"),
    N_("Forbidden"),
    N_("Not Found"),
    N_("Method Not Allowed"),
    N_("Not Acceptable"),
    N_("Conflict"),
    N_("Gone"),
    N_("Precondition Failed"),
    N_("Request Entity Too Large"),
    N_("Unsupported Media Type"),
    N_("Unprocessable Entity"),
    N_("Too Many Requests"),
    N_("Internal Server Error"),
    N_("Bad Gateway"),
    N_("Service Unavailable"),
)
# Of these the words of whoever raised the error tell more.
OURS = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})


@dataclass(frozen=True)
class Problem:
    """What is told of an error: status, one sentence, and further members of the problem details.

    `translated` is the sentence in the language of the page, '' where there is none but in English.
    """

    status: HTTPStatus
    detail: str
    members: dict[str, Any] = field(default_factory=dict)
    translated: str = ""

    @classmethod
    def of(cls, error: KGError) -> Problem:
        """The problem that an error of ours is to the client."""
        kinds = [kind for kind in type(error).__mro__ if kind in STATUS]
        status = STATUS[kinds[0]] if kinds else HTTPStatus.INTERNAL_SERVER_ERROR
        members: dict[str, Any] = {}
        if isinstance(error, QuerySyntaxError | ForeignDataError) and error.line:
            members = {"line": error.line, "column": error.column}
        if isinstance(error, QuerySyntaxError) and error.suggestion:
            members["suggestion"] = error.suggestion
        if isinstance(error, InvalidWrite):
            members = {"violations": str(error).split("\n")}
        return cls(status, str(error), members)

    def as_json(self) -> dict[str, Any]:
        """The members of the problem details."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            **self.members,
        }


def map_errors(app: Flask) -> None:
    """Have the application answer every error with a problem."""
    app.register_error_handler(KGError, _known)
    app.register_error_handler(HTTPException, _http)


def problem_response(problem: Problem) -> Response:
    """The problem in the format that the client accepts best."""
    form = preferred()
    if form == HTML:
        body = render_template("error.html", problem=problem)
    else:
        body = json.dumps(problem.as_json(), ensure_ascii=False) + "\n"
    response = Response(body, status=problem.status, content_type=form.content_type)
    response.vary.add("Accept")
    return response


def preferred() -> Format:
    """The format in which a client is told what is wrong: JSON, unless it wants a page."""
    try:
        return choose(formats(PROBLEM, PAGE), request.headers.get("Accept"))
    except NotAcceptable:
        (form,) = formats(PROBLEM)
        return form


def _known(error: KGError) -> Response:
    problem = Problem.of(error)
    if isinstance(error, ReleaseError | JournalError):
        logger.warning("%s", error)
        problem = replace(problem, detail=_without_home(problem.detail))
    response = violations.report(error) if isinstance(error, InvalidWrite) else None
    response = response or problem_response(problem)
    response.status_code = problem.status
    if isinstance(error, AccessError) and error.challenge:
        response.headers["WWW-Authenticate"] = error.challenge
    return retry_after(response, error)


def retry_after(response: Response, error: KGError) -> Response:
    """The response to an error, with when to ask again where that is known (RFC 9110, section 10.2.3)."""
    if isinstance(error, Postponed):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _without_home(text: str) -> str:
    """The words without where the releases of this service are kept."""
    from web.snapshot import current

    return text.replace(str(current().releases.home), "KG_HOME")


def _http(error: HTTPException) -> Response:
    """An error of HTTP, with the headers that belong to it (Allow, Retry-After)."""
    status = HTTPStatus(error.code or 500)
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    allowed = dict(headers).get("Allow", "")
    ours = PLAIN.get(status, "")
    plain, translated = (
        text.format(method=request.method, allowed=allowed) for text in (ours, gettext(ours))
    )
    is_ours = error.description != type(error).description
    if not plain or (status in OURS and is_ours):
        plain, translated = error.description or plain or status.phrase, ""
    response = problem_response(Problem(status, plain, translated=translated))
    response.headers.extend(headers)
    return response
