"""Mutated requests to every address: none breaks the service, and none tells one client of another.

KG_FUZZ says how many requests the slow ones send. With `-s` the answers are counted. Each request that is not
answered as it should be is shown so that it can be sent again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import BadStatusLine, HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from kg.settings import Settings
from tests import mutations
from tests.attacks import Answer, copied, seconds_until
from tests.conftest import started
from tests.mutations import MARK, PLACE, UPDATED, VALID, Request
from tests.processes import Processes
from web import create_app

SAMPLE, MANY = 1500, int(os.environ.get("KG_FUZZ", "5000"))
NUMBERS = [
    pytest.param(SAMPLE, id="sample"),
    pytest.param(MANY, id="many", marks=pytest.mark.slow),
]
API, SERVICE, SANDBOX = 0.1, 0.6, 0.3  # parts of the requests
CLIENTS, AT_ONCE = 8, 2
OPTIONS = (
    *("--log", "json", "--budget", "0", "--deadline", "3", "--memory", "256"),
    *("--trusted-proxy", "127.0.0.0/8"),
)
PATIENCE = 30.0  # seconds for an answer
HASTE = 0.2  # seconds for the answer to what may be no whole request
RETURN = 60.0  # seconds after which all is as before
TOLD = 30  # lines of the log that are shown with what is wrong
LOGGED = 1.5  # seconds after which what has happened is in the log
HEAD = re.compile(
    rb"[A-Z]+ /[\w.~:/?@!$&'()*+,;=%-]* HTTP/1\.1\r\n((?:[A-Za-z0-9-]+: [ -~\x80-\xff]*\r\n)*)\r\n", re.ASCII
)
FRAMING = re.compile(
    rb"^(Host|Content-Length|Transfer-Encoding|Expect|Upgrade): *(.*?) *\r$", re.MULTILINE | re.IGNORECASE
)
LONGEST_HEAD, MOST_HEADERS = 60_000, 100  # that the server reads
INSIDE = re.compile(
    rf'Traceback|File "/|site-packages|kg-sandbox-|{re.escape(str(Path(__file__).parents[1]))}'
)
CANARIES = [f"canary{hashlib.sha256(b'%d' % number).hexdigest()[:18]}" for number in range(CLIENTS)]
LASTING = {"service", "web", "pool", "encoder", "follower", "dumper"}
TOOK = re.compile(rb"[\d.,]+ s\.</p>")  # what a page says of how long its answer took
# Addresses whose answers are not the same each time; the first page names the dumps as they are made.
CHANGING = {
    "/",
    "/health",
    "/health/ready",
    "/metrics",
    "/service-shapes",
    "/sparql/queries",
    "/sparql/timemap",
}
AS_DESCRIBED = [
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
]
TO = b"Host: x\r\nConnection: close\r\n"
NO_REQUESTS = {
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "host that is no name": b"GET / HTTP/1.1\r\nHost: .example\r\nConnection: close\r\n\r\n",
    "host that is no name in other letters": b"GET / HTTP/1.1\r\nHost: xn--\r\nConnection: close\r\n\r\n",
    "host with a path": b"GET / HTTP/1.1\r\nHost: host.example/path\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: y\r\n" + TO + b"\r\n",
    "blank after a name": b"GET / HTTP/1.1\r\nAccept : text/html\r\n" + TO + b"\r\n",
    "folded header": b"GET / HTTP/1.1\r\nAccept: text/html,\r\n text/csv\r\n" + TO + b"\r\n",
    "return within a header": b"GET / HTTP/1.1\r\nAccept: a\rX: b\r\n" + TO + b"\r\n",
    "zero byte": b"GET / HTTP/1.1\r\nAccept: a\0b\r\n" + TO + b"\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + TO + b"\r\n",
    "long address": b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n" + TO + b"\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n"
    + TO
    + b"\r\nhello!",
    "negative length": b"POST /sparql HTTP/1.1\r\nContent-Length: -5\r\n" + TO + b"\r\nhello",
    "chunks that are none": b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    + TO
    + b"\r\nhello\r\n",
    "unknown coding": b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: chunked, x\r\n" + TO + b"\r\n0\r\n\r\n",
    "unknown version": b"GET / HTTP/3.0\r\n" + TO + b"\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "TLS": b"\x16\x03\x01\x02\0\1\0\1\xfc\3\3" + b"\0" * 200,
}


def is_well_formed(request: bytes) -> bool:
    """Whether it is surely a whole request of HTTP/1.1 (RFC 9112) that the server reads to its end."""
    head = HEAD.match(request)
    if head is None or head.end() > LONGEST_HEAD or head[1].count(b"\r\n") > MOST_HEADERS:
        return False
    size = b"%d" % (len(request) - head.end())
    framing = sorted((name.lower(), value) for name, value in FRAMING.findall(head[1]))
    lengths = [] if size == b"0" and len(framing) == 1 else [(b"content-length", size)]
    return framing[:-1] == lengths and framing[-1][0] == b"host" and bool(framing[-1][1])


def has_no_body(request: bytes) -> bool:
    """Whether the answer to a request has none, whatever it tells of its length (RFC 9110, section 9.3.2)."""
    return request.lstrip(b"\r\n").startswith(b"HEAD ")


@dataclass
class Scene:
    """A service that strangers send requests to, and how many of each status have been answered."""

    host: str
    port: int
    home: Path
    log: list[str]
    rules: list[str]
    is_shared: bool  # whether clients write what others read
    counts: Counter[int] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """A while after which the service is as it was before, and its log tells nothing of what was sent."""
        told, processes, known = len(self.log), self._processes(), self._known()
        yield
        print(f"\n  {self.counts.total()} requests: {dict(sorted(self.counts.items()))}")
        self.counts.clear()
        seconds_until(lambda: self._known() == known, RETURN, lambda: self._changed(known))
        assert self._processes() == processes
        time.sleep(LOGGED)
        assert not [line for line in self.log[told:] if not is_quiet(line)]

    def is_warm(self) -> bool:
        """Whether it answers twice the same, with all that it has."""
        known = self._known()
        return known == self._known() and not any(b"by words only" in body for _, _, body in known)

    def faults(self, sent: Sequence[bytes]) -> list[str]:
        """What is wrong with the answers to requests of as many clients, and how to send each such again."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [fault for found in pool.map(self._faults, CANARIES, sent) for fault in found]

    def _faults(self, canary: str, request: bytes) -> list[str]:
        data = self._placed(request).replace(MARK.encode(), canary.encode())
        answer = self.answer(data)
        self.counts[answer.status] += 1
        others = [] if self.is_shared else [other for other in CANARIES if other != canary]
        found = [*broken(answer, data), *leaks(answer, canary, [*others, str(self.home)])]
        return [f"{', '.join(found)} in {answer}\nto {self._command(data)}"] if found else []

    def answer(self, request: bytes) -> Answer:
        """What comes back for a request; status 0 where nothing does."""
        answer = Answer()
        patience = PATIENCE if is_well_formed(request) else HASTE
        with socket.create_connection((self.host, self.port), patience) as connection:
            with suppress(OSError):  # what is not taken any more the answer tells
                connection.sendall(request)
            with suppress(OSError):
                receive(connection, request, answer)
        return answer

    def _placed(self, request: bytes) -> bytes:
        return request.replace(PLACE.encode(), f"{self.host}:{self.port}".encode())

    def _command(self, request: bytes) -> str:
        """What sends a request again from a shell."""
        plain = {*range(32, 127)} - {*b"'\\%"}
        written = "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in request)
        return f"printf '{written}' | nc {self.host} {self.port}"

    def _processes(self) -> list[tuple[int, str]]:
        return sorted(item for item in Processes(self.home).kinds().items() if item[1] in LASTING)

    def _ordinary(self) -> list[Request]:
        """Requests whose answers are the same each time."""
        found = [request for rule in self.rules if rule not in CHANGING for request in VALID[rule]]
        return [one for one in found if one.method == b"GET" and b"explain" not in dict(one.parameters)]

    def _known(self) -> list[tuple[int, str, bytes]]:
        """The answers to these, of a sandbox once it is empty."""
        self.answer(self._placed(bytes(mutations.request("POST", "/sparql", "DROP ALL", UPDATED))))
        answers = [self.answer(self._placed(bytes(request))) for request in self._ordinary()]
        return [(one.status, one.headers.get("content-type", ""), TOOK.sub(b"", one.body)) for one in answers]

    def _changed(self, known: Sequence[tuple[int, str, bytes]]) -> str:
        """How to ask for what is not answered as before."""
        found = zip(self._ordinary(), known, self._known(), strict=True)
        changed = [request for request, before, after in found if before != after]
        return "\n".join(self._command(self._placed(bytes(request))) for request in changed)


