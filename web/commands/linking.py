"""Identity links to registers: proposed from an extract that the user has, accepted by a reviewer."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kg.cells import IDENTIFIER, address, date_type
from kg.iris import expand
from kg.store import IRI
from web.commands.home import current_release, example, progress, settings
from web.commands.naming import termed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.release import Release
    from kg.store import Quad
    from search.identities import Candidate, Matcher

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
PROPOSE = "propose"
LEAST, MOST = 0.5, 5


class Linking(click.Group):
    """A group whose usual command need not be named: `kg link EXTRACT` proposes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the usual command where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [PROPOSE, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Linking,
    epilog=example(
        "kg link v1.74-2025-11-24-ror-data.zip --class organisation -o candidates.csv",
        "kg link accept candidates.csv --source ror-2025-11 --title 'ROR data dump 1.74'",
    ),
)
def link() -> None:
    """Find what Wikidata or ROR call the things of the graph: `kg link EXTRACT`, then `kg link accept FILE`.

    Nothing is linked before somebody has said yes to it, and nothing is fetched.
    """


@link.command(PROPOSE, epilog=example("kg link items.csv --class organisation --least 0.7 -o candidates.csv"))
@click.argument("extract", type=FILE)
@click.option(
    "--kind",
    type=click.Choice(["auto", "ror", "wikidata"]),
    default="auto",
    show_default=True,
    help="Which register it is an extract of.",
)
@click.option(
    "--class", "classes", multiple=True, help="Only things of this class; may be given several times."
)
@click.option(
    "--country-property",
    "properties",
    multiple=True,
    help="A property that tells the country of a thing; else one is looked for.",
)
@click.option(
    "--least", type=click.FloatRange(0, 1), default=LEAST, show_default=True, help="The lowest score."
)
@click.option(
    "--most", type=click.IntRange(1, 40), default=MOST, show_default=True, help="Candidates by thing."
)
@click.option(
    "-o", "--output", type=click.File("w", encoding="utf-8"), default="-", help="Where to write; else stdout."
)
def propose(
    *,
    extract: Path,
    kind: str,
    classes: tuple[str, ...],
    properties: tuple[str, ...],
    least: float,
    most: int,
    output: TextIO,
) -> None:
    """Propose records of an EXTRACT for the things of the graph, as a table to be reviewed.

    EXTRACT is a data dump of ROR (JSON, also in .zip or .gz), lines of the JSON dump of Wikidata, or a
    table from its query service (CSV or TSV with a column “item”). Write yes into the column “accept” of
    the rows that are right.
    """
    from kg import nquads
    from kg.imports import extracts, reviews, ror, wikidata
    from search.identities import Matcher
    from search.lexicon import Lexicon

    register = {"ror": ror, "wikidata": wikidata}[extracts.register(extract) if kind == "auto" else kind]
    release = current_release()
    kinds = [termed(release, name).value for name in classes]
    told_by = [termed(release, name).value for name in properties]
    matcher = Matcher(release, Lexicon(release.index), register.SPACE, kinds, told_by, progress)
    _tell(matcher)
    named = f"{extract.name} (SHA-256 {nquads.digest(extract)[:16]}…)"
    found = list(matcher.candidates(register.records(extract), least, most))
    output.write(reviews.text(_rows(found, release, named)))
    things = len({one.thing.iri for one in found})
    click.echo(
        f"{len(found):,} candidates for {things:,} things; {matcher.left_out:,} are linked already.", err=True
    )


def _tell(matcher: Matcher) -> None:
    """By which property the country of each class is told."""
    from search.entries import Entries
    from search.names import Names

    names = Names(matcher.release, Entries(matcher.release.index))
    by_property: dict[str, list[str]] = {}
    for kind, props in matcher.homelands.told_by.items():
        for prop in props:
            by_property.setdefault(prop, []).append(names.one(kind, ["en"]))
    for prop, kinds in by_property.items():
        name = names.one(prop, ["en"])
        click.echo(f"The country is told by “{name}” for: {', '.join(kinds)}.", err=True)


