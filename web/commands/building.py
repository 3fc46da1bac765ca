"""Making releases: build, check, import."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.release import Releases
from web.commands.home import example, progress, settings, steps

if TYPE_CHECKING:
    from kg.building.inputs import Inputs
    from kg.release import Release

FILE = click.Path(path_type=Path)
MOST_SHOWN = 3


def inputs_of(ontology: Path | None, data: Path | None, base: str | None) -> Inputs:
    """The inputs that the options name, or else the shipped ones."""
    from kg.building.inputs import Inputs

    if (ontology is None) != (data is None):
        raise click.UsageError(
            "--ontology and --data go together: give both, or neither for the shipped graph."
        )
    said = settings(base)
    if ontology is None or data is None:
        return Inputs.shipped(said)
    return Inputs(ontology, data, said.base, said.encoder, said.vectors)


def _tell(release: Release, began: float) -> None:
    counts = release.manifest.counts
    sources = f"{counts['sources']:,} source{'' if counts['sources'] == 1 else 's'}"
    click.echo(
        f"Release {release.version}: {counts['quads']:,} statements about {counts['entities']:,} things "
        f"by {sources}, in {time.monotonic() - began:.1f} s."
    )
    warnings = release.manifest.warnings
    for warning in warnings[:MOST_SHOWN]:
        click.echo(f"Warning: {warning}", err=True)
    if len(warnings) > MOST_SHOWN:
        click.echo(f"… and {len(warnings) - MOST_SHOWN} more warnings; `kg check` lists them.", err=True)


ontology_option = click.option("--ontology", type=FILE, help="Turtle file of another ontology.")
data_option = click.option("--data", type=FILE, help="Folder with the CSV facts in its terms.")
base_option = click.option("--base", help="IRI below which things are named; also KG_BASE.")


@click.command(epilog=example("kg build", "kg build --ontology lighthouses.ttl --data lighthouses/"))
@ontology_option
@data_option
@base_option
@click.option("--if-changed", is_flag=True, help="Do nothing when the current release is made of the same.")
@click.option("--no-index", is_flag=True, help="Leave out search and answers: quicker, for SPARQL and pages.")
def build(
    *, ontology: Path | None, data: Path | None, base: str | None, if_changed: bool, no_index: bool
) -> None:
    """Make a release from facts and journal, and publish it."""
    from kg.building.build import IMPORTED, build, is_up_to_date

    inputs, home, began = inputs_of(ontology, data, base), settings().home, time.monotonic()
    further = steps(index=not no_index)
    if if_changed and is_up_to_date(home, inputs, further):
        current = Releases(home).current()
        imported = current.manifest.origin == IMPORTED
        state = "was imported; `kg build` replaces it" if imported else "is up to date"
        click.echo(f"Release {current.version} {state}.", err=True)
        return
    _tell(build(home, inputs, further, progress), began)


@click.command(epilog=example("kg check", "kg check --ontology lighthouses.ttl --data lighthouses/"))
@ontology_option
@data_option
@base_option
def check(*, ontology: Path | None, data: Path | None, base: str | None) -> None:
    """Read and validate the facts without building; the warnings go to stdout."""
    from kg.building.build import check

    warnings = check(settings().home, inputs_of(ontology, data, base), progress)
    for warning in warnings:
        click.echo(warning)
    click.echo(f"The facts can be built; {len(warnings)} warnings.", err=True)


@click.command(
    "import", epilog=example("kg import graph.nt", "KG_HOME=/data/wine kg import wine.ttl.gz more.nq")
)
@click.argument("files", nargs=-1, required=True, type=FILE)
@base_option
@click.option("--no-index", is_flag=True, help="Leave out search and answers.")
def import_(*, files: tuple[Path, ...], base: str | None, no_index: bool) -> None:
    """Make a release from files of RDF, gzipped or not, and publish it.

    N-Triples, N-Quads, Turtle, TriG, RDF/XML and JSON-LD are read; nothing is fetched.
    """
    from kg.imports.importing import import_files

    said, began = settings(base), time.monotonic()
    further = steps(index=not no_index)
    _tell(import_files(said.home, files, said.base, further, progress), began)


COMMANDS = (build, check, import_)
