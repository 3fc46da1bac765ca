"""Who sends a request, told from others honestly: also behind proxies, as far as these are trusted."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, TypeAlias

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from kg.errors import SettingError
from kg.workers.caller import Caller

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.workers.evaluator import Evaluator

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

KEY = "kg.proxies"
LEAVING = "kg.leaving"  # in the environment: what is told how to end the work for a client that has gone
QUERY_ID = "X-Query-ID"
IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{22,128}")  # 22 characters of base64url have 128 bits
HOST = re.compile(r"\[(?P<v6>[^\]]*)\](:\d+)?|(?P<v4>[\d.]+):\d+")  # an address with a port, or in brackets
CUSTOMER = 64  # leading bits of an IPv6 address that one customer has


def network(text: str) -> Network:
    """The network of proxies that a setting names, as 10.0.0.0/8 or 192.0.2.1. Raises SettingError."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        message = f"“{text}” is no network of proxies ({error}); write an address or 10.0.0.0/8."
        raise SettingError(message) from error


def evaluator(found: Evaluator) -> Evaluator:
    """The evaluator, asked by who sends this request. Raises BadRequest."""
    return found.by(caller())


def caller() -> Caller:
    """Who sends this request, with the id that is to cancel it. Raises BadRequest."""
    named = request.headers.get(QUERY_ID) or request.args.get("query-id") or ""
    leaving = request.environ.get(LEAVING)
    known = {"leaving": leaving} if leaving else {}
    return Caller(client(), identifier(named) if named else "", **known)


def identifier(text: str) -> str:
    """The id of a query, which is as good as a secret. Raises BadRequest for one that can be guessed."""
    if not IDENTIFIER.fullmatch(text):
        raise BadRequest(
            f"The id of a query ({QUERY_ID}) has 22 to 128 letters, digits or ._~- for whoever knows it can "
            "cancel the query; make it of at least 128 random bits."
        )
    return text


def client() -> str:
    """What tells the sender of this request from others: an IPv4 address, or the /64 of an IPv6 customer."""
    trusted: tuple[Network, ...] = current_app.extensions[KEY]
    return sender(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), trusted)


def sender(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """What tells a client from others, from the peer of the connection and X-Forwarded-For.

    Each proxy adds at the end whom it was asked by, and only what a trusted one has added is believed: the
    first address from the end that is no trusted proxy's is the client's.
    """
    found = _address(peer)
    if found is None:
        return peer
    before = forwarded.split(",") if forwarded else []
    while before and any(found in one for one in trusted if one.version == found.version):
        further = _address(before.pop())
        if further is None:
            break
        found = further
    return _named(found)


def _address(text: str) -> Address | None:
    """The address that is written there, with or without a port; None where there is none."""
    written = HOST.fullmatch(text.strip())
    bare = (written["v6"] or written["v4"]) if written else text.strip()
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _named(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address) >> CUSTOMER << CUSTOMER, CUSTOMER)))
