"""Taking a release away in other forms."""

from __future__ import annotations

import shutil
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from kg.downloads.forms import FORMS, TABLES
from kg.errors import SettingError
from kg.release import Releases
from web.commands.home import current_release, example, progress, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.downloads.forms import Form
    from kg.release import Release

FILE = click.Path(path_type=Path)
ALL = "all"
BLOCK = 1 << 20


@click.command(
    epilog=example(
        "kg export ttl -o graph.ttl.gz",
        "kg export nq | gunzip | head",
        "kg export csv --table entities > entities.csv",
        "kg export all -o dumps",
    )
)
@click.argument("form", type=click.Choice([*FORMS, ALL]))
@click.option("--release", "version", type=int, help="The release, if not the current one.")
@click.option("--table", default="", help="One table instead of all; for csv and parquet.")
@click.option("-o", "--output", type=FILE, help="Where to write it, instead of stdout; for all a new folder.")
def export(*, form: str, version: int | None, table: str, output: Path | None) -> None:
    """Write a release as FORM: byte for byte what the service offers below /dumps/.

    nq, trig, ttl and jsonld are gzipped, csv and parquet are archives of all tables. With all the dumps are
    made in the folder that KG_HOME names, where a service finds them.
    """
    if table and form not in TABLES:
        raise click.UsageError(f"--table goes with {' or '.join(TABLES)}.")
    release = current_release() if version is None else Releases(settings().home).get(version)
    if form == ALL:
        _export_all(release, output)
    elif output is None:
        is_text = form == "csv" and table
        if sys.stdout.isatty() and not is_text:
            raise click.UsageError("That is no text for a terminal; give --output, or send it to a file.")
        _copy(release, FORMS[form], table, sys.stdout.buffer)
    else:
        with _fresh(output) as file:
            _copy(release, FORMS[form], table, file)


def _copy(release: Release, form: Form, table: str, target: IO[bytes]) -> None:
    """Copy what is kept; what is not is made for this once."""
    from kg.downloads.dumps import Dumps, drafted

    path = f"{form.name}/{table}.{form.name}" if table else form.file
    kept = Dumps(settings().home).find(release.version)
    if kept and path in kept.files:
        with (kept.folder / path).open("rb") as source:
            shutil.copyfileobj(source, target, BLOCK)
        return
    with drafted(release, form, table) as draft, draft.open("rb") as source:
        shutil.copyfileobj(source, target, BLOCK)


def _export_all(release: Release, output: Path | None) -> None:
    from kg.downloads.dumps import Dumps

    if output is not None and output.exists():
        raise SettingError(f"{output} is there already; name a folder that is not.")
    dump = Dumps(settings().home).make(release, progress)
    if output is not None:
        shutil.copytree(dump.folder, output)
    for reason in dump.left_out.values():
        click.echo(f"Left out: {reason}", err=True)
    click.echo(output or dump.folder)


@contextmanager
def _fresh(target: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of the target once it is whole."""
    partial = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


COMMANDS = (export,)
