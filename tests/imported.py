"""Applications and answers over graphs that were imported for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from kg.imports.importing import import_files
from kg.settings import Settings
from search.answer import Answerer
from search.contract import Answer
from search.index import index_step
from search.ranking import Finder
from web import create_app
from web.snapshot import KEY

Ask = Callable[..., Answer]


@contextmanager
def imported(home: Path, triples: str) -> Iterator[Flask]:
    """The application over a graph in N-Triples, for a while."""
    (home / "x.nt").write_text(triples, encoding="utf-8")
    import_files(home, [home / "x.nt"])
    app = create_app(Settings(home=home))
    yield app
    app.extensions[KEY].close()


def asking(folder: Path, turtle: str) -> Ask:
    """Asks a graph in Turtle, with nothing but words to search by."""
    folder.joinpath("graph.ttl").write_text(turtle, encoding="utf-8")
    settings = Settings(home=folder / "home")
    release = import_files(settings.home, [folder / "graph.ttl"], steps={"index": index_step(settings)})
    return Answerer.open(release, Finder.open(release, None)).answered


def names(answer: Answer) -> set[str]:
    """The labels of the things that are answered, and the values."""
    assert answer.outcome == "answer", (answer.question, answer.message)
    return {one["label"] if "label" in one else one["value"] for one in answer.answers}
