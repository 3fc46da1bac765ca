"""Who may write: bearer tokens (RFC 6750, section 2.1), failures throttled; in the sandbox, this machine.

What is wrong with a token (never made, expired, revoked) is not told, and no message repeats one.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app, request

from kg.errors import NotAuthenticated, NotPermitted, TokenError, TooManyFailures
from web.callers import client

if TYPE_CHECKING:
    from kg.tokens import Token, Tokens

KEY, SANDBOX = "kg.gate", "kg.sandbox"
CREDENTIALS = re.compile(r"(?P<scheme>[!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(?P<token>.*))?")  # RFC 9110, 11.4
BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")  # RFC 6750, section 2.1
CHALLENGE = 'Bearer realm="kg"'
HOW = "send it as the header `Authorization: Bearer SECRET`; `kg token create` makes one"
MOST_FAILURES, WINDOW = 10, 60.0
MOST_SENDERS = 4096
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
OWN_SITES = ("same-origin", "none")  # none: typed into the browser (Fetch Metadata, section 2.4)


@dataclass
class Failures:
    """When wrong tokens came from which sender: the last MOST_FAILURES of each within WINDOW seconds.

    Of the senders only MOST_SENDERS are kept, those that failed last. Each web process counts by itself.
    """

    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, sender: str, now: float) -> float:
        """Take note of a failure; the seconds for which no other is answered, 0 where one still is.

        What fails meanwhile is not counted, so that those who wait as long as they are told need not wait
        again.
        """
        with self._lock:
            times = self._times.setdefault(sender, deque())
            self._times.move_to_end(sender)
            if len(self._times) > MOST_SENDERS:
                self._times.popitem(last=False)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) >= MOST_FAILURES:
                return times[0] + WINDOW - now
            times.append(now)
            return 0.0


@dataclass(frozen=True)
class Gate:
    """What requests to write are held against."""

    tokens: Tokens
    failures: Failures = field(default_factory=Failures)


def authorise(scope: str) -> str:
    """The name of who makes the request, if that one may do what `scope` stands for.

    Raises NotAuthenticated, NotPermitted and TooManyFailures. Whoever has a right token is let in even while
    failures from the same address are throttled: a secret of 256 bits is not found by trying, and shutting
    the address out would let anyone behind the same proxy or NAT stop those who write.
    """
    if current_app.extensions.get(SANDBOX):
        check_own_origin()
        return "sandbox"
    _check_places()
    token = _valid(_presented())
    if scope not in token.scopes:
        message = f"This token is not for {scope}; `kg token create NAME --scope {scope}` makes one that is."
        raise NotPermitted(message, f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"')
    return token.name


def check_own_name() -> None:
    """Raise NotPermitted unless the request was made to this machine by its name.

    A page from elsewhere can point its own name at this machine, and be then of one origin with it.
    """
    host, port = request.headers.get("Host", "").lower(), request.environ["SERVER_PORT"]
    names = {f"{name}:{port}" for name in LOOPBACK} | ({*LOOPBACK} if port == "80" else set())
    if host not in names:
        message = f"The sandbox answers under names of this machine only; use http://{LOOPBACK[0]}:{port}/."
        raise NotPermitted(message)


def check_own_origin() -> None:
    """Raise NotPermitted unless the request was made to this machine by its name, and by no other site.

    A page from elsewhere can have a browser send requests here, which `Origin` and `Sec-Fetch-Site` show.
    """
    check_own_name()
    host = request.headers.get("Host", "").lower()
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin not in (None, f"{request.scheme}://{host}") or site not in (None, *OWN_SITES):
        message = "The sandbox takes nothing from pages of other sites; use a program or its own pages."
        raise NotPermitted(message)


def _check_places() -> None:
    """Raise NotAuthenticated for a token where logs and histories keep it."""
    in_form = request.mimetype == "application/x-www-form-urlencoded" and "access_token" in request.form
    if "access_token" in request.args or in_form:
        message = f"A token in an address or a form does not stay secret: revoke it, make another, and {HOW}."
        raise NotAuthenticated(message, CHALLENGE)


def _presented() -> str:
    """The token of the request, which may be no token at all."""
    credentials = CREDENTIALS.fullmatch(request.headers.get("Authorization", ""))
    if credentials is None or credentials["scheme"].lower() != "bearer":
        raise NotAuthenticated(f"This needs a token: {HOW}.", CHALLENGE)
    return (credentials["token"] or "").strip()


def _valid(presented: str) -> Token:
    """The token with that secret. Raises NotAuthenticated, or TooManyFailures after some of these."""
    gate: Gate = current_app.extensions[KEY]
    token = _found(gate.tokens, presented) if BEARER_TOKEN.fullmatch(presented) else None
    if token is not None:
        return token
    wait = gate.failures.note(client(), time.monotonic())
    if wait:
        seconds = math.ceil(wait)
        message = f"Too many wrong tokens came from your address; try again in {seconds} seconds."
        raise TooManyFailures(message, seconds)
    message = (
        "This token opens nothing here: it is mistyped, expired or revoked. `kg token create` makes one."
    )
    raise NotAuthenticated(message, f'{CHALLENGE}, error="invalid_token"')


def _found(tokens: Tokens, secret: str) -> Token | None:
    """The valid token, or None. What is wrong with the file is for the operator's eyes."""
    try:
        return tokens.find(secret)
    except TokenError as error:
        current_app.logger.warning("%s", error)
        raise TokenError("Tokens cannot be checked now; the log of the service says why.") from error
