"""Files that are sent whole or in part, under the conditions of a request (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header

from web import validators

if TYPE_CHECKING:
    from flask import Response


def parted(response: Response, size: int) -> Response:
    """The response of a file with its validators, as far as the client wants it.

    Raises PreconditionFailed where it wants another file, and RequestedRangeNotSatisfiable.
    """
    try:
        validators.require(response.headers["ETag"], response.headers["Last-Modified"])
        response.make_conditional(_environ(response), accept_ranges=True, complete_length=size)
    except (PreconditionFailed, RequestedRangeNotSatisfiable):
        response.close()
        raise
    return response


def _environ(response: Response) -> dict[str, Any]:
    """The request as Werkzeug may judge it, without what does not hold.

    Of dates only the very one counts: after a rollback what is served is older than what was before.
    """
    environ, date = validators.judged(), response.headers["Last-Modified"]
    if environ.get("HTTP_IF_MODIFIED_SINCE") != date:
        environ.pop("HTTP_IF_MODIFIED_SINCE", None)
    if not _is_part(response, environ.get("HTTP_IF_RANGE", date), date):
        environ.pop("HTTP_RANGE", None)
    return environ


def _is_part(response: Response, condition: str, date: str) -> bool:
    """Whether one part is sent: not where `Range` is malformed or names several, nor what the client has."""
    parsed = parse_range_header(request.headers.get("Range"))
    is_same = '"' in condition or condition == date
    is_one = parsed is not None and parsed.units == "bytes" and len(parsed.ranges) == 1
    return (
        request.method == "GET" and is_one and is_same and not validators.is_known(response.headers["ETag"])
    )
