"""A curator's slips: each is refused with its file and line, and nothing is published."""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.building.build import build, check
from kg.building.inputs import Inputs
from kg.errors import FactsError, InvalidGraph
from kg.records.tables import LONGEST_CELL
from kg.release import Releases

TABLES = ("entities.csv", "labels.csv", "facts.csv", "sources.csv")


@pytest.fixture
def copy(tmp_path: Path, lighthouse_inputs: Inputs) -> Inputs:
    """The lighthouses in a folder that a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(lighthouse_inputs.data, folder)
    return Inputs(lighthouse_inputs.ontology_file, folder)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, table: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)


def refused(inputs: Inputs, home: Path) -> FactsError:
    with pytest.raises(FactsError) as caught:
        build(home, inputs)
    assert not Releases(home).versions()
    assert Releases(home).state() is None
    assert not list((home / "staging").glob("*"))
    return caught.value


def set_cell(column: str, value: str) -> Callable[[list[list[str]], int], None]:
    def spoil(table: list[list[str]], line: int) -> None:
        table[line - 1][table[0].index(column)] = value

    return spoil


def extra_cell(table: list[list[str]], line: int) -> None:
    table[line - 1].append("one too many")


def missing_cell(table: list[list[str]], line: int) -> None:
    table[line - 1].pop()


def repeated_row(table: list[list[str]], line: int) -> None:
    table.insert(line, list(table[line - 1]))


# What is spoilt, in which table, and a word that the message must hold.
SLIPS: list[tuple[str, Callable[[list[list[str]], int], None], str]] = [
    *[(table, extra_cell, "cells where") for table in TABLES],
    *[(table, missing_cell, "cells where") for table in TABLES],
    *[(table, repeated_row, "") for table in TABLES],
    ("entities.csv", set_cell("id", "Not An Id"), "identifier"),
    ("entities.csv", set_cell("id", ""), "identifier"),
    ("entities.csv", set_cell("id", "x" * LONGEST_CELL + "x"), "longer than"),
    ("entities.csv", set_cell("class", "Lighthose"), "did you mean"),
    ("entities.csv", set_cell("class", ""), "unknown class"),
    ("entities.csv", set_cell("description_en", " blank before"), "blank"),
    ("entities.csv", set_cell("description_en", "bell\x07"), "control character"),
    ("labels.csv", set_cell("id", "nobody-knows-it"), "unknown entity"),
    ("labels.csv", set_cell("lang", "English"), "language"),
    ("labels.csv", set_cell("kind", "prefered"), "did you mean"),
    ("labels.csv", set_cell("label", ""), "empty"),
    ("labels.csv", set_cell("label", "\u200b"), "nothing that shows"),
    ("labels.csv", set_cell("label", "trailing "), "blank"),
    ("sources.csv", set_cell("id", "A B"), "identifier"),
    ("sources.csv", set_cell("url", "ftp://example.org/x"), "web address"),
    ("sources.csv", set_cell("url", "https://example.org/a b"), "web address"),
    ("sources.csv", set_cell("url", "javascript:alert(1)"), "web address"),
    ("sources.csv", set_cell("title", ""), "title"),
    ("sources.csv", set_cell("published_on", "13.10.2025"), "not a date"),
    ("sources.csv", set_cell("published_on", "2025-02-30"), "not a date"),
    ("sources.csv", set_cell("language", "Deutsch"), "language"),
    ("facts.csv", set_cell("subject", "nobody-knows-it"), "unknown entity"),
    ("facts.csv", set_cell("property", "hostedBuy"), "unknown property"),
    ("facts.csv", set_cell("property", ""), "unknown property"),
    ("facts.csv", set_cell("value_type", "float"), "value_type"),
    ("facts.csv", set_cell("source", "no-such-source"), "unknown source"),
    ("facts.csv", set_cell("as_of", "yesterday"), "not a date"),
    ("facts.csv", set_cell("as_of", "2025-13"), "not a date"),
]


@pytest.mark.parametrize(("table", "spoil", "word"), SLIPS)
def test_a_slip_is_refused_where_it_stands(
    copy: Inputs, tmp_path: Path, table: str, spoil: Callable[[list[list[str]], int], None], word: str
) -> None:
    path = copy.data / table
    content = rows(path)
    line = random.Random(f"{table}{word}").randrange(2, len(content))
    spoil(content, line)
    write(path, content)
    error = refused(copy, tmp_path / "home")
    here = [
        problem for problem in error.problems if problem.file == table and problem.line in (line, line + 1)
    ]
    assert here, error
    assert any(word in problem.message or word == problem.column for problem in here), error


@pytest.mark.parametrize("seed", range(160))
def test_any_spoilt_byte_is_refused_with_file_and_line_or_harmless(copy: Inputs, seed: int) -> None:
    chance = random.Random(seed)
    path = copy.data / chance.choice(TABLES)
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 4)):
        data[chance.randrange(len(data))] = chance.choice([0, 0x0D, 0x22, 0x2C, 0x0A, 0xFF, 0xC3, 0x07])
    path.write_bytes(data)
    assert all(re.match(r"[a-z]+\.csv:[1-9]\d*[,:] ", line) for line in complaints(copy))


def complaints(inputs: Inputs) -> list[str]:
    """What a check refuses, by line; a shape may refuse what a table lets through."""
    try:
        check(inputs.data / "home", inputs)
    except FactsError as error:
        return [str(problem) for problem in error.problems]
    except InvalidGraph as error:
        return [re.sub(r".*\((facts\.csv:\d+).*", r"\1: ", line) for line in str(error).splitlines()]
    return []


@pytest.mark.parametrize("table", TABLES)
def test_wrong_encoding_is_named_with_its_line(copy: Inputs, tmp_path: Path, table: str) -> None:
    path = copy.data / table
    lines = path.read_bytes().split(b"\n")
    lines[3] = lines[3][:-2] + "ü".encode("latin-1") + lines[3][-2:]
    path.write_bytes(b"\n".join(lines))
    (problem, *_) = [
        problem for problem in refused(copy, tmp_path / "home").problems if problem.file == table
    ]
    assert problem.line == 4
    assert "UTF-8" in problem.message


@pytest.mark.parametrize("table", TABLES)
def test_nul_ten_megabytes_and_an_open_quote_are_refused(copy: Inputs, tmp_path: Path, table: str) -> None:
    path = copy.data / table
    whole = path.read_text(encoding="utf-8")
    width = len(whole.split("\n")[0].split(","))
    for bad, word in (
        ("a\0b" + "," * (width - 1), "control character"),
        ("x" * 10_000_000 + "," * (width - 1), "longer than"),
        ('"open' + "," * (width - 1), "quotation mark"),
    ):
        path.write_text(whole + bad + "\n", encoding="utf-8")
        problems = refused(copy, tmp_path / "home").problems
        line = whole.count("\n") + 1
        assert any(
            problem.file == table and problem.line == line and word in problem.message for problem in problems
        ), problems


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_or_empty_table_and_a_wrong_header(copy: Inputs, tmp_path: Path, table: str) -> None:
    path = copy.data / table
    for content in (b"", b"id;class\n", b"\n\n"):
        path.write_bytes(content)
        assert "header" in str(refused(copy, tmp_path / "home"))
    path.unlink()
    assert "no such file" in str(refused(copy, tmp_path / "home"))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(copy: Inputs, tmp_path: Path) -> None:
    expected = build(tmp_path / "one", copy).manifest.quads_digest
    for table in TABLES:
        path = copy.data / table
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert build(tmp_path / "two", copy).manifest.quads_digest == expected
