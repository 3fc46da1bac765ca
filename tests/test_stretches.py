"""Stretches of a sorted file: they cover it, part no subject in two, and are no longer than they must be."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from kg import nquads
from kg.store import IRI, Literal, Quad
from kg.stretches import stretches, subjects

NAMES = st.text("abé/.-", min_size=1, max_size=4)
PREFIX = "<https://example.org/"


def written(folder: Path, names: list[tuple[str, int]]) -> Path:
    path = folder / "data.nq"
    graph = IRI("https://example.org/graph")
    quads = (
        Quad(IRI(f"{start}{name}"), IRI("https://example.org/p"), Literal(number), graph)
        for start in ("https://example.org/", "https://example.or/", "https://example.org0")
        for name, number in names
    )
    nquads.write(path, map(nquads.line, quads))
    return path


@given(st.lists(st.tuples(NAMES, st.integers(0, 99)), max_size=40), st.integers(1, 2000))
def test_stretches_hold_each_subject_of_a_prefix_once_with_all_its_lines(names, size) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), names)
        found = [one for part in stretches(path, PREFIX, size) for one in subjects(path, part)]
        rows = path.read_text(encoding="utf-8").splitlines()
    expected = [row for row in rows if row.startswith(PREFIX)]
    assert [line for _, lines in found for line in lines] == expected
    assert len({subject for subject, _ in found}) == len(found)
    assert all(line.startswith(f"{subject} ") for subject, lines in found for line in lines)


@given(st.lists(st.tuples(NAMES, st.integers(0, 99)), min_size=1, max_size=40), st.integers(1, 2000))
def test_without_its_last_subject_no_stretch_is_longer_than_asked(names, size) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), names)
        for part in stretches(path, PREFIX, size):
            *before, _ = list(subjects(path, part))
            assert sum(len(line.encode()) + 1 for _, lines in before for line in lines) <= size


def test_nothing_has_no_stretch(tmp_path: Path) -> None:
    (tmp_path / "data.nq").touch()
    assert stretches(tmp_path / "data.nq", PREFIX, 10) == []
