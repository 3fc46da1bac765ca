"""Hostile queries, the clients that send them, and what can be seen of a service meanwhile."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Self
from urllib.parse import urlsplit

from kg.release import Release

# What the processes of a service are for, by the module that they run; those that serve are without one.
REASON = re.compile(
    r'(?:</h1>|<div class="notice"[^>]*>)\s*<p(?: lang="\w+")?>(?:<b>(.*?)</b>|(.*?)</p>)', re.DOTALL
)
TAG = re.compile(r"<[^>]*>")
PAUSE = 0.01  # seconds between two ordinary questions of one client

BLOCK = 1 << 16
KEPT = 1 << 21  # bytes of an answer, whose rest is only counted
CSV, PAGE = "text/csv", "text/html"
STEP = "(<urn:p>|!<urn:p>)"  # from anything to whatever it is linked to
PRODUCT = " ".join(f"?s{number} ?p{number} ?o{number} ." for number in range(5))
SIXTEEN = 'BIND("aaaaaaaaaaaaaaaa" AS ?x0)'


def doubled(times: int) -> str:
    """Binds a text of sixteen letters, doubled so many times, to the last of as many variables."""
    steps = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(times))
    return f"{SIXTEEN} {steps}"


# What would take all the time, all the memory or all the room of an answer that there is.
HEAVY: Mapping[str, str] = {
    "product of everything": f"SELECT * {{ {PRODUCT} }}",
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    "distinct over a product": f"SELECT DISTINCT ?p0 ?p1 ?o2 {{ {PRODUCT} }}",
    "order over a product": f"SELECT * {{ {PRODUCT} }} ORDER BY ?o4 ?o3",
    "groups of a product": f"SELECT ?o0 ?o1 (COUNT(*) AS ?n) {{ {PRODUCT} }} GROUP BY ?o0 ?o1",
    "graph of a product": f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} {{ {PRODUCT} }}",
    "concatenation of everything": f"SELECT (GROUP_CONCAT(STR(?o0)) AS ?text) {{ {PRODUCT} }}",
    "path over a clique": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a {STEP}* ?b . ?b (^{STEP}|{STEP})* ?c . ?c {STEP}* ?d }}"
    ),
    "path within a path": f"SELECT * {{ ?a ((({STEP}+)*/{STEP}*)*)+ ?b . ?c {STEP}* ?d . ?e ?f ?g }}",
    "regular expression over a product": (
        f'SELECT * {{ {PRODUCT} FILTER(REGEX(CONCAT(STR(?o0), STR(?o1)), "^(([a-z])+.)+[A-Z]([a-z])+$")) }}'
    ),
    "large regular expression": (
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "(((((a{1,60}){1,60}){1,60}){1,60}){1,60}){1,60}b")) }'
    ),
    "regular expression over a long text": (
        f'SELECT (REGEX(?x20, "^(a+)+$") && REGEX(CONCAT(?x20, "b"), "(a|aa)*c") AS ?is) {{ {doubled(20)} }}'
    ),
    "doubled text": f"SELECT ?x40 {{ {doubled(40)} }}",
    "doubled text that is measured": f"SELECT (STRLEN(?x40) AS ?length) {{ {doubled(40)} }}",
    "text replaced by itself": f"SELECT * {{ {SIXTEEN} "
    + " ".join(f'BIND(REPLACE(?x{n}, "a", ?x{n}) AS ?x{n + 1})' for n in range(12))
    + " }",
    "one long row": f"SELECT ?x21 {{ {doubled(21)} }}",
    "many long rows": f"SELECT ?x14 ?s {{ {doubled(14)} ?s ?p ?o . ?t ?q ?r }}",
}

NESTED = 10_000
MANY = 100_000
MOST = 1_900_000  # letters, in a request that is just read
# What would end a parser, or keep one busy.
DEEP: Mapping[str, str] = {
    "nested braces": f"SELECT * {'{' * NESTED}{'}' * NESTED}",
    "nested parentheses": f"SELECT ({'(' * NESTED}1{')' * NESTED} AS ?n) {{}}",
    "nested optionals": f"SELECT * {{ {'OPTIONAL { ?s ?p ?o ' * NESTED}{'}' * NESTED} }}",
    "nested subqueries": f"SELECT * {{ {'{ SELECT * { ' * NESTED}?s ?p ?o {'} }' * NESTED} }}",
    "nested negations": f"SELECT * {{ FILTER({'!' * NESTED}true) }}",
    "nested filters": f"SELECT * {{ {'FILTER NOT EXISTS { ?s ?p ?o ' * NESTED}{'}' * NESTED} }}",
    "nested lists": f"SELECT * {{ ?s ?p {'(' * NESTED}1{')' * NESTED} }}",
    "nested nodes": f"SELECT * {{ ?s ?p {'[ ?q ' * NESTED}1{']' * NESTED} }}",
    "nested triple terms": f"SELECT * {{ ?s ?p {'<<( ?a ?b ' * NESTED}1{')>>' * NESTED} }}",
    "nested functions": f'SELECT ({"STR(" * NESTED}"a"{")" * NESTED} AS ?n) {{}}',
    "nested paths": f"SELECT * {{ ?s {'(' * NESTED}<urn:p>{')*' * NESTED} ?o }}",
    "long path": f"SELECT * {{ ?s {'/'.join(['<urn:p>'] * MANY)} ?o }}",
    "long alternative": f"SELECT * {{ ?s ({'|'.join(['!<urn:p>'] * MANY)})* ?o }}",
    "many unions": f"SELECT * {{ {{}} {'UNION {} ' * MANY} }}",
    "many unions of everything": f"SELECT * {{ {{}} {'UNION {?s ?p ?o}' * MANY} }}",
    "many sums": f"SELECT ({'+'.join(['1'] * MANY)} AS ?n) {{}}",
    "many values": f"SELECT * {{ {'VALUES ?x { 1 2 3 } ' * NESTED} ?s ?p ?x }}",
    "many patterns": f"SELECT * {{ {' '.join(f'?a{n} ?b{n} ?c{n} .' for n in range(3 * NESTED))} }}",
    "many marks": f"SELECT * {{ ?s ?p ?o {';' * MOST} }}#RAND NOW UUID STRUUID BNODE SERVICE CONSTRUCT",
    "many marks about nothing": f"ASK {{ <urn:s> <urn:p> <urn:o> {';' * MOST} }}",
    "open braces": "SELECT * " + "{" * MOST,
    "open text": 'SELECT * { ?s ?p "' + "\\" * (MOST + 1),
    "long name": f"SELECT * {{ ?s a {'x' * MOST}:y }}",
    "long number": f"SELECT * {{ ?s ?p {'9' * MOST} }}",
}
TOO_LONG = f"SELECT * {{ {' ' * (10 << 20)} }}"

# Ordinary questions; the number makes each a new one, so that no answer is remembered.
ORDINARY = (
    "SELECT ?s ?kind {{ VALUES ?number {{ {0} }} ?s a ?kind }} ORDER BY ?s ?kind LIMIT 20",
    "SELECT ?kind (COUNT(?s) AS ?n) {{ VALUES ?number {{ {0} }} ?s a ?kind }} GROUP BY ?kind ORDER BY ?kind",
    "SELECT ?s ?p {{ VALUES ?number {{ {0} }} ?s ?p ?o FILTER(ISNUMERIC(?o)) }} ORDER BY ?s ?p LIMIT 20",
    "ASK {{ VALUES ?number {{ {0} }} ?s ?p ?o }}",
)
# A question whose answer has many rows, in one order.
ROWS = " ".join(map(str, range(40)))
STREAM = (
    "SELECT ?a ?b ?c {{ VALUES ?number {{ {0} }} "
    + " ".join(f"VALUES ?{name} {{{{ {ROWS} }}}}" for name in "abc")
    + " }}"
)


@dataclass
class Answer:
    """What came back: status 0 where nothing did. A body that broke off is not whole."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = False
    began: float = 0.0
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """The sentence that says why there is no answer: of problem details, a check or a page."""
        if self.headers.get("content-type") == "application/problem+json":
            return str(json.loads(self.body)["detail"])
        if self.headers.get("content-type") == "application/json" and self.status >= HTTPStatus.BAD_REQUEST:
            checks = json.loads(self.body).get("checks", {}).values()
            return " ".join(check["reason"] for check in checks if not check["passed"])
        found = REASON.search(self.body.decode()) if self.status >= HTTPStatus.BAD_REQUEST else None
        return unescape(TAG.sub("", found[1] or found[2])) if found else ""

    @property
    def is_right(self) -> bool:
        """Whether it looks like a right answer."""
        return self.status == HTTPStatus.OK and self.is_whole

    @property
    def is_told(self) -> bool:
        """Whether it is an answer, whole or seen to have broken off, or a refusal with its reason."""
        is_refusal = self.status >= HTTPStatus.BAD_REQUEST and self.is_whole and self.reason.endswith(".")
        return is_refusal or (self.status == HTTPStatus.OK and (self.is_whole or "chunked" in self.coding))

    @property
    def coding(self) -> str:
        """How the body was sent."""
        return self.headers.get("transfer-encoding", "")


