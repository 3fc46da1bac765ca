"""`kg ingest` as people run it: one write for all files, found at once, nothing where nothing changed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import nquads
from kg.building.build import build, journal
from kg.building.inputs import Inputs
from kg.description import describe
from kg.network import network
from kg.records.exporting import export
from kg.release import Release, Releases
from kg.statistics import Statistics
from kg.store import IRI
from kg.text.annotations import annotations_of
from kg.text.texts import Texts
from search.ingestion import Ingester, Wishes
from search.passages import passages

STORY = """A night at sea

The Fastnet Lighthouse stands on a rock south of the coast, and nobody lives there any more. From its
gallery the keepers saw the liners pass. {more} They wrote letters about Skerryvore, a tower that is older
and darker, and about the long way home. In the winter of that year the boat did not come for weeks.

Lighthouses are lonely. A lantern burns all night, whatever the weather, and in the morning the lens is
wiped with a soft cloth. The Bell Rock Lighthouse has a reef for its garden. There the tide covers the
stones twice a day, and only the tower remains above the water for the birds. Nobody has
ever counted the gulls that sleep on its rail when the wind is in the east.
"""


@pytest.fixture
def home(lighthouses: Release, tmp_path: Path) -> Path:
    """A home to write in."""
    source = lighthouses.path.parent.parent
    ignored = shutil.ignore_patterns("run", "texts")
    return Path(shutil.copytree(source, tmp_path / "home", symlinks=True, ignore=ignored))


@pytest.fixture
def followed(home: Path) -> Iterator[Path]:
    """A home whose index is the care of a service, so that no command loads the model."""
    with (home / "indexing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "Night at sea.en.txt"
    path.write_text(STORY.format(more=""), encoding="utf-8")
    return path


def run(home: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, which must be as expected."""
    ended = subprocess.run(
        [sys.executable, "-m", "web.cli", *arguments],
        env={**os.environ, "KG_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def current(home: Path) -> Release:
    return Releases(home).current()


def test_a_document_is_described_cut_and_linked(home: Path, story: Path) -> None:
    arguments = ["--url", "https://example.org/night", "--date", "2025-03", "--format", "json"]
    told = json.loads(run(home, "ingest", str(story), *arguments).stdout)
    [document] = told["documents"]
    release = current(home)
    assert release.manifest.steps_of == "", "what was taken in is in the index"
    iris, store = release.iris, release.store
    assert document["iri"] == f"{iris.base}id/document/night-at-sea-en"
    assert (document["title"], document["lang"], document["date"]) == ("A night at sea", "en", "2025-03")
    text = story.read_text(encoding="utf-8")
    for mention in document["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
    linked = [mention["iri"].rpartition("/")[2] for mention in document["mentions"]]
    assert linked == ["fastnet", "skerryvore", "bell-rock"]
    kept = annotations_of(store, iris, "night-at-sea-en")
    assert [(one.start, one.end, one.entity.value) for one in kept] == [
        (one["start"], one["end"], one["iri"]) for one in document["mentions"]
    ]
    described = describe(release, IRI(document["iri"]))
    said = {one.predicate.value.rpartition("/")[2]: one.object for one in described.statements}
    assert said["issued"].value == "2025-03"
    assert said["identifier"].value == story.name
    [source] = {source for one in described.statements for source in one.sources}
    assert (source.title, source.language, source.url) == (
        "A night at sea",
        "en",
        "https://example.org/night",
    )


def test_what_a_machine_read_is_no_statement_of_a_source(followed: Path, story: Path) -> None:
    before = current(followed)
    counts, links = before.manifest.counts, network(before).graph.number_of_edges()
    run(followed, "ingest", str(story))
    release = current(followed)
    reading = release.iris.mentions_graph("night-at-sea-en")
    assert not release.iris.is_source(reading)
    assert reading not in release.iris.derived_graphs
    assert release.manifest.counts["sources"] == counts["sources"] + 1
    assert release.manifest.counts["inferred"] == counts["inferred"]
    assert network(release).graph.number_of_edges() == links
    fastnet = describe(release, release.iris.entity("fastnet"))
    assert all("mention" not in one.subject.value for one in fastnet.incoming)


def test_the_same_again_changes_nothing_and_a_changed_file_replaces(followed: Path, story: Path) -> None:
    run(followed, "ingest", str(story))
    version, patches = current(followed).version, journal(followed).last()
    again = json.loads(run(followed, "ingest", str(story), "--format", "json").stdout)
    assert (again["added"], again["removed"]) == (0, 0)
    assert (current(followed).version, journal(followed).last()) == (version, patches)
    story.write_text(STORY.format(more="Cordouan was never seen from there."), encoding="utf-8")
    changed = json.loads(run(followed, "ingest", str(story), "--format", "json").stdout)
    assert changed["removed"] > 0
    release = current(followed)
    [first, *_] = passages(release, Texts(followed))
    assert "Cordouan was never seen" in first.text
    [document] = changed["documents"]
    assert len(annotations_of(release.store, release.iris, document["name"])) == len(document["mentions"])


def test_a_deleted_document_leaves_nothing_in_the_graph(followed: Path, story: Path) -> None:
    before = nquads.digest(current(followed).quads_file)
    run(followed, "ingest", str(story))
    run(followed, "ingest", "--delete", story.name)
    assert nquads.digest(current(followed).quads_file) == before
    assert "No document “nothing”" in run(followed, "ingest", "--delete", "nothing", status=1).stderr


def test_only_an_excerpt_is_shown_and_the_index_gets_the_whole(followed: Path, story: Path) -> None:
    run(followed, "ingest", str(story))
    text = story.read_text(encoding="utf-8")
    data = current(followed).quads_file.read_text(encoding="utf-8")
    assert "the wind is in the east" not in data
    for passage in passages(current(followed), Texts(followed)):
        assert passage.text in text
        assert passage.text.startswith(passage.excerpt)
        assert len(passage.excerpt) <= 240 < len(passage.text)
    run(followed, "ingest", str(story), "--show", "whole")
    assert all(passage.excerpt == passage.text for passage in passages(current(followed), Texts(followed)))


def test_a_folder_is_one_write_and_a_broken_file_in_it_stops_all(followed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.md").write_text(f"# Paper {number}\n\nOn Fastnet Lighthouse and the sea.")
    before = current(followed).version
    run(followed, "ingest", str(folder))
    assert journal(followed).last() == 1
    assert current(followed).version == before + 1
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "6.md").write_text("# New")
    told = run(followed, "ingest", str(folder), status=1).stderr
    assert "broken.pdf is a broken PDF" in told
    assert current(followed).version == before + 1
    assert journal(followed).last() == 1


def test_what_would_be_taken_in_can_be_seen_first(home: Path, story: Path) -> None:
    before = current(home).version
    told = run(home, "ingest", str(story), "--dry-run")
    assert "A night at sea (en, " in told.stdout
    assert current(home).version == before
    assert not (home / "texts").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x.txt", "--delete", "y"],
        ["x.txt", "--date", "yesterday"],
        ["x.txt", "--lang", "English!"],
        ["x.txt", "--licence", "mine"],
    ],
)
def test_what_cannot_be_meant_is_a_misuse(home: Path, arguments: list[str]) -> None:
    assert run(home, "ingest", *arguments, status=2).stderr


def test_a_build_and_an_export_keep_documents(
    followed: Path, story: Path, tmp_path: Path, lighthouse_inputs: Inputs
) -> None:
    run(followed, "ingest", str(story))
    written = current(followed)
    rebuilt = build(followed, lighthouse_inputs)
    assert nquads.digest(rebuilt.quads_file) == nquads.digest(written.quads_file)
    assert rebuilt.manifest.counts == written.manifest.counts
    assert Statistics.read(written.statistics_file) == Statistics.read(rebuilt.statistics_file)
    told = export(followed, lighthouse_inputs, tmp_path / "tables")
    assert len(told.left) == 1
    assert "stay patches" in told.left[0]
    assert (tmp_path / "tables" / "journal" / "00000001.rdfp").is_file()


def test_a_large_write_counts_as_a_build_does(
    home: Path, tmp_path: Path, lighthouse_inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(700):
        (folder / f"{number:03}.txt").write_text(f"Paper {number}\n\n{STORY.format(more='')}")
    ingester = Ingester(home)
    receipt = ingester.write(ingester.read([folder], Wishes()))
    assert receipt.added is not None
    assert receipt.added > 20_000
    written = current(home)
    rebuilt = build(home, lighthouse_inputs)
    assert nquads.digest(rebuilt.quads_file) == nquads.digest(written.quads_file)
    assert Statistics.read(written.statistics_file) == Statistics.read(rebuilt.statistics_file)


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(
        st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), min_size=1, max_size=400
    ).filter(lambda text: any(map(str.isalnum, text)))
)
def test_any_text_comes_back_by_its_places(home: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "any.txt").write_text(text, encoding="utf-8", errors="ignore", newline="")
    ingester = Ingester(home)
    [taken] = ingester.read([tmp_path / "any.txt"], Wishes())
    ingester.write([taken])
    for passage in passages(current(home), Texts(home)):
        assert passage.text in taken.text


def test_a_page_shows_passages_and_an_entity_where_it_is_mentioned(
    home: Path, story: Path, start_service
) -> None:
    with start_service(current(home), "fastnet") as service:
        run(home, "ingest", str(story))  # the service brings the index up
        document = service.client.get("/doc/document/night-at-sea-en", headers={"Accept": "text/html"}).text
        assert "Passages" in document
        assert "The Fastnet Lighthouse stands on a rock" in document
        assert 'href="/id/fastnet"' in document
        assert "the wind is in the east" not in document
        entity = service.client.get("/doc/fastnet", headers={"Accept": "text/html"}).text
        assert "Where documents mention it" in entity
        assert "Passage" not in service.client.get("/", headers={"Accept": "text/html"}).text
        assert 'href="/id/document/night-at-sea-en"' in entity


def test_without_an_index_it_is_told_what_to_do(
    tmp_path: Path, story: Path, lighthouse_inputs: Inputs
) -> None:
    build(tmp_path / "bare", lighthouse_inputs)
    assert "run `kg build`" in run(tmp_path / "bare", "ingest", str(story), status=1).stderr
