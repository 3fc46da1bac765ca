"""The search as it is measured: over the shipped facts, in each of the ways that an ablation compares."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.release import Release, Releases
from kg.settings import Settings
from quality.scores import DEPTH, Outcome
from search.index import STEP, index_step
from search.ranking import Finder, Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from quality.queries import Query
    from search.encoder import Encoder
    from search.hits import Hits

Search: TypeAlias = "Callable[[str, str], Hits]"

SHIPPED = "words, vectors and bridge"
ABLATION = {
    "words only": Ways(vectors=False, bridge=False),
    "vectors only": Ways(words=False, bridge=False),
    "words and vectors": Ways(bridge=False),
    SHIPPED: Ways(),
}


@contextmanager
def measured_release(home: Path | None) -> Iterator[Release]:
    """The current release of a home, or one of the shipped facts that is made for the occasion.

    Raises ReleaseError where the home has none.
    """
    if home is not None:
        yield Releases(home).current()
        return
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        yield build(settings.home, Inputs.shipped(settings), {STEP: index_step(settings)})


def searches(release: Release, encoder: Encoder) -> dict[str, Search]:
    """The ways to search a release by their names, the shipped one last."""
    finder = Finder.open(release, encoder)
    return {name: _search(finder, ways) for name, ways in ABLATION.items()}


def outcomes(queries: Iterable[Query], search: Search) -> list[Outcome]:
    """What each query finds."""
    return [Outcome.of(query, search(query.text, query.lang)) for query in queries]


def _search(finder: Finder, ways: Ways) -> Search:
    return lambda text, lang: finder.find(text, (lang, "en"), most=DEPTH, ways=ways)
