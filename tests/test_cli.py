"""The command `kg` as people and scripts run it: what it prints where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
import rdflib

from kg.release import Release, Releases
from kg.settings import Settings
from search.encoding import RemoteEncoder, available_encoder
from web.cli import kg

COMMAND = [sys.executable, "-m", "web.cli"]
LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"
ROWS = "SELECT ?light ?height WHERE { ?light lh:height ?height } ORDER BY ?light ?height LIMIT 5"
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def run(home: Path, *arguments: str, stdin: str = "", status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, which must be as expected."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, "KG_HOME": str(home), "COLUMNS": "100"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


@pytest.fixture(scope="module")
def home(lighthouses: Release) -> Path:
    return lighthouses.path.parent.parent


@pytest.fixture(scope="module")
def served(home: Path, lighthouse_service) -> Path:
    """A home of which a service runs, whose encoder the commands ask instead of loading their own."""
    deadline = time.monotonic() + 60
    while not isinstance(available_encoder(Settings(home=home)), RemoteEncoder):
        assert time.monotonic() < deadline, "the encoder did not become ready"
        time.sleep(0.1)
    return home


@pytest.fixture
def own(lighthouses: Release, tmp_path: Path) -> Path:
    """A home to change."""
    source = lighthouses.path.parent.parent
    return Path(
        shutil.copytree(source, tmp_path / "own", symlinks=True, ignore=shutil.ignore_patterns("run"))
    )


def test_help_comes_at_once():
    """What takes long to import is left to the commands that need it."""
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.splitlines()}
    assert {"click", "web"} <= imported
    assert not imported & {"faiss", "flask", "networkx", "numpy", "rdflib", "sentence_transformers", "torch"}


@pytest.mark.parametrize("name", sorted(kg.commands))
def test_every_command_has_help_with_an_example(name):
    command = kg.commands[name]
    shown = command.get_help(click.Context(command, info_name=name))
    assert "Example:" in shown
    assert f"kg {name}" in shown
    assert len(command.get_short_help_str(100)) > 10
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_commands_are_those_of_the_documentation():
    assert set(kg.commands) == {
        *("build", "check", "import", "releases", "diff", "rollback", "prune", "export"),
        *(
            "search",
            "ask",
            "link",
            "evaluate",
            "sparql",
            "describe",
            "iri",
            "path",
            "network",
            "serve",
            "queries",
            "token",
            "facts",
            "ingest",
            "quality",
        ),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["ask"],
        ["ask", "x", "--batch", "y"],
        ["search"],
        ["search", "x", "--similar", "y"],
        ["search", "--similar", "bell-rock", "--year", "1811"],
        ["build", "--ontology", "x.ttl"],
        ["sparql", "ASK {}", "--format", "nonsense"],
        ["evaluate", "ASK {}", "--explain", "--format", "csv"],
        ["prune"],
        ["prune", "--keep", "0"],
        ["diff", "one", "2"],
        ["serve", "--port", "70000"],
        ["import"],
        ["network", "--measure", "beauty"],
        ["network", "--query", "x", "--file", __file__],
    ],
)
def test_misuse_ends_with_status_2_and_words(home, arguments):
    ended = run(home, *arguments, status=2)
    assert ended.stdout == ""
    assert "Error:" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["describe", "no-such-thing"], "no-such-thing"),
        (["describe", "no such thing"], "kg search"),
        (["path", "bell-rock", "nowhere"], "nowhere"),
        (["network", "--class", "unicorn"], "unicorn"),
        (["network", "--class", "lighthouse", "--via", "within/horn"], "horn"),
        (["network", "--via", "within"], "Name the class"),
        (["network", "--query", "ASK {}"], "SELECT"),
        (["network", "--query", "SELECT * {"], "line 1"),
        (["search", "--class", "lighthose"], "lh:lighthouse"),
        (["search", "--linked", "nowhere"], "nowhere"),
        (["search", "--similar", "no such thing"], "no such thing"),
        (["sparql", "SELECT * WHERE { ?s ?p "], "line 1"),
        (["sparql", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"], "SERVICE"),
        (["sparql", "ASK {}", "--format", "ttl"], "--format"),
        (["sparql", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "--format", "csv"], "--format"),
        (["evaluate", PRODUCT, "--deadline", "0.3"], "of 0.3 s"),
        (["evaluate", "--explain", "SELECT * { ?s lh:height }"], "line 1, column 25"),
        (["evaluate", "--explain", "SELECT * { ?s no:p ?o }"], "no:"),
        (["evaluate", "--explain", "--memory", "32", f"{PRODUCT} ORDER BY ?f"], "32 MiB"),
        (["diff", "1", "99"], "there are: 1"),
        (["rollback"], "before 1"),
        (["rollback", "99"], "there are: 1"),
        (["import", "no-such-file.nt"], "no-such-file.nt"),
        (["check", "--ontology", "no.ttl", "--data", "no"], "no.ttl"),
    ],
)
def test_failure_ends_with_status_1_and_a_sentence(home, arguments, words):
    ended = run(home, *arguments, status=1)
    assert ended.stdout == ""
    assert ended.stderr.startswith("Error: ")
    assert words in ended.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv", "tsv", "xml"])
def test_sparql_writes_solutions_in_each_format(home, form):
    ended = run(home, "sparql", ROWS, "--format", form)
    if form == "json":
        assert len(json.loads(ended.stdout)["results"]["bindings"]) == 5
    elif form == "csv":
        assert len(list(csv.DictReader(io.StringIO(ended.stdout)))) == 5
    elif form == "xml":
        assert ended.stdout.count("<result>") == 5
    elif form == "tsv":
        assert len(ended.stdout.splitlines()) == 6
    else:
        assert "id:ar-men" in ended.stdout
        assert "5 rows" in ended.stderr


@pytest.mark.parametrize(("form", "parser"), [("table", "turtle"), ("ttl", "turtle"), ("nt", "nt")])
def test_sparql_writes_graphs(home, form, parser):
    ended = run(home, "sparql", "CONSTRUCT WHERE { ?s lh:height ?o }", "--format", form)
    assert len(rdflib.Graph().parse(data=ended.stdout, format=parser)) > 10


def test_sparql_reads_a_file_and_stdin(home, tmp_path):
    (tmp_path / "q.rq").write_text("ASK { ?s lh:height ?o }", encoding="utf-8")
    assert run(home, "sparql", "-f", str(tmp_path / "q.rq")).stdout == "yes\n"
    assert run(home, "sparql", stdin="ASK { ?s lh:no_such_property ?o }").stdout == "no\n"


def test_a_query_is_explained_as_a_tree_or_as_json(home):
    lines = run(home, "evaluate", ROWS, "--explain").stdout.splitlines()
    assert lines[0].split() == ["rows", "ms", "ms", "alone", "step"]
    assert lines[2].split()[0] == "5"
    assert re.fullmatch(r" +[\d,]+ +[\d.,]+ +[\d.,]+ +QuadPattern\(\?light lh:height \?height\)", lines[-1])
    plan = json.loads(run(home, "sparql", ROWS, "--explain", "--format", "json").stdout)["plan"]
    assert plan["number of results"] == 5


def test_ask_answers_in_a_sentence_with_sources_or_as_json(served):
    said = run(served, "ask", "Bell Rock Lighthouse was built by whom?").stdout
    assert "Stevenson" in said.splitlines()[0]
    assert "[" in said.splitlines()[1]
    answer = json.loads(run(served, "ask", "Who built Bell Rock Lighthouse?", "--format", "json").stdout)
    assert answer["question"] == "Who built Bell Rock Lighthouse?"
    assert "Nothing" not in said


def test_ask_answers_a_batch_line_by_line(served, tmp_path):
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"id": "one", "question": "Bell Rock Lighthouse was built by whom?"},
        {"question": "Von wem wurde Bell Rock Lighthouse erbaut?", "lang": "de"},
        {"id": 3, "question": "What is the Xyzzy?"},
    ]
    questions.write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    answers = [json.loads(line) for line in run(served, "ask", "--batch", str(questions)).stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == ["one", None, 3]
    assert [answer["outcome"] == "answer" for answer in answers] == [True, True, False]
    assert answers[1]["lang"] == "de"
    assert all(answer["ms"] > 0 for answer in answers)
    questions.write_text('\n"nonsense"\n', encoding="utf-8")
    assert f"{questions}:2" in run(served, "ask", "--batch", str(questions), status=1).stderr


def test_search_finds_by_words_and_meaning(own):
    hits = json.loads(run(own, "search", "stone beacon on a reef", "--format", "json").stdout)
    assert len(hits["hits"]) == 10
    assert hits["note"] == ""


def test_search_tells_why_a_hit_is_there_and_who_says_so(served):
    lines = run(served, "search", "lighthouses built by Alan Stevenson", "--most", "3").stdout.splitlines()
    assert "https://example.org/lighthouses/id/" in lines[0]
    assert any("built by" in line and line.endswith("]") for line in lines)
    said = run(served, "search", "der Herkulesturm", "--most", "1").stdout
    assert said.startswith("Herkulesturm  (Leuchtturm)")
    assert "Name: „" in said


def test_search_is_narrowed_down_and_goes_on(home):
    only = ["--class", "rock_lighthouse", "--linked", "scotland", "--format", "json"]
    hits = json.loads(run(home, "search", *only).stdout)["hits"]
    assert {hit["iri"].rsplit("/", 1)[-1] for hit in hits} == {"bell-rock", "skerryvore"}
    rest = json.loads(run(home, "search", *only, "--start", "1").stdout)["hits"]
    assert [hit["iri"] for hit in rest] == [hit["iri"] for hit in hits[1:]]
    assert "Nothing is found." in run(home, "search", "--class", "engineer", "--year", "1").stderr


def test_search_finds_what_is_like_a_thing(home):
    hits = json.loads(run(home, "search", "--similar", "Bell Rock Lighthouse", "--format", "json").stdout)[
        "hits"
    ]
    assert len(hits) == 10
    assert not any(hit["iri"].endswith("/bell-rock") for hit in hits)


def test_search_takes_a_batch_line_by_line(served, tmp_path):
    queries = tmp_path / "queries.jsonl"
    lines = [
        {"id": "one", "query": "Skerryvore"},
        {"text": "Tower of Hercules", "lang": "de"},
        {"id": 3, "question": "granite tower"},
    ]
    queries.write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    ended = run(served, "search", "--batch", str(queries), "--most", "2", "--class", "lighthouse")
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one.get("id") for one in found] == ["one", None, 3]
    assert [one["hits"][0]["label"] for one in found[:2]] == ["Skerryvore", "Herkulesturm"]
    assert all(1 <= len(one["hits"]) <= 2 and one["ms"] > 0 and one["note"] == "" for one in found)
    queries.write_text('{"q": "nonsense"}', encoding="utf-8")
    assert f"{queries}:1" in run(served, "search", "--batch", str(queries), status=1).stderr


@pytest.mark.parametrize(
    "name",
    [
        "bell-rock",
        "id:bell-rock",
        "https://example.org/lighthouses/id/bell-rock",
        "<https://example.org/lighthouses/id/bell-rock>",
        "Bell Rock Lighthouse",
        "bell rock lighthouse",
    ],
)
def test_describe_knows_a_thing_by_each_of_its_names(home, name):
    assert (
        run(home, "describe", name).stdout.splitlines()[1] == "https://example.org/lighthouses/id/bell-rock"
    )


def test_describe_writes_json_and_rdf(home):
    members = json.loads(run(home, "describe", "bell-rock", "--format", "json", "--lang", "de").stdout)
    assert members["kinds"][0]["label"] == "Felsenleuchtturm"
    heights = [one for one in members["statements"] if one["property"]["iri"].endswith("/height")]
    assert {one["value"]["value"] for one in heights} == {"35", "35.3"}
    assert all(
        one["sources"][0]["iri"].startswith("https://example.org/lighthouses/source/") for one in heights
    )
    for form, parser in (("ttl", "turtle"), ("nt", "nt")):
        text = run(home, "describe", "bell-rock", "--format", form).stdout
        assert len(rdflib.Graph().parse(data=text, format=parser)) > 20
    assert json.loads(run(home, "describe", "bell-rock", "--format", "jsonld").stdout)


@pytest.mark.parametrize(
    "name", ["bell-rock", "id:bell-rock", "https://example.org/lighthouses/id/bell-rock", "Inchcape Light"]
)
def test_iri_tells_both_ways_to_name_a_thing(home, name):
    iri = "https://example.org/lighthouses/id/bell-rock"
    assert run(home, "iri", name).stdout.split() == [iri, "id:bell-rock"]
    assert json.loads(run(home, "iri", name, "--format", "json").stdout) == {
        "iri": iri,
        "curie": "id:bell-rock",
    }


def test_path_tells_what_links_two_things(home):
    said = run(home, "path", "bell-rock", "skerryvore").stdout
    assert "Bell Rock Lighthouse" in said
    assert "→" in said or "←" in said
    found = json.loads(run(home, "path", "bell-rock", "skerryvore", "--format", "json").stdout)
    assert found["explanations"][0][0]["sources"]


def test_network_tells_what_is_central_and_which_communities_there_are(home):
    said = run(home, "network", "--class", "lighthouse", "--via", "within", "--measure", "degree").stdout
    assert "Most central (degree)" in said
    assert re.search(r"Communities\n +\d+  .+: .+", said)
    whole = run(home, "network", "--most", "2", "--lang", "de").stdout
    assert len(whole.split("Communities")[0].strip().splitlines()) == 5


def test_network_writes_files_for_other_programs(home, tmp_path):
    (tmp_path / "q.rq").write_text("SELECT ?a ?b { ?a lh:child_of ?b }", encoding="utf-8")
    found = json.loads(run(home, "network", "-f", str(tmp_path / "q.rq"), "--format", "json").stdout)
    assert found["edges"]
    assert all(edge["statements"] for edge in found["edges"])
    for form, root in (("graphml", "graphml"), ("gexf", "gexf")):
        text = run(home, "network", "--format", form).stdout
        assert ET.fromstring(text.encode()).tag.endswith(root)
        assert "Bell Rock Lighthouse" in text


def test_releases_are_built_compared_rolled_back_and_pruned(own):
    made = [
        "build",
        "--ontology",
        str(LIGHTHOUSES / "ontology.ttl"),
        "--data",
        str(LIGHTHOUSES),
        "--no-index",
    ]
    assert "Release 2:" in run(own, *made).stdout
    assert run(own, *made, "--if-changed").stdout == ""
    listed = [json.loads(line) for line in run(own, "releases", "--format", "json").stdout.splitlines()]
    assert [(one["version"], one["current"]) for one in listed] == [(1, False), (2, True)]
    assert run(own, "releases").stdout.splitlines()[1].startswith("*    2")
    assert run(own, "diff", "1", "2").stdout == ""
    assert "index" in run(own, "ask", "x", status=1).stderr
    assert run(own, "rollback").stdout == "Release 1 is current.\n"
    assert Releases(own).current().version == 1
    run(own, *made)
    assert run(own, "prune", "--keep", "1").stdout.splitlines() == [
        "Release 1 is deleted.",
        "Release 2 is deleted.",
    ]
    assert "nothing to delete" in run(own, "prune", "--keep", "1").stderr


def test_what_a_change_of_the_facts_does_is_seen_in_the_diff(own, tmp_path):
    data = Path(shutil.copytree(LIGHTHOUSES, tmp_path / "data"))
    facts = data / "facts.csv"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("bell-rock,height,35,", "bell-rock,height,36,"),
        encoding="utf-8",
    )
    run(own, "build", "--ontology", str(data / "ontology.ttl"), "--data", str(data), "--no-index")
    lines = run(own, "diff", "1", "2").stdout.splitlines()
    assert [line[0] for line in lines if "/height>" in line] == ["-", "+"]
    assert all(line.endswith(" .") for line in lines)


def test_a_bad_fact_is_told_with_its_place_and_nothing_is_published(own, tmp_path):
    data = Path(shutil.copytree(LIGHTHOUSES, tmp_path / "data"))
    with (data / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("bell-rock,hieght,35,decimal,atlas-of-lights,\n")
    arguments = ["--ontology", str(data / "ontology.ttl"), "--data", str(data)]
    for command in ("check", "build"):
        ended = run(own, command, *arguments, status=1)
        assert "facts.csv:" in ended.stderr
        assert "height" in ended.stderr
    assert Releases(own).versions() == [1]


def test_check_lists_what_is_worth_knowing(home):
    ended = run(home, "check", "--ontology", str(LIGHTHOUSES / "ontology.ttl"), "--data", str(LIGHTHOUSES))
    assert f"{len(ended.stdout.splitlines())} warnings" in ended.stderr


def test_import_makes_any_rdf_a_graph_that_answers(tmp_path):
    file = tmp_path / "wine.ttl"
    file.write_text(
        """@prefix : <http://wine.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        :barolo a :Wine ; rdfs:label "Barolo" ; :madeIn :piedmont .
        :piedmont a :Region ; rdfs:label "Piedmont" .
        :barbaresco a :Wine ; rdfs:label "Barbaresco" ; :madeIn :piedmont . :madeIn rdfs:label "made in" .""",
        encoding="utf-8",
    )
    home = tmp_path / "home"
    assert "Release 1:" in run(home, "import", str(file)).stdout
    assert "Piedmont" in run(home, "ask", "Where is Barolo made in?").stdout
    assert run(home, "describe", "Barolo").stdout.splitlines()[1] == "http://wine.example/barolo"
    assert "Piedmont" in run(home, "path", "Barolo", "Barbaresco").stdout
    assert run(home, "sparql", "ASK { <http://wine.example/barolo> ?p ?o }").stdout == "yes\n"


def test_a_reader_that_has_enough_ends_it_quietly(home):
    script = f"{' '.join(COMMAND)} sparql 'SELECT * {{ ?a ?b ?c . ?d ?e ?f }}' --format csv | head -1"
    environment = {**os.environ, "KG_HOME": str(home)}
    ended = subprocess.run(
        ["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert len(ended.stdout.splitlines()) == 1
    assert ended.stderr == ""


def test_an_interruption_ends_it_with_status_130(home):
    process = subprocess.Popen(
        [*COMMAND, "sparql"],
        env={**os.environ, "KG_HOME": str(home)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip() == ""


def test_a_home_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = run(tmp_path / "file" / "home", "build", status=1)
    assert ended.stderr.startswith("Error: ")
