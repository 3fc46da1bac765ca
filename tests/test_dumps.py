"""Dumps say what the release says, in every form, and say it in the same bytes each time."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rdflib
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.building.build import build
from kg.downloads import jsonld
from kg.downloads.dumping import AGAIN, LAG, QUIET, Agenda
from kg.downloads.dumps import Dump, Dumps
from kg.downloads.forms import FORMS
from kg.errors import DumpError
from kg.imports.importing import import_files
from kg.release import Release, Releases
from kg.updating.writer import Writer
from web.cli import kg

XSD = "http://www.w3.org/2001/XMLSchema#"
STRANGE = """
<urn:ex:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex.org/Kind> <urn:ex:g> .
<urn:ex:a> <http://ex.org/at> <geo:48.2,16.3> <urn:ex:g> .
<urn:ex:a> <http://ex.org/is> "007"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:ex:g> .
<urn:ex:a> <http://ex.org/is> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:ex:g> .
<urn:ex:a> <http://ex.org/is> "12345678901234567890"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:ex:g> .
<urn:ex:a> <http://ex.org/is> "1"^^<http://www.w3.org/2001/XMLSchema#boolean> <urn:ex:g> .
<urn:ex:a> <http://ex.org/is> "{}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> <urn:ex:h> .
<urn:ex:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "a text" <urn:ex:h> .
<urn:ex:a> <http://ex.org/says> "line\\nbreak \\"quoted\\" \\\\ \\u2028 \\U0001F600"@en-gb <urn:ex:h> .
_:b <http://ex.org/says> "somebody" <urn:ex:h> .
"""


def home_of(release: Release) -> Path:
    return release.path.parent.parent


@pytest.fixture(scope="module")
def dump(lighthouses) -> Dump:
    return Dumps(home_of(lighthouses)).make(lighthouses)


@pytest.fixture(scope="module")
def strange(tmp_path_factory) -> tuple[Release, Dump]:
    folder = tmp_path_factory.mktemp("strange")
    (folder / "strange.nq").write_text(STRANGE, encoding="utf-8")
    release = import_files(folder / "home", [folder / "strange.nq"])
    return release, Dumps(folder / "home").make(release)


def unpacked(dump: Dump, form: str) -> bytes:
    return gzip.decompress((dump.folder / FORMS[form].file).read_bytes())


def quads(data: bytes, form: RdfFormat) -> set[Quad]:
    return set(parse(data, format=form))


# The same each time


def test_two_builds_have_the_same_digests_of_all_dumps(tmp_path, lighthouse_inputs, dump) -> None:
    release = build(tmp_path, lighthouse_inputs)
    again = build(tmp_path, lighthouse_inputs)
    sums = {Dumps(tmp_path).make(one).folder.joinpath("SHA256SUMS").read_text() for one in (release, again)}
    assert sums == {(dump.folder / "SHA256SUMS").read_text()}
    (text,) = sums
    assert len(text.splitlines()) == len(dump.files) - 1 > 30


def test_the_sums_are_those_of_the_files(dump) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=dump.folder, check=False
    )
    assert done.returncode == 0
    there = {path.relative_to(dump.folder).as_posix() for path in dump.folder.rglob("*") if path.is_file()}
    assert there == set(dump.files)


def test_compressed_files_say_no_time_and_no_name(dump) -> None:
    for form in ("nq", "trig", "ttl", "jsonld"):
        head = (dump.folder / FORMS[form].file).read_bytes()[:10]
        assert head[3:8] == bytes(5), "no flags, no MTIME (RFC 1952)"


def test_the_descriptor_says_what_each_file_is(dump) -> None:
    package = json.loads((dump.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"] == "Lighthouses"
    assert len({one["name"] for one in package["resources"]}) == len(package["resources"])
    for one in package["resources"]:
        data = (dump.folder / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")


# True


def test_the_nquads_are_those_of_the_release(lighthouses, dump) -> None:
    assert unpacked(dump, "nq") == lighthouses.quads_file.read_bytes()


def both(request) -> list[tuple[Release, Dump]]:
    return [
        (request.getfixturevalue("lighthouses"), request.getfixturevalue("dump")),
        request.getfixturevalue("strange"),
    ]


def test_trig_and_jsonld_say_the_same_quads(request) -> None:
    for release, dump in both(request):
        expected = quads(release.quads_file.read_bytes(), RdfFormat.N_QUADS)
        assert quads(unpacked(dump, "trig"), RdfFormat.TRIG) == expected
        assert quads(unpacked(dump, "jsonld"), RdfFormat.JSON_LD) == expected


def test_turtle_says_the_default_graph_of_the_service(request) -> None:
    for release, dump in both(request):
        found = list(parse(unpacked(dump, "ttl"), format=RdfFormat.TURTLE))
        stated = quads(release.quads_file.read_bytes(), RdfFormat.N_QUADS)
        apart = release.iris.statistics_graph
        expected = {quad.triple for quad in stated if quad.graph_name != apart}
        assert {quad.triple for quad in found} == expected
        assert len(found) == len(expected), "each triple once"
        shown = {quad.triple for quad in release.store.quads() if quad.graph_name != apart}
        [row] = release.store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        assert len(shown) == int(row["n"].value), "which is what queries count"


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")  # of rdflib, about itself
def test_rdflib_reads_the_same_from_each_form(request, monkeypatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    for _, dump in both(request):
        graphs = {}
        for form, name in (("nq", "nquads"), ("trig", "trig"), ("jsonld", "json-ld")):
            graphs[form] = rdflib.Dataset()
            graphs[form].parse(data=unpacked(dump, form), format=name)
        found = {form: set(graph.quads()) for form, graph in graphs.items()}
        short = {quad for quad in found["nq"] if str(quad[2]) == "007"}  # which it reads as 7 in TriG
        assert found["nq"] == found["jsonld"]
        assert found["nq"] - short == found["trig"]
        lines = graphs["nq"].serialize(format="nquads", encoding="utf-8").splitlines(keepends=True)
        assert b"".join(sorted(line for line in lines if line.strip())) == unpacked(dump, "nq")


def test_the_context_is_in_the_document_and_has_the_prefixes(dump, strange) -> None:
    document = json.loads(unpacked(dump, "jsonld"))
    assert document["@context"]["skos"] == "http://www.w3.org/2004/02/skos/core#"
    nodes = (node for graph in document["@graph"] for node in graph["@graph"])
    said = {key for node in nodes if node["@id"] == "id:bell-rock" for key in node}
    assert {"@type", "skos:prefLabel", "lh:built_by"} <= said
    _, dump = strange
    assert "geo" not in json.loads(unpacked(dump, "jsonld"))["@context"], "geo: is the scheme of an IRI"


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
iris = st.sampled_from(
    [
        "http://ex.org/a",
        "http://ex.org/ns#",
        "http://ex.org/ns#b",
        "urn:x:y",
        "ex:c",
        "http://ex.org/é",
        f"{XSD}int",
    ]
).map(NamedNode)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, texts, language=st.sampled_from(["en", "de-ch"])),
    st.builds(
        Literal,
        st.one_of(texts, st.sampled_from(["0", "-0", "01", "1", "true", "1.0", "1E3", "9" * 30])),
        datatype=st.sampled_from(
            [f"{XSD}integer", f"{XSD}boolean", f"{XSD}double", "http://ex.org/ns#t"]
        ).map(NamedNode),
    ),
)


@settings(max_examples=200)
@given(st.sets(st.builds(Quad, iris, iris, st.one_of(iris, literals), iris), max_size=12))
def test_whatever_is_written_as_jsonld_is_read_again(found: set[Quad]) -> None:
    ordered = sorted(found, key=lambda quad: (str(quad.graph_name), str(quad)))
    prefixes = {"ns": "http://ex.org/ns#", "xsd": XSD, "part": "http://ex.org/n"}
    text = "".join(jsonld.lines(ordered, prefixes))
    assert quads(text.encode(), RdfFormat.JSON_LD) == found
    assert len(json.loads(text)["@graph"]) == len({quad.graph_name for quad in found})


def test_a_form_that_cannot_say_the_graph_is_left_out_with_the_reason(tmp_path) -> None:
    (tmp_path / "rdf12.nq").write_text("<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> <urn:g> .\n")
    dump = Dumps(tmp_path / "home").make(import_files(tmp_path / "home", [tmp_path / "rdf12.nq"]))
    assert "triples about triples" in dump.left_out["jsonld"]
    assert FORMS["jsonld"].file not in dump.files
    assert dump.whole("trig") is not None
    assert b"<<(" in unpacked(dump, "trig")


# Kept


def test_many_who_ask_at_once_get_the_same_dumps(tmp_path, lighthouse_inputs) -> None:
    release = build(tmp_path, lighthouse_inputs)
    with ThreadPoolExecutor() as pool:
        made = list(pool.map(lambda _: Dumps(tmp_path).make(release), range(3)))
    assert len({(one.folder, one.folder.stat().st_ino) for one in made}) == 1
    assert sorted(path.name for path in Dumps(tmp_path).folder.iterdir()) == ["1", "lock"]


def test_what_a_killed_process_left_is_cleared_away(tmp_path, lighthouse_inputs) -> None:
    release = build(tmp_path, lighthouse_inputs)
    (tmp_path / "dumps" / ".making-1" / "result").mkdir(parents=True)
    (tmp_path / "dumps" / "7").mkdir()
    Dumps(tmp_path).make(release)
    assert sorted(path.name for path in (tmp_path / "dumps").iterdir()) == ["1", "lock"]


def test_dumps_are_deleted_with_their_release(tmp_path, lighthouse_inputs) -> None:
    dumps = Dumps(tmp_path)
    first = build(tmp_path, lighthouse_inputs)
    dumps.make(first)
    second = build(tmp_path, lighthouse_inputs)
    assert dumps.latest().version == 1, "as long as there are no newer ones"
    dumps.make(second)
    assert dumps.latest().version == 2
    assert Releases(tmp_path).prune(1) == [1]
    assert dumps.find(1) is None
    with pytest.raises(DumpError, match="was deleted"):
        dumps.make(first)
    assert dumps.find(1) is None


# When


def test_a_build_is_dumped_at_once_and_writes_when_it_is_quiet(tmp_path, lighthouse_inputs) -> None:
    build(tmp_path, lighthouse_inputs)
    dumps, releases = Dumps(tmp_path), Releases(tmp_path)
    agenda = Agenda(releases, dumps)
    assert agenda.next(0.0) == 1
    dumps.make(releases.get(1))
    agenda.note(1, made=True, now=1.0)
    assert agenda.next(2.0) is None
    writes = [f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> {number} }} }}" for number in range(3)]
    Writer(tmp_path).update(writes[0], "tests")
    assert agenda.next(10.0) is None, "more may come"
    Writer(tmp_path).update(writes[1], "tests")
    assert agenda.next(12.0) is None
    assert agenda.next(12.0 + QUIET) == 3, "release 2 is passed over"
    Writer(tmp_path).update(writes[2], "tests")
    assert agenda.next(10.0 + LAG - 1) is None
    assert agenda.next(10.0 + LAG) == 4, "writing without a pause does not put it off for ever"
    agenda.note(4, made=False, now=400.0)
    dumps.want(2)
    assert agenda.next(401.0) == 2, "what somebody asked for"
    agenda.note(2, made=False, now=402.0)
    assert agenda.next(403.0) is None
    assert agenda.next(402.0 + AGAIN) == 4, "what failed is tried again"


# The command line


@pytest.mark.parametrize("form", FORMS)
def test_export_writes_what_is_served(form, lighthouses, dump, tmp_path, monkeypatch) -> None:
    expected = (dump.folder / FORMS[form].file).read_bytes()
    monkeypatch.setenv("KG_HOME", str(home_of(lighthouses)))
    assert CliRunner().invoke(kg, ["export", form]).stdout_bytes == expected
    target = tmp_path / "taken"
    assert CliRunner().invoke(kg, ["export", form, "--release", "1", "-o", str(target)]).exit_code == 0
    assert target.read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_export_needs_no_dumps(dump, tmp_path, lighthouse_inputs, monkeypatch) -> None:
    build(tmp_path, lighthouse_inputs)
    monkeypatch.setenv("KG_HOME", str(tmp_path))
    for form in ("ttl", "sqlite"):
        done = CliRunner().invoke(kg, ["export", form])
        assert done.stdout_bytes == (dump.folder / FORMS[form].file).read_bytes()
    sheet = CliRunner().invoke(kg, ["export", "csv", "--table", "lighthouse"])
    assert sheet.stdout_bytes == (dump.folder / "csv" / "lighthouse.csv").read_bytes()
    assert not (tmp_path / "dumps").exists()
    done = CliRunner().invoke(kg, ["export", "all", "-o", str(tmp_path / "taken")])
    assert done.exit_code == 0
    assert (tmp_path / "taken" / "SHA256SUMS").read_text() == (dump.folder / "SHA256SUMS").read_text()


def test_export_says_what_is_wrong(dump, lighthouses, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("KG_HOME", str(home_of(lighthouses)))
    wrong = CliRunner().invoke(kg, ["export", "csv", "--table", "nowhere"])
    assert "lighthouse" in str(wrong.exception)
    assert CliRunner().invoke(kg, ["export", "ttl", "--table", "lighthouse"]).exit_code == 2
    assert CliRunner().invoke(kg, ["export", "pdf"]).exit_code == 2
    assert "is there already" in str(CliRunner().invoke(kg, ["export", "all", "-o", str(tmp_path)]).exception)
