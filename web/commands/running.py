"""The queries that run in the services of this home: list them, end one."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from kg.errors import QueryCrashed, QueryRefused
from kg.workers.line import POOL_SOCKET, Line, connected
from web.commands.home import choice, example, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 60  # characters of a query


@click.command(epilog=example("kg queries", "kg queries --format json", "kg queries --cancel ID"))
@click.option("--cancel", "identifier", metavar="ID", help="End the query of that id.")
@choice("text", "json")
def queries(*, identifier: str | None, form: str) -> None:
    """List the queries that run and wait in the services of this home, the oldest first.

    Over HTTP a token of the scope admin does the same: GET /sparql/queries, DELETE /sparql/queries/ID.
    """
    if identifier:
        _cancel(identifier)
        return
    for one in [one for line in _lines() for one in line.ask({"queries": True})["queries"]]:
        click.echo(json.dumps(one) if form == "json" else _told(one))


def _cancel(identifier: str) -> None:
    if not any(line.ask({"cancel": identifier})["cancelled"] for line in _lines()):
        raise QueryRefused(f"No query {identifier} runs or waits here; `kg queries` lists those that do.")
    click.echo(f"Ended the query {identifier}.", err=True)


def _lines() -> Iterator[Line]:
    """A line to the pool of each service that runs."""
    found = False
    for path in sorted(settings().home.glob(f"run/*/{POOL_SOCKET}")):
        with closing(Line(partial(connected, path))) as line:
            try:
                line.ask({"state": True})
            except QueryCrashed:
                continue  # it was killed, and left its socket
            found = True
            yield line
    if not found:
        raise QueryCrashed(f"No service of {settings().home} runs; `kg serve` starts one.")


def _told(one: dict[str, Any]) -> str:
    """A query on a line, without what would speak to the terminal."""
    text = "".join(one if one.isprintable() else "�" for one in " ".join(one["query"].split()))
    shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    times = f"{one['seconds']:8.1f} s {one['computed']:8.1f} s"
    return f"{one['id']}  {one['state']:7} {times}  {one['client'] or '-'}  {one['release']}  {shown}"


COMMANDS = (queries,)