class Reader:
    """What arrives at a socket, also what arrived before the connection was reset."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._data = connection, bytearray()

    async def until(self, end: bytes) -> bytes:
        """All up to an end, without it. Raises EOFError and OSError."""
        while (place := self._data.find(end)) < 0:
            await self._more()
        return self._taken(place + len(end))[: -len(end)]

    async def pieces(self, size: int) -> AsyncIterator[bytes]:
        """So many bytes, as they come. Raises EOFError and OSError."""
        while size:
            if not self._data:
                await self._more()
            piece = self._taken(min(size, len(self._data)))
            size -= len(piece)
            yield piece

    async def _more(self) -> None:
        data = await asyncio.get_running_loop().sock_recv(self._connection, BLOCK)
        if not data:
            raise EOFError
        self._data += data

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken


@dataclass(frozen=True)
class Client:
    """A client of a service, which says by a proxy who it is."""

    host: str
    port: int
    name: str

    @classmethod
    def of(cls, url: str, name: str = "192.0.2.1") -> Self:
        """The client of that name at an address."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or 80, name)

    def request(self, method: str, path: str, accept: str, query: str = "", identifier: str = "") -> bytes:
        """A request, with a query as its body and the id of that if there is one."""
        body = query.encode()
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            f"X-Forwarded-For: {self.name}",
            f"Accept: {accept}",
            "Connection: close",
            *(["Content-Type: application/sparql-query", f"Content-Length: {len(body)}"] if body else []),
            *([f"X-Query-ID: {identifier}"] if identifier else []),
        ]
        return "\r\n".join([*head, "\r\n"]).encode() + body

    async def ask(
        self, query: str, accept: str = CSV, identifier: str = "", patience: float = 60.0
    ) -> Answer:
        """What comes back for a query."""
        return await self.send(self.request("POST", "/sparql", accept, query, identifier), patience)

    async def page(self, path: str, method: str = "GET") -> Answer:
        """What comes back for an address, in the format of programs."""
        return await self.send(self.request(method, path, "application/json"))

    async def send(self, request: bytes, patience: float = 60.0, step: int = 0, pause: float = 0.0) -> Answer:
        """What comes back for a request, which is sent by so many bytes a `step`, with a pause after each."""
        answer = Answer(began=time.monotonic())
        with suppress(OSError, EOFError, TimeoutError):
            async with asyncio.timeout(patience), self.connected() as connection:
                sending = asyncio.create_task(_sent(connection, request, step, pause))
                try:
                    await _receive(Reader(connection), answer)
                finally:
                    sending.cancel()
        answer.seconds = time.monotonic() - answer.began
        return answer

    @asynccontextmanager
    async def connected(self, buffer: int = 0) -> AsyncIterator[socket.socket]:
        """A connection for a while; with `buffer` the kernel takes no more bytes in advance."""
        with socket.socket() as connection:
            if buffer:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.setblocking(False)
            await asyncio.get_running_loop().sock_connect(connection, (self.host, self.port))
            yield connection


