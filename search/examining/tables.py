"""The figures of an examination as tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.examining.calibration import bins, expected_error, risks
from search.examining.figures import Figures, parted
from search.examining.page import head, row, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from search.examining.examination import Examined
    from search.examining.selftest import SelfTest

NOTHING = "–"
ALL = "all"
BRIEF = ("Questions", "Accuracy", "Wrong", "Refused", "Precision", "ECE", "p50 ms", "p95 ms")
COLUMNS = (
    *("Questions", "Right", "Wrong", "Refused", "Accuracy", "Precision", "Coverage", "Wrong rate"),
    *("p50 ms", "p95 ms"),
)


def overview(examined: Sequence[Examined]) -> Iterator[str]:
    """Tables by graph where there are several, by language, and by type."""
    if len({one.graph for one in examined}) > 1:
        yield from figures("Graph", examined, lambda one: one.graph)
        yield ""
    yield from figures("Language", examined, lambda one: one.question.lang)
    yield ""
    yield from figures("Type", examined, lambda one: one.question.kind or NOTHING)
    yield ""


def summary(parts: Mapping[str, Sequence[Examined]]) -> Iterator[str]:
    """A table with a row for each named part: what is right, wrong and refused, how surely and how fast."""
    yield from head(["Questions over", *BRIEF])
    for name, ones in parts.items():
        yield row([name, *_brief(ones)])


def self_tested(tested: SelfTest) -> Iterator[str]:
    """Tables of the self-test by language and by sort of question."""
    for title, part in (("Language", 0), ("Sort", 1)):
        yield from head([title, "Questions", "Understood", "Misunderstood", "Refused"])
        sums: dict[str, list[int]] = {}
        for cells in tested.rows():
            for name in (str(cells[part]), ALL):
                counts = sums.pop(name, [0, 0, 0, 0])
                sums[name] = [one + other for one, other in zip(counts, cells[2:], strict=True)]
        for name, counts in sorted(sums.items(), key=lambda one: (one[0] == ALL, one[0])):
            yield row([name, *_parts(counts)])
        yield ""


def calibration(examined: Sequence[Examined]) -> Iterator[str]:
    """Confidence against accuracy, and what would be wrong if only the surest were answered."""
    found = bins(examined)
    yield f"Expected calibration error: {expected_error(found):.3f}"
    yield ""
    yield from head(["Mean confidence", "Answers", "Right"])
    for one in found:
        yield row([f"{one.confidence:.2f}", f"{one.count:,}", share(one.accuracy)])
    yield ""
    yield from head(["Answered, the surest first", "Wrong among them"])
    for answered, wrong in risks(examined):
        yield row([share(answered), share(wrong)])
    yield ""


def figures(title: str, examined: Sequence[Examined], part: Callable[[Examined], str]) -> Iterator[str]:
    """A table with a row for each part, and one for all."""
    yield from head([title, *COLUMNS])
    for name, ones in parted(examined, part).items():
        yield row([name, *_cells(Figures.of(ones))])


def _cells(found: Figures) -> list[str]:
    counts = [f"{count:,}" for count in (found.count, found.right, found.wrong, found.refused)]
    precision = share(found.precision) if found.answered else NOTHING
    shares = [share(found.accuracy), precision, share(found.coverage), share(found.wrong_rate)]
    return [*counts, *shares, f"{found.median:.1f}", f"{found.slow:.1f}"]


def _brief(examined: Sequence[Examined]) -> list[str]:
    found = Figures.of(examined)
    refused = found.refused / found.count if found.count else 0.0
    precision = share(found.precision) if found.answered else NOTHING
    error = f"{expected_error(bins(examined)):.3f}" if found.answered else NOTHING
    shares = [share(found.accuracy), share(found.wrong_rate), share(refused)]
    return [f"{found.count:,}", *shares, precision, error, f"{found.median:.1f}", f"{found.slow:.1f}"]


def _parts(counts: Sequence[int]) -> list[str]:
    """How many, and the shares of the rest in them."""
    count, *rest = counts
    return [f"{count:,}", *(share(one / count if count else 0.0) for one in rest)]
