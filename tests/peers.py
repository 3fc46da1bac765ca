"""Servers on this machine to speak to: a SPARQL endpoint, and whatever a test makes of a connection."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, Store

JSON = "application/sparql-results+json"


@dataclass
class Peer:
    """What a server has heard: queries, or the bytes of each connection."""

    port: int
    heard: list[str] = field(default_factory=list, repr=False)
    headers: list[dict[str, str]] = field(default_factory=list, repr=False)


def head(status: str = "200 OK", **headers: object) -> bytes:
    """The beginning of a response."""
    lines = [
        f"{name.replace('_', '-')}: {value}" for name, value in {"Content_Type": JSON, **headers}.items()
    ]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def request(connection: socket.socket) -> str:
    """A request with its body, or what there is when the client sends no more."""
    data = b""
    while part := connection.recv(1 << 16):
        data += part
        top, blank, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)^content-length: (\d+)", top, re.MULTILINE)
        if blank and len(body) >= int(length[1] if length else 0):
            break
    return data.decode("latin-1")


@contextmanager
def answering(reply: Callable[[socket.socket], object], host: str = "127.0.0.1") -> Iterator[Peer]:
    """A server that takes a request and then does what a test wants; it hangs up after that."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        peer = Peer(server.getsockname()[1])
        threads: list[threading.Thread] = []

        def serve(connection: socket.socket) -> None:
            with closing(connection):
                connection.settimeout(30)
                try:
                    peer.heard.append(request(connection))
                    reply(connection)
                except OSError:
                    return  # the client has hung up

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
                threads[-1].start()

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            yield peer
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for thread in (listener, *threads):
                thread.join(30)


@contextmanager
def silent(host: str = "127.0.0.1") -> Iterator[Peer]:
    """A server to which nobody must speak: it has heard nothing, and would have heard."""
    with answering(lambda _: None, host) as peer:
        yield peer
        assert peer.heard == []
        with closing(socket.create_connection((host, peer.port))) as connection:
            connection.sendall(b"hello")
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
        assert peer.heard == ["hello"]


@contextmanager
def endpoint(store: Store) -> Iterator[Peer]:
    """A SPARQL endpoint over a store."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            is_form = self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            query = parse_qs(body, strict_parsing=True)["query"][0] if is_form else body
            peer.heard.append(query)
            peer.headers.append(dict(self.headers))
            try:
                answer = store.query(query).serialize(None, QueryResultsFormat.JSON)
            except SyntaxError as error:
                self.send_error(400, explain=str(error))
                return
            self.send_response(200)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        peer = Peer(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join(30)
