"""Style sheets, scripts and pictures: each under an address that changes with its content, kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from web.compression import Coding, coding
from web.parts import parted

if TYPE_CHECKING:
    from flask import Flask

STATIC = Path(__file__).parent / "static"
BUILT = "built"  # by web/frontend; not there where there was no Node
MANIFEST = STATIC / BUILT / "manifest.json"
KEPT = 256
DIGITS = 10
FOR_EVER = "public, max-age=31536000, immutable"
TEXTUAL = re.compile(r"text/.+|application/(.+[+])?json|application/manifest\+json|image/svg\+xml")


def furnish(app: Flask) -> None:
    """Let the templates of an application name its files, and have it send them."""
    app.jinja_env.globals.update(asset=asset, has_asset=has_asset)
    app.view_functions["static"] = send


def asset(name: str) -> str:
    """The address of a bundle (`map.js`), else of a file in web/static; it changes when the content does."""
    bundle = _bundles().get(name)
    if bundle is not None:
        return url_for("static", filename=f"{BUILT}/{bundle}")
    return url_for("static", filename=name, v=_digest(STATIC / name))


def has_asset(name: str) -> bool:
    """Whether there is such a bundle or file."""
    return name in _bundles() or (STATIC / name).is_file()


def send(filename: str) -> Response:
    """One of the files; kept for ever where its address says which content is meant."""
    path = _file(filename)
    zips = _is_textual(filename) and "Range" not in request.headers and coding() != Coding.IDENTITY
    digest = _digest(path)
    tag = f"{digest}-gzip" if zips else digest
    response = send_from_directory(STATIC, filename, conditional=False, etag=tag)
    parted(response, path.stat().st_size)
    if filename.startswith(f"{BUILT}/") or request.args.get("v") == digest:
        response.headers["Cache-Control"] = FOR_EVER
    if _is_textual(filename):
        response.vary.add("Accept-Encoding")
    if zips and response.status_code == HTTPStatus.OK:
        _compress(response, path)
    return response


def _file(name: str) -> Path:
    """The file of that name. Raises NotFound."""
    found = safe_join(str(STATIC), name)
    try:
        if found is not None and (path := Path(found)).is_file():
            return path
    except OSError as error:  # the name is longer than names can be
        raise NotFound from error
    raise NotFound


def _is_textual(filename: str) -> bool:
    media_type, _ = mimetypes.guess_type(filename)
    return bool(TEXTUAL.fullmatch(media_type or ""))


def _compress(response: Response, path: Path) -> None:
    response.close()
    response.direct_passthrough = False
    response.set_data(_zipped(path, path.stat().st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"


def _bundles() -> dict[str, str]:
    try:
        return _read(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(1)
def _read(_: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return found


def _digest(path: Path) -> str:
    return _digest_of(path, path.stat().st_mtime_ns)


@lru_cache(KEPT)
def _digest_of(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]


@lru_cache(KEPT)
def _zipped(path: Path, _: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
