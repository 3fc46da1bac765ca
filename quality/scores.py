"""How high the right thing stands: success at the first places, and the mean reciprocal rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quality.queries import Query
    from search.hits import Hit

DEPTH = 10


@dataclass(frozen=True)
class Outcome:
    """What a query found; `rank` is the place of the first right hit, 0 where there is none.

    Whatever stands before it counts, be it a class, a property or a source.
    """

    query: Query
    rank: int
    hits: tuple[Hit, ...]

    @classmethod
    def of(cls, query: Query, hits: Sequence[Hit]) -> Outcome:
        """The outcome of a query by its hits, the best first."""
        right = (place for place, hit in enumerate(hits, start=1) if hit.iri.value in query.expect)
        return cls(query, next(right, 0), tuple(hits))

    def as_json(self) -> dict[str, Any]:
        """What a developer wants to see of a failure."""
        query = self.query
        return {
            "id": query.id,
            "lang": query.lang,
            "kind": query.kind,
            "text": query.text,
            **({"meant": query.meant} if query.meant else {}),
            "expect": sorted(query.expect),
            "rank": self.rank,
            "found": [_told(hit) for hit in self.hits[:5]],
        }


@dataclass(frozen=True)
class Scores:
    """The means over a number of queries; all of them 0 where there is no query."""

    count: int
    first: float
    five: float
    reciprocal: float

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Scores:
        """The scores of some outcomes."""
        ranks = [outcome.rank for outcome in outcomes]
        count = max(len(ranks), 1)
        return cls(
            count=len(ranks),
            first=sum(rank == 1 for rank in ranks) / count,
            five=sum(1 <= rank <= 5 for rank in ranks) / count,
            reciprocal=sum(1 / rank for rank in ranks if rank) / count,
        )


def _told(hit: Hit) -> dict[str, Any]:
    return {"iri": hit.iri.value, "label": hit.label, "kind": hit.kind, "score": hit.score}
