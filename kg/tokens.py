"""Bearer tokens: who may write what until when. Only digests of the secrets are kept.

A secret is `kg_` and 256 random bits in base64url, so that it can be told from other text wherever it turns
up. A slow hash (scrypt, Argon2) makes guessing dear where people choose the secrets; of 2^256 equally likely
ones none is ever guessed, so SHA-256 keeps them as well and costs a request nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import stat
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kg.disk import sync_folder
from kg.errors import TokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

PREFIX = "kg_"
SECRET_BYTES, ID_BYTES = 32, 4
ADMIN = "admin"
SCOPES = ("update", "graphs", ADMIN)
LONGEST_NAME = 80
MOST_DAYS = 3650
VALID, EXPIRED, REVOKED = "valid", "expired", "revoked"


@dataclass(frozen=True)
class Token:
    """What is kept of a token. Times are RFC 3339 in UTC; `revoked` is "" as long as it is not."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: str
    expires: str
    digest: str
    revoked: str = ""

    def state(self, now: datetime) -> str:
        """Whether it opens anything: "valid", "expired" or "revoked"."""
        if self.revoked:
            return REVOKED
        return VALID if now < datetime.fromisoformat(self.expires) else EXPIRED


@dataclass(frozen=True)
class Tokens:
    """The tokens of one home folder, in a file that only its owner reads.

    Every question reads the file, which is small, so that what another process changed counts at once.
    """

    home: Path

    @property
    def file(self) -> Path:
        """Where they are kept: beside the releases, never in one."""
        return self.home / "tokens.json"

    def all(self) -> list[Token]:
        """All tokens, the oldest first. Raises TokenError where the file must not be trusted."""
        try:
            descriptor = os.open(self.file, os.O_RDONLY)
        except FileNotFoundError:
            return []
        except OSError as error:
            message = (
                f"{self.file} cannot be read ({error.strerror}); it must belong to who runs the service."
            )
            raise TokenError(message) from error
        with os.fdopen(descriptor, encoding="utf-8") as file:
            _check_mode(self.file, os.fstat(descriptor).st_mode)
            return _read(self.file, file.read())

    def create(self, name: str, scopes: Iterable[str], days: int) -> tuple[Token, str]:
        """A new token and its secret, which cannot be told again. Raises TokenError."""
        wanted = _checked(name, scopes, days)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        now = datetime.now(UTC)
        expires = now + timedelta(days=days)
        token = Token(
            secrets.token_hex(ID_BYTES), name, wanted, _written(now), _written(expires), _digest(secret)
        )
        self._change(lambda known: [*known, token])
        return token, secret

    def revoke(self, identifier: str) -> Token:
        """The token of that id, which opens nothing from now on. Raises TokenError where there is none."""
        now = _written(datetime.now(UTC))

        def revoked(known: list[Token]) -> list[Token]:
            if identifier not in {token.id for token in known}:
                message = f"There is no token {identifier} in {self.file}; `kg token list` shows the ids."
                raise TokenError(message)
            return [
                replace(token, revoked=token.revoked or now) if token.id == identifier else token
                for token in known
            ]

        return next(token for token in self._change(revoked) if token.id == identifier)

    def find(self, secret: str) -> Token | None:
        """The valid token with this secret, or None. Every token is compared, whichever it is."""
        presented, now, found = _digest(secret), datetime.now(UTC), None
        for token in self.all():
            if hmac.compare_digest(token.digest, presented) and token.state(now) == VALID:
                found = token
        return found

    def _change(self, change: Callable[[list[Token]], list[Token]]) -> list[Token]:
        """Replace the tokens by what `change` makes of them, while no other process does."""
        self.home.mkdir(parents=True, exist_ok=True)
        with _alone(self.home / "tokens.lock"):
            changed = change(self.all())
            self._write(changed)
        return changed

    def _write(self, tokens: list[Token]) -> None:
        """Replace the file, through to the disk; at no moment can others read it."""
        fresh = self.home / ".tokens.json"  # one name is enough under the lock, and no crash leaves two
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"tokens": [asdict(token) for token in tokens]}, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(descriptor)
        fresh.replace(self.file)
        sync_folder(self.home)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process changes the tokens; a crash lets go of the lock."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_mode(path: Path, mode: int) -> None:
    if stat.S_IMODE(mode) & 0o077:
        message = (
            f"{path} is open to other users of this machine (mode {stat.S_IMODE(mode):04o}), so no token in "
            f"it is trusted; run `chmod 600 {path}` and revoke what you do not know in `kg token list`."
        )
        raise TokenError(message)


def _read(path: Path, text: str) -> list[Token]:
    try:
        return [_token(row) for row in json.loads(text)["tokens"]]
    except (ValueError, KeyError, TypeError) as error:
        message = (
            f"{path} does not hold tokens ({error}); remove it and make new ones with `kg token create`."
        )
        raise TokenError(message) from error


def _token(row: dict[str, Any]) -> Token:
    """The token in a row of the file. Raises ValueError, KeyError and TypeError."""
    token = Token(**{**row, "scopes": tuple(row["scopes"])})
    if datetime.fromisoformat(token.expires).utcoffset() is None:
        raise ValueError(f"{token.expires} is without a time zone")
    return token


def _checked(name: str, scopes: Iterable[str], days: int) -> tuple[str, ...]:
    """The scopes in their order, each once."""
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()):
        message = (
            f"“{name[:LONGEST_NAME]}” is no name for a token; take one line of up to {LONGEST_NAME} signs."
        )
        raise TokenError(message)
    wanted = set(scopes)
    if not wanted or wanted - set(SCOPES):
        raise TokenError(f"A token needs a scope; there are: {', '.join(SCOPES)}.")
    if not 0 < days <= MOST_DAYS:
        raise TokenError(f"A token is valid for 1 to {MOST_DAYS} days, not {days}.")
    return tuple(scope for scope in SCOPES if scope in wanted)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
