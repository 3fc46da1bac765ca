"""The graph as a network: who shares what, what is central, which groups there are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.network.measures import MEASURES
from kg.workers.evaluator import Evaluator
from web.commands.describing import lang_option
from web.commands.home import choice, current_release, example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.network.communities import Community
    from kg.network.drawing import Drawing
    from kg.network.measures import Measure

MOST_MEMBERS = 6


@click.command(
    epilog=example(
        "kg network",
        "kg network --class organisation --via 'AI Factory'",
        "kg network --class organisation --via 'partner of/located in state' --format gexf > partners.gexf",
        "kg network -f pairs.rq --measure betweenness --format json",
    )
)
@click.option("--class", "kind", default="", help="Link the members of this class; without it, all entities.")
@click.option("--via", default="", help="By what they share: a class, or properties such as a/^b.")
@click.option("--query", default="", help="A SELECT query for ?a, ?b and ?via instead of a class.")
@click.option(
    "-f", "--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="File of the query."
)
@click.option(
    "--measure", type=click.Choice(MEASURES), default=MEASURES[0], show_default=True, help="What is central."
)
@lang_option
@click.option(
    "--most", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many rows at most."
)
@choice("text", "json", "graphml", "gexf")
def network(
    *,
    kind: str,
    via: str,
    query: str,
    file: Path | None,
    measure: Measure,
    lang: str,
    most: int,
    form: str,
) -> None:
    """Tell what is most central in a network, and which communities it has.

    Names are labels, CURIEs, IRIs or the last part of an IRI.
    """
    from web.operations.choosing import written

    if query and file:
        raise click.UsageError("Give --query or --file, not both.")
    text = file.read_text(encoding="utf-8") if file else query
    drawing = _drawing(kind, via, text, measure, lang)
    if form == "text":
        for line in _lines(drawing, most):
            click.echo(line)
        return
    sys.stdout.buffer.write(written(drawing, form))
    sys.stdout.flush()


def _drawing(kind: str, via: str, query: str, measure: Measure, lang: str) -> Drawing:
    from kg.network.drawing import Drawing
    from kg.network.linkage import Linkage
    from kg.network.study import Studies
    from web.operations.choosing import chosen

    release = current_release()
    with Evaluator(release.store_path, release.prefixes, release.iris.base) as evaluator:
        studies = Studies(Linkage(release))
        return Drawing(studies.of(chosen(release, kind, via, query), measure, evaluator), [lang])


def _lines(drawing: Drawing, most: int) -> Iterator[str]:
    """The most central nodes, then the communities, the largest first."""
    study = drawing.study
    nodes, edges = len(study.projection.nodes), len(study.projection.edges)
    communities = study.partition.communities
    groups = f"{len(communities):,} communities, modularity {study.partition.modularity:.2f}"
    yield f"{nodes:,} nodes, {edges:,} links; {groups}"
    sample = f", estimated from {study.centrality.sampled:,} nodes" if study.centrality.sampled else ""
    yield from ("", f"Most central ({study.centrality.measure}{sample})")
    for node in drawing.order[:most]:
        yield f"  {study.values[node]:>8.4g}  {drawing.names[node]}"
    if communities:
        yield from ("", "Communities")
    for one in communities[:most]:
        yield f"  {len(one.members):>4}  {drawing.title(one)}{_how_many(one)}: {_members(drawing, one)}"


def _how_many(one: Community) -> str:
    """How many share what it is called by."""
    return f" ({one.shares[0].count} of {len(one.members)})" if one.shares else ""


def _members(drawing: Drawing, one: Community) -> str:
    named = "; ".join(drawing.names[node] for node in one.members[:MOST_MEMBERS])
    return f"{named}; …" if len(one.members) > MOST_MEMBERS else named


COMMANDS = (network,)
