"""Entity tags: what tells one representation from another (RFC 9110, section 8.8.3), all of them strong.

A tag is the beginning of the digest of a state (of a release, of a graph), a dot, and a digest of whatever
else the bytes depend on, the content coding among it. So a write can be made on condition of a state,
whichever representation of it the client has seen.
"""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import parse_date

from kg.sparql.keywords import has_keyword, makes_nodes
from web.compression import coding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

STATE, VARIANT = 16, 12  # characters
TAG = re.compile(r'(W/)?"([\x21\x23-\x7E\x80-\xFF]*)"')
SAFE_METHODS = ("GET", "HEAD", "QUERY")
LONGEST = 1 << 16  # characters of a query in which these are looked for
# What makes two evaluations of one query differ over the same graph.
CHANGING = ("RAND", "NOW", "UUID", "STRUUID", "BNODE", "SERVICE")


def etag(state: str, *variant: object) -> str:
    """The value of the header `ETag` for a representation of a state; without `variant`, for the state."""
    if not variant:
        return f'"{state[:STATE]}"'
    rest = hashlib.sha256(repr((*variant, coding().value)).encode()).hexdigest()
    return f'"{state[:STATE]}.{rest[:VARIANT]}"'


def states(header: str | None, *, weak: bool = False) -> set[str] | None:
    """The states that `If-Match` or, with `weak`, `If-None-Match` names, or "*"; None without the header."""
    if header is None:
        return None
    if header.strip() == "*":
        return {"*"}
    return {tag.split(".")[0] for is_weak, tag in TAG.findall(header) if weak or not is_weak}


def is_among(state: str, states: Iterable[str]) -> bool:
    """Whether validators name a state, '' where there is none; they have but the beginning of it."""
    return bool(state) and any(one in ("*", state[:STATE]) for one in states)


def is_known(tag: str) -> bool:
    """Whether the client has the representation with this tag already (RFC 9110, section 13.1.2)."""
    known = TAG.findall(request.headers.get("If-None-Match", ""))
    return request.method in SAFE_METHODS and tag.strip('"') in {opaque for _, opaque in known}


def require(tag: str, modified: str = "") -> None:
    """Raise PreconditionFailed where another representation is asked for (RFC 9110, 13.1.1 and 13.1.4).

    The tag of a state, as a write gives it, asks by `If-Match` for any representation of that state. Without
    that, `If-Unmodified-Since` asks for one that was not `modified` later, which is a date of HTTP.
    """
    if request.method not in SAFE_METHODS:
        return
    wanted = request.headers.get("If-Match")
    if wanted is None:
        since, last = _date(request.headers.get("If-Unmodified-Since")), _date(modified)
        if since and last and last > since:
            raise PreconditionFailed("This has changed since then; ask without `If-Unmodified-Since`.")
    elif wanted.strip() != "*":
        opaque = tag.strip('"')
        strong = {one for is_weak, one in TAG.findall(wanted) if not is_weak}
        if strong.isdisjoint((opaque, opaque.partition(".")[0])):
            raise PreconditionFailed(
                "What is here is in another state than you expect; ask without `If-Match`."
            )


def judged() -> dict[str, Any]:
    """The request as Werkzeug may judge it, without a date that it cannot read.

    Nor has it `If-Match`, of which Werkzeug takes "*" for a tag.
    """
    environ = dict(request.environ)
    environ.pop("HTTP_IF_MATCH", None)
    if _date(environ.get("HTTP_IF_MODIFIED_SINCE")) is None:
        environ.pop("HTTP_IF_MODIFIED_SINCE", None)
    return environ


def _date(text: str | None) -> datetime | None:
    """A date of HTTP (RFC 9110, section 5.6.7); None where it is none, or of no year that there is."""
    try:
        return parse_date(text)
    except OverflowError:
        return None


def answered(tag: str, make: Callable[[], Response]) -> Response:
    """What is made, unless the client has it already; either is to be asked for again each time.

    Raises PreconditionFailed where the client wants another representation.
    """
    require(tag)
    response = Response(status=HTTPStatus.NOT_MODIFIED) if is_known(tag) else make()
    response.headers.update({"ETag": tag, "Cache-Control": "no-cache"})
    return response


def is_repeatable(query: str) -> bool:
    """Whether each evaluation of a query over one state writes the same bytes; not known of a long one."""
    if len(query) > LONGEST:
        return False
    return not any(has_keyword(query, keyword) for keyword in CHANGING) and not makes_nodes(query)
