"""What the shapes object to is told in words, with the lines of the facts to mend."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kg.building.build import build, check
from kg.building.inputs import Inputs
from kg.errors import InvalidGraph, ReleaseError
from kg.release import Releases


def copied(inputs: Inputs, folder: Path) -> Inputs:
    """The facts in a folder that a test may spoil."""
    shutil.copytree(inputs.data, folder)
    return Inputs(inputs.ontology_file, folder)


def test_the_shipped_facts_break_no_shape_and_lack_only_what_is_known(
    tmp_path: Path, shipped_inputs: Inputs
) -> None:
    warnings = check(tmp_path, shipped_inputs)
    assert warnings
    assert all(re.search(r": (has|is linked to) no .*\.$", warning) for warning in warnings), warnings


def test_a_violation_tells_label_statement_and_line(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    copy = copied(lighthouse_inputs, tmp_path / "data")
    facts = copy.data / "facts.csv"
    rows = facts.read_text(encoding="utf-8").splitlines()
    line = next(number for number, row in enumerate(rows, start=1) if ",height," in row)
    cells = rows[line - 1].split(",")
    rows[line - 1] = ",".join([*cells[:2], "4000", *cells[3:]])
    facts.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(InvalidGraph) as caught:
        build(tmp_path / "home", copy)
    told = str(caught.value)
    assert f"facts.csv:{line}" in told
    assert "height “4000" in told
    assert cells[0] not in told.split(":")[0], "the label stands first, not the identifier"
    assert not Releases(tmp_path / "home").versions()


def test_a_missing_name_is_told_with_the_line_of_the_thing(tmp_path: Path, shipped_inputs: Inputs) -> None:
    copy = copied(shipped_inputs, tmp_path / "data")
    labels = copy.data / "labels.csv"
    text = labels.read_text(encoding="utf-8")
    name = re.search(r"^italy,en,pref,.*\n", text, re.MULTILINE)
    assert name
    labels.write_text(text.replace(name[0], ""), encoding="utf-8")
    rows = (copy.data / "entities.csv").read_text(encoding="utf-8").splitlines()
    line = next(number for number, row in enumerate(rows, start=1) if row.startswith("italy,"))
    with pytest.raises(InvalidGraph, match=rf"has no English preferred name.*entities\.csv:{line}\)"):
        check(tmp_path / "home", copy)


def test_shapes_that_are_none_are_told_with_their_file(tmp_path: Path, lighthouse_inputs: Inputs) -> None:
    shutil.copytree(lighthouse_inputs.data, tmp_path / "lights")
    (tmp_path / "lights" / "shapes.ttl").write_text("""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <https://e.org/s> sh:targetNode <https://e.org/x> ; sh:property [ sh:minCount 1 ] .""")
    inputs = Inputs(tmp_path / "lights" / "ontology.ttl", tmp_path / "lights")
    with pytest.raises(ReleaseError, match=r"shapes\.ttl cannot be used as SHACL shapes"):
        check(tmp_path / "home", inputs)