async def _sent(connection: socket.socket, data: bytes, step: int, pause: float) -> None:
    step = step or len(data)
    with suppress(OSError):  # why no more of it is taken the answer tells
        for place in range(0, len(data), step):
            await asyncio.get_running_loop().sock_sendall(connection, data[place : place + step])
            await asyncio.sleep(pause)


async def _receive(reader: Reader, answer: Answer) -> None:
    """Read an answer (RFC 9112) as far as it comes. Raises EOFError and OSError where it breaks off."""
    first, *lines = (await reader.until(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines)
    answer.headers = {name.lower(): value.strip() for name, _, value in fields}
    answer.status = int(first.split()[1])
    if "chunked" not in answer.coding:
        await _take(reader, int(answer.headers.get("content-length", 0)), answer)
    else:
        while size := int(await reader.until(b"\r\n"), 16):
            await _take(reader, size, answer)
            await reader.until(b"\r\n")
    answer.is_whole = True


async def _take(reader: Reader, size: int, answer: Answer) -> None:
    async for piece in reader.pieces(size):
        answer.body += piece[: KEPT - len(answer.body)]


async def known(client: Client) -> list[bytes]:
    """The right answers to the ordinary questions. Raises AssertionError where there is none."""
    answers = [await client.ask(question.format(0)) for question in (*ORDINARY, STREAM)]
    assert all(answer.is_right for answer in answers), answers
    return [answer.body for answer in answers]


async def ordinary(client: Client, number: int, expected: Sequence[bytes]) -> Answer:
    """The answer to an ordinary question. Raises AssertionError for a wrong one that looks right."""
    place = number % len(ORDINARY)
    return _checked(await client.ask(ORDINARY[place].format(number)), expected[place])


async def stream(client: Client, number: int, expected: Sequence[bytes]) -> Answer:
    """The answer of many rows. Raises AssertionError for a wrong one that looks right."""
    return _checked(await client.ask(STREAM.format(number)), expected[-1])


def _checked(answer: Answer, expected: bytes) -> Answer:
    """An answer, without its body where it is the right one."""
    if answer.is_right:
        assert answer.body == expected, f"a wrong answer: {answer.body[:200]!r}"
        answer.body = b""
    return answer


class Measured:
    """A client in a process of its own that asks one ordinary question after the other, for a while.

    It has a process of its own, so that what attackers do in this one does not slow it.
    """

    def __init__(self, url: str, name: str = "198.51.100.1") -> None:
        self._ours, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_measure, args=(theirs, Client.of(url, name)))
        self._process.start()
        theirs.close()
        self._ours.recv()  # it has begun

    def since(self) -> list[Answer]:
        """The answers that it got since it was last asked, without their bodies where they were right."""
        self._ours.send(None)
        answers: list[Answer] = self._ours.recv()
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.close()
        self._process.join()
        self._process.close()