def receive(connection: socket.socket, request: bytes, answer: Answer) -> None:
    """Read an answer as far as it comes. Raises OSError where it stops before its end."""
    response = HTTPResponse(connection, method="HEAD" if has_no_body(request) else "GET")
    try:
        response.begin()
        answer.status = response.status
        names = {name.lower() for name, _ in response.getheaders()}
        answer.headers = {name: response.getheader(name, "") for name in names}
        answer.body = response.read()
        answer.is_whole = True
    except BadStatusLine as error:
        answer.body = error.line.encode("latin-1")
    except IncompleteRead as error:
        answer.body = error.partial
    if answer.headers.get("content-encoding") == "gzip":
        answer.body = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(answer.body)


def broken(answer: Answer, request: bytes) -> Iterator[str]:
    """What is wrong with an answer, whoever gets it."""
    is_strange = not is_well_formed(request)
    has_reason = has_no_body(request) or (answer.body and answer.reason.endswith((".", "?")))
    if answer.status == 0 and (answer.body or not is_strange):
        yield "no answer of HTTP"
    if answer.status >= 500 and not (answer.status == 503 and has_reason):
        yield "a failure of the service"
    if answer.status >= 400 and not has_reason and not (is_strange and not answer.body):
        yield "an error without a sentence"


def leaks(answer: Answer, canary: str, secrets: Sequence[str]) -> Iterator[str]:
    """What an answer tells that its client should not know, or holds where the client should put nothing."""
    text = "\n".join([*map(": ".join, answer.headers.items()), answer.body.decode("latin-1")])
    if INSIDE.search(text):
        yield "the inside of the service"
    if any(secret in text for secret in secrets):
        yield "the secret of another client or of the service"
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if canary in answer.headers or (is_page and f"<{canary}" in text):
        yield "a header or an element that the client has put there"


