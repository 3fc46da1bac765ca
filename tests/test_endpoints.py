"""Endpoints as the operator names them, and a client of theirs that nobody turns against this machine."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SettingError
from kg.federating.addresses import is_public
from kg.federating.endpoints import Endpoint
from kg.federating.exchange import Unanswered, ask
from tests.peers import Peer, answering, head, request, silent

NAME = "endpoint.example"
ANSWER = b'{"head": {"vars": []}, "results": {"bindings": []}}'
INWARD = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::192.168.0.1", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:c0a8:1::1", "3fff::1", "5f00::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1",
)  # fmt: skip
OUTWARD = (
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "223.255.255.255", "2001:200::1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8",
)  # fmt: skip


@pytest.mark.parametrize("address", INWARD)
def test_an_address_of_this_or_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTWARD)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses() | st.text(max_size=12))
def test_nothing_is_public_that_the_library_does_not_call_global(address: object) -> None:
    if is_public(str(address)) and not str(address).startswith("64:ff9b::"):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    ("setting", "host", "port", "authority", "path", "pinned"),
    [
        ("https://example.org/sparql", "example.org", 443, "example.org", "/sparql", ""),
        ("http://Example.org", "example.org", 80, "Example.org", "/", ""),
        ("http://localhost:9999/a/b=127.0.0.1", "localhost", 9999, "localhost:9999", "/a/b", "127.0.0.1"),
        ("https://[2606::1]:8/s=::1", "2606::1", 8, "[2606::1]:8", "/s", "::1"),
    ],
)
def test_an_endpoint_is_read_from_a_setting(
    setting: str, host: str, port: int, authority: str, path: str, pinned: str
) -> None:
    endpoint = Endpoint.parse(setting)
    assert endpoint.iri == setting.partition("=")[0]
    assert (endpoint.host, endpoint.port, endpoint.authority) == (host, port, authority)
    assert (endpoint.path, endpoint.pinned) == (path, pinned)
    assert endpoint.is_encrypted == setting.startswith("https")


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "example.org/sparql",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///sparql",
        "https://user@example.org/",
        "https://user:password@example.org/",
        "https://example.org/?query",
        "https://example.org/#x",
        "https://example.org:port/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://exa mple.org/",
        "https://example.org/\nx",
        "https://example.org\\@other/",
        "https://exämple.org/",
        "https://example.org/=localhost",
        "https://example.org/=",
        "https://example.org/=127.0.0.1:80",
        "https://example.org/=0x7f000001",
    ],
)
def test_a_setting_that_is_no_endpoint_is_refused_in_words(setting: str) -> None:
    with pytest.raises(SettingError, match=r"is no (address of a SPARQL endpoint|IP address).*\.$"):
        Endpoint.parse(setting)


def asked(peer: Peer, size: int = 1000, seconds: float = 10, host: str = NAME, scheme: str = "http") -> bytes:
    endpoint = Endpoint.parse(f"{scheme}://{host}:{peer.port}/sparql=127.0.0.1")
    return ask(endpoint, "ASK {}", size, time.monotonic() + seconds)


def sending(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(parts))


def chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


@pytest.mark.parametrize(
    "reply",
    [
        (head(Content_Length=len(ANSWER)), ANSWER),
        (head(), ANSWER),
        (head(Transfer_Encoding="chunked"), chunked(ANSWER[:9], ANSWER[9:])),
        (head(Content_Type="application/json; charset=utf-8", Content_Encoding="identity"), ANSWER),
        (head("100 Continue"), head(Content_Length=len(ANSWER)), ANSWER),
    ],
)
def test_an_answer_is_taken_as_http_frames_it(reply: tuple[bytes, ...]) -> None:
    with answering(sending(*reply)) as peer:
        assert asked(peer) == ANSWER
    [sent] = peer.heard
    assert sent.startswith("POST /sparql HTTP/1.1\r\n")
    assert f"\r\nHost: {NAME}:{peer.port}\r\n" in sent
    assert sent.endswith("\r\n\r\nquery=ASK+%7B%7D")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ((), "has hung up"),
        ((b"no HTTP\r\n\r\n",), "is not HTTP"),
        ((head("500 Internal Server Error"),), "answered with the status 500"),
        ((head("204 No Content"),), "answered with the status 204"),
        ((head(Content_Type="text/html"), ANSWER), "gave an answer that is not"),
        ((head(Content_Encoding="gzip"), ANSWER), "gave a compressed answer"),
        ((head(Content_Encoding="identity, br"), ANSWER), "gave a compressed answer"),
        ((head(Content_Length=100), ANSWER), "breaks off"),
        ((head(Transfer_Encoding="chunked"), b"5\r\nabc"), "breaks off"),
        ((head(Transfer_Encoding="chunked"), b"x\r\nabc"), "breaks off"),
        ((head(Content_Length=1001), b"x" * 1001), "gave more than 1,000 bytes"),
        ((head(), b"x" * 5000), "gave more than 1,000 bytes"),
        ((head(Transfer_Encoding="chunked"), chunked(*[b"x"] * 1001)), "gave more than 1,000 bytes"),
        ((head(Transfer_Encoding="chunked"), b"-1\r\n", b"x" * (1 << 20)), "gave more than 1,000 bytes"),
        ((head("100 Continue") * 10_000,), "gave more than 1,000 bytes"),
        ((head(X="x" * (1 << 17)),), "is not HTTP"),
        ((head(**{f"X_{number}": "" for number in range(200)}),), "is not HTTP"),
    ],
)
def test_anything_else_is_told_for_what_it_is(reply: tuple[bytes, ...], reason: str) -> None:
    with answering(sending(*reply)) as peer, pytest.raises(Unanswered, match=reason):
        asked(peer)


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect"]
)
def test_a_redirect_is_not_followed(status: str) -> None:
    with silent() as inward:
        location = f"http://127.0.0.1:{inward.port}/"
        reply = sending(head(status, Location=location, Content_Length=0))
        with answering(reply) as peer, pytest.raises(Unanswered, match="address, which is not followed"):
            asked(peer)


def dripping(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(drop)
            time.sleep(0.05)

    return reply


@pytest.mark.parametrize(
    "reply",
    [
        lambda connection: connection.recv(1),
        dripping(b"", b"H"),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        dripping(head("100 Continue"), head("100 Continue")),
        dripping(head(), b" "),
        dripping(head(Transfer_Encoding="chunked"), b"1\r\n \r\n"),
        dripping(head(Transfer_Encoding="chunked") + b"0\r\n", b"X: y\r\n"),
    ],
)
def test_one_who_drips_is_left_at_the_deadline(reply: Callable[[socket.socket], None]) -> None:
    with answering(reply) as peer:
        start = time.monotonic()
        with pytest.raises(Unanswered, match="did not answer in time"):
            asked(peer, seconds=0.5)
        assert time.monotonic() - start < 10


def test_one_who_reads_nothing_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = Endpoint.parse(f"http://{NAME}:{server.getsockname()[1]}/=127.0.0.1")
        start = time.monotonic()
        with pytest.raises(Unanswered, match="did not answer in time"):
            ask(endpoint, "#" * (16 << 20), 1000, start + 0.5)
        assert time.monotonic() - start < 20


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = Peer(server.getsockname()[1])
    with pytest.raises(Unanswered, match="cannot be reached"):
        asked(free)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Make names have these addresses, another list each time; the names that were asked for."""
    names: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        names.append(host)
        found = answers[min(len(names), len(answers)) - 1]
        return [(0, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return names


@pytest.mark.parametrize("address", INWARD)
@pytest.mark.parametrize("before", [[], ["2d00::1"], ["1.1.1.1"]])
def test_a_name_that_leads_inward_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, before: list[str], address: str
) -> None:
    with silent() as peer:
        with monkeypatch.context() as patched:
            names = resolving(patched, [*before, address])
            with pytest.raises(Unanswered, match="is at an address that is not public"):
                ask(Endpoint.parse(f"http://{NAME}:{peer.port}/"), "ASK {}", 1000, time.monotonic() + 5)
        assert names == [NAME]


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer would lead inward; the first is an address that nobody has."""
    with silent() as peer:
        with monkeypatch.context() as patched:
            names = resolving(patched, ["2d00::1"], ["127.0.0.1"])
            with pytest.raises(Unanswered, match=r"cannot be reached|in time"):
                ask(Endpoint.parse(f"http://{NAME}:{peer.port}/"), "ASK {}", 1000, time.monotonic() + 1)
        assert names == [NAME]


def test_a_pinned_name_is_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(sending(head(), ANSWER)) as peer:
        names = resolving(monkeypatch, ["192.0.2.1"])
        assert asked(peer) == ANSWER
        assert names == []


def test_a_resolver_that_does_not_answer_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(30) and [])
    start = time.monotonic()
    with pytest.raises(Unanswered, match="cannot be found by its name"):
        ask(Endpoint.parse(f"http://{NAME}/"), "ASK {}", 1000, start + 0.3)
    assert time.monotonic() - start < 20
    released.set()


@pytest.mark.parametrize("name", ["does-not-exist.invalid", f"{'long' * 20}.example", "a..b"])
def test_a_name_that_nobody_has_is_told(name: str) -> None:
    with pytest.raises(Unanswered, match="cannot be found by its name"):
        ask(Endpoint.parse(f"http://{name}/"), "ASK {}", 1000, time.monotonic() + 20)


def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine {NAME} login someone password secret\n", encoding="utf-8")
    with silent() as proxy, answering(sending(head(), ANSWER)) as peer:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert asked(peer) == ANSWER
    assert "authorization" not in peer.heard[0].casefold()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key and the certificate of our endpoint, signed by itself, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is needed to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


@contextmanager
def encrypting(certificate: Path) -> Iterator[tuple[Peer, list[str | None]]]:
    """An endpoint over TLS, and the names by which it was greeted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _, name, __: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        peer = Peer(server.getsockname()[1])

        def serve() -> None:
            connection, _ = server.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as encrypted:
                    peer.heard.append(request(encrypted))
                    encrypted.sendall(head(Content_Length=len(ANSWER)) + ANSWER)
            except OSError:
                connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield peer, names
        thread.join(10)


def test_a_certificate_is_checked_for_the_name_and_not_the_address(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypting(certificate) as (peer, names):
        assert asked(peer, scheme="https") == ANSWER
    assert names == [NAME]
    assert f"\r\nHost: {NAME}:{peer.port}\r\n" in peer.heard[0]


@pytest.mark.parametrize(
    ("host", "trusted"), [("other.example", "it"), ("127.0.0.1", "it"), (NAME, "others")]
)
def test_without_a_valid_certificate_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, host: str, trusted: str
) -> None:
    if trusted == "it":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with encrypting(certificate) as (peer, _), pytest.raises(Unanswered, match="has no valid certificate"):
        asked(peer, scheme="https", host=host)
    assert peer.heard == []


def test_a_handshake_that_never_ends_is_left_at_the_deadline() -> None:
    with answering(lambda connection: connection.recv(1)) as peer:
        start = time.monotonic()
        with pytest.raises(Unanswered, match="did not answer in time"):
            asked(peer, seconds=0.5, scheme="https")
        assert time.monotonic() - start < 10
