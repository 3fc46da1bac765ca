"""Releases: list, roll back, prune."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from kg.release import Releases
from web.commands.home import choice, example, settings

if TYPE_CHECKING:
    from kg.building.manifest import Manifest


@click.command(epilog=example("kg releases", "kg releases --format json"))
@choice("text", "json")
def releases(*, form: str) -> None:
    """List the releases; a star marks the current one."""
    known = Releases(settings().home)
    current = known.current().version
    for release in known.all():
        said = release.manifest
        if form == "json":
            members = {
                "version": said.version,
                "current": said.version == current,
                "created": said.created,
                "origin": _origin(said),
                "counts": said.counts,
                "digest": said.quads_digest,
            }
            click.echo(json.dumps(members))
        else:
            mark = "*" if said.version == current else " "
            count = f"{said.counts['quads']:>12,} statements"
            click.echo(f"{mark} {said.version:>4}  {said.created}  {_origin(said):<6}  {count}")


def _origin(manifest: Manifest) -> str:
    return "write" if manifest.follows else manifest.origin


@click.command(epilog=example("kg rollback", "kg rollback 3"))
@click.argument("version", type=int, required=False)
def rollback(*, version: int | None) -> None:
    """Publish an earlier release: that VERSION, or the one before the current."""
    release = Releases(settings().home).rollback(version)
    click.echo(f"Release {release.version} is current.")


@click.command(epilog=example("kg prune --keep 3"))
@click.option("--keep", type=click.IntRange(min=1), required=True, help="How many of the newest to keep.")
def prune(*, keep: int) -> None:
    """Delete all but the newest releases and the current one; what they changed stays in the history."""
    known = Releases(settings().home)
    _drop_vectors(known, known.prunable(keep))
    gone = known.prune(keep)
    for version in gone:
        click.echo(f"Release {version} is deleted.")
    if not gone:
        click.echo("There was nothing to delete.", err=True)


def _drop_vectors(known: Releases, doomed: list[int]) -> None:
    """Remove what indexes keep outside the releases that are to be deleted, where no other one uses it."""
    from search.vectors import drop_vectors

    kept = [release.index for release in known.all() if release.version not in doomed]
    for release in known.all():
        if release.version in doomed:
            drop_vectors(release.index, kept)


COMMANDS = (releases, rollback, prune)
