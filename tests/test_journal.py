"""The journal: patches survive a round trip, a rebuild replays them, and says which no longer apply."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import nquads
from kg.building.build import build
from kg.building.inputs import Inputs
from kg.errors import JournalError
from kg.iris import Iris
from kg.journal import Journal, Patch, Replay
from kg.store import IRI, Literal, Quad

IRIS = Iris("https://example.org/")
SOME = IRI("https://example.org/p")


def quad(value: str, graph: str = "desk") -> Quad:
    return Quad(IRIS.entity("x"), SOME, Literal(value), IRIS.source(graph))


texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=10)
changes = st.lists(st.tuples(st.sampled_from("+-"), st.sampled_from("abc").map(quad)), max_size=6)


@given(texts, texts, st.lists(st.tuples(st.sampled_from("+-"), texts.map(quad)), max_size=5))
def test_a_patch_is_read_as_it_was_written(who: str, when: str, made: list[tuple[str, Quad]]) -> None:
    with TemporaryDirectory() as folder:
        patch = Patch(who.replace("\r", ""), when.replace("\r", ""), tuple(made))
        journal = Journal(Path(folder))
        assert journal.append(patch) == 1
        assert list(journal.patches()) == [(1, patch)]


@given(st.sets(st.sampled_from("abcd").map(quad)), st.lists(changes, max_size=4))
def test_a_replay_ends_where_one_change_after_another_ends(
    base: set[Quad], made: list[list[tuple[str, Quad]]]
) -> None:
    expected = set(base)
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        for patch in made:
            journal.append(Patch("me", "now", tuple(patch)))
            for mark, changed in patch:
                (expected.add if mark == "+" else expected.discard)(changed)
        assert set(Replay.of(journal, IRIS).apply(base)) == expected


def test_a_build_replays_the_journal_and_says_what_no_longer_applies(
    tmp_path: Path, lighthouse_inputs: Inputs
) -> None:
    iris = lighthouse_inputs.iris
    before = build(tmp_path, lighthouse_inputs)
    stated = next(q for q in nquads.read(before.quads_file) if "/source/" in q.graph_name.value)
    added = Quad(stated.subject, stated.predicate, stated.object, iris.source("desk"))
    gone = Quad(stated.subject, SOME, Literal("never said"), iris.source("desk"))
    Journal(tmp_path / "journal").append(
        Patch("a curator", "2026-01-01T00:00:00Z", (("+", added), ("-", gone)))
    )
    after = build(tmp_path, lighthouse_inputs)
    assert list(after.store.quads(graph=iris.source("desk"))) == [added]
    (complaint,) = [warning for warning in after.manifest.warnings if "no longer applies" in warning]
    assert complaint.startswith("Patch 1 of the journal")
    assert "never said" in complaint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TX .\nA <https://e.org/s> <https://e.org/p> <https://e.org/o> .\n", "no end"),
        ("TX .\nnonsense\nTC .\n", ":2: “nonsense”"),
        ("TX .\nA <https://e.org/s> .\nTC .\n", ":2: not one quad"),
    ],
)
def test_a_patch_that_cannot_be_read_stops_the_build(
    tmp_path: Path, lighthouse_inputs: Inputs, text: str, words: str
) -> None:
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "00000001.rdfp").write_text(text, encoding="utf-8")
    with pytest.raises(JournalError, match=words):
        build(tmp_path, lighthouse_inputs)


def test_a_patch_must_not_write_what_a_build_derives(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    derived = Quad(IRIS.entity("x"), SOME, Literal("a"), IRIS.inferred_graph)
    journal.append(Patch("me", "now", (("+", derived),)))
    with pytest.raises(JournalError, match="only a build writes"):
        Replay.of(journal, IRIS)


@pytest.mark.parametrize(
    "row", ['<https://e.org/s> <https://e.org/p> "x" .', "_:b <https://e.org/p> _:c <https://e.org/g> ."]
)
def test_a_patch_holds_only_named_things_in_named_graphs(tmp_path: Path, row: str) -> None:
    (tmp_path / "00000001.rdfp").write_text(f"TX .\nA {row}\nTC .\n", encoding="utf-8")
    with pytest.raises(JournalError, match=":2: a quad must name its graph"):
        Replay.of(Journal(tmp_path), IRIS)


def test_writers_at_the_same_time_get_numbers_of_their_own(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: journal.append(Patch(str(n), "now", ())), range(40)))
    assert sorted(numbers) == list(range(1, 41))
    assert len(list(tmp_path.iterdir())) == 40
