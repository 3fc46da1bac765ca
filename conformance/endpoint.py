"""The service under test: any that answers queries, updates and the Graph Store Protocol over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx

from conformance.verdict import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-c", "import sys; sys.argv[0] = 'kg'; from web.cli import main; main()")
ADDRESS = re.compile(r"http://[^\s/]+")


@dataclass(frozen=True)
class Endpoint:
    """Addresses of a service, and the connection that is kept to it."""

    query: str
    update: str
    store: str
    client: httpx.Client

    def ask_for(self, query: str, accept: str) -> httpx.Response:
        """The response to a query, POSTed directly (SPARQL 1.1 Protocol, section 2.1.3)."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.client.post(self.query, content=query.encode(), headers=headers)

    def change(self, update: str) -> httpx.Response:
        """The response to an update, POSTed directly (section 2.2.2)."""
        headers = {"Content-Type": "application/sparql-update"}
        return self.client.post(self.update, content=update.encode(), headers=headers)

    def put(self, graph: str, data: bytes, media_type: str) -> None:
        """Replace a graph; '' is the default graph."""
        self._store("PUT", graph, data, media_type)

    def post(self, graph: str, data: bytes, media_type: str) -> None:
        """Merge a document into a graph."""
        self._store("POST", graph, data, media_type)

    def _store(self, method: str, graph: str, data: bytes, media_type: str) -> None:
        parameters = {"graph": graph} if graph else {"default": ""}
        headers = {"Content-Type": media_type}
        response = self.client.request(method, self.store, params=parameters, content=data, headers=headers)
        accepted(response, f"{method} of data into {graph or 'the default graph'}")


def accepted(response: httpx.Response, what: str) -> httpx.Response:
    """The response of a request that was to succeed. Raises Failed."""
    if not response.is_success:
        raise Failed(f"{what} was answered by {response.status_code}: {told(response)}")
    return response


def told(response: httpx.Response) -> str:
    """What an error says, in one line."""
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        return str(response.json().get("detail", ""))
    return " ".join(response.text.split())[:200]


@contextmanager
def connected(query: str, update: str, store: str) -> Iterator[Endpoint]:
    """A service that runs already."""
    with httpx.Client(timeout=120) as client:
        yield Endpoint(query, update, store, client)


@contextmanager
def sandbox() -> Iterator[Endpoint]:
    """`kg serve --sandbox`, with an empty home, on a free port. Raises OSError where it does not start."""
    with TemporaryDirectory() as home:
        command = [*COMMAND, "serve", "--sandbox", "--port", "0"]
        environment = {**os.environ, "KG_HOME": home}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            try:
                with _listening(process) as address:
                    targets = (f"{address}/sparql", f"{address}/sparql", f"{address}/graphs")
                    with connected(*targets) as endpoint:
                        yield endpoint
            finally:
                process.terminate()


@contextmanager
def _listening(process: subprocess.Popen[str]) -> Iterator[str]:
    """Where the process says that it listens; what it says after that is read away until it is ended."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if found := ADDRESS.search(line):
            rest = threading.Thread(target=process.stderr.read)
            rest.start()
            try:
                yield found[0]
            finally:
                process.terminate()
                rest.join()
            return
    message = f"kg serve --sandbox did not start: {''.join(said)}"
    raise OSError(message)
