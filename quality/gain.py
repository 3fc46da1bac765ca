"""Normalised discounted cumulative gain (Järvelin and Kekäläinen, ACM TOIS 20(4), 2002), as in trec_eval.

The gain of a document is its judged degree, discounted by the binary logarithm of its place plus one.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], depth: int = 10) -> float:
    """The gain of the first `depth` documents by that of the best order; 0 where none is relevant.

    Documents that were not judged are not relevant, nor are those of a degree below 1.
    """
    gains = [max(judged.get(document, 0), 0) for document in ranked]
    best = _discounted(sorted((max(degree, 0) for degree in judged.values()), reverse=True)[:depth])
    return _discounted(gains[:depth]) / best if best else 0.0


def mean_ndcg(
    runs: Mapping[str, Sequence[str]], judgements: Mapping[str, Mapping[str, int]], depth: int = 10
) -> float:
    """The mean over all queries that have a relevant document, those included that found nothing."""
    wanted = [query for query, judged in judgements.items() if any(degree > 0 for degree in judged.values())]
    found = [ndcg(runs.get(query, ()), judgements[query], depth) for query in wanted]
    return sum(found) / len(found) if found else 0.0


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))
