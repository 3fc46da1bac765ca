"""What is said with every answer: what a browser may do with it, and that pages of any site may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the data is for everyone, isolated pages included
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Server": "kg",  # else the server names itself, and some their version
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
# A preview is made to be shown within the pages of other services.
FRAMED = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    ),
}
MAY_BE_FRAMED = frozenset({"reconciling.preview"})
# Other services of the same host may not be reached by HTTPS, hence no includeSubDomains.
OVER_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
# All that is served is public, and no browser adds credentials by itself: a token is sent on purpose.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Query, Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, "
        "ETag, KG-Notice, Link, Location, Memento-Datetime, Repr-Digest, Retry-After, X-Query-ID"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, PATCH, QUERY, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Datetime, Accept-Language, Authorization, Content-Encoding, Content-Type, If-Match, "
        "If-None-Match, If-Range, Range, X-Query-ID"
    ),
    "Access-Control-Max-Age": "86400",
}


def add_headers(app: Flask, *, is_open: bool) -> None:
    """Have the application add them; those for pages of other sites where it is open to all."""
    app.after_request(_add_headers)
    if is_open:
        app.after_request(_open_to_all)


def _add_headers(response: Response) -> Response:
    """The response with what keeps a browser from doing more with it than it is made for."""
    response.headers.update(HEADERS)
    if request.endpoint in MAY_BE_FRAMED:
        response.headers.update(FRAMED)
        response.headers.remove("X-Frame-Options")
    if request.is_secure:
        response.headers.update(OVER_HTTPS)
    return response


def _open_to_all(response: Response) -> Response:
    """The response with what lets pages of any site read it."""
    response.headers.update(CROSS_ORIGIN)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
