"""Making the index of a release, and making the next one from what is there already."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.errors import ReleaseError
from kg.imports.importing import import_files
from kg.progress import silent
from kg.release import Release
from kg.settings import Settings
from kg.text.texts import Texts
from search.database import Database, created
from search.encoder import load_encoder
from search.index import build_index, index_step
from search.ranking import Finder
from search.vectors import open_vectors


def test_the_manifest_tells_what_was_indexed_and_by_which_model(lighthouses: Release) -> None:
    said = lighthouses.manifest.steps["index"]
    assert said["encoder"] == load_encoder().identity
    assert said["entries"] == said["encoded"] == len(open_vectors(lighthouses.index))
    assert said["forms"] > said["entries"]


def test_texts_that_did_not_change_are_not_encoded_again(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    data = tmp_path / "data"
    shutil.copytree(lighthouse_inputs.data, data)
    inputs = Inputs(lighthouse_inputs.ontology_file, data)

    def made(home: str) -> Release:
        return build(tmp_path / home, inputs, {"index": index_step(Settings(home=tmp_path / home))})

    made("home")
    labels = data / "labels.csv"
    labels.write_text(labels.read_text("utf-8").replace("Inchcape Light", "Inchcape Rock Light"), "utf-8")
    updated, anew = made("home"), made("other")
    said = updated.manifest.steps["index"]
    assert said["reused"] == said["entries"] - 1
    assert anew.manifest.steps["index"]["reused"] == 0
    encoder = load_encoder()
    assert Finder.open(updated, encoder).find("Inchcape Rock Light")[0].label == "Bell Rock Lighthouse"
    for question in ("a tower that the tide covers", "Roman tower", "who keeps the lights of Scotland"):
        hits = [[(h.iri, h.score) for h in Finder.open(r, encoder).find(question)] for r in (updated, anew)]
        assert hits[0] == hits[1]


def test_vectors_of_another_model_are_not_taken_over(tmp_path: Path, lighthouses: Release) -> None:
    steps = {"index": {**lighthouses.manifest.steps["index"], "encoder": "another@0"}}
    previous = Release(lighthouses.path, replace(lighthouses.manifest, steps=steps))
    copy = tmp_path / "copy"
    shutil.copytree(lighthouses.path, copy)
    said = build_index(Release(copy, lighthouses.manifest), silent, load_encoder(), previous, Texts(tmp_path))
    assert said["reused"] == 0
    fresh, old = open_vectors(copy / "index"), open_vectors(lighthouses.index)
    rows = list(range(said["entries"]))
    np.testing.assert_allclose(fresh.vectors(rows), old.vectors(rows), atol=1e-5)


def test_a_release_without_an_index_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text('<https://example.org/a> <https://example.org/p> "x" .\n', "utf-8")
    release = import_files(tmp_path / "home", [tmp_path / "one.nt"])
    with pytest.raises(ReleaseError, match="kg build"):
        Finder.open(release, None)


def test_a_graph_with_hardly_anything_to_find_has_an_index_too(tmp_path: Path) -> None:
    (tmp_path / "one.nt").write_text('<https://example.org/1> <https://example.org/2> "x" .\n', "utf-8")
    settings = Settings(home=tmp_path / "home")
    release = import_files(settings.home, [tmp_path / "one.nt"], steps={"index": index_step(settings)})
    found = Finder.open(release, load_encoder()).find("anything at all")
    assert all(hit.kind != "entity" for hit in found)


def test_an_index_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    schema = "CREATE TABLE things (name TEXT);"
    with created(tmp_path / "some.sqlite", schema):
        pass
    assert Database(tmp_path / "some.sqlite", schema).rows("SELECT * FROM things") == []
    with pytest.raises(ReleaseError, match="made by another version"):
        Database(tmp_path / "some.sqlite", "CREATE TABLE things (label TEXT);")
