"""The history: replayed it gives each release again, whatever was published, rolled back and pruned."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import nquads
from kg.building.build import build
from kg.building.inputs import Inputs
from kg.building.manifest import Manifest
from kg.building.staging import commit, next_version
from kg.errors import ChangesLost, ReleaseError, UnknownRelease
from kg.history import CREATE, DELETE, UPDATE, History, Selection, patches
from kg.journal import HEADER
from kg.release import Releases
from kg.store import IRI, Literal, Quad, bulk_load
from kg.updating.writer import WriteLimits, Writer
from web.cli import kg

BASE = "https://e.org/"
TYPE = IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = IRI("http://www.w3.org/2004/02/skos/core#prefLabel")
NODE = f"{BASE}.well-known/genid/x/"
SUBJECTS = [IRI(f"{BASE}id/{name}") for name in ("a", "a-b", "ab")]
NAMELESS = [IRI(f"{NODE}{name}") for name in ("1", "2")]
APART = [IRI(f"{BASE}graph/{name}") for name in ("inferred", "statistics", "shapes")]
names = st.sampled_from([*SUBJECTS, *NAMELESS])
literals = st.sampled_from(
    [Literal("1"), Literal("1.50"), Literal("due", language="it"), Literal("a\nb\u2028")]
)
some_quads = st.sets(
    st.builds(
        Quad,
        names,
        st.sampled_from([IRI("https://e.org/p"), TYPE, LABEL]),
        st.one_of(names, literals),
        st.sampled_from([IRI(f"{BASE}source/s"), IRI(f"{BASE}source/t"), *APART]),
    ),
    max_size=8,
)
publications = st.lists(st.one_of(some_quads, st.integers(0, 4)), min_size=2, max_size=5)


def publish(home: Path, quads: set[Quad], day: int = 1) -> int:
    """Make a release of some quads."""
    home.mkdir(exist_ok=True)
    version, folder = next_version(home), home / "draft"
    folder.mkdir()
    nquads.write(folder / "data.nq", map(nquads.line, quads))
    bulk_load(folder / "store", folder / "data.nq")
    digest = nquads.digest(folder / "data.nq")
    created = f"2024-01-{day:02}T00:00:00+00:00"
    Manifest(version, "build", BASE, created, quads_digest=digest).write(folder / "manifest.json")
    commit(home, folder, version)
    return version


def is_told(quad: Quad) -> bool:
    return quad.graph_name not in APART


def applied(dump: bytes, text: str) -> bytes:
    """The dump after a patch, by a few lines that know nothing of ours."""
    lines = set(dump.decode().split("\n")[:-1])
    header, _, body = text.partition("TX .\n")
    assert all(row.startswith("H ") for row in header.splitlines())
    rows, end = body.split("\n")[:-2], body.split("\n")[-2:]
    assert end == ["TC .", ""]
    for row in rows:
        line = row[2:]
        if row.startswith("D "):
            lines.remove(line)
        else:
            assert row.startswith("A ")
            assert line not in lines
            lines.add(line)
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


@given(publications)
@settings(max_examples=8)
def test_whatever_is_published_is_replayed_from_what_is_kept(steps: list[set[Quad] | int]) -> None:
    replay(steps)


@pytest.mark.slow
@given(publications)
@settings(max_examples=200)
def test_much_that_is_published_is_replayed_from_what_is_kept(steps: list[set[Quad] | int]) -> None:
    replay(steps)


def replay(steps: list[set[Quad] | int]) -> None:
    with TemporaryDirectory() as folder:
        releases = Releases(Path(folder) / "home")
        states: dict[int, set[Quad]] = {}
        current = [0]
        for step in steps:
            if isinstance(step, set):
                current.append(publish(releases.home, step))
                states[current[-1]] = step
            elif states:
                current.append(sorted(states)[step % len(states)])
                releases.rollback(current[-1])
        if not states:
            return
        dumps = {number: releases.get(number).quads_file.read_bytes() for number in states}
        releases.prune(1)
        assert_replayed(History(releases), states, dumps, current)


def assert_replayed(
    history: History, states: dict[int, set[Quad]], dumps: dict[int, bytes], current: list[int]
) -> None:
    switches = [number for place, number in enumerate(current) if not place or number != current[place - 1]]
    steps = history.steps()
    assert [(step.old, step.new) for step in steps] == list(pairwise(switches))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    for old in states:
        for new in states:
            text = "".join(
                patches.text(history.patch(old, new), history.manifest(old), history.manifest(new))
            )
            assert applied(dumps[old], text) == dumps[new]
    assert_feed(history, states)
    for subject in SUBJECTS:
        assert_life(history, subject, states)


def assert_feed(history: History, states: dict[int, set[Quad]]) -> None:
    """Replaying the feed gives the entities of each release, and every change is in it once."""
    there: set[str] = set()
    every = history.changes()
    assert [one.number for one in every] == list(range(1, len(every) + 1))
    every = [one for one in every if not one.entity.startswith(NODE)]
    assert [one.step.number for one in every] == sorted(one.step.number for one in every)
    for step in history.steps():
        done = [one for one in every if one.step == step]
        assert [one.entity for one in done] == sorted({one.entity for one in done})
        assert {one.entity for one in done if one.kind == CREATE}.isdisjoint(there)
        assert {one.entity for one in done if one.kind in (UPDATE, DELETE)} <= there
        there |= {one.entity for one in done if one.kind == CREATE}
        there -= {one.entity for one in done if one.kind == DELETE}
        old, new = (set(filter(is_told, states.get(number, ()))) for number in (step.old, step.new))
        assert there == {quad.subject.value for quad in new if quad.subject in SUBJECTS}
        for one in done:
            if not any(quad.subject in NAMELESS for quad in old ^ new):
                assert one.came == sum(quad.subject.value == one.entity for quad in new - old)
                assert one.went == sum(quad.subject.value == one.entity for quad in old - new)
                kinds = {
                    q.object for q in (new or old) if q.subject.value == one.entity and q.predicate == TYPE
                }
                if one.kind != DELETE:
                    assert set(one.types) == {kind.value for kind in kinds if isinstance(kind, IRI)}
        if old != new:
            assert history.ledger.count(Selection(after=step.number - 1, until=step.number)), "it is told"


def assert_life(history: History, subject: IRI, states: dict[int, set[Quad]]) -> None:
    """The spans of an entity say for each step which statements there were after it."""
    life, steps = history.of(subject), history.steps()
    ever = any(quad.subject == subject and is_told(quad) for step in steps for quad in states[step.new])
    assert (life is not None) == ever
    spans = life.spans if life else ()
    for step in steps:
        there = [
            span.quad
            for span in spans
            if span.since.number <= step.number and (span.until is None or step.number < span.until.number)
        ]
        expected = {quad for quad in states[step.new] if quad.subject == subject and is_told(quad)}
        assert len(there) == len(set(there))
        assert set(there) == expected
    moves = [(step.number, one) for step, events in (life.events if life else ()) for one in events]
    told = [(number, one.after) for number, one in moves if one.after]
    assert sorted(map(str, told)) == sorted(str((span.since.number, span.quad)) for span in spans)


QUAD = Quad(SUBJECTS[0], IRI("https://e.org/p"), SUBJECTS[1], IRI(f"{BASE}source/s"))
OTHER = Quad(SUBJECTS[0], IRI("https://e.org/p"), SUBJECTS[2], IRI(f"{BASE}source/s"))
NAMED = Quad(SUBJECTS[1], LABEL, Literal("Beta", language="en"), IRI(f"{BASE}source/s"))


def test_the_last_release_with_an_iri_is_known_when_it_is_gone(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "home")
    for quads in ({QUAD, NAMED}, {OTHER, NAMED}, {OTHER}, {QUAD}):
        publish(releases.home, quads)
    releases.prune(1)
    history = History(releases)
    assert history.last_release_with(SUBJECTS[0]) == 4
    assert history.last_release_with(SUBJECTS[1]) == 4, "what is only spoken of is there too"
    assert history.last_release_with(SUBJECTS[2]) == 3
    assert history.last_release_with(SUBJECTS[1], until=3) == 2
    assert history.last_release_with(SUBJECTS[2], until=1) is None
    assert history.last_release_with(IRI(f"{BASE}id/never")) is None


def test_a_value_that_is_replaced_in_its_source_has_changed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for quads in ({QUAD, NAMED}, {OTHER, NAMED}):
        publish(home, quads)
    life = History(Releases(home)).of(SUBJECTS[0])
    assert life is not None
    [(_, [came]), (_, [changed])] = life.events
    assert (came.kind, changed.kind) == ("came", "changed")
    assert (changed.before, changed.after) == (QUAD, OTHER)


def test_what_is_said_of_a_nameless_node_belongs_to_what_leads_to_it(tmp_path: Path) -> None:
    graph = IRI(f"{BASE}source/s")
    link = Quad(SUBJECTS[0], IRI("https://e.org/address"), NAMELESS[0], graph)
    deep = Quad(NAMELESS[0], IRI("https://e.org/street"), NAMELESS[1], graph)
    for value in ("Via A", "Via B"):
        publish(tmp_path / "home", {link, deep, Quad(NAMELESS[1], LABEL, Literal(value), graph)})
    told = [(one.entity, one.kind) for one in History(Releases(tmp_path / "home")).changes(1)]
    assert told == [(SUBJECTS[0].value, UPDATE)]


def test_releases_that_were_pruned_before_there_was_a_history_are_not_made_up(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "home")
    for quads in ({QUAD}, {QUAD, NAMED}, {OTHER, NAMED}):
        publish(releases.home, quads)
    shutil.rmtree(releases.home / "history")
    shutil.rmtree(releases.folder / "1")
    history = History(releases)
    assert [(step.new, step.known) for step in history.steps()] == [(2, False), (3, True)]
    assert [(one.step.new, one.entity) for one in history.changes()] == [(3, SUBJECTS[0].value)]
    with pytest.raises(ChangesLost, match="begins with release 2"):
        history.patch(1, 3)
    with pytest.raises(UnknownRelease, match="are: 2, 3"):
        history.patch(2, 9)
    life = history.of(SUBJECTS[1])
    assert life is not None
    assert [(span.since.new, span.since.known) for span in life.spans] == [(2, False)]


def test_a_release_that_was_removed_by_hand_leaves_a_gap_that_is_told(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "home")
    for quads in ({QUAD}, {OTHER}):
        publish(releases.home, quads)
    shutil.rmtree(releases.home / "history")
    History(releases).keep()
    shutil.rmtree(releases.folder / "2")
    (releases.home / "current").unlink()
    publish(releases.home, {NAMED})
    history = History(releases)
    assert [(step.old, step.new, step.known) for step in history.steps()] == [
        (0, 1, True),
        (1, 2, True),
        (2, 3, False),
    ]
    with pytest.raises(ChangesLost, match="from release 2 to release 3"):
        history.patch(1, 3)
    life = history.of(SUBJECTS[0])
    assert life is not None
    assert [(span.since.new, span.until and (span.until.new, span.until.known)) for span in life.spans] == [
        (1, (2, True)),
        (2, (3, False)),
    ]


def test_nothing_is_pruned_while_its_changes_cannot_be_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    releases = Releases(tmp_path / "home")
    publish(releases.home, {QUAD})
    shutil.rmtree(releases.home / "history")
    (releases.home / "history").write_text("in the way")
    publish(releases.home, {OTHER})
    assert "The history is kept later" in caplog.text
    with pytest.raises((ReleaseError, OSError)):
        releases.prune(1)
    assert releases.versions() == [1, 2]
    (releases.home / "history").unlink()
    assert releases.prune(1) == [1]
    assert [row[1] for row in History(releases).patch(1, 2)] == [nquads.line(QUAD), nquads.line(OTHER)]


KEEP = """
import sys
from pathlib import Path
from kg.history import History
from kg.release import Releases
print(len(History(Releases(Path(sys.argv[1]))).steps()))
"""


def test_several_processes_keep_each_change_once(tmp_path: Path) -> None:
    releases = Releases(tmp_path / "home")
    for quads in ({QUAD}, {OTHER}, {QUAD, NAMED}):
        publish(releases.home, quads)
    expected = History(releases).changes()
    shutil.rmtree(releases.home / "history")
    command = [sys.executable, "-c", KEEP, str(releases.home)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0] for process in started] == ["3\n"] * 4
    assert History(releases).changes() == expected


def test_the_files_are_rdf_patch_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    read = []
    for name in ("one", "two"):
        for quads in ({QUAD}, {OTHER, NAMED}):
            publish(tmp_path / name, quads)
        read.append((tmp_path / name / "history" / "1-2.rdfp.gz").read_bytes())
    assert read[0] == read[1]
    assert gzip.decompress(read[0]).decode().splitlines() == [
        "TX .",
        f"A {nquads.line(NAMED)}",
        f"D {nquads.line(QUAD)}",
        f"A {nquads.line(OTHER)}",
        "TC .",
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, lighthouse_inputs: Inputs) -> Iterator[Path]:
    """A home with a build and three writes, of which the releases between are pruned by the last one."""
    home = tmp_path_factory.mktemp("written") / "home"
    build(home, lighthouse_inputs)
    writer = Writer(home, WriteLimits(keep=1))
    new = "id:new a lh:lighthouse ; skos:prefLabel 'Neu'@en ; lh:within id:scotland ; lh:height"
    writer.update(f"INSERT DATA {{ GRAPH source:notes {{ {new} 10.5 }} }}", "tests")
    writer.update(
        "DELETE { GRAPH ?g { id:new lh:height ?o } } INSERT { GRAPH ?g { id:new lh:height 11.5 } } "
        "WHERE { GRAPH ?g { id:new lh:height ?o } }",
        "tests",
    )
    writer.update("DROP GRAPH source:notes", "tests")
    return home


def test_online_writes_are_in_the_history_though_they_are_pruned(written: Path) -> None:
    releases = Releases(written)
    assert releases.versions() == [1, 4]
    history = History(releases)
    new = IRI(f"{releases.current().iris.base}id/new")
    told = [
        (one.step.new, one.step.kind, one.kind, one.came, one.went, one.name) for one in history.changes(1)
    ]
    assert told == [
        (2, "write", CREATE, 4, 0, ""),
        (3, "write", UPDATE, 1, 1, ""),
        (4, "write", DELETE, 0, 4, "Neu"),
    ]
    assert {one.entity for one in history.changes(1)} == {new.value}
    assert history.last_release_with(new) == 3
    text = "".join(patches.text(history.patch(1, 4)))
    assert applied(releases.get(1).quads_file.read_bytes(), text) == releases.get(4).quads_file.read_bytes()


@pytest.mark.parametrize("form", ["text", "summary", "json", "rdf-patch"])
def test_a_diff_is_told_of_releases_that_are_pruned(written: Path, form: str) -> None:
    def run(*arguments: str) -> str:
        return (
            CliRunner(env={"KG_HOME": str(written)})
            .invoke(kg, ["diff", *arguments], catch_exceptions=False)
            .stdout
        )

    whole, part = run("2", "3", "--format", form), run("2", "3", "--format", form, "--entity", "new")
    assert "/height>" in whole or "1 changed" in whole
    assert run("1", "3", "--format", form, "--class", "lh:lighthouse") != run("1", "2", "--format", form)
    assert run("2", "3", "--format", form, "--entity", "bell-rock") != part
    if form == "rdf-patch":
        assert [bool(HEADER.match(row) or row[0] == "H") for row in whole.splitlines()[:2]] == [True, True]
