"""Releases: published whole or not at all, rolled back, compared, pruned; killed at any moment."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg import nquads
from kg.building import staging
from kg.building.build import build, is_up_to_date
from kg.building.inputs import Inputs
from kg.building.staging import ROOM
from kg.errors import ReleaseError
from kg.release import Releases


def shorter(inputs: Inputs, folder: Path) -> Inputs:
    """The same facts without the last one."""
    shutil.copytree(inputs.data, folder)
    facts = folder / "facts.csv"
    facts.write_text(
        "".join(facts.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8"
    )
    return Inputs(inputs.ontology_file, folder)


def test_two_builds_of_one_input_are_the_same_bytes(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    one = build(tmp_path / "one", lighthouse_inputs)
    two = build(tmp_path / "two", lighthouse_inputs)
    assert one.quads_file.read_bytes() == two.quads_file.read_bytes()
    assert one.manifest.quads_digest == two.manifest.quads_digest == nquads.digest(one.quads_file)


def test_a_release_is_found_again_with_its_counts(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    made = build(tmp_path, lighthouse_inputs)
    found = Releases(tmp_path).current()
    assert found.manifest == made.manifest
    assert found.manifest.counts["quads"] == sum(
        quad.graph_name != found.iris.statistics_graph for quad in nquads.read(found.quads_file)
    )
    assert found.manifest.counts["inferred"] == len(list(found.store.quads(graph=found.iris.inferred_graph)))
    assert found.manifest.base == "https://example.org/lighthouses/"


def test_numbers_rise_and_are_never_used_twice(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    releases = Releases(tmp_path)
    assert [build(tmp_path, lighthouse_inputs).version for _ in range(3)] == [1, 2, 3]
    assert releases.rollback().version == 2
    assert releases.current().version == 2
    assert releases.rollback(1).version == 1
    assert releases.prune(keep=1) == [2]
    assert releases.versions() == [1, 3], "the current release is kept whatever its age"
    shutil.rmtree(releases.folder / "3")
    assert build(tmp_path, lighthouse_inputs).version == 4


def test_the_state_changes_with_every_publication(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    releases = Releases(tmp_path)
    states = [releases.state()]
    for _ in range(2):
        build(tmp_path, lighthouse_inputs)
        states.append(releases.state())
    releases.rollback()
    states.append(releases.state())
    assert states[0] is None
    assert len(set(states)) == len(states)


def test_what_differs_between_two_releases_is_what_was_changed(
    tmp_path: Path, lighthouse_inputs: Inputs
) -> None:
    less = build(tmp_path / "home", shorter(lighthouse_inputs, tmp_path / "data"))
    more = build(tmp_path / "home", lighthouse_inputs)
    counts = f" {more.iris.statistics_graph} ."
    found = nquads.difference(less.quads_file, more.quads_file)
    changes = [(mark, line) for mark, line in found if not line.endswith(counts)]
    assert changes
    assert {mark for mark, _ in changes} == {"+"}


def test_a_build_is_up_to_date_until_an_input_changes(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    assert not is_up_to_date(tmp_path / "home", lighthouse_inputs)
    build(tmp_path / "home", lighthouse_inputs)
    assert is_up_to_date(tmp_path / "home", lighthouse_inputs)
    assert not is_up_to_date(tmp_path / "home", lighthouse_inputs, ["index"])
    assert not is_up_to_date(tmp_path / "home", shorter(lighthouse_inputs, tmp_path / "data"))
    settings = ({"base": "https://elsewhere.example/"}, {"encoder": "another"}, {"vectors": "/data/v.db"})
    for other in settings:
        assert not is_up_to_date(tmp_path / "home", replace(lighthouse_inputs, **other))


def test_a_rollback_lasts_until_an_input_changes(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    build(tmp_path / "home", shorter(lighthouse_inputs, tmp_path / "data"))
    build(tmp_path / "home", lighthouse_inputs)
    Releases(tmp_path / "home").rollback()
    assert is_up_to_date(tmp_path / "home", lighthouse_inputs)


def test_what_is_being_built_can_neither_be_rolled_back_nor_pruned(
    tmp_path: Path, lighthouse_inputs: Inputs
) -> None:
    releases = Releases(tmp_path)
    build(tmp_path, lighthouse_inputs)
    build(tmp_path, lighthouse_inputs)
    with staging.staging(tmp_path, 0):
        for change in (releases.rollback, lambda: releases.prune(1)):
            with pytest.raises(ReleaseError, match="Another build"):
                change()
    assert releases.current().version == 2
    assert releases.versions() == [1, 2]


def test_errors_name_the_folder_and_the_remedy(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    releases = Releases(tmp_path)
    with pytest.raises(ReleaseError, match=rf"{tmp_path}.*kg build"):
        releases.current()
    build(tmp_path, lighthouse_inputs)
    with pytest.raises(ReleaseError, match="there are: 1"):
        releases.get(7)
    with pytest.raises(ReleaseError, match="no release before 1"):
        releases.rollback()
    with pytest.raises(ReleaseError, match="--keep 1"):
        releases.prune(0)
    manifest = releases.current().path / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "layout": 99}))
    with pytest.raises(ReleaseError, match="layout 99"):
        releases.current()
    manifest.write_text("not JSON")
    with pytest.raises(ReleaseError, match="not a manifest"):
        releases.current()


def test_a_full_disk_is_told_before_building(
    tmp_path: Path, lighthouse_inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "ROOM", shutil.disk_usage(tmp_path).free + ROOM)
    with pytest.raises(ReleaseError, match=r"needs about .* MiB .*kg prune"):
        build(tmp_path, lighthouse_inputs)
    assert not Releases(tmp_path).versions()


def test_a_second_build_at_the_same_time_is_refused(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    with staging.staging(tmp_path, 0), pytest.raises(ReleaseError, match=r"Another build"):
        build(tmp_path, lighthouse_inputs)


BUILD = """
import sys
from pathlib import Path
from kg.building.build import build
from kg.building.inputs import Inputs
home, ontology, data = map(Path, sys.argv[1:])
print("ready", flush=True)
while True:
    build(home, Inputs(ontology, data))
    print("built", flush=True)
"""


def killed_at_random(home: Path, inputs: Inputs, times: int, seed: int) -> None:
    """Kill a process that builds without end; after each kill the current release must be whole."""
    chance = random.Random(seed)
    expected = build(home, inputs).manifest.quads_digest
    command = [sys.executable, "-c", BUILD, str(home), str(inputs.ontology_file), str(inputs.data)]
    for _ in range(times):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 1.5))
            os.kill(process.pid, signal.SIGKILL)
        current = Releases(home).current()
        assert nquads.digest(current.quads_file) == current.manifest.quads_digest == expected
        statistics = len(list(current.store.quads(graph=current.iris.statistics_graph)))
        assert len(current.store) == current.manifest.counts["quads"] + statistics
    build(home, inputs)
    assert not list((home / "staging").iterdir())
    assert sorted(path.name for path in home.iterdir()) == [
        "build.lock",
        "current",
        "history",
        "releases",
        "serial",
        "staging",
    ]


def test_killed_at_ten_random_moments(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    killed_at_random(tmp_path, lighthouse_inputs, times=10, seed=1)


@pytest.mark.slow
def test_killed_at_fifty_random_moments(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    killed_at_random(tmp_path, lighthouse_inputs, times=50, seed=2)
