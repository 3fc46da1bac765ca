"""Tokens of writers: kept as digests in a file of the owner's, told once, and gone when revoked."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kg.errors import TokenError
from kg.tokens import Token, Tokens

UNDATED = (
    '{"tokens": [{"id": "x", "name": "x", "scopes": [], "created": "", "expires": "soon", "digest": ""}]}'
)
COMMAND = [sys.executable, "-m", "web.cli", "token"]


def run(home: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KG_HOME": str(home)}
    ended = subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True)
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def age(home: Path, days: int) -> None:
    """Let time pass for the tokens of a home."""
    kept = json.loads((home / "tokens.json").read_text())
    for row in kept["tokens"]:
        row["expires"] = (datetime.fromisoformat(row["expires"]) - timedelta(days=days)).isoformat()
    (home / "tokens.json").write_text(json.dumps(kept))


def make_one(home: Path, number: int) -> str:
    return Tokens(home).create(f"robot {number}", ["update"], 1)[1]


def test_a_token_is_found_by_its_secret_until_it_expires(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    made, secret = tokens.create("Ada Lovelace", ["graphs", "update", "update"], 30)
    assert re.fullmatch(r"kg_[A-Za-z0-9_-]{43}", secret)
    assert made.scopes == ("update", "graphs")
    assert tokens.find(secret) == made
    assert tokens.find(secret[:-1]) is None
    assert tokens.find("") is None
    age(tmp_path, 30)
    assert tokens.find(secret) is None
    assert tokens.all()[0].state(datetime.now(UTC)) == "expired"


def test_only_the_digest_is_kept_in_a_file_of_the_owner(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        _, secret = Tokens(tmp_path / "home").create("robot", ["update"], 1)
    finally:
        os.umask(old)
    for path in (tmp_path / "home").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert secret.removeprefix("kg_") not in path.read_text()


def test_a_revoked_token_opens_nothing_while_others_still_do(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    gone, secret = tokens.create("gone", ["update"], 1)
    kept, other = tokens.create("kept", ["update"], 1)
    tokens.revoke(gone.id)
    assert tokens.find(secret) is None
    assert tokens.find(other) == kept
    revoked = tokens.all()[0]
    assert tokens.revoke(gone.id) == revoked, "revoking twice changes nothing"
    with pytest.raises(TokenError, match="kg token list"):
        tokens.revoke("nobody")


def test_tokens_made_and_revoked_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        secrets = list(pool.map(make_one, [tmp_path] * 24, range(24)))
    known = Tokens(tmp_path).all()
    assert {token.name for token in known} == {f"robot {number}" for number in range(24)}
    assert all(Tokens(tmp_path).find(secret) for secret in secrets)
    assert {path.name for path in tmp_path.iterdir()} == {"tokens.json", "tokens.lock"}


def test_what_a_crash_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".tokens.json").write_text("{")
    _, secret = Tokens(tmp_path).create("robot", ["update"], 1)
    assert Tokens(tmp_path).find(secret)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_that_others_can_use_is_not_trusted(tmp_path: Path, mode: int) -> None:
    tokens = Tokens(tmp_path)
    _, secret = tokens.create("robot", ["update"], 1)
    tokens.file.chmod(mode)
    with pytest.raises(TokenError, match=r"chmod 600"):
        tokens.find(secret)
    with pytest.raises(TokenError, match=r"chmod 600"):
        tokens.create("other", ["update"], 1)
    tokens.file.chmod(0o600)
    assert tokens.find(secret)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tokens": [{"id": "x"}]}', '{"tokens": [1]}', UNDATED])
def test_a_file_that_holds_no_tokens_is_named_with_the_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(TokenError, match=r"tokens\.json does not hold tokens .*kg token create"):
        Tokens(tmp_path).all()


@pytest.mark.parametrize(
    ("name", "scopes", "days", "words"),
    [
        ("", ["update"], 1, "no name"),
        ("two\nlines", ["update"], 1, "no name"),
        (" robot", ["update"], 1, "no name"),
        ("x" * 81, ["update"], 1, "no name"),
        ("robot", [], 1, "scope; there are: update, graphs"),
        ("robot", ["all"], 1, "scope; there are: update, graphs"),
        ("robot", ["update"], 0, "1 to 3650 days"),
        ("robot", ["update"], 4000, "1 to 3650 days"),
    ],
)
def test_a_token_has_a_name_a_scope_and_an_end(
    tmp_path: Path, name: str, scopes: list[str], days: int, words: str
) -> None:
    with pytest.raises(TokenError, match=words):
        Tokens(tmp_path).create(name, scopes, days)
    assert not (tmp_path / "tokens.json").exists()


def test_a_revoked_token_stays_revoked_after_its_time() -> None:
    now = datetime.now(UTC)
    token = Token("x", "robot", ("update",), now.isoformat(), (now - timedelta(1)).isoformat(), "")
    assert token.state(now) == "expired"
    assert replace(token, revoked=now.isoformat()).state(now) == "revoked"


def test_the_command_prints_the_secret_once_and_lists_the_rest(tmp_path: Path) -> None:
    made = run(tmp_path, "create", "robot", "--scope", "update", "--scope", "graphs", "--days", "7")
    secret = made.stdout.removesuffix("\n")
    token = Tokens(tmp_path).find(secret)
    assert token is not None
    assert token.id in made.stderr
    assert secret not in made.stderr
    listed = json.loads(run(tmp_path, "list", "--format", "json").stdout)
    assert listed == {
        "id": token.id,
        "name": "robot",
        "scopes": ["update", "graphs"],
        "created": token.created,
        "expires": token.expires,
        "state": "valid",
    }
    lived = datetime.fromisoformat(listed["expires"]) - datetime.fromisoformat(listed["created"])
    assert lived == timedelta(days=7)
    assert "is revoked" in run(tmp_path, "revoke", token.id).stdout
    text = run(tmp_path, "list").stdout
    assert "revoked" in text
    assert token.digest not in text


def test_the_command_says_how_to_go_on(tmp_path: Path) -> None:
    assert "kg token create" in run(tmp_path, "list").stderr
    assert "kg token list" in run(tmp_path, "revoke", "nobody", status=1).stderr
    run(tmp_path, "create", "robot")
    assert "update,graphs" in run(tmp_path, "list").stdout
