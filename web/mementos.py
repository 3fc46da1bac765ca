"""Which release answers: the current one, one that is named, or that of a date (Memento, RFC 7089).

The address of the current state is its own TimeGate, which answers itself (section 4.2.2); with `release=N`
it is that of a memento.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, g, request, url_for
from werkzeug.exceptions import BadRequest, Gone, NotFound

from web.snapshot import KEY, snapshot

if TYPE_CHECKING:
    from kg.release import Release
    from web.snapshot import Current

blueprint = Blueprint("mementos", __name__)

ACCEPT_DATETIME = "Accept-Datetime"
LINK_FORMAT = "application/link-format"
WRITTEN = "%&=+:/?@!$'()*,;"  # stands as it is in the parameters of an address
NUMBER = re.compile("[0-9]{1,9}")
LONGEST_LINKED = 1500  # bytes of parameters, for a header holds them several times


@blueprint.get("/sparql/timemap")
def timemap() -> Response:
    """The releases that can be queried, as mementos of the query in the parameters (section 5)."""
    lines = [
        f'<{_address()}>; rel="original timegate"',
        f'<{_address("mementos.timemap")}>; rel="self"; type="{LINK_FORMAT}"',
        *(_memento(version, date) for version, date in _dates().items()),
    ]
    return Response(",\n".join(lines) + "\n", content_type=LINK_FORMAT)


def use(named: str | None) -> None:
    """Answer this request from the release that is named, or from that of `Accept-Datetime`.

    Raises an HTTP error for one that is not there.
    """
    current: Current = current_app.extensions[KEY]
    if named is not None:
        g.snapshot = current.at(_kept(named))
    elif ACCEPT_DATETIME in request.headers:
        dates, wanted = _dates(), _wanted(request.headers[ACCEPT_DATETIME])
        earlier = [version for version, date in dates.items() if date <= wanted]
        # Before the first comes the first (section 4.5.2).
        chosen = earlier[-1:] or list(dates)[:1]
        g.snapshot = current.at(chosen[0]) if chosen else current.snapshot()


def announced(response: Response, named: str | None) -> Response:
    """The response with the headers of Memento."""
    if named is None:
        response.vary.add(ACCEPT_DATETIME)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return response
    is_linked = request.method in ("GET", "HEAD") and len(request.query_string) <= LONGEST_LINKED
    links = [f'<{_address("mementos.timemap")}>; rel="timemap"; type="{LINK_FORMAT}"'] if is_linked else []
    release = snapshot().release
    date = _date(release)
    if date and (named is not None or ACCEPT_DATETIME in request.headers):
        response.headers["Memento-Datetime"] = _http(date)
        if is_linked:
            response.headers["Content-Location"] = _address(release=release.version)
            links += [f'<{_address()}>; rel="original timegate"', _memento(release.version, date)]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _kept(named: str) -> int:
    """The number of a release that is kept."""
    if not NUMBER.fullmatch(named):
        raise BadRequest(f"“release” is the number of a release, and “{named[:20]}” is none.")
    current: Current = current_app.extensions[KEY]
    number, kept = int(named), current.releases.versions()
    if number in kept:
        return number
    there = f"There are: {', '.join(map(str, kept))}."
    if number and number < max(kept, default=0):
        raise Gone(f"Release {number} is not kept any more. {there}")
    raise NotFound(f"There is no release {number}. {there}")


def _wanted(header: str) -> datetime:
    try:
        return parsedate_to_datetime(header).astimezone()
    except ValueError as error:
        message = (
            f"“{ACCEPT_DATETIME}: {header}” is no date of HTTP; write one like Thu, 31 May 2007 20:35:00 GMT."
        )
        raise BadRequest(message) from error


def _dates() -> dict[int, datetime]:
    """When the releases were made that are kept, by their numbers, the oldest first."""
    current: Current = current_app.extensions[KEY]
    dates = {release.version: _date(release) for release in current.releases.all()}
    return {version: date for version, date in sorted(dates.items()) if date}


def _date(release: Release) -> datetime | None:
    created = release.manifest.created
    return datetime.fromisoformat(created) if created else None


def _memento(version: int, date: datetime) -> str:
    return f'<{_address(release=version)}>; rel="memento"; datetime="{_http(date)}"'


def _address(endpoint: str = "sparql.sparql", **more: int) -> str:
    """The address of the request without a release, with more parameters."""
    if more or b"release" in request.query_string:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "release"]
        parameters = urlencode([*kept, *more.items()])
    else:
        parameters = quote(request.query_string, safe=WRITTEN)
    return url_for(endpoint, _external=True) + (f"?{parameters}" if parameters else "")


def _http(date: datetime) -> str:
    return format_datetime(date.astimezone(UTC), usegmt=True)
