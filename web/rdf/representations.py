"""The answer of an address that has a page and documents of RDF: the format, the validators, and the links.

Each representation has an entity tag of its own (RFC 9110, section 8.8.3) and the date of the release. Links
(RFC 8288) lead from it to what it describes (RFC 6892), to the address that all its formats share, to those
formats, to the licence, and to its state in earlier releases (RFC 7089).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request, url_for

from web import mementos, validators
from web.negotiation import DATASET, GRAPH, HTML, PAGE, best, formats
from web.rdf.documents import license_of
from web.rdf.versions import Inspection
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.store import IRI
    from web.negotiation import Format

OFFERED = formats(PAGE, GRAPH, DATASET)
SUFFIXES = frozenset(form.name for form in OFFERED)
FRESH = "no-cache"  # may be kept, and is asked for again each time
LONGEST_LINKED = 300  # characters of an address that a header can hold as many times as there are formats
IN_HEADERS = "%:/?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Resource:
    """What is represented: its IRI, the address of its documents, and that of each format but the page.

    What is fixed never changes, and has no mementos.
    """

    iri: IRI
    address: str
    others: Sequence[tuple[Format, str]]
    is_fixed: bool = False

    @classmethod
    def at(cls, iri: IRI, address: str, *, is_fixed: bool = False) -> Resource:
        """What has its formats at an address with their suffixes."""
        return cls(iri, address, suffixed(address), is_fixed)


def suffixed(address: str, offered: Sequence[Format] = OFFERED) -> list[tuple[Format, str]]:
    """The other formats of the page at an address, each with its own address."""
    return [(form, f"{address}.{form.name}") for form in offered if form != HTML]


def represent(
    resource: Resource,
    name: str | None,
    page: Callable[[], str | Response],
    document: Callable[[Format], bytes],
) -> Response:
    """The resource in the format that is named, else in that which the client likes best (406 where in none).

    `page` and `document` make the representation; what the client has already is not made again.
    """
    choice = best(OFFERED, request.headers.get("Accept"), name)
    if choice.form == HTML:
        made = page()
        response = made if isinstance(made, Response) else Response(made)
        tag = _tag("page", response.get_data())
        response.vary.add("Accept-Language")
    else:
        inspection, tag = Inspection(choice), _tag(resource, choice)
        response = Response()
        if not _is_known(tag):
            response.set_data(inspection.see(document(choice.form)))
        response.headers["Content-Type"] = inspection.content_type
    response.vary.update(("Accept", "Accept-Encoding"))
    if response.status_code < HTTPStatus.BAD_REQUEST:
        _validate(response, tag)
        link(response, resource)
    return response if resource.is_fixed else mementos.announced(response, request.args.get("release"))


def link(response: Response, resource: Resource) -> None:
    """Add the links that say what the response is; of a long address those that it takes once."""
    absolute = request.host_url.rstrip("/") + resource.address
    links = [f'<{written(absolute)}>; rel="canonical"', f'<{written(resource.iri.value)}>; rel="describes"']
    if len(resource.address) <= LONGEST_LINKED:
        links += [
            f'<{written(address)}>; rel="alternate"; type="{form.media_type}"'
            for form, address in resource.others
        ]
    links.append(f'<{url_for("catalogue.void")}>; rel="describedby"')
    licence = license_of(snapshot().release)
    if licence:
        links.append(f'<{written(licence.value)}>; rel="license"')
    response.headers["Link"] = ", ".join([*response.headers.getlist("Link"), *links])


def redirected(address: str) -> Response:
    """The response that sends from a thing to the document about it, with the parameters of the request."""
    joint = "&" if "?" in address else "?"
    asked = request.query_string.decode("latin-1")
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"{address}{joint}{asked}" if asked else address
    response.headers["Link"] = f'<{written(address)}>; rel="describedby"'
    response.vary.add("Accept")
    return response


def _tag(*variant: object) -> str:
    release = snapshot().release
    return validators.etag(release.tag, release.version, *variant)


def _validate(response: Response, tag: str) -> None:
    """Add validators to the response, and empty it where the client has it already.

    Raises PreconditionFailed where the client wants another representation.
    """
    made = _made()
    validators.require(tag, made)
    response.headers.update({"ETag": tag, "Cache-Control": FRESH})
    if made:
        response.headers["Last-Modified"] = made
    if _is_known(tag):
        response.set_data(b"")
        response.status_code = HTTPStatus.NOT_MODIFIED


def _is_known(tag: str) -> bool:
    """Whether the client has the representation (RFC 9110, sections 13.1.2 and 13.1.3).

    Only the very date counts: after a rollback the current release is older than the one the client has seen.
    """
    if "If-None-Match" in request.headers:
        return validators.is_known(tag) or request.headers["If-None-Match"].strip() == "*"
    return bool(_made()) and request.headers.get("If-Modified-Since") == _made()


def _made() -> str:
    """When the release was made, as a date of HTTP; '' where it does not say."""
    created = snapshot().release.manifest.created
    if not created:
        return ""
    return format_datetime(datetime.fromisoformat(created).astimezone(UTC), usegmt=True)


def written(iri: str) -> str:
    """An IRI as a header can hold it: as the URI that it stands for (RFC 3987, section 3.1)."""
    return quote(iri, safe=IN_HEADERS)