def _measure(connection: Connection, client: Client) -> None:
    asyncio.run(_measured(connection, client))


async def _measured(connection: Connection, client: Client) -> None:
    answers: list[Answer] = []
    expected = await known(client)
    connection.send(None)
    with suppress(EOFError, BrokenPipeError):
        for number in count(1):
            if connection.poll():
                connection.recv()
                connection.send(answers)
                answers = []
            answers.append(await ordinary(client, number, expected))
            await asyncio.sleep(PAUSE)


@contextmanager
def load(*asking: Callable[[int], Awaitable[Answer]]) -> Iterator[list[Answer]]:
    """What comes back while some clients ask, each one time after the other, with the number of the time."""
    answers: list[Answer] = []
    ending = threading.Event()

    async def repeat(ask: Callable[[int], Awaitable[Answer]]) -> None:
        for number in count(1):
            if ending.is_set():
                return
            answers.append(await ask(number))
            await asyncio.sleep(PAUSE)

    async def work() -> None:
        await asyncio.gather(*map(repeat, asking))

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(asyncio.run, work())
        try:
            yield answers
        finally:
            ending.set()
            working.result()


def p95(answers: Sequence[Answer]) -> float:
    """The seconds that one in twenty answers took longer than."""
    return quantiles([answer.seconds for answer in answers], n=20)[-1]


def kind(answer: Answer) -> str:
    """What an answer is, in a few words; an "untold" one is none, or without the reason."""
    words = [
        *([] if answer.is_told else ["untold"]),
        str(int(answer.status)),
        *([] if answer.is_whole else ["broken off"]),
        answer.reason[:40],
    ]
    return " ".join(filter(None, words))


def copied(release: Release, path: Path) -> Path:
    """A home of its own with a release, so that the processes of its service are known by it."""
    ignored = shutil.ignore_patterns("run")
    return shutil.copytree(release.path.parent.parent, path, symlinks=True, ignore=ignored)


def seconds_until(
    condition: Callable[[], bool], most: float, told: Callable[[], str] = lambda: "it is not so"
) -> float:
    """After how many seconds something is so. Raises AssertionError where it is not after the most."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + most, f"after {most:g} s: {told()}"
        time.sleep(0.05)
    return time.monotonic() - began