def is_quiet(line: str) -> bool:
    """Whether a line of the log is one of ordinary operation that tells nothing of what was sent."""
    try:
        level = json.loads(line)["level"]
    except ValueError:
        return False
    return level in ("info", "warning") and not any(canary in line for canary in CANARIES)


@contextmanager
def scene_of(home: Path, *options: str) -> Iterator[Scene]:
    is_shared = "--sandbox" in options
    rules = create_app(Settings(home=home), sandbox=is_shared).url_map.iter_rules()
    with started(home, *OPTIONS, *options) as (url, _, _, errors):
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 0
        scene = Scene(host, port, home, errors, sorted({rule.rule for rule in rules}), is_shared)
        seconds_until(scene.is_warm, RETURN)
        yield scene


@pytest.fixture(scope="module")
def scene(lighthouses, tmp_path_factory) -> Iterator[Scene]:
    with scene_of(copied(lighthouses, tmp_path_factory.mktemp("fuzzed") / "home")) as scene:
        yield scene


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Scene]:
    with scene_of(tmp_path_factory.mktemp("fuzzed-sandbox"), "--sandbox") as scene:
        yield scene


def tried(strategy: st.SearchStrategy, number: int, most: int, attempt: Callable[[object], None]) -> None:
    """Attempt something with so many values; the same ones each time unless they are `most`."""
    tuned = settings(
        max_examples=max(1, number),
        derandomize=most == SAMPLE,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    tuned(given(strategy)(lambda value: attempt(value)))()


def test_there_are_valid_requests_to_every_address(scene, sandbox):
    assert {*scene.rules, *sandbox.rules} == VALID.keys()


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_what_is_no_request_is_refused(scene, name):
    answer = scene.answer(NO_REQUESTS[name])
    assert answer.status == 0 or 400 <= answer.status < 500
    assert not list(leaks(answer, MARK, [str(scene.home)]))


def fuzzed(scene: Scene, number: int, most: int) -> None:
    """Send so many mutated requests, at once those of several clients."""

    def send(sent: Sequence[bytes]) -> None:
        faults = scene.faults(sent)
        assert not faults, "\n".join([*faults, "The log ends with:", *scene.log[-TOLD:]])

    requests = mutations.mutated(scene.rules)
    batches = st.lists(requests, min_size=CLIENTS, max_size=CLIENTS, unique=True)
    with scene.unharmed():
        tried(batches, number // CLIENTS, most, send)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_request_breaks_the_service_or_tells_of_another(scene, number):
    fuzzed(scene, int(number * SERVICE), number)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_request_that_may_write_breaks_the_service(sandbox, number):
    fuzzed(sandbox, int(number * SANDBOX), number)


@pytest.mark.parametrize("number", NUMBERS)
def test_programs_are_answered_as_the_description_says(scene, number):
    schema = schemathesis.openapi.from_url(f"{scene.url}/api/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = [(one, mode) for one in operations for mode in GenerationMode if one.query or mode.is_positive]
    with scene.unharmed():
        for operation, mode in asked:
            strategy = operation.as_strategy(generation_mode=mode)
            tried(strategy, int(number * API) // len(asked), number, lambda case: described(scene, case))


def described(scene: Scene, case: schemathesis.Case) -> None:
    """Ask as a program does that keeps to the description or not, and hold the answer against it."""
    response = case.call(headers={"User-Agent": CANARIES[0]})
    scene.counts[response.status_code] += 1
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    answer = Answer(response.status_code, headers, response.content)
    faults = list(leaks(answer, CANARIES[0], [*CANARIES[1:], str(scene.home)]))
    if answer.status not in (414, 431):  # as which the server itself refuses a long address
        case.validate_response(response, checks=AS_DESCRIBED)
        faults += broken(answer, b"")
    assert not faults, case.as_curl_command()
