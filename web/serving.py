"""The production server: several processes, each with a few threads, and one that holds the encoder."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KGError
from kg.isolation import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from kg.evaluation import Limits
    from kg.settings import Settings
    from web.gateway import Gateway
    from web.snapshot import Current

THREADS = 16
PATIENCE = 10  # seconds for what is still being sent when the service is stopped
FIRST_ANSWER = 60.0
ROUND = 0.05
LOOPBACK = ("127.0.0.1", "::1")
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


@dataclass(frozen=True)
class Plan:
    """What is served: the releases of a home, or a sandbox; `limits` are those of strangers' queries."""

    settings: Settings
    limits: Limits
    sandbox: bool = False

    def app(self, encoder_socket: Path | None) -> Flask:
        """The application."""
        from search.encoding import RemoteEncoder
        from web import create_app

        encoder = RemoteEncoder(encoder_socket) if encoder_socket else None
        return create_app(self.settings, encoder, self.limits, sandbox=self.sandbox)


def serve(plan: Plan, host: str, port: int, workers: int, announce: Callable[[str], None]) -> None:
    """Serve what is planned until a signal ends it; `announce` gets the address once it answers.

    Port 0 takes a free one. Raises CannotServe where the address is taken or is none of this machine's.
    """
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    address = free_address(host, port)
    with prepared(plan, address) as (plan, path):
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
        loader = partial(worker, plan, path, alive, held)
        server.serve(target_loader=loader, wrap_loader=False)


def develop(plan: Plan, host: str, port: int) -> None:
    """Serve by Flask's own server, which takes changed templates without a restart."""
    from web.snapshot import KEY

    address = free_address(host, port)
    with prepared(plan, address) as (plan, path):
        app = plan.app(path)
        app.config["TEMPLATES_AUTO_RELOAD"] = True
        try:
            app.run(address.host, address.port, threaded=True)
        finally:
            app.extensions[KEY].close()


def worker(plan: Plan, encoder_socket: Path | None, alive: int, held: int) -> Gateway:
    """The application, in the process that serves it; the process ends when that which started it does."""
    from web import longest
    from web.gateway import Gateway
    from web.remembering import Remembered
    from web.snapshot import KEY

    for number in (signal.SIGTERM, signal.SIGINT):
        # Until it has its own, this process holds the handlers of the one it was forked from, to no effect.
        signal.signal(number, signal.SIG_DFL)
    os.close(held)
    end_with_parent(alive)
    logging.getLogger("_granian").addFilter(_is_not_told_already)
    app = plan.app(encoder_socket)
    if not plan.sandbox:
        threading.Thread(target=_warm_up, args=(app.extensions[KEY],), daemon=True).start()
    remembered = Remembered(app.extensions[KEY].releases.state)
    return Gateway(app, THREADS, partial(longest, sandbox=plan.sandbox), remembered)


@contextmanager
def prepared(plan: Plan, address: Address) -> Iterator[tuple[Plan, Path | None]]:
    """What has to be there for serving: an encoder and its socket, or a home for the sandbox, for a while.

    Raises CannotServe for a sandbox that others could reach.
    """
    if not plan.sandbox:
        with encoder(plan.settings, address.port) as path, follower(plan.settings.home, path):
            yield plan, path
    elif address.host not in LOOPBACK:
        message = (
            f"A sandbox takes writes from whoever reaches it, so it listens on this machine only and not on "
            f"{address.host}; leave --host out."
        )
        raise CannotServe(message)
    else:
        with sandbox_home(address) as home:
            yield replace(plan, settings=replace(plan.settings, home=home)), None


@contextmanager
def follower(home: Path, encoder_socket: Path) -> Iterator[None]:
    """Start the process that keeps the index up with the graph; end it afterwards."""
    from search.following import start_follower

    process = start_follower(home, encoder_socket)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        if process.stdin:
            process.stdin.close()


@contextmanager
def sandbox_home(address: Address) -> Iterator[Path]:
    """A folder with an empty sandbox, which is gone afterwards."""
    from kg.sandbox import found

    home = Path(tempfile.mkdtemp(prefix="kg-sandbox-"))
    try:
        found(home, address.url)
        yield home
    finally:
        deadline = time.monotonic() + PATIENCE
        while home.exists() and time.monotonic() < deadline:
            # What worked in it ends at the same time, and may still write a file.
            shutil.rmtree(home, ignore_errors=True)
            time.sleep(ROUND if home.exists() else 0)


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