def _rows(found: Sequence[Candidate], release: Release, extract: str) -> Iterator[Sequence[str]]:
    from kg.labels import labels

    kinds = labels(release.store, [IRI(kind) for one in found for kind in one.thing.kinds], ["en"])
    slugs = {one.thing.iri: release.iris.slug(IRI(one.thing.iri)) or one.thing.iri for one in found}
    for one in sorted(found, key=lambda one: (one.thing.label.casefold(), one.thing.iri, -one.score)):
        yield (
            "",
            slugs[one.thing.iri],
            one.thing.label,
            ", ".join(kinds[IRI(kind)].text for kind in one.thing.kinds),
            ", ".join(sorted(one.own_countries)),
            one.record.iri,
            one.record.label,
            ", ".join(one.record.kinds),
            ", ".join(sorted(one.countries)) or ", ".join(one.record.countries),
            f"{one.score:.2f}",
            "; ".join(one.reasons),
            extract,
        )


@link.command(
    epilog=example("kg link accept candidates.csv --source ror-2025-11 --title 'ROR data dump 1.74'")
)
@click.argument("table", type=FILE)
@click.option(
    "--source", required=True, metavar="ID", help="The id of the extract as a source, such as ror-2025-11."
)
@click.option("--title", default="", help="Its title; not needed where the source is known.")
@click.option("--url", default="", help="Address that it is from.")
@click.option("--publisher", default="", help="Who publishes it.")
@click.option("--date", default="", help="Its date: 2025, 2025-10 or 2025-10-13.")
@click.option(
    "--property", "prop", default="skos:exactMatch", show_default=True, help="The property that links."
)
@click.option("--by", "who", default=getpass.getuser, show_default="you", help="Who has accepted.")
@click.option("--dry-run", is_flag=True, help="Show the statements as N-Quads, and write nothing.")
def accept(
    *,
    table: Path,
    source: str,
    title: str,
    url: str,
    publisher: str,
    date: str,
    prop: str,
    who: str,
    dry_run: bool,
) -> None:
    """Write the links that a reviewer has accepted in a TABLE of candidates.

    They are written through the journal, in the graph of the source that the extract is; that graph also
    tells the method.
    """
    from kg import nquads
    from kg.imports import reviews

    _check(source, url, date)
    release = current_release()
    links = reviews.accepted(table, release)
    if not links:
        click.echo(
            "No row is accepted; write yes into the column “accept” of those that are right.", err=True
        )
        return
    origin = reviews.Origin(source, title, url, publisher, date)
    day = datetime.now(UTC).date().isoformat()
    said = reviews.quads(links, origin, who, day, release, _property(release, prop))
    if dry_run:
        click.echo("\n".join(map(nquads.line, said)))
        return
    _write(release, said, who)


def _property(release: Release, name: str) -> IRI:
    """The property that is meant; those of SKOS need not stand in the graph."""
    return expand(name, release.prefixes, release.iris) if ":" in name else termed(release, name)


def _check(source: str, url: str, date: str) -> None:
    if not IDENTIFIER.fullmatch(source):
        raise click.UsageError(f"--source: “{source}” is not an id; use small letters, digits and hyphens.")
    if url and address(url) is None:
        raise click.UsageError(f"--url: “{url}” is not a web address; write https://…")
    if date and date_type(date) is None:
        raise click.UsageError(f"--date: “{date}” is not a date; write 2025, 2025-10 or 2025-10-13.")


def _write(release: Release, said: Sequence[Quad], who: str) -> None:
    from kg.updating.writer import Writer
    from kg.updating.writing import Document
    from web.commands.ingesting import follow

    lines = "".join(f"{quad.triple} .\n" for quad in said)
    document = Document(lines.encode(), "application/n-triples", release.iris.base)
    graph = said[0].graph_name
    assert isinstance(graph, IRI)
    receipt = Writer(settings().home).post(graph, [document], f"kg link, {who}")
    if receipt.added:
        follow()
    click.echo(f"Release {receipt.version}: {receipt.added or 0:,} statements added.")


COMMANDS = (link,)
