"""The ways from the members of some classes to those of others, over one property or two."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from search.answering.algebra import turned
from search.answering.relation import VALUES, Way
from search.answering.relations import Relations
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.answering.algebra import Path
    from search.answering.relation import Types

# What it costs
IMPLICIT = 0.5  # that a relation is meant which no word names
OVER_KEY = 0.05  # to go over equal values
OVER_CONNECTOR = 0.1  # to go over what only joins others
OVER_ANOTHER = 1.0  # to go over anything else
RARE = 0.2  # that few things have a relation, for each e-fold
RARE_END = 0.1  # that it leads to few things
# What costs less
RAREST = 0.15  # the most that being rare costs the commonest of several ways
ONLY = 0.1  # that there is no other way
MUCH_RARER = 0.5  # what a way may cost more than the cheapest
MOST_PATHS = 4


@dataclass
class Ways(Relations):
    """The relations of a release as a network of classes."""

    keys: tuple[tuple[Path, Types, Types], ...] = ()  # paths over equal values, with the classes they join
    _ways: dict[tuple[Types, Types], tuple[Way, ...]] = field(default_factory=dict, init=False)

    def ways(self, first: Types, second: Types) -> tuple[Way, ...]:
        """The paths of one or two hops from members of some classes to members of others, cheapest first."""
        if (first, second) not in self._ways:
            found = [*self._direct(first, second)]
            if not found or min(way.cost for way in found) > IMPLICIT + OVER_ANOTHER:
                found += self._indirect(first, second)
            found = _less_rare(found)
            found.sort(key=lambda way: (way.cost, str(way.path)))
            likely = [way for way in found if way.cost <= found[0].cost + MUCH_RARER]
            self._ways[first, second] = tuple(likely[:MOST_PATHS])
        return self._ways[first, second]

    def _direct(self, first: Types, second: Types) -> Iterable[Way]:
        wanted = self.span(second)
        for path, starts, ends in self.keys:
            for way, here, there in ((path, starts, ends), (turned(path), ends, starts)):
                if self.span(first) & here and wanted & there:
                    yield Way(way, IMPLICIT + OVER_KEY, wanted & there)
        for step in self.steps:
            ends = self.step_ends(step, first) & wanted
            if ends:
                rare = self._rareness(step, first, second)
                yield Way(((step,),), IMPLICIT + rare, ends, rare)

    def _indirect(self, first: Types, second: Types) -> Iterable[Way]:
        wanted = self.span(second)
        for step in self.steps:
            middle = self.step_ends(step, first)
            for kind in sorted(middle):
                over = OVER_CONNECTOR if kind in self.connectors else OVER_ANOTHER
                for other in self.steps:
                    ends = self.step_ends(other, frozenset({kind})) & wanted
                    if ends and other != step.turned:
                        here = frozenset({kind})
                        rare = self._rareness(step, first, here) + self._rareness(other, here, second)
                        yield Way(((step,), (other,)), IMPLICIT + over + rare, ends, rare)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every stated property that joins things, in both directions."""
        uses = self.profile.uses.items()
        names = [name for name, use in uses if use.values["entity"]]
        return tuple(step for name in sorted(names) for step in (Step(name), Step(name).turned))

    def _rareness(self, step: Step, types: Types, ends: Types) -> float:
        """What it costs that few of those at either end of a step have it."""
        first, second = self.coverage(step, types), self.coverage(step.turned, ends)
        return -RARE * math.log(max(first, 1e-3)) - RARE_END * math.log(max(second, 1e-3))

    def coverage(self, step: Step, types: Types) -> float:
        """What share of the members of some classes a step can begin at, about."""
        use = self.profile.uses[step.property]
        kinds = self.span(types)
        members = sum(self.profile.members[kind] for kind in kinds) or 1
        if not step.inverse:
            return min(1.0, sum(use.holders[kind] for kind in kinds) / members)
        count = sum(number for ends in use.pairs.values() for kind, number in ends.items() if kind in kinds)
        return min(1.0, count / members)

    @cached_property
    def connectors(self) -> frozenset[str]:
        """Classes whose members only join others: they lead to two things or more, and have nothing else."""
        into: set[str] = set()
        out: dict[str, int] = {}
        for use in self.profile.uses.values():
            if any(use.values[kind] for kind in VALUES):
                into.update(use.subjects)
            for start, ends in use.pairs.items():
                out[start] = out.get(start, 0) + 1
                into.update(ends)
        return frozenset(kind for kind, count in out.items() if count >= 2 and kind not in into)


def _less_rare(ways: Iterable[Way]) -> list[Way]:
    """Ways of which the least rare costs little: rareness tells ways apart, and speaks against none."""
    found = list(ways)
    least = min((way.rare for way in found), default=0.0)
    less = max(0.0, least - RAREST) + (ONLY if len(found) == 1 else 0.0)
    return [replace(way, cost=way.cost - less) for way in found]
