"""Where sources disagree: of each property that has one value, of how many things sources give several."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.aspects.schema import PROPERTIES
from kg.aspects.standing import is_single, standing
from kg.description import statements
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.release import Release
    from kg.store import Quad, Term
    from web.links import Link, Links
    from web.terms.glossary import Glossary

MOST_COMPARED = 200_000  # statements of one property
MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Disputed:
    """A property with how many things have it, and of how many of those sources contradict each other.

    `over_time` counts those whose value changes instead; `examples` are a few of which sources disagree.
    """

    prop: IRI
    things: int
    differ: int
    over_time: int
    examples: tuple[IRI, ...]

    @property
    def query(self) -> str:
        """The query for what has two values of it, each with the graph that it stands in."""
        return (
            f"SELECT DISTINCT ?thing ?value ?graph WHERE {{\n  ?thing {self.prop} ?one , ?other\n"
            f"  FILTER(STR(?one) < STR(?other))\n  GRAPH ?graph {{ ?thing {self.prop} ?value }}\n}}\n"
            "ORDER BY ?thing ?value ?graph"
        )


@dataclass(frozen=True)
class Shown:
    """A disputed property as a page shows it."""

    name: Link
    disputed: Disputed
    examples: tuple[Link, ...]


def disputed(glossary: Glossary) -> list[Disputed]:
    """The properties of which sources give one value each and do not agree, that with most cases first."""
    release = glossary.release
    props = [one for one in glossary.schema.of_kinds(PROPERTIES) if is_single(release.store, one)]
    found = [_disputed(release, prop) for prop in props if 0 < (glossary.uses(prop) or 0) <= MOST_COMPARED]
    kept = [one for one in found if one.differ or one.over_time]
    return sorted(kept, key=lambda one: (-one.differ, -one.over_time, one.prop.value))


def shown(links: Links, found: list[Disputed]) -> list[Shown]:
    """The same with names and links."""
    links.prepare(iri for one in found for iri in (one.prop, *one.examples))
    return [Shown(links.term(one.prop), one, tuple(map(links.link, one.examples))) for one in found]


def _disputed(release: Release, prop: IRI) -> Disputed:
    by_thing: defaultdict[Term, list[Quad]] = defaultdict(list)
    for quad in _stated(release, prop):
        by_thing[quad.subject].append(quad)
    stands = {
        thing: standing(statements(release, quads), (), single=True)
        for thing, quads in by_thing.items()
        if len({one.object for one in quads}) > 1
    }
    differ = [thing for thing, one in stands.items() if one.differ and isinstance(thing, IRI)]
    over_time = sum(bool(one.series) for one in stands.values())
    ranked = sorted(differ, key=lambda thing: (-len(stands[thing].values), thing.value))
    return Disputed(prop, len(by_thing), len(differ), over_time, tuple(ranked[:MOST_EXAMPLES]))


def _stated(release: Release, prop: IRI) -> Iterator[Quad]:
    for quad in release.store.quads(predicate=prop):
        if isinstance(quad.graph_name, IRI) and release.iris.is_source(quad.graph_name):
            yield quad
