"""Where a service listens, and whether it answers there."""

from __future__ import annotations

import logging
import socket
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from kg.errors import KGError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_ANSWER = 60.0
ROUND = 0.05


class CannotServe(KGError):
    """The address cannot be listened on."""


@dataclass(frozen=True)
class Address:
    """Where a service listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address of its first page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def free_address(host: str, port: int) -> Address:
    """The address, if nobody listens on it; the server itself would share it without a word."""
    try:
        family, kind, _, _, name = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(name)
            probe.listen()
            bound = probe.getsockname()
    except OSError as error:
        reason = f"{host}:{port} cannot be listened on ({error.strerror})"
        raise CannotServe(f"{reason}; choose another with --port or --host.") from error
    return Address(bound[0], bound[1])


def await_answer(address: Address, announce: Callable[[str], None]) -> None:
    """Tell the address as soon as the first page is there."""
    deadline = time.monotonic() + FIRST_ANSWER
    while time.monotonic() < deadline:
        connection = HTTPConnection(address.host, address.port, timeout=FIRST_ANSWER)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(ROUND)
        else:
            announce(address.url)
            return
        finally:
            connection.close()
    message = "Nobody answers at %s after %d seconds; what is said above may tell why. Start it again."
    logging.getLogger(__name__).error(message, address.url, FIRST_ANSWER)
