"""Which IP addresses are public, and those that a name has."""

from __future__ import annotations

import ipaddress
import socket
import threading
from ipaddress import IPv4Address, IPv4Network, IPv6Network

# IANA IPv4 Special-Purpose Address Registry, with multicast and what is reserved.
NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# IPv6: global unicast only, without Teredo and other protocols, documentation and 6to4.
GLOBAL = IPv6Network("2000::/3")
NOT_GLOBAL = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address, in a network without IPv4 (RFC 6052)


def is_public(text: str) -> bool:
    """Whether an address is one of the internet; one that is not an address is not."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address in TRANSLATED:
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC)
    return address in GLOBAL and not any(address in network for network in NOT_GLOBAL)


def addresses(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host, asked for once; none where they are not known after so many seconds.

    A resolver cannot be stopped, so it is asked in a thread of its own.
    """
    found: list[str] = []
    thread = threading.Thread(target=_resolve, args=(host, port, found), daemon=True)
    thread.start()
    thread.join(seconds)
    return list(found)


def _resolve(host: str, port: int, found: list[str]) -> None:
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    found += dict.fromkeys(str(address[0]) for *_, address in known)
