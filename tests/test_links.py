"""Identity links: proposed with reasons from extracts of registers, written when somebody has said yes."""

from __future__ import annotations

import bz2
import csv
import fcntl
import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.building.build import journal
from kg.errors import FactsError, ForeignDataError
from kg.imports import ror, wikidata
from kg.imports.extracts import Called, Record, register
from kg.imports.reviews import COLUMNS, EXACT_MATCH, accepted, text
from kg.release import Release, Releases
from kg.sources import sources
from kg.store import IRI
from web.cli import kg

REGISTERS = Path(__file__).parent / "fixtures" / "registers"
WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def home(lighthouses: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home to write in, whose index is the care of a service, so that no command loads the model."""
    source, ignored = lighthouses.path.parent.parent, shutil.ignore_patterns("run", "texts")
    target = tmp_path_factory.mktemp("links") / "home"
    shutil.copytree(source, target, symlinks=True, ignore=ignored)
    with (target / "indexing.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield target


def run(home: Path, *arguments: str | Path) -> str:
    """What a command writes, in a home."""
    result = CliRunner().invoke(kg, [str(one) for one in arguments], env={"KG_HOME": str(home)})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def proposed(home: Path, extract: str | Path, *options: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(home, "link", REGISTERS / extract, *options))))


def pairs(table: list[dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["entity"], row["link"].removeprefix(WIKIDATA)): row for row in table}


def reviewed(folder: Path, table: list[dict[str, str]], *right: tuple[str, str]) -> Path:
    """A table as a reviewer leaves it."""
    path = folder / "reviewed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for (entity, record), row in pairs(table).items():
            writer.writerow(row | {"accept": "yes" if (entity, record) in right else ""})
    return path


# Reading


@pytest.mark.parametrize("name", ["ror-v1.json", "ror-v2.json"])
def test_both_schemas_of_ror_are_read_alike(name: str) -> None:
    first = next(ror.records(REGISTERS / name))
    assert first.iri == "https://ror.org/05sd8tv96"
    assert first.label == "Barcelona Supercomputing Center"
    assert Called("Centro Nacional de Supercomputación", "es", "other") in first.names
    assert Called("BSC", "", "acronym") in first.names
    assert (first.countries, [kind.lower() for kind in first.kinds]) == (("ES",), ["facility"])
    assert "bsc.es" in {site.removeprefix("www.") for site in first.sites}


def test_withdrawn_records_are_left_out() -> None:
    assert "CINECA" not in {one.label for one in ror.records(REGISTERS / "ror-v2.json")}


def test_lines_of_a_dump_of_wikidata_are_read() -> None:
    found = {one.iri.removeprefix(WIKIDATA): one for one in wikidata.records(REGISTERS / "wikidata.jsonl")}
    bell, cordouan, country = (found[f"Q90000000{number}"] for number in (1, 6, 9))
    assert Called("Inchcape Rock lighthouse", "en", "other") in bell.names
    assert (bell.kinds, bell.countries) == (("Q39715",), ("Q900000009",))
    assert (cordouan.countries, cordouan.sites) == (("Q142",), ("example.org",))
    assert country.codes == ("GB",)
    assert Called("UK", "", "acronym") in country.names


def test_tables_of_the_query_service_are_read_row_by_row_into_items() -> None:
    plain = {one.iri.removeprefix(WIKIDATA): one for one in wikidata.records(REGISTERS / "wikidata.csv")}
    bell = plain["Q900000001"]
    assert [name.text for name in bell.names] == [
        "Bell Rock Lighthouse",
        "Inchcape Rock lighthouse",
        "Bell Rock Light",
    ]
    assert (bell.kinds, bell.countries) == (("lighthouse", "tower"), ("United Kingdom",))
    assert plain["Q900000011"].names == ()
    terms = list(wikidata.records(REGISTERS / "wikidata.tsv"))
    assert terms[0].names == (Called("Bell Rock Lighthouse", "en"),)
    assert terms[0].countries == ("Q145",)
    assert terms[1].label == 'Skerryvore "light"'


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    data = (REGISTERS / "ror-v2.json").read_bytes()
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(data))
    (tmp_path / "b.json.bz2").write_bytes(bz2.compress(data))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("v1.45-ror-data.json", "[]")
        archive.writestr("v1.45-ror-data_schema_v2.json", data)
        archive.writestr("v1.45-ror-data.csv", "id\n")
    expected = list(ror.records(REGISTERS / "ror-v2.json"))
    for path in sorted(tmp_path.iterdir()):
        assert register(path) == "ror"
        assert list(ror.records(path)) == expected, path.name


@pytest.mark.parametrize(
    ("name", "content", "reader", "told"),
    [
        ("a.json", '{"id": 1}', ror, "JSON"),
        ("a.json", '[{"id": "https://example.org/1"}]', ror, "record 1 has no “id”"),
        ("a.json", '[{"id": "https://ror.org/1", "names": [{"types": []}]}]', ror, "record 1 is not as"),
        ("a.json", '[{"id": "https://ror.org/1"', ror, "is not the JSON"),
        ("a.jsonl", '[\n{"type": "item", "id": "Q1"},\nnothing\n', wikidata, ":3 is not an item"),
        ("a.csv", "name,label\nQ1,One\n", wikidata, ":1 has no column “item”; its columns are: name, label."),
        ("a.csv", "item\nQ1\nP5\n", wikidata, ":3: “P5” in the column “item” is no item"),
        ("a.csv", b"item\nQ1\xff\n", wikidata, "not UTF-8"),
        ("a.json.gz", "no gzip", ror, "cannot be read"),
        ("a.zip", "no zip", ror, "cannot be read"),
    ],
)
def test_what_is_no_extract_is_refused_with_its_place(tmp_path, name, content, reader, told) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ForeignDataError, match=told.replace("(", r"\(")) as error:
        list(reader.records(path))
    assert str(path) in str(error.value)


def test_a_file_of_another_kind_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"a": 1}')
    with pytest.raises(ForeignDataError, match="give --kind"):
        register(tmp_path / "other.json")


@given(st.binary(max_size=200))
def test_bytes_that_are_no_extract_end_in_one_kind_of_error(tmp_path_factory, data: bytes) -> None:
    for name, reader in (("x.json", ror), ("x.jsonl", wikidata), ("x.csv", wikidata), ("x.tsv", wikidata)):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(data)
        try:
            found = list(reader.records(path))
        except ForeignDataError:
            continue
        assert all(isinstance(one, Record) for one in found)


# Proposing


def test_things_are_proposed_by_name_kind_and_country(home: Path) -> None:
    found = pairs(proposed(home, "wikidata.jsonl", "--least", "0.3"))
    bell = found["bell-rock", "Q900000001"]
    assert float(bell["score"]) > 0.9
    assert "name “Bell Rock Lighthouse”" in bell["reasons"]
    assert "country GB" in bell["reasons"]
    assert (bell["country"], bell["class"], bell["accept"]) == ("GB", "rock lighthouse", "")
    reef = found["bell-rock", "Q900000002"]
    assert "another country: JM, not GB" in reef["reasons"]
    assert "country GB" in found["united-kingdom", "Q900000009"]["reasons"]
    assert float(reef["score"]) < float(bell["score"]) / 2


def test_several_candidates_are_given_the_likeliest_first(home: Path) -> None:
    table = [row for row in proposed(home, "wikidata.jsonl") if row["entity"] == "robert-stevenson"]
    assert [row["link"].removeprefix(WIKIDATA) for row in table] == ["Q900000003", "Q900000004"]
    assert "alike “Robert Stephenson” for “Robert Stevenson”" in table[1]["reasons"]


def test_kinds_are_held_against_the_classes_of_the_graph(home: Path) -> None:
    found = pairs(proposed(home, "wikidata.csv"))
    assert "kind lighthouse" in found["bell-rock", "Q900000001"]["reasons"]
    assert "kind engineer" in found["robert-stevenson", "Q900000003"]["reasons"]
    assert "another kind: lighthouse" in found["robert-stevenson", "Q900000010"]["reasons"]
    assert "country FR" in found["cordouan", "Q900000006"]["reasons"], "the name was German"
    assert "website example.org" in found["cordouan", "Q900000006"]["reasons"]


def test_only_things_of_a_class_are_compared_if_one_is_given(home: Path) -> None:
    found = proposed(home, "wikidata.jsonl", "--class", "lighthouse", "--most", "1", "--least", "0.8")
    assert {row["entity"] for row in found} == {"bell-rock", "cordouan"}


def test_the_property_that_tells_the_country_may_be_given(home: Path) -> None:
    found = pairs(proposed(home, "wikidata.jsonl", "--country-property", "near"))
    assert found["bell-rock", "Q900000001"]["country"] == ""
    assert "country" not in found["bell-rock", "Q900000001"]["reasons"]


def test_what_a_spreadsheet_would_compute_it_shows() -> None:
    row = ["", "x", "=1+1", "", "", "https://ror.org/1", "@SUM(A1)", "", "", "0.5", "-", "a\nb"]
    [shown] = list(csv.reader(io.StringIO(text([row]))))[1:]
    assert (shown[2], shown[6], shown[10], shown[11]) == ("'=1+1", "'@SUM(A1)", "'-", "a b")


def test_organisations_of_the_shipped_graph_are_found_in_ror(shipped: Release) -> None:
    found = pairs(proposed(shipped.path.parent.parent, "ror-v2.json", "--class", "organisation"))
    right = found["bsc", "https://ror.org/05sd8tv96"]
    assert float(right["score"]) > 0.95
    assert found["fz-julich", "https://ror.org/02nv7yv05"]["country"] == "DE"
    others = [row for (entity, _), row in found.items() if entity == "bsc" and row != right]
    assert all(float(row["score"]) < 0.6 for row in others)


# Accepting


def test_accepted_links_are_written_with_their_source_and_method(home: Path, tmp_path: Path) -> None:
    right = ("bell-rock", "Q900000001")
    table = reviewed(tmp_path, proposed(home, "wikidata.jsonl"), right)
    options = (
        "--source",
        "wikidata-2025",
        "--title",
        "Wikidata, an extract",
        "--date",
        "2025-11",
        "--by",
        "Ada",
    )
    before = journal(home).last()
    preview = run(home, "link", "accept", table, *options, "--dry-run")
    assert EXACT_MATCH.value in preview
    assert journal(home).last() == before
    run(home, "link", "accept", table, *options)
    release = Releases(home).current()
    iris, store = release.iris, release.store
    [link] = store.quads(predicate=EXACT_MATCH)
    assert (link.subject, link.object) == (iris.entity(right[0]), IRI(WIKIDATA + right[1]))
    graph = iris.source("wikidata-2025")
    assert link.graph_name == graph
    known = sources(store, iris, [graph])[graph]
    assert (known.title, known.date, known.kind) == ("Wikidata, an extract", "2025-11", "register")
    [method] = [quad.object.value for quad in store.quads(subject=graph) if "Method" in str(quad.object)]
    assert "1 link accepted by Ada" in method
    assert "wikidata.jsonl (SHA-256" in method
    *_, (_, patch) = journal(home).patches()
    assert patch.who == "kg link, Ada"
    again = pairs(proposed(home, "wikidata.jsonl"))
    assert not [entity for entity, _ in again if entity == "bell-rock"], "it is linked already"
    # Another review adds to the same source, of which all is known.
    more = reviewed(tmp_path, proposed(home, "wikidata.jsonl"), ("cordouan", "Q900000006"))
    run(home, "link", "accept", more, "--source", "wikidata-2025", "--by", "Grace")
    assert len(list(Releases(home).current().store.quads(predicate=EXACT_MATCH))) == 2


def test_nothing_is_written_without_a_yes(home: Path, tmp_path: Path) -> None:
    table = reviewed(tmp_path, proposed(home, "wikidata.csv"))
    before = journal(home).last()
    run(home, "link", "accept", table, "--source", "nothing")
    assert journal(home).last() == before


def test_a_source_that_nobody_describes_is_refused(home: Path, tmp_path: Path) -> None:
    table = reviewed(tmp_path, proposed(home, "wikidata.csv"), ("robert-stevenson", "Q900000003"))
    with pytest.raises(FactsError, match="give its --title"):
        run(home, "link", "accept", table, "--source", "unheard-of")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("perhaps", "cordouan", f"{WIKIDATA}Q1")], "neither yes nor no"),
        ([("yes", "cordouan", "Q1")], "not a web address"),
        ([("yes", "nowhere", f"{WIKIDATA}Q1")], "says nothing of “nowhere”"),
        ([("yes", "cordouan", f"{WIKIDATA}Q1"), ("x", "cordouan", f"{WIKIDATA}Q2")], "line 2 links it with"),
        ([("yes", "cordouan", f"{WIKIDATA}Q1"), ("1", "fastnet", f"{WIKIDATA}Q1")], "line 2 links it with"),
    ],
)
def test_a_review_that_is_not_clear_is_refused_with_its_line(lighthouses, tmp_path, rows, told) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text([[word, entity, "", "", "", link, *[""] * 6] for word, entity, link in rows]))
    with pytest.raises(FactsError, match=told) as error:
        accepted(path, lighthouses)
    assert f"table.csv:{len(rows) + 1}" in str(error.value)


# What is there


def test_every_identity_link_of_the_shipped_graph_has_a_source(shipped: Release) -> None:
    store, iris = shipped.store, shipped.iris
    hosts = (WIKIDATA, ror.SPACE)
    links = [
        quad
        for quad in store.quads()
        if isinstance(quad.object, IRI)
        and (quad.predicate == EXACT_MATCH or quad.object.value.startswith(hosts))
    ]
    stated = [quad for quad in links if iris.is_stated(quad)]
    known = sources(store, iris, {quad.graph_name for quad in stated})
    assert stated
    assert {quad.triple for quad in links if quad.predicate == EXACT_MATCH} <= {
        quad.triple for quad in stated
    }
    assert all(known[quad.graph_name].title for quad in stated)


def test_fixtures_are_json() -> None:
    assert len(json.loads((REGISTERS / "wikidata.jsonl").read_text(encoding="utf-8"))) == 9
