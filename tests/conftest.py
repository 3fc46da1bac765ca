"""What all tests share: releases of two domains, built once with the real model."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, settings

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.release import Release
from kg.settings import Settings
from tests.browsing import launched

# How long an example takes is measured by benchmarks, and never asserted.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

STARTING, ENDING = 120.0, 30.0  # seconds
LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"


def built(home: Path, inputs: Inputs) -> Release:
    from search.index import index_step

    settings = Settings(home=home, base=inputs.base, encoder=inputs.encoder)
    return build(home, inputs, {"index": index_step(settings)})


@pytest.fixture(scope="session")
def shipped_inputs() -> Inputs:
    return Inputs.shipped(Settings(home=Path("unused")))


@pytest.fixture(scope="session")
def lighthouse_inputs() -> Inputs:
    return Inputs(LIGHTHOUSES / "ontology.ttl", LIGHTHOUSES)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, shipped_inputs: Inputs) -> Release:
    """The shipped graph; its home is two folders above its path."""
    return built(tmp_path_factory.mktemp("shipped"), shipped_inputs)


@pytest.fixture(scope="session")
def lighthouses(tmp_path_factory: pytest.TempPathFactory, lighthouse_inputs: Inputs) -> Release:
    """A second domain, of which no Python code knows."""
    return built(tmp_path_factory.mktemp("lighthouses"), lighthouse_inputs)


@dataclass(frozen=True)
class Service:
    """`kg serve` over a release: a well-known thing in it, and a client that follows no redirect."""

    release: Release
    thing: str
    url: str
    client: httpx.Client
    process: subprocess.Popen[str]
    errors: list[str]


KG = [sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from web.cli import main; main()"]


@contextmanager
def serving(release: Release, thing: str, *arguments: str) -> Iterator[Service]:
    home = release.path.parent.parent
    with started(home, *arguments) as (url, client, process, errors):
        yield Service(release, thing, url, client, process, errors)


@contextmanager
def started(
    home: Path, *arguments: str
) -> Iterator[tuple[str, httpx.Client, subprocess.Popen[str], list[str]]]:
    """`kg serve`: its address, a client, the process, and the lines on its stderr."""
    environment = {**os.environ, "KG_HOME": str(home), "PYTHONFAULTHANDLER": "1"}
    command = [*KG, "serve", "--port", "0", *arguments]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    errors: list[str] = []
    reader = threading.Thread(target=errors.extend, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        url = _announced(process, errors)
        with httpx.Client(base_url=url, timeout=60) as client:
            yield url, client, process, errors
    finally:
        _end(process)
        reader.join(10)
        process.stderr.close()


def _announced(process: subprocess.Popen[str], errors: list[str]) -> str:
    """The address that a service tells on its stderr once it answers."""
    until = time.monotonic() + STARTING
    while not (found := re.search(r"http://\S+(?=\s)", "".join(errors))):
        if process.poll() is not None or time.monotonic() > until:
            _end(process)
            pytest.fail("".join(errors))
        time.sleep(0.05)
    return found[0]


def _end(process: subprocess.Popen[str]) -> None:
    """End a service; one that hangs tells on its stderr where."""
    process.terminate()
    try:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        process.wait(ENDING)
        raise


@pytest.fixture(scope="session")
def start_service():
    """The context manager that serves a release, for tests that need a service of their own."""
    return serving


@pytest.fixture(scope="session")
def shipped_service(shipped: Release) -> Iterator[Service]:
    with serving(shipped, "cineca") as service:
        yield service


@pytest.fixture(scope="session")
def lighthouse_service(lighthouses: Release) -> Iterator[Service]:
    with serving(lighthouses, "bell-rock") as service:
        yield service


@pytest.fixture(scope="session")
def start_sandbox():
    """The context manager that serves a sandbox; it gives address, client, process and lines on stderr."""

    def start(*arguments: str):
        return started(Path("unused"), "--sandbox", *arguments)

    return start


@pytest.fixture(scope="session")
def sandbox_client(start_sandbox) -> Iterator[httpx.Client]:
    with start_sandbox() as (_, client, _, _):
        yield client


@pytest.fixture
def sandbox(sandbox_client: httpx.Client) -> httpx.Client:
    """A client of a served sandbox that is empty."""
    sandbox_client.post("/sparql", data={"update": "DROP ALL"}).raise_for_status()
    return sandbox_client


@pytest.fixture(params=["shipped_service", "lighthouse_service"])
def service(request: pytest.FixtureRequest) -> Service:
    """Each of the two graphs, served."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")  # and not longer: Playwright holds the event loop of the thread
def browser() -> Iterator[object]:
    """Chromium, for tests that look at pages."""
    with launched() as browser:
        yield browser
