"""The tables of a dump: what is in them, that spreadsheets run none of it, and that databases take it."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from kg.downloads.columns import Column, Naming
from kg.downloads.dumps import Dump, Dumps
from kg.downloads.sheets import harmless, joined, original
from kg.imports.importing import import_files

SPLIT = re.compile(r"(?:[^\\|]|\\.)*", re.DOTALL)
UNTIDY = """
@prefix ex: <http://ex.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix wd: <http://www.wikidata.org/entity/> .
ex:a a ex:Group , wd:Q5 ; rdfs:label "=1+1" ; ex:order 1 , 2 ; ex:name "taken" ; ex:Order "x" .
ex:a ex:group ex:b .
ex:b a ex:Group , ex:GROUP ; ex:order 3 ; ex:when "2025-02-30"^^xsd:date ; ex:note "a|b" , "c\\\\d" .
ex:b ex:P31 -5 .
wd:Q5 rdfs:label "human"@en . ex:P31 rdfs:label "instance of"@en , "ist ein"@de .
ex:c ex:order 4 ; ex:note "deutsch"@de , "english"@en , "english too"@en-GB .
"""


@pytest.fixture(scope="module")
def dump(lighthouses) -> Dump:
    return Dumps(lighthouses.path.parent.parent).make(lighthouses)


@pytest.fixture(scope="module")
def untidy(tmp_path_factory) -> Dump:
    folder = tmp_path_factory.mktemp("untidy")
    (folder / "untidy.ttl").write_text(UNTIDY, encoding="utf-8")
    return Dumps(folder / "home").make(import_files(folder / "home", [folder / "untidy.ttl"]))


def sheet(dump: Dump, name: str) -> list[dict[str, str]]:
    with (dump.folder / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def row(dump: Dump, table: str, name: str) -> dict[str, str]:
    [found] = [one for one in sheet(dump, table) if one["name"] == name]
    return found


def opened(dump: Dump) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{dump.folder / 'graph.db'}?mode=ro", uri=True))


# CSV


def test_a_class_is_a_table_of_its_members(dump) -> None:
    found = row(dump, "rock_lighthouse", "Bell Rock Lighthouse")
    assert found["iri"] == "https://example.org/lighthouses/id/bell-rock"
    assert found["within_name"] == "Scotland"
    assert found["within"] == "https://example.org/lighthouses/id/scotland"
    classes = {one["table_name"]: int(one["members"]) for one in sheet(dump, "classes")}
    assert {name: len(sheet(dump, name)) for name in classes} == classes


def test_disagreeing_values_are_all_there_and_each_has_its_source(dump) -> None:
    many = [one for one in sheet(dump, "rock_lighthouse") if "|" in one["height"]]
    assert many
    titles = {one["iri"]: one["title"] for one in sheet(dump, "sources")}
    for one in many:
        said = [
            statement
            for statement in sheet(dump, "statements")
            if statement["subject"] == one["iri"] and statement["property"].endswith("height")
        ]
        assert {statement["value"] for statement in said} == set(one["height"].split("|"))
        assert len({titles[statement["source"]] for statement in said}) > 1


def test_the_archives_hold_the_same_tables(dump) -> None:
    for form in ("csv", "parquet"):
        with zipfile.ZipFile(dump.folder / f"graph.{form}.zip") as archive:
            assert archive.testzip() is None
            found = {name: archive.read(name) for name in archive.namelist()}
        assert found == {path.name: path.read_bytes() for path in (dump.folder / form).iterdir()}


def test_names_of_tables_and_columns_are_unique_and_telling(untidy) -> None:
    tables = {one["iri"]: one["table_name"] for one in sheet(untidy, "classes")}
    assert tables["http://www.wikidata.org/entity/Q5"] == "human"
    assert {tables["http://ex.org/Group"], tables["http://ex.org/GROUP"]} == {"group", "group_2"}
    columns = sheet(untidy, tables["http://ex.org/Group"])[0].keys()
    assert {"iri", "name", "name_2", "order", "order_2", "instance_of", "group", "group_name"} <= columns


def test_cells_of_an_untidy_graph(untidy) -> None:
    tables = {one["iri"]: one["table_name"] for one in sheet(untidy, "classes")}
    first, second = sheet(untidy, tables["http://ex.org/Group"])
    assert first["name"] == "'=1+1"
    assert first["order"] == "1|2"
    assert second["instance_of"] == "-5"
    assert sorted(SPLIT.findall(second["note"])[::2]) == [r"a\|b", r"c\\d"]
    assert second["when"] == "2025-02-30"
    [other] = [one for one in sheet(untidy, "untyped") if one["iri"] == "http://ex.org/c"]
    assert other["note"] == "english"


def is_run(cell: str) -> bool:
    """Whether a spreadsheet program takes a cell for a formula, a plain number apart."""
    begins = cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return begins and not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", cell, re.IGNORECASE | re.ASCII)


cells = st.text(st.sampled_from("=+-@\t\r\n'\"|\\,;0123456789.eE aé")) | st.text()


@settings(max_examples=500)
@given(cells)
@example("-5")
@example("+1.5E-3")
@example("-5+cmd|' /C calc'!A0")
@example("'-5")
@example("\t=1")
def test_no_cell_is_run_and_each_can_be_undone(text: str) -> None:
    assert not is_run(harmless(text))
    assert original(harmless(text)) == text
    if re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        assert harmless(text) == text


@given(st.lists(cells, min_size=1))
def test_several_values_in_a_cell_are_told_apart(texts: list[str]) -> None:
    cell = joined(Column("x", many=True), texts)
    assert not is_run(cell)
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", original(cell))
    assert len(parts) == len(texts)


@given(st.lists(st.text(), max_size=6))
def test_a_sheet_is_read_as_it_was_written(row: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(map(harmless, row))
    [found] = list(csv.reader(io.StringIO(written.getvalue(), newline=""), strict=True)) or [[]]
    assert list(map(original, found)) == row


@given(st.lists(st.tuples(st.text(), st.text())))
def test_names_are_safe_whatever_a_graph_calls_its_terms(terms: list[tuple[str, str]]) -> None:
    naming = Naming(["entities"])
    names = [naming.name(f"http://ex.org/{last}", label, "value") for last, label in terms]
    assert len({"entities", *names}) == len(names) + 1
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and not name.startswith("sqlite_") for name in names)


# Parquet


def test_parquet_has_the_rows_of_the_sheets_with_types(dump) -> None:
    for path in sorted((dump.folder / "parquet").iterdir()):
        table, rows = parquet.read_table(path), sheet(dump, path.stem)
        assert table.num_rows == len(rows)
        assert table.column_names == list(rows[0])
    heights = parquet.read_table(dump.folder / "parquet" / "rock_lighthouse.parquet").to_pylist()
    found = next(one for one in heights if one["name"] == "Bell Rock Lighthouse")
    assert all(isinstance(height, float) for height in found["height"])
    assert found["world_heritage"] in (None, True, False)


# SQLite


def test_the_database_is_whole_and_its_keys_hold(dump, untidy) -> None:
    for one in (dump, untidy):
        with opened(one) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            tables = [
                name
                for (name,) in database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' "
                    "AND name NOT LIKE 'sqlite_%'"
                )
            ]
            for table in tables:
                keys = [row for row in database.execute(f'PRAGMA table_info("{table}")') if row[5]]
                assert keys, f"{table} has no primary key"
                leading = {
                    database.execute(f'PRAGMA index_info("{index[1]}")').fetchone()[2]
                    for index in database.execute(f'PRAGMA index_list("{table}")').fetchall()
                }
                referring = {row[3] for row in database.execute(f'PRAGMA foreign_key_list("{table}")')}
                assert referring <= leading, f"{table} has a foreign key without an index"


def test_the_database_holds_what_the_sheets_hold(dump) -> None:
    with opened(dump) as database:
        for path in (dump.folder / "csv").iterdir():
            [count] = database.execute(f'SELECT COUNT(*) FROM "{path.stem}"').fetchone()
            assert count == len(sheet(dump, path.stem))
        pairs = database.execute("SELECT rock_lighthouse, height FROM rock_lighthouse_height").fetchall()
        values = {
            (one["iri"], float(x))
            for one in sheet(dump, "rock_lighthouse")
            for x in one["height"].split("|")
            if x
        }
        assert set(pairs) == values


def test_the_database_is_joined_and_searched(dump) -> None:
    with opened(dump) as database:
        rows = database.execute(
            "SELECT b.name, p.name FROM rock_lighthouse b JOIN entities p ON p.iri = b.within "
            "WHERE b.name LIKE 'Bell%'"
        ).fetchall()
        assert rows == [("Bell Rock Lighthouse", "Scotland")]
        rows = database.execute(
            "SELECT o.title FROM statements s JOIN sources o ON o.iri = s.source "
            "JOIN entities e ON e.iri = s.subject "
            "WHERE e.name = 'Bell Rock Lighthouse' AND s.property LIKE '%height'"
        ).fetchall()
        assert len(rows) > 1
        found = database.execute(
            "SELECT e.iri FROM entities_fts f JOIN entities e ON e.rowid = f.rowid "
            "WHERE entities_fts MATCH 'coruna'"
        ).fetchall()
        assert ("https://example.org/lighthouses/id/a-coruna",) in found


def test_dates_are_dates(shipped) -> None:
    dump = Dumps(shipped.path.parent.parent).make(shipped)
    table = parquet.read_table(dump.folder / "parquet" / "state.parquet")
    assert isinstance(
        next(one for one in table.column("signed_euro_hpc_declaration_on").to_pylist() if one), date
    )
