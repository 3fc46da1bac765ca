"""Documents taken into the graph."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cells import LANGUAGE, address, date_type
from kg.documents import EXCERPT, WHOLE
from kg.labels import labels
from kg.release import Releases
from web.commands.home import choice, current_release, example, progress, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.labels import Label
    from kg.release import Release
    from kg.store import IRI
    from kg.text.annotations import Mention
    from kg.updating.writing import Receipt
    from search.ingestion import Ingester, Taken, Wishes


@click.command(
    epilog=example(
        "kg ingest article.html --url https://example.org/article",
        "kg ingest papers/ --lang it --licence https://creativecommons.org/licenses/by/4.0/ --show whole",
        "kg ingest --delete article",
    )
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--lang", default="", help="Language, such as it; else as the file says or its words tell.")
@click.option("--title", default="", help="Title of one document, where its file has none or a wrong one.")
@click.option("--date", default="", help="Date: 2025, 2025-10 or 2025-10-13.")
@click.option("--url", default="", help="Address that one document is from.")
@click.option("--licence", default="", help="Address of the licence that it is under.")
@click.option(
    "--show",
    type=click.Choice([EXCERPT, WHOLE]),
    default=EXCERPT,
    show_default=True,
    help="How much of its text anybody may see.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be taken in, and write nothing.")
@click.option("--delete", multiple=True, metavar="NAME", help="Remove the document of this name or file.")
@choice("text", "json")
def ingest(
    *,
    files: tuple[Path, ...],
    lang: str,
    title: str,
    date: str,
    url: str,
    licence: str,
    show: str,
    dry_run: bool,
    delete: tuple[str, ...],
    form: str,
) -> None:
    """Take documents into the graph: text, HTML, PDF, Markdown, each in a FILE or all in a folder.

    Each gets passages and links to the entities that it mentions, and is found at once. Its whole text is
    kept beside the graph, which shows an excerpt unless the licence allows more. The same file again
    changes nothing; a changed one replaces what was there.
    """
    from search.ingestion import Ingester, Wishes

    wishes = Wishes(lang, title, date, url, licence, show)
    _check(files, delete, wishes)
    current_release()
    ingester = Ingester(settings().home, progress)
    taken = [] if delete else ingester.read(files, wishes)
    if len(taken) > 1 and (title or url):
        raise click.UsageError("--title and --url are for one document; give them file by file.")
    receipt = None if dry_run else ingester.delete(delete) if delete else ingester.write(taken)
    if receipt and (receipt.added or receipt.removed):
        follow()
    _tell(ingester, taken, receipt, form)


def _check(files: Sequence[Path], delete: Sequence[str], wishes: Wishes) -> None:
    if bool(files) == bool(delete):
        raise click.UsageError("Give files or folders to take in, or --delete NAME to remove a document.")
    if wishes.lang and not LANGUAGE.fullmatch(wishes.lang):
        raise click.UsageError(f"--lang: “{wishes.lang}” is not a language tag; write en, it or de.")
    if wishes.date and date_type(wishes.date) is None:
        raise click.UsageError(f"--date: “{wishes.date}” is not a date; write 2025, 2025-10 or 2025-10-13.")
    for name, text in (("url", wishes.url), ("licence", wishes.licence)):
        if text and address(text) is None:
            raise click.UsageError(f"--{name}: “{text}” is not a web address; write https://…")


def follow() -> None:
    """Bring the index up to the graph, unless a service runs here, whose follower does."""
    from search.encoder import load_encoder
    from search.following import catch_up

    said = settings()
    with (said.home / "indexing.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        catch_up(Releases(said.home), load_encoder(said.encoder))


def _tell(ingester: Ingester, taken: Sequence[Taken], receipt: Receipt | None, form: str) -> None:
    release = ingester.release
    named = labels(release.store, {one.entity for each in taken for one in each.mentions}, ["en"])
    if form == "json":
        members: dict[str, Any] = {"documents": [_members(one, release, named) for one in taken]}
        if receipt:
            members |= {"release": receipt.version, "added": receipt.added, "removed": receipt.removed}
        click.echo(json.dumps(members, ensure_ascii=False, indent=2))
    else:
        for one in taken:
            click.echo(_line(one, release, named))
    if receipt:
        changes = f"{receipt.added:,} statements added, {receipt.removed:,} removed"
        click.echo(f"Release {receipt.version}: {changes}.", err=True)


def _members(one: Taken, release: Release, named: Mapping[IRI, Label]) -> dict[str, Any]:
    said = one.document
    return {
        "iri": release.iris.document(said.name).value,
        "name": said.name,
        "file": said.file,
        "title": said.title,
        "lang": said.lang,
        "date": said.date,
        "shows": said.shows,
        "characters": len(one.text),
        "passages": [{"start": span.start, "end": span.end} for span in one.spans],
        "mentions": [_mention(mention, named) for mention in one.mentions],
    }


def _mention(mention: Mention, named: Mapping[IRI, Label]) -> dict[str, Any]:
    return {
        "iri": mention.entity.value,
        "label": named[mention.entity].text,
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "confidence": mention.confidence,
    }


def _line(one: Taken, release: Release, named: Mapping[IRI, Label]) -> str:
    """A document in three lines: what it is, where it is, what it mentions most."""
    said = one.document
    counts = f"{len(one.spans)} passages, {len(one.mentions)} mentions"
    often: dict[IRI, int] = {}
    for mention in one.mentions:
        often[mention.entity] = often.get(mention.entity, 0) + 1
    first = sorted(often, key=lambda iri: (-often[iri], iri.value))
    names = ", ".join(named[iri].text for iri in first[:MOST_NAMED]) + (
        " …" if len(first) > MOST_NAMED else ""
    )
    lines = [f"{said.file}: {said.title} ({', '.join(filter(None, (said.lang, said.date, counts)))})"]
    lines += [f"    {release.iris.document(said.name).value}", *([f"    {names}"] if names else [])]
    return "\n".join(lines)


MOST_NAMED = 8

COMMANDS = (ingest,)
