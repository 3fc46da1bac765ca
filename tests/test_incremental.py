"""An index that followed what was written finds the same, in the same order, as one made anew."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import InvalidWrite
from kg.progress import silent
from kg.release import Release, Releases
from kg.text.texts import Texts
from kg.updating.writer import Writer
from search.encoder import SentenceEncoder, load_encoder
from search.following import catch_up
from search.index import STEP, build_index
from search.ranking import Finder

QUESTIONS = (
    "Fastnet",
    "red lamp of the north",
    "lighthouse in Scotland",
    "keeper",
    "Roman towr",
    "Leuchtturm",
    "who built Bell Rock",
)
NAMES = st.sampled_from(["Fastnet", "Red Lamp", "Lamp of the North", "Old Keeper", "Roman Tower", "Bell"])
SLUGS = st.sampled_from(["lamp-1", "lamp-2", "fastnet"])
WORDS = "<http://www.w3.org/2004/02/skos/core#altLabel>"


@st.composite
def updates(draw: st.DrawFn) -> str:
    """An update that gives a thing a name, a kind or a link, or takes them away again."""
    slug, name = draw(SLUGS), draw(NAMES)
    statement = draw(
        st.sampled_from([f'{WORDS} "{name}"@en', "a lh:lighthouse", "lh:built_by id:robert-stevenson"])
    )
    verb = draw(st.sampled_from(["INSERT", "INSERT", "DELETE"]))
    return f"{verb} DATA {{ GRAPH source:atlas-of-lights {{ id:{slug} {statement} }} }}"


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


def hits(release: Release, encoder: SentenceEncoder) -> list[list[tuple[str, float, tuple[str, ...]]]]:
    finder = Finder.open(release, encoder)
    return [
        [(hit.iri.value, hit.score, hit.reasons) for hit in finder.find(question, most=30)]
        for question in QUESTIONS
    ]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(updates(), min_size=1, max_size=4))
def test_it_finds_the_same_as_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, lighthouses: Release, encoder: SentenceEncoder, texts: list[str]
) -> None:
    home = tmp_path_factory.mktemp("home") / "home"
    shutil.copytree(lighthouses.path.parent.parent, home, True, shutil.ignore_patterns("run"))
    for text in texts:
        with suppress(InvalidWrite):  # what the shapes forbid is not written
            Writer(home).update(text, "test")
        catch_up(Releases(home), encoder)
    followed = Releases(home).current()
    anew = fresh_index(followed, home / "anew", encoder)
    assert hits(followed, encoder) == hits(anew, encoder)


def fresh_index(release: Release, folder: Path, encoder: SentenceEncoder) -> Release:
    folder.mkdir()
    for path in (release.quads_file, release.store_path):
        (folder / path.name).symlink_to(path)
    draft = Release(folder, release.manifest)
    found = build_index(draft, silent, encoder, None, Texts(folder))
    assert found["reused"] == 0
    draft.manifest.steps[STEP].update(found)
    return draft
