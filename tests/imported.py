"""Applications over graphs that were imported for a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from kg.imports.importing import import_files
from kg.settings import Settings
from web import create_app
from web.snapshot import KEY


@contextmanager
def imported(home: Path, triples: str) -> Iterator[Flask]:
    """The application over a graph in N-Triples, for a while."""
    (home / "x.nt").write_text(triples, encoding="utf-8")
    import_files(home, [home / "x.nt"])
    app = create_app(Settings(home=home))
    yield app
    app.extensions[KEY].close()
