"""The production server: processes with a few threads each, beside those of `web.running.companions`."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import signal
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KGError
from kg.processes.isolation import end_with_parent
from kg.workers.line import Line, connected
from web.running.address import CannotServe, await_answer, free_address
from web.running.companions import dumper, encoder, follower, pool
from web.running.logs import SERVER_CONFIG, configure
from web.running.observing import Observed, Observer, emptied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from kg.federating.endpoints import Endpoint
    from kg.settings import Settings
    from kg.workers.limits import Limits
    from web.callers import Network
    from web.running.address import Address
    from web.running.gateway import Gateway
    from web.running.logs import Form
    from web.snapshot import Current

THREADS = 64  # of one process, for what is no query
COUNTS = "metrics"  # the folder in which all processes of a service count
HEADER_MS, HEADER_BYTES = 15_000, 1 << 17
MOST_CONNECTIONS = 8192  # of one process
OWN_DESCRIPTORS = 1000  # that it needs for other things
OVERLAP = 2.0  # seconds in which an old process answers beside the one that replaces it
PATIENCE = 10  # seconds for what is still being sent when the service is stopped
ROUND = 0.05
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Plan:
    """What is served: the releases of a home, or a sandbox; `limits` are those of strangers' queries.

    What `proxies` say of whom they were asked by is believed, and `endpoints` may be asked by SERVICE. `log`
    is the form of the log, in which `log_clients` has the addresses of clients.
    """

    settings: Settings
    limits: Limits
    sandbox: bool = False
    proxies: tuple[Network, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    log: Form = "auto"
    log_clients: bool = False


@dataclass(frozen=True)
class Prepared:
    """A plan, with the sockets of what has been started for it."""

    plan: Plan
    port: int
    pool: Path
    encoder: Path | None

    def app(self, observer: Observer) -> Flask:
        """The application, whose requests are noted by the observer."""
        from search.encoding import RemoteEncoder
        from web import create_app

        plan = self.plan
        return create_app(
            plan.settings,
            RemoteEncoder(self.encoder) if self.encoder else None,
            plan.limits,
            sandbox=plan.sandbox,
            line=Line(partial(connected, self.pool)),
            proxies=plan.proxies,
            endpoints=plan.endpoints,
            observer=observer,
        )


def serve(plan: Plan, host: str, port: int, workers: int, announce: Callable[[str], None]) -> None:
    """Serve what is planned until a signal ends it; `announce` gets the address once it answers.

    SIGHUP has the processes that answer replaced one after the other. Port 0 takes a free one. Raises
    CannotServe where the address is taken or is none of this machine's.
    """
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from web.running.server import Server

    address = free_address(host, port)
    connections = allow_connections()
    configure(plan.log)
    with prepared(plan, address) as ready:
        alive, held = os.pipe()
        server = Server(
            "web",
            address=address.host,
            port=address.port,
            interface=Interfaces.ASGINL,
            loop=Loops.asyncio,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_MS, max_buffer_size=HEADER_BYTES),
            backpressure=connections,
            workers=workers,
            workers_kill_timeout=PATIENCE,
            respawn_failed_workers=True,
            respawn_interval=OVERLAP,
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig=SERVER_CONFIG,
        )

        def answers(url: str) -> None:
            server.has_answered = True
            announce(url)

        threading.Thread(target=await_answer, args=(address, answers), daemon=True).start()
        server.serve(target_loader=partial(worker, ready, alive, held), wrap_loader=False)


def develop(plan: Plan, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve as `serve` does by Flask's own server, which takes changed templates without a restart."""
    from web.snapshot import KEY

    address = free_address(host, port)
    with prepared(plan, address) as ready:
        observer = Observer.open(None, configure(plan.log, clients=plan.log_clients))
        app = ready.app(observer)
        app.config["TEMPLATES_AUTO_RELOAD"] = True
        threading.Thread(target=await_answer, args=(address, announce), daemon=True).start()
        observed: Any = app
        observed.wsgi_app = Observed(app.wsgi_app, observer)
        try:
            app.run(address.host, address.port, threaded=True)
        finally:
            app.extensions[KEY].close()


def worker(ready: Prepared, alive: int, held: int) -> Gateway:
    """The application, in the process that serves it; the process ends when that which started it does."""
    from web import longest
    from web.running.gateway import Gateway
    from web.running.memory import give_back_memory
    from web.running.remembering import Remembered
    from web.running.server import drop_stopped_readers
    from web.snapshot import KEY

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Until it has its own, this process holds the handlers of the one it was forked from, to no effect.
        signal.signal(number, signal.SIG_DFL)
    os.close(held)
    end_with_parent(alive)
    threading.Thread(target=drop_stopped_readers, args=(ready.port,), daemon=True).start()
    threading.Thread(target=give_back_memory, daemon=True).start()
    plan = ready.plan
    observer = Observer.open(ready.pool.with_name(COUNTS), configure(plan.log, clients=plan.log_clients))
    app = ready.app(observer)
    if not plan.sandbox:
        threading.Thread(target=_warm_up, args=(app.extensions[KEY],), daemon=True).start()
    remembered = Remembered(app.extensions[KEY].releases.state)
    threads = plan.limits.workers + plan.limits.waiting + THREADS  # so that queries hold up nobody
    return Gateway(app, threads, partial(longest, sandbox=plan.sandbox), remembered, observer.note)


def allow_connections() -> int:
    """How many connections a process may have open, once it may have as many as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return max(1, min(MOST_CONNECTIONS, most - OWN_DESCRIPTORS))


@contextmanager
def prepared(plan: Plan, address: Address) -> Iterator[Prepared]:
    """What has to be there for serving: a pool, and an encoder or a home for the sandbox, for a while.

    Raises CannotServe for a sandbox that others could reach.
    """
    if not plan.sandbox:
        run = run_folder(plan.settings.home, address)
        with (
            pool(run, plan.limits) as path,
            encoder(run, plan.settings) as encoder_path,
            follower(plan.settings.home, encoder_path),
            dumper(plan.settings.home),
        ):
            yield Prepared(plan, address.port, path, encoder_path)
    elif address.host not in LOOPBACK:
        message = (
            f"A sandbox takes writes from whoever reaches it, so it listens on this machine only and not on "
            f"{address.host}; leave --host out."
        )
        raise CannotServe(message)
    else:
        with sandbox_home(address) as home, pool(run_folder(home, address), plan.limits) as path:
            yield Prepared(
                replace(plan, settings=replace(plan.settings, home=home)), address.port, path, None
            )


def run_folder(home: Path, address: Address) -> Path:
    """Where the sockets of the service at an address are, which only its owner reaches."""
    run = home / "run" / f"{address.host.replace(':', '_')}-{address.port}"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    emptied(run / COUNTS)
    return run


@contextmanager
def sandbox_home(address: Address) -> Iterator[Path]:
    """A folder with an empty sandbox, which is gone afterwards."""
    from kg.updating.sandbox import found

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


def _warm_up(current: Current) -> None:
    """Open the release before the first question comes; what is wrong with it the requests will tell."""
    try:
        current.snapshot().open()
    except KGError as error:
        logging.getLogger(__name__).warning("%s", error)
