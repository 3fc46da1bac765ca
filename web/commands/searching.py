"""Searching from the command line: one text, what is like a thing, or a batch."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import click

from kg.errors import KGError
from kg.sources import sources
from kg.store import IRI
from web.commands.describing import source_line
from web.commands.home import choice, current_release, example, settings
from web.commands.naming import named
from web.finding.filtering import KINDS, Filtering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from search.filters import Filters
    from search.hits import Excerpt, Hits
    from search.ranking import Finder

TEXTS = ("query", "text", "question")
MOST, LAST_START = 100, 200


class NotAQuery(KGError):
    """A line of a batch that cannot be read."""


def opened_finder(*, by_meaning: bool) -> Finder:
    """The finder of the current release; without meaning, which may take seconds, it goes by words."""
    from search.encoding import available_encoder
    from search.ranking import Finder

    return Finder.open(current_release(), available_encoder(settings()) if by_meaning else None)


@dataclass(frozen=True)
class Search:
    """How to search, as the options say."""

    finder: Finder
    filters: Filters
    lang: str | None
    start: int
    most: int

    def find(self, text: str, lang: str | None = None) -> Hits:
        """What is found for a text; its language is the one given, or else told from its words."""
        from search.linking import link
        from search.tokens import clean

        told = lang or self.lang or link(clean(text), self.finder.lexicon).lang
        return self.finder.find(
            text, [told, "en"], self.most, start=self.start, filters=self.filters, lang=told
        )

    def similar(self, iri: IRI) -> Hits:
        """What is most like a thing."""
        return self.finder.similar(iri.value, [self.lang or "en", "en"], self.most)


def filter_option(name: str, words: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option that may be given several times."""
    return click.option(f"--{name}", f"{name}_", multiple=True, metavar=name.upper(), help=words)


@click.command(
    epilog=example(
        "kg search 'machines in the far north'",
        "kg search sanità --class Supercomputer --linked italy",
        "kg search --similar leonardo",
        "kg search --batch queries.jsonl > hits.jsonl",
    )
)
@click.argument("text", required=False)
@click.option("--lang", help="Language of the text and of names, such as it; without it the text tells.")
@click.option(
    "--most", type=click.IntRange(1, MOST), default=10, show_default=True, help="How many hits at most."
)
@click.option(
    "--start", type=click.IntRange(0, LAST_START), default=0, show_default=True, help="How many to leave out."
)
@filter_option("kind", f"Only hits of this kind: {', '.join(KINDS)}. Can be given several times.")
@filter_option("class", "Only things of this class: a slug, a CURIE, an IRI or a name. Several widen it.")
@filter_option("linked", "Only things linked with this one: a slug, a CURIE or an IRI. Several narrow it.")
@filter_option("year", "Only things of which something is said with this year. Several widen it.")
@filter_option("source", "Only things of which this source says something. Several widen it.")
@click.option("--similar", metavar="NAME", help="Instead of a text: find what is most like this thing.")
@click.option("--batch", type=click.File(encoding="utf-8"), help="Texts as JSON, one object a line.")
@choice("text", "json")
def search(
    *,
    text: str | None,
    lang: str | None,
    most: int,
    start: int,
    similar: str | None,
    batch: IO[str] | None,
    form: str,
    **filters: Sequence[str],
) -> None:
    """Find things by words and by meaning; without TEXT, whatever passes the filters.

    A line of a batch is an object with "query" (or "text", or "question") and, if wanted, "lang" and "id";
    for each there is an object with "id", "query", "hits", "note" and "ms".
    """
    said = {name.removesuffix("_"): values for name, values in filters.items()}
    ways = [text is not None, similar is not None, batch is not None]
    if sum(ways) > 1 or not (any(ways) or any(said.values())):
        raise click.UsageError("Give a TEXT, --similar NAME, --batch FILE, or a filter.")
    if similar is not None and any(said.values()):
        raise click.UsageError("What is --similar is not filtered.")
    finder = opened_finder(by_meaning=text is not None or batch is not None)
    narrow = Filtering(finder).filters(said).widened(finder.profile)
    asked = Search(finder, narrow, lang, start, most)
    if batch is not None:
        for members in _found(asked, batch):
            click.echo(json.dumps(members, ensure_ascii=False))
            sys.stdout.flush()
        return
    hits = asked.similar(named(finder.release, similar)) if similar is not None else asked.find(text or "")
    if form == "json":
        click.echo(json.dumps(_members(similar or text or "", hits), ensure_ascii=False))
    else:
        _tell(finder, hits, is_text=bool(text))


def _found(asked: Search, batch: IO[str]) -> Iterator[dict[str, Any]]:
    asked.find(TEXTS[0])  # so that the time of the first line is not that of loading the model
    for number, line in enumerate(batch, start=1):
        if not line.strip():
            continue
        said = _said(line, f"{batch.name}:{number}")
        text = str(next(said[name] for name in TEXTS if name in said))
        began = time.perf_counter()
        members = _members(text, asked.find(text, said.get("lang")))
        milliseconds = round(1000 * (time.perf_counter() - began), 3)
        yield {**({"id": said["id"]} if "id" in said else {}), **members, "ms": milliseconds}


def _said(line: str, place: str) -> dict[str, Any]:
    """What a line of a batch holds. Raises NotAQuery."""
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not any(name in said for name in TEXTS):
        raise NotAQuery(f'{place}: not an object with "query"; write {{"query": "…"}}.')
    return said


def _members(text: str, hits: Hits) -> dict[str, Any]:
    return {"query": text, "hits": [hit.as_json() for hit in hits], "note": hits.note}


def _tell(finder: Finder, hits: Hits, *, is_text: bool) -> None:
    """Each hit in a few lines: what it is, why it is here, and what is said of it by whom."""
    for hit in hits:
        click.echo(f"{hit.label}  ({', '.join(hit.classes) or hit.kind})  {hit.iri.value}")
        click.echo(f"    {hit.score:.2f}  {'; '.join(hit.reasons)}".rstrip())
        for excerpt in (hit.statement, hit.passage):
            if excerpt:
                click.echo(f"    {_quoted(finder, excerpt)}")
    if hits.note and is_text:
        click.echo(hits.note, err=True)
    if not hits:
        click.echo("Nothing is found.", err=True)


def _quoted(finder: Finder, excerpt: Excerpt) -> str:
    release = finder.release
    known = sources(release.store, release.iris, [IRI(iri) for iri in excerpt.sources])
    distinct = {known[IRI(iri)].iri: known[IRI(iri)] for iri in excerpt.sources}
    return f"{' '.join(excerpt.text.split())}  [{source_line(distinct.values())}]"


COMMANDS = (search,)
