"""The WSGI environment of a request that came by ASGI.

WSGI is PEP 3333, ASGI is https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

BLOCK = 1 << 18  # files are read in such pieces


def environment(scope: Mapping[str, Any], body: IO[bytes], size: int) -> WSGIEnvironment:
    """The WSGI environment of a request, whose body claims that size."""
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    client, server = scope.get("client") or ("", ""), scope.get("server") or ("", "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "RAW_URI": scope["raw_path"].decode("latin-1"),  # as it was sent, for an IRI may be made of it
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _file_wrapper,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)  # the server has undone it
    return environ


def _file_wrapper(file: IO[bytes], _size: int = BLOCK) -> FileWrapper:
    """Frameworks ask for pieces of 8 KiB, each of which would cost a change of thread."""
    return FileWrapper(file, BLOCK)


def _add_header(environ: WSGIEnvironment, name: str, value: str) -> None:
    if "_" in name:  # it would pass for the header with hyphens
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    environ[key] = f"{environ[key]},{value}" if key in environ else value
