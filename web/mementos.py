"""Which release answers: the current one, one that is named, or that of a date (Memento, RFC 7089).

The address of the current state is its own TimeGate, which answers itself (section 4.2.2); with `release=N`
it is that of a memento. The TimeMap of /doc/x is /timemap/doc/x, so that no thing can be called like one. The
mementos of what is about one thing are the releases that say something of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, request, url_for
from werkzeug.exceptions import BadRequest, Gone, NotFound

from kg import nquads
from kg.store import IRI
from web.snapshot import current, snapshot

if TYPE_CHECKING:
    from kg.iris import Iris
    from kg.release import Release

blueprint = Blueprint("mementos", __name__)

ACCEPT_DATETIME = "Accept-Datetime"
LINK_FORMAT = "application/link-format"
WRITTEN = "%&=+:/?@!$'()*,;"  # stands as it is in the parameters of an address
NUMBER = re.compile("[0-9]{1,9}")
LONGEST_LINKED = 1500  # bytes of parameters, for a header holds them several times
SUFFIX = re.compile(r"\.(html|ttl|nt|jsonld|rdf|trig|nq)$")


@blueprint.get("/sparql/timemap")
def timemap() -> Response:
    """The releases that can be queried, as mementos of the query in the parameters (section 5)."""
    return _map(url_for("sparql.sparql", _external=True), _dates())


def timemap_of(path: str) -> Response:
    """The releases that say something of what the document at a path is about, as its mementos.

    Raises NotFound where none does.
    """
    iri = _subject(path, snapshot().release.iris)
    dates = _dates(iri)
    if iri is None or not dates:
        raise NotFound(f"No release that is kept says anything of /{path}.")
    return _map(f"{request.url_root}{quote(path)}", dates)


def use(named: str | None, iri: IRI | None = None) -> None:
    """Answer this request from the release that is named, or from that of `Accept-Datetime`.

    What is about an IRI is, of a date, in the last release until then that says something of it.
    Raises an HTTP error for a release that is not there.
    """
    if named is not None:
        g.snapshot = current().at(_numbered(named))
    elif ACCEPT_DATETIME in request.headers:
        dates, wanted = _dates(iri), _wanted(request.headers[ACCEPT_DATETIME])
        earlier = [version for version, date in dates.items() if date <= wanted]
        # Before the first comes the first (section 4.5.2).
        chosen = earlier[-1:] or list(dates)[:1]
        g.snapshot = current().at(chosen[0]) if chosen else current().snapshot()


def announced(response: Response, named: str | None) -> Response:
    """The response with the headers of Memento."""
    if named is None:
        response.vary.add(ACCEPT_DATETIME)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return response
    is_linked = request.method in ("GET", "HEAD") and len(request.query_string) <= LONGEST_LINKED
    links = [f'<{_timemap()}>; rel="timemap"; type="{LINK_FORMAT}"'] if is_linked else []
    release = snapshot().release
    date = _date(release)
    if date and (named is not None or ACCEPT_DATETIME in request.headers):
        response.headers["Memento-Datetime"] = _http(date)
        if is_linked:
            here = request.base_url
            response.headers["Content-Location"] = _address(here, release=release.version)
            links += [f'<{_address(here)}>; rel="original timegate"', _memento(here, release.version, date)]
    if links:
        response.headers["Link"] = ", ".join([*response.headers.getlist("Link"), *links])
    return response


def kept(number: int) -> int:
    """The number of a release, if it is kept. Raises Gone, or NotFound where there never was one."""
    numbers = current().releases.versions()
    if number in numbers:
        return number
    there = f"There are: {', '.join(map(str, numbers))}."
    if 0 < number < max(numbers, default=0):
        raise Gone(f"Release {number} is not kept any more. {there}")
    raise NotFound(f"There is no release {number}. {there}")


def is_asked() -> bool:
    """Whether the request is for a release that it names, or for that of a date."""
    return "release" in request.args or ACCEPT_DATETIME in request.headers


def now() -> str:
    """The address of the request without a release."""
    return _address(request.script_root + quote(request.path))


def _map(original: str, dates: dict[int, datetime]) -> Response:
    lines = [
        f'<{_address(original)}>; rel="original timegate"',
        f'<{_address(request.base_url)}>; rel="self"; type="{LINK_FORMAT}"',
        *(_memento(original, version, date) for version, date in dates.items()),
    ]
    return Response(",\n".join(lines) + "\n", content_type=LINK_FORMAT)


def _subject(path: str, iris: Iris) -> IRI | None:
    """What the document at a path is about."""
    room, _, name = path.partition("/")
    text = request.args.get("iri", "") if path == "describe" else f"{iris.base}{path}"
    try:
        found = iris.entity(name) if room == "doc" else IRI(text)
        return IRI(SUFFIX.sub("", found.value)) if not _dates(found) else found
    except ValueError:
        return None


def _numbered(named: str) -> int:
    """The number of a release that is kept."""
    if not NUMBER.fullmatch(named):
        raise BadRequest(f"“release” is the number of a release, and “{named[:20]}” is none.")
    return kept(int(named))


def _wanted(header: str) -> datetime:
    try:
        return parsedate_to_datetime(header).astimezone()
    except (ValueError, OverflowError) as error:  # the last day of all is none in every zone
        message = (
            f"“{ACCEPT_DATETIME}: {header}” is no date of HTTP; write one like Thu, 31 May 2007 20:35:00 GMT."
        )
        raise BadRequest(message) from error


def _dates(iri: IRI | None = None) -> dict[int, datetime]:
    """When the releases were made that are kept, by their numbers, the oldest first.

    Only those that say something of the IRI; of what is mentioned, and nobody's subject, all.
    """
    releases = current().releases.all()
    about = [release for release in releases if iri is None or _is_about(release, iri)]
    if not about and any(True for _ in current().snapshot().release.store.quads(object=iri)):
        about = releases
    dates = {release.version: _date(release) for release in about}
    return {version: date for version, date in sorted(dates.items()) if date}


def _date(release: Release) -> datetime | None:
    created = release.manifest.created
    return datetime.fromisoformat(created) if created else None


def _is_about(release: Release, iri: IRI) -> bool:
    return any(nquads.is_below(release.quads_file, f"{iri.value}{end}") for end in ("> ", "#"))


def _memento(original: str, version: int, date: datetime) -> str:
    return f'<{_address(original, release=version)}>; rel="memento"; datetime="{_http(date)}"'


def _timemap() -> str:
    """Where the TimeMap of the request is."""
    if request.endpoint == "sparql.sparql":
        return _address(url_for("mementos.timemap", _external=True))
    return _address(url_for("releases.timemap", path=request.path.lstrip("/"), _external=True))


def _address(place: str, **more: int) -> str:
    """An address with the parameters of the request, but for the release, and with more of them."""
    if more or b"release" in request.query_string:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "release"]
        parameters = urlencode([*kept, *more.items()])
    else:
        parameters = quote(request.query_string, safe=WRITTEN)
    return place + (f"?{parameters}" if parameters else "")


def _http(date: datetime) -> str:
    return format_datetime(date.astimezone(UTC), usegmt=True)
