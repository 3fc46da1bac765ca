"""The schema as the data shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.release import Release
from search.profile import Profile, Step, profile
from search.survey import survey


@pytest.fixture(scope="module")
def shown(lighthouses: Release) -> Profile:
    return profile(lighthouses, survey(lighthouses))


@pytest.fixture(scope="module")
def lh(lighthouses: Release):
    return lambda name: f"{lighthouses.prefixes['lh']}{name}"


def test_uses_tell_classes_kinds_of_values_and_units(shown: Profile, lh) -> None:
    height = shown.uses[lh("height")]
    assert set(height.subjects) == {lh("lighthouse"), lh("rock_lighthouse")}
    assert set(height.values) == {"number"}
    assert height.unit == "m"
    assert height.single
    assert set(shown.uses[lh("first_lit")].values) == {"date"}
    assert set(shown.uses[lh("world_heritage")].values) == {"boolean"}
    assert set(shown.uses[lh("home_page")].values) == {"address"}
    assert set(shown.uses[lh("built_by")].objects) == {lh("engineer")}


def test_a_property_is_read_from_whatever_states_it(shown: Profile, lh) -> None:
    assert shown.uses[lh("built_by")].steps == [Step(lh("built_by"))]
    assert shown.uses[lh("builder_of")].steps == [Step(lh("built_by"), inverse=True)]
    sibling = lh("sibling_of")
    assert shown.uses[sibling].steps == [Step(sibling), Step(sibling, inverse=True)]


def test_classes_contain_those_below(shown: Profile, lh) -> None:
    assert shown.with_narrower([lh("lighthouse")]) == [lh("lighthouse"), lh("rock_lighthouse")]
    assert shown.with_narrower([lh("engineer")]) == [lh("engineer")]


def test_steps_between_classes_go_both_ways(shown: Profile, lh) -> None:
    assert shown.between([lh("lighthouse")], [lh("engineer")]) == [Step(lh("built_by"))]
    assert shown.between([lh("engineer")], [lh("lighthouse")]) == [Step(lh("built_by"), inverse=True)]
    assert shown.between([lh("engineer")], [lh("lamp_type")]) == []


def test_it_is_read_as_it_was_written(shown: Profile, tmp_path: Path) -> None:
    shown.write(tmp_path / "profile.json")
    assert Profile.read(tmp_path / "profile.json") == shown
