"""Requests to copy: what to type at a command line to get an address of this service."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN = "/:?&=%._-~#+"


def curl(address: str, accept: str = "", *options: str) -> str:
    """The command that gets an address, in the format that `accept` names."""
    header = ("-H", f"Accept: {accept}") if accept else ()
    return _line("curl", *options, *header, _bare(address))


def curl_query(endpoint: str, query: str, accept: str) -> str:
    """The command that sends a query to an endpoint; the query stands on lines of its own."""
    head = _line("curl", "-H", f"Accept: {accept}", _bare(endpoint))
    return f"{head} --data-urlencode {shlex.quote(f'query={query}')}"


def address(path: str, parameters: Mapping[str, str]) -> str:
    """An address with parameters, as short as it can be written."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _line(*parts: str) -> str:
    return " ".join(shlex.quote(part) for part in parts)


def _bare(place: str) -> str:
    """An address without anything that a shell or HTTP would not take as it is."""
    return quote(place, safe=PLAIN)
