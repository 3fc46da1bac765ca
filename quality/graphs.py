"""The graphs whose answers are measured, each with its questions: the shipped one, and those of others.

The questions and graphs of others are looked for as those of the search are (`questions_folder`); what is not
there is left out.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.imports.importing import import_files
from kg.settings import Settings
from quality.finding import measured_release
from quality.gold import held_out
from quality.queries import QUESTIONS, questions_folder
from search.answer import Answerer
from search.examining.examination import examine
from search.examining.question import read_questions
from search.index import STEP, index_step
from search.ranking import Finder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.release import Release
    from search.examining.examination import Examined
    from search.examining.question import Question

SHIPPED = "shipped"
HELD_OUT, DEVELOPMENT = "held-out", "development"
OTHERS = "other-graphs"
GRAPH, ASKED = "graph.nt", "questions.jsonl"
LANGUAGES = frozenset({"en", "it", "de", "fr", "es"})
TOP = "top"


@dataclass(frozen=True)
class Graph:
    """A graph by its name, the file to import (None for the shipped facts), and its questions by set."""

    name: str
    file: Path | None
    sets: dict[str, Callable[[Release], list[Question]]]

    @contextmanager
    def answerer(self, homes: Path | None) -> Iterator[Answerer]:
        """An answerer over it: in a folder of homes where there is one of its name, else made for it.

        Raises ForeignDataError, ReleaseError, OSError.
        """
        with ExitStack() as stack:
            release = stack.enter_context(self._release(homes))
            yield Answerer.open(release, Finder.open(release, None))

    @contextmanager
    def _release(self, homes: Path | None) -> Iterator[Release]:
        home = homes / self.name if homes is not None else None
        if self.file is None or (home is not None and home.is_dir()):
            with measured_release(home if home is not None and home.is_dir() else None) as release:
                yield release
            return
        with TemporaryDirectory() as folder:
            settings = Settings(home=Path(folder))
            yield import_files(settings.home, [self.file], steps={STEP: index_step(settings)})


def graphs() -> list[Graph]:
    """All that are there, the shipped one first."""
    return [_shipped(), *map(_other, sorted(_folders()))]


def examined_set(graph: Graph, name: str, answerer: Answerer) -> list[Examined]:
    """The answers to one set of questions of a graph. Raises NotAnExamination, OSError."""
    return list(examine(graph.name, graph.sets[name](answerer.release), answerer))


def _shipped() -> Graph:
    sets = {HELD_OUT: held_out}
    path = questions_folder() / QUESTIONS
    return Graph(SHIPPED, None, sets | ({DEVELOPMENT: _of(path)} if path.is_file() else {}))


def _other(folder: Path) -> Graph:
    return Graph(folder.name, folder / GRAPH, {DEVELOPMENT: _of(folder / ASKED)})


def _folders() -> Iterator[Path]:
    found = questions_folder() / OTHERS
    for folder in found.iterdir() if found.is_dir() else ():
        if (folder / GRAPH).is_file() and (folder / ASKED).is_file():
            yield folder


def _of(path: Path) -> Callable[[Release], list[Question]]:
    """The questions of a file in our languages; those for the search are measured with the search."""

    def read(_: Release) -> list[Question]:
        asked = read_questions(path)
        return [
            replace(one, kind=one.kind or path.parent.name)
            for one in asked
            if one.lang in LANGUAGES and one.expected.mode != TOP
        ]

    return read
