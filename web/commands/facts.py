"""The facts as tables: bring what was written online back into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from web.commands.building import FILE, base_option, data_option, inputs_of, ontology_option
from web.commands.home import example, settings

if TYPE_CHECKING:
    from pathlib import Path

    from kg.records.exporting import Export

MOST_TOLD = 20


@click.group(epilog=example("kg facts export --to facts"))
def facts() -> None:
    """Work with the tables that a graph is built from."""


@facts.command(
    epilog=example("kg facts export --to facts", "kg facts export --to new --ontology o.ttl --data old")
)
@click.option("--to", "target", type=FILE, required=True, help="A new or empty folder for the tables.")
@ontology_option
@data_option
@base_option
def export(*, target: Path, ontology: Path | None, data: Path | None, base: str | None) -> None:
    """Write the tables as the journal leaves them, so that an empty journal builds the same graph.

    What no table can say stays in a journal beside them.
    """
    from kg.records.exporting import export

    home = settings().home
    done = export(home, inputs_of(ontology, data, base), target)
    for reason in done.left[:MOST_TOLD]:
        click.echo(f"Left in the journal: {reason}", err=True)
    if len(done.left) > MOST_TOLD:
        click.echo(f"… and {len(done.left) - MOST_TOLD} more.", err=True)
    for complaint in done.complaints:
        click.echo(f"Warning: {complaint}", err=True)
    rows = f"{done.added:,} rows added, {done.replaced:,} replaced, {done.removed:,} removed"
    left = f"{len(done.left):,} change{'' if len(done.left) == 1 else 's'}"
    click.echo(f"{target}: {rows}; left in its journal: {left}.")
    click.echo(_how_to_go_on(home, target, done), err=True)


def _how_to_go_on(home: Path, target: Path, done: Export) -> str:
    patches = f"the patches up to {done.through} from {home / 'journal'}"
    kept = f", put those of {target / 'journal'} in their place" if done.left else ""
    return f"To go on from there, stop the service, remove {patches}{kept}, and build from {target}."


COMMANDS = (facts,)
