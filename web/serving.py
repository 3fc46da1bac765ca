"""The production server: several processes, each with a few threads, and one that holds the encoder."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from kg.errors import KGError
from kg.isolation import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.settings import Settings
    from web.gateway import Gateway
    from web.snapshot import Current

THREADS = 16
PATIENCE = 10  # seconds for what is still being sent when the service is stopped
FIRST_ANSWER = 60.0
ROUND = 0.05
ON_STDERR = {"class": "logging.StreamHandler", "formatter": "generic"}


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


def serve(settings: Settings, host: str, port: int, workers: int, announce: Callable[[str], None]) -> None:
    """Serve the current release until a signal ends it; `announce` gets the address once it answers.

    Port 0 takes a free one. Raises CannotServe where the address is taken or is none of this machine's.
    """
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    address = free_address(host, port)
    with encoder(settings, address.port) as path:
        alive, held = os.pipe()
        server = Server(
            "web",
            address=address.host,
            port=address.port,
            interface=Interfaces.ASGINL,
            loop=Loops.asyncio,
            http=HTTPModes.http1,
            workers=workers,
            workers_kill_timeout=PATIENCE,
            respawn_failed_workers=True,
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig={"handlers": dict.fromkeys(("console", "access"), ON_STDERR)},
        )
        threading.Thread(target=_announce, args=(address, announce), daemon=True).start()
        loader = partial(worker, settings, path, alive, held)
        server.serve(target_loader=loader, wrap_loader=False)


def develop(settings: Settings, host: str, port: int) -> None:
    """Serve by Flask's own server, which takes changed templates without a restart."""
    from search.encoding import RemoteEncoder
    from web import create_app
    from web.snapshot import KEY

    address = free_address(host, port)
    with encoder(settings, address.port) as path:
        app = create_app(settings, RemoteEncoder(path))
        app.config["TEMPLATES_AUTO_RELOAD"] = True
        try:
            app.run(address.host, address.port, threaded=True)
        finally:
            app.extensions[KEY].close()


def worker(settings: Settings, encoder_socket: Path, alive: int, held: int) -> Gateway:
    """The application, in the process that serves it; the process ends when that which started it does."""
    from search.encoding import RemoteEncoder
    from web import LONGEST_REQUEST, create_app
    from web.gateway import Gateway
    from web.snapshot import KEY

    for number in (signal.SIGTERM, signal.SIGINT):
        # Until it has its own, this process holds the handlers of the one it was forked from, to no effect.
        signal.signal(number, signal.SIG_DFL)
    os.close(held)
    end_with_parent(alive)
    logging.getLogger("_granian").addFilter(_is_not_told_already)
    app = create_app(settings, RemoteEncoder(encoder_socket))
    threading.Thread(target=_warm_up, args=(app.extensions[KEY],), daemon=True).start()
    return Gateway(app, THREADS, LONGEST_REQUEST)


@contextmanager
def encoder(settings: Settings, port: int) -> Iterator[Path]:
    """Start the process that holds the encoder, and give its socket; end it afterwards."""
    from search.encoding import SOCKET, start_encoder

    run = settings.home / "run" / str(port)
    process = start_encoder(run, settings.encoder)
    try:
        yield run / SOCKET
    finally:
        process.terminate()
        process.wait()
        (run / SOCKET).unlink(missing_ok=True)


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


def _announce(address: Address, announce: Callable[[str], None]) -> None:
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


def _warm_up(current: Current) -> None:
    """Open the release before the first question comes; what is wrong with it the requests will tell."""
    try:
        current.snapshot().open()
    except KGError as error:
        logging.getLogger(__name__).warning("%s", error)


def _is_not_told_already(record: logging.LogRecord) -> bool:
    """Whether a record of the server is news: `web.gateway` and Flask log exceptions of the application."""
    return "BrokenOff" not in record.getMessage()
