"""What was measured, as tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measuring import clients_of
from benchmarks.peers import OURS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.measuring import Question, Results

NOTHING = "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table whose first column is of words and whose others are of numbers."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def times(
    results: Results, questions: Sequence[Question], names: Sequence[str], clients: int
) -> Iterator[str]:
    """Medians of one number of clients, their geometric mean, and how many times ours that is."""
    rows = []
    for question in questions:
        cells = [results.cell(question.name, name, clients) for name in names]
        found = [milliseconds(cell.milliseconds if cell else None) for cell in cells]
        rows.append([question.name, f"{results.rows.get(question.name, 0):,}", *found])
    means = [results.mean([question.name for question in questions], name, clients) for name in names]
    rows.append(["**geometric mean**", "", *map(milliseconds, means)])
    rows.append(["**times ours**", "", *ratios(means, means[names.index(OURS)])])
    yield from table([f"ms, {clients_of(clients)}", "rows", *names], rows)


def rates(results: Results, question: Question, names: Sequence[str], plan: Sequence[int]) -> Iterator[str]:
    """Requests a second of one question by number of clients, and how many times ours that is."""
    rows = []
    for clients in plan:
        cells = [results.cell(question.name, name, clients) for name in names]
        found = [cell.rate if cell else None for cell in cells]
        rows.append([clients_of(clients), *(f"{rate:,.0f}" if rate else NOTHING for rate in found)])
        rows.append(["… times ours", *ratios(found, found[names.index(OURS)])])
    yield from table([f"requests/s: {question.name}", *names], rows)


def gains(
    results: Results, pairs: Sequence[tuple[Question, Question]], names: Sequence[str]
) -> Iterator[str]:
    """How many times quicker each rewritten query is."""
    rows = []
    for written, rewritten in pairs:
        row = [written.name]
        for name in names:
            before, after = results.cell(written.name, name, 1), results.cell(rewritten.name, name, 1)
            row.append(f"{before.milliseconds / after.milliseconds:.1f}" if before and after else NOTHING)
        rows.append(row)
    yield from table(["times quicker when rewritten", *names], rows)


def remarks(results: Results) -> Iterator[str]:
    """What went otherwise, line by line."""
    for remark in results.remarks:
        yield f"- {remark}"


def milliseconds(value: float | None) -> str:
    """A time with about three figures."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratios(values: Sequence[float | None], ours: float | None) -> list[str]:
    """Each value divided by ours."""
    return [f"{value / ours:.2f}" if value and ours else NOTHING for value in values]
