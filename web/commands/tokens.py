"""Tokens for those who write: create, list, revoke."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from kg.tokens import ADMIN, MOST_DAYS, SCOPES, Tokens
from web.commands.home import choice, example, settings

if TYPE_CHECKING:
    from kg.tokens import Token


@click.group(epilog=example("kg token create robot --scope update --days 30", "kg token list"))
def token() -> None:
    """Create, list and revoke the tokens by which the service is written to."""


@token.command(epilog=example("kg token create robot --scope update --scope graphs --days 90"))
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    default=[scope for scope in SCOPES if scope != ADMIN],
    show_default="update and graphs",
    help="What it may do: SPARQL Update, the Graph Store Protocol, or to see and end the queries of all. "
    "Can be given several times.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=90,
    show_default=True,
    help="How long it is valid.",
)
def create(*, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Create a token for NAME, in which its writes are recorded, and print its secret."""
    made, secret = Tokens(settings().home).create(name, scopes, days)
    click.echo(secret)
    click.echo(
        f"Token {made.id} is valid until {made.expires}. Its secret is kept nowhere: store it, and send it "
        f"as the header `Authorization: Bearer SECRET`. `kg token revoke {made.id}` ends it.",
        err=True,
    )


@token.command("list", epilog=example("kg token list", "kg token list --format json"))
@choice("text", "json")
def list_(*, form: str) -> None:
    """List the tokens, without their secrets."""
    now = datetime.now(UTC)
    known = Tokens(settings().home).all()
    for one in known:
        said = _members(one, now)
        click.echo(json.dumps(said, ensure_ascii=False) if form == "json" else _line(said))
    if not known:
        click.echo("There is no token yet; `kg token create` makes one.", err=True)


@token.command(epilog=example("kg token revoke 1f0c2a9b"))
@click.argument("id")
def revoke(*, id: str) -> None:  # noqa: A002 - the name under which the help shows it
    """Revoke the token of that ID; a running service refuses it from its next request on."""
    gone = Tokens(settings().home).revoke(id)
    click.echo(f"Token {gone.id} ({gone.name}) is revoked.")


def _members(one: Token, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "scopes": list(one.scopes),
        "created": one.created,
        "expires": one.expires,
        "state": one.state(now),
    }


def _line(said: dict[str, Any]) -> str:
    scopes = ",".join(said["scopes"])
    return (
        f"{said['id']}  {said['state']:<7}  {scopes:<13}  "
        f"{said['created']}  {said['expires']}  {said['name']}"
    )


COMMANDS = (token,)
