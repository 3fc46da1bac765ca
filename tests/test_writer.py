"""Online writes: after each the release is what a rebuild makes, or nothing has changed at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kg import nquads
from kg.building.assembly import Assembly
from kg.building.build import build, check, is_up_to_date, journal
from kg.building.inputs import Inputs
from kg.errors import (
    ForeignDataError,
    InvalidWrite,
    JournalError,
    QueryMemory,
    QuerySyntaxError,
    QueryTimeout,
    ReadOnlyGraph,
    StateChanged,
    UnknownEntity,
    WriteConflict,
    WriteError,
    WriteRefused,
)
from kg.facts import Facts
from kg.imports.importing import import_files
from kg.inference import Axioms
from kg.journal import Journal, Patch
from kg.records.vocabulary import Vocabulary
from kg.release import Release, Releases
from kg.statistics import Statistics
from kg.store import IRI, Literal, Quad
from kg.updating.writer import WriteLimits, Writer
from kg.updating.writing import Document

BASE = "https://example.org/lighthouses/"
NOTES = f"{BASE}source/notes"


@pytest.fixture(scope="module")
def unwritten(tmp_path_factory: pytest.TempPathFactory, lighthouse_inputs: Inputs) -> Path:
    """A home of which each test gets a copy, for copying takes a moment and building seconds."""
    folder = tmp_path_factory.mktemp("unwritten") / "home"
    build(folder, lighthouse_inputs)
    return folder


@pytest.fixture
def home(unwritten: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(unwritten, tmp_path / "home", symlinks=True))


def current(home: Path) -> Release:
    return Releases(home).current()


def insert(home: Path, triples: str, graph: str = NOTES) -> None:
    Writer(home).update(f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}", "tests")


def lines(release: Release) -> set[str]:
    """All quads but those that count the others."""
    statistics = f" {release.iris.statistics_graph} ."
    found = release.quads_file.read_text(encoding="utf-8").split("\n")[:-1]
    assert found == sorted(set(found))
    return {line for line in found if not line.endswith(statistics)}


def rebuilt(home: Path, inputs: Inputs) -> set[str]:
    """What facts and journal make, without the writes that came between."""
    facts = Facts(inputs.data, Vocabulary.of(inputs.ontology), inputs.iris)
    assembly = Assembly(inputs.iris, Axioms.of(inputs.fixed_quads))
    return set(map(nquads.line, assembly.quads(inputs.fixed_quads, facts.quads(), journal(home))))


def in_store(release: Release) -> set[Quad]:
    return set(release.store.quads())


def assert_whole(home: Path, inputs: Inputs) -> None:
    """The current release is what a rebuild makes: quads, store, union and counts."""
    release = current(home)
    assert lines(release) == rebuilt(home, inputs)
    assert Statistics.read(release.statistics_file) == Statistics.of(release.store, release.iris)
    assert release.manifest.quads_digest == nquads.digest(release.quads_file)
    assert release.manifest.journal == journal(home).last()


ENTITIES = ["id:eddystone", "id:bell-rock", "id:skerryvore", "id:england", "id:plymouth", "id:new-one"]
PROPERTIES = ["lh:within", "lh:near_town", "lh:built_by", "lh:builder_of", "lh:sibling_of", "lh:height", "a"]
VALUES = ["4.50", "4.5", '"Lampe"@de', '"1875"^^xsd:gYear', "lh:lighthouse", "lh:rock_lighthouse", "lh:place"]
GRAPHS = [
    "source:notes",
    "<source/notes/2024>",
    "source:atlas-of-lights",
    "source:history-of-towers",
    "<urn:g>",
]


def random_update(chance: random.Random) -> str:
    def term() -> str:
        return chance.choice([*ENTITIES, *VALUES, "_:n"])

    def quads() -> str:
        triple = f"{chance.choice(ENTITIES)} {chance.choice(PROPERTIES)} {term()}"
        return f"GRAPH {chance.choice(GRAPHS)} {{ {triple} }}"

    entity, prop, graph = chance.choice(ENTITIES), chance.choice(PROPERTIES), chance.choice(GRAPHS)
    return chance.choice(
        [
            f"INSERT DATA {{ {quads()} {quads()} }}",
            f"INSERT DATA {{ {quads()} }}",
            f"DELETE DATA {{ {quads()} {quads()} }}".replace("_:n", "1"),
            f"DELETE WHERE {{ GRAPH {graph} {{ {entity} ?p ?o }} }}",
            f"DELETE WHERE {{ GRAPH {graph} {{ ?s {prop} ?o }} }}",
            (
                f"WITH {graph} DELETE {{ ?s {prop} ?o }} INSERT {{ ?o {prop} ?s }} "
                f"WHERE {{ ?s {prop} ?o FILTER isIRI(?o) }}"
            ),
            f"INSERT {{ GRAPH {graph} {{ ?s {prop} {entity} }} }} WHERE {{ ?s lh:within {entity} }}",
            (
                "DELETE { GRAPH ?g { ?s lh:height ?o } } INSERT { GRAPH ?g { ?s lh:height ?n } } "
                "WHERE { GRAPH ?g { ?s lh:height ?o } FILTER(?o > 40) BIND(?o - 1 AS ?n) }"
            ),
            f"DROP SILENT GRAPH {graph}",
            f"ADD SILENT {graph} TO source:notes",
        ]
    )


def write_at_random(home: Path, inputs: Inputs, count: int, seed: int) -> int:
    """Make random updates, checking each; how many were made."""
    chance, writer, made = random.Random(seed), Writer(home), 0
    for number in range(count):
        before = current(home)
        try:
            receipt = writer.update(random_update(chance), "chance")
        except WriteError:
            assert current(home).version == before.version
            continue
        made += receipt.version != before.version
        assert_whole(home, inputs)
        if number % 20 == 0:
            check(home, inputs)
    return made


def test_random_updates_leave_what_a_rebuild_makes(home: Path, lighthouse_inputs: Inputs) -> None:
    assert write_at_random(home, lighthouse_inputs, 25, seed=1) > 5


@pytest.mark.slow
def test_a_thousand_random_updates_leave_what_a_rebuild_makes(home: Path, lighthouse_inputs: Inputs) -> None:
    assert write_at_random(home, lighthouse_inputs, 1000, seed=2) > 200
    written = current(home)
    again = build(home, lighthouse_inputs)
    assert written.quads_file.read_bytes() == again.quads_file.read_bytes()
    assert written.manifest.counts == again.manifest.counts


def test_a_write_is_there_with_what_follows_from_it(home: Path, lighthouse_inputs: Inputs) -> None:
    insert(home, "id:fastnet lh:built_by id:james-douglass")
    release = current(home)
    follows = Quad(
        IRI(f"{BASE}id/james-douglass"),
        IRI(f"{BASE}ontology/builder_of"),
        IRI(f"{BASE}id/fastnet"),
        release.iris.inferred_graph,
    )
    assert follows in in_store(release)
    Writer(home).delete(IRI(NOTES), "tests")
    assert follows not in in_store(current(home))
    assert_whole(home, lighthouse_inputs)
    assert is_up_to_date(home, lighthouse_inputs)


def test_a_value_of_the_tables_is_deleted_in_whatever_form_it_is_written(
    tmp_path: Path, lighthouse_inputs: Inputs
) -> None:
    shutil.copytree(lighthouse_inputs.data, tmp_path / "lights")
    with (tmp_path / "lights" / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("fastnet,height,54.00,decimal,visitor-pages,\n")
    inputs = Inputs(tmp_path / "lights" / "ontology.ttl", tmp_path / "lights")
    home = tmp_path / "home"
    build(home, inputs)
    assert any('"54.00"' in line for line in lines(current(home)))
    Writer(home).update("DELETE WHERE { GRAPH source:visitor-pages { id:fastnet lh:height 54 } }", "tests")
    assert any('"54.00"' in line for line in lines(current(home)))  # an integer is another value
    Writer(home).update("DELETE WHERE { GRAPH source:visitor-pages { id:fastnet lh:height 54.0 } }", "tests")
    assert not any('"54.00"' in line for line in lines(current(home)))
    assert_whole(home, inputs)


def test_what_breaks_a_shape_leaves_no_trace(home: Path) -> None:
    before = sorted(path.name for path in home.rglob("*"))
    with pytest.raises(InvalidWrite, match="height that no lighthouse has") as refused:
        insert(home, "id:fastnet lh:height 4000.0")
    with pytest.raises(InvalidWrite, match=r"4\.5: is named as a town but is none"):
        insert(home, "id:fastnet lh:near_town 4.5")
    assert refused.value.report.count("http://www.w3.org/ns/shacl#ValidationReport") == 1
    assert '> "false"^^' in refused.value.report
    with pytest.raises(InvalidWrite, match="is named as a town but is none"):
        Writer(home).update(
            "DELETE { GRAPH ?g { ?t a lh:town } } WHERE { ?x lh:near_town ?t GRAPH ?g { ?t a lh:town } }",
            "tests",
        )
    assert sorted(path.name for path in home.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("INSERT DAT { }", QuerySyntaxError, "line 1"),
        ("INSERT DATA { id:a lh:height 3 }", WriteRefused, "name the graph"),
        ("INSERT DATA { GRAPH <graph/ontology> { id:a a lh:place } }", ReadOnlyGraph, "graph/ontology"),
        ("LOAD <file:///etc/passwd> INTO GRAPH <urn:g>", WriteRefused, "nothing is ever fetched"),
        (
            "INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            None,
            "SERVICE",
        ),
        ("DROP GRAPH <urn:none>", WriteRefused, "no graph"),
        (f"DELETE WHERE {{ }} ; INSERT {{ }} WHERE {{ FILTER({'(' * 9000}1{')' * 9000}) }}", None, "nested"),
    ],
)
def test_what_cannot_be_written_is_told(
    home: Path, text: str, error: type[Exception] | None, words: str
) -> None:
    with pytest.raises(error or Exception, match=words):
        Writer(home).update(text, "tests")
    assert current(home).version == 1
    assert journal(home).last() == 0
    assert not list((home / "staging").glob("*"))


def test_a_write_has_limits(home: Path) -> None:
    product = " ".join(f"GRAPH ?g{n} {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
    text = f"INSERT {{ GRAPH <urn:g> {{ ?s0 ?p1 ?o2 }} }} WHERE {{ {product} }}"
    with pytest.raises((QueryTimeout, QueryMemory)):
        Writer(home, WriteLimits(seconds=2.0)).update(text, "tests")
    with pytest.raises(QueryMemory):
        Writer(home, WriteLimits(memory=100 << 20)).update(text, "tests")
    assert current(home).version == 1


def test_graphs_are_stored_and_deleted(home: Path, lighthouse_inputs: Inputs) -> None:
    writer, graph = Writer(home), IRI(f"{BASE}source/notes")
    turtle = Document(b"<#a> <#height> 1.50 ; <#note> [ <#says> 'x' ] .", "text/turtle", f"{BASE}doc")
    made = writer.put(graph, [turtle], "tests")
    assert (made.created, made.added) == (True, 3)
    again = writer.put(graph, [turtle], "tests")
    assert (again.version, again.added, again.created) == (made.version, 0, False)
    more = writer.post(graph, [Document(b"<#a> <#height> 2 .", "text/turtle", f"{BASE}doc")], "tests")
    assert (more.added, more.removed) == (1, 0)
    less = writer.put(graph, [turtle], "tests")
    assert (less.added, less.removed) == (0, 1)
    assert_whole(home, lighthouse_inputs)
    assert writer.delete(graph, "tests").removed == 3
    assert rebuilt(home, lighthouse_inputs) == lines(current(home))
    with pytest.raises(UnknownEntity):
        writer.delete(graph, "tests")


@pytest.mark.parametrize(
    ("data", "media_type", "words"),
    [
        (b"<#a> <#b> .", "text/turtle", "line 1"),
        (b"<urn:a> <urn:b> <urn:c> <urn:another> .", "application/n-quads", "send triples"),
        (
            b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:a"}',
            "application/ld+json",
            "nothing is ever fetched",
        ),
        (b"\x1f\x8b broken", "text/turtle", "turtle|UTF-8|Turtle"),
    ],
)
def test_documents_that_cannot_be_stored(home: Path, data: bytes, media_type: str, words: str) -> None:
    with pytest.raises((ForeignDataError, WriteRefused), match=words):
        Writer(home).put(IRI(NOTES), [Document(data, media_type, BASE)], "tests")
    assert current(home).version == 1


def test_a_patch_changes_the_graph_it_is_sent_to(home: Path) -> None:
    writer = Writer(home)
    writer.patch(IRI(NOTES), "INSERT DATA { <x> <y> 1 }", "tests", base=f"{BASE}d/")
    writer.patch(IRI(NOTES), "DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }", "tests", base=BASE)
    [quad] = current(home).store.quads(graph=IRI(NOTES))
    assert (quad.subject, quad.object) == (IRI(f"{BASE}d/x"), Literal(2))


SEEN = "s:a a sh:NodeShape ; sh:targetSubjectsOf lh:t ; sh:property"
SHAPES = {
    "a class that a source says is narrower": (
        "s:a a sh:NodeShape ; sh:targetClass lh:hut ; sh:property [ sh:path lh:must ; sh:minCount 1 ] .",
        "lh:shed rdfs:subClassOf lh:hut",
        "id:f a lh:shed",
    ),
    "a path backwards": (
        f"{SEEN} [ sh:path ( [ sh:inversePath lh:p ] lh:q ) ; sh:maxCount 0 ] .",
        "id:f lh:t 1 . id:v lh:p id:f",
        "id:v lh:q 1",
    ),
    "a path without end": (
        f"{SEEN} [ sh:path ( [ sh:zeroOrMorePath lh:p ] lh:q ) ; sh:maxCount 0 ] .",
        "id:f lh:t 1 ; lh:p id:a . id:a lh:p id:b . id:b lh:p id:c . id:c lh:p id:d",
        "id:d lh:q 1",
    ),
    "a named shape of the values": (
        f"{SEEN} [ sh:path lh:p ; sh:node s:b ] . s:b sh:property [ sh:path lh:low ; sh:lessThan lh:high ] .",
        "id:f lh:t 1 ; lh:p id:v . id:v lh:low 2 ; lh:high 3",
        "id:v lh:high 1",
    ),
    "a shape without a name": (
        "[] a sh:NodeShape ; sh:targetSubjectsOf lh:t ; sh:property [ sh:path lh:q ; sh:maxCount 0 ] .",
        "id:f lh:t 1",
        "id:f lh:q 1",
    ),
    "a query": (
        """s:a a sh:NodeShape ; sh:targetSubjectsOf lh:t ; sh:sparql [ sh:select '''SELECT $this WHERE {
            $this <https://example.org/lighthouses/ontology/t> ?t .
            ?other <https://example.org/lighthouses/ontology/t> ?t ;
                <https://example.org/lighthouses/ontology/z> ?z . FILTER(?other != $this) }''' ] .""",
        "id:f lh:t 1 . id:g lh:t 1",
        "id:g lh:z 1",
    ),
}


@pytest.mark.parametrize(("shape", "first", "then"), SHAPES.values(), ids=SHAPES)
def test_what_a_check_would_refuse_from_afar_is_refused(
    tmp_path: Path, lighthouse_inputs: Inputs, shape: str, first: str, then: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(lighthouse_inputs.data, data)
    declared = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix s: <urn:s:> ."
    (data / "shapes.ttl").write_text(f"{declared} @prefix lh: <{BASE}ontology/> . {shape}")
    build(tmp_path / "home", Inputs(data / "ontology.ttl", data))
    insert(tmp_path / "home", first)
    with pytest.raises(InvalidWrite):
        insert(tmp_path / "home", then)


def test_a_patch_tells_whether_it_made_its_graph(home: Path) -> None:
    writer, graph = Writer(home), IRI(NOTES)
    assert writer.patch(graph, "INSERT DATA { <x> <y> 1 }", "tests", base=BASE).created
    assert not writer.patch(graph, "INSERT DATA { <x> <y> 2 }", "tests", base=BASE).created


def test_the_graphs_of_an_update_are_named_in_one_place(home: Path) -> None:
    with pytest.raises(WriteRefused, match="one place"):
        Writer(home).update("INSERT { <x> <y> 1 } USING <urn:g> WHERE {}", "tests", default_graphs=[NOTES])


def test_what_only_rdf_1_2_has_does_not_stop_a_build(home: Path, lighthouse_inputs: Inputs) -> None:
    insert(home, 'id:fastnet lh:note <<( id:a lh:b "c"@en )>> , "d"@ar--rtl')
    check(home, lighthouse_inputs)
    assert_whole(home, lighthouse_inputs)


def test_many_values_of_one_thing_are_deleted_in_time(home: Path) -> None:
    values = ", ".join(f"{number}.5" for number in range(3000))
    insert(home, f"id:fastnet lh:near {values}")
    writer = Writer(home, WriteLimits(seconds=20.0))
    assert writer.update(f"DROP GRAPH <{NOTES}>", "tests").removed == 3000


def test_a_release_of_another_layout_does_not_stop_a_write(home: Path, lighthouse_inputs: Inputs) -> None:
    manifest = current(home).path / "manifest.json"
    build(home, lighthouse_inputs)
    manifest.write_text(manifest.read_text().replace('"layout": 2', '"layout": 1'))
    insert(home, "id:fastnet lh:sibling_of id:a")
    assert current(home).version == 3


def test_the_state_that_is_expected(home: Path) -> None:
    tag = current(home).tag
    with pytest.raises(StateChanged):
        Writer(home).update(
            "CLEAR SILENT GRAPH <urn:g>", "tests", expected=lambda release: release.tag != tag
        )
    receipt = Writer(home).update(
        "INSERT DATA { GRAPH <urn:g> { id:x lh:y 1 } }", "tests", expected=lambda release: release.tag == tag
    )
    assert receipt.state == current(home).tag != tag


def test_writers_take_turns(home: Path, lighthouse_inputs: Inputs) -> None:
    def write(number: int) -> None:
        insert(home, f"id:fastnet lh:sibling_of id:stone-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(current(home).store.quads(graph=IRI(NOTES)))) == 6
    assert_whole(home, lighthouse_inputs)


def test_after_a_rollback_nothing_is_written_until_the_newest_is_back(
    home: Path, lighthouse_inputs: Inputs
) -> None:
    insert(home, "id:fastnet lh:sibling_of id:a")
    Releases(home).rollback(1)
    with pytest.raises(WriteConflict, match="kg rollback 2"):
        insert(home, "id:fastnet lh:sibling_of id:b")
    Releases(home).rollback(2)
    insert(home, "id:fastnet lh:sibling_of id:b")
    assert_whole(home, lighthouse_inputs)


def test_a_write_that_only_reached_the_journal_comes_with_the_next(
    home: Path, lighthouse_inputs: Inputs
) -> None:
    quad = Quad(IRI("urn:a"), IRI("urn:b"), Literal("1.5", datatype=IRI("urn:t")), IRI("urn:g"))
    journal(home).append(Patch("crash", "2026-01-01T00:00:00Z", (("+", quad),)))
    insert(home, "id:fastnet lh:sibling_of id:a")
    assert quad in in_store(current(home))
    assert_whole(home, lighthouse_inputs)


def test_nothing_is_written_on_a_release_that_the_journal_does_not_lead_to(
    home: Path, lighthouse_inputs: Inputs
) -> None:
    insert(home, "id:fastnet lh:sibling_of id:a")
    shutil.rmtree(home / "journal")
    with pytest.raises(WriteConflict, match="kg build"):
        insert(home, "id:fastnet lh:sibling_of id:b")
    build(home, lighthouse_inputs)
    insert(home, "id:fastnet lh:sibling_of id:b")
    assert_whole(home, lighthouse_inputs)


def test_old_releases_of_writes_are_pruned_and_built_ones_kept(home: Path) -> None:
    writer = Writer(home, WriteLimits(keep=2))
    for number in range(4):
        writer.update(f"INSERT DATA {{ GRAPH <urn:g> {{ id:x lh:y {number} }} }}", "tests")
    assert Releases(home).versions() == [1, 4, 5]


def test_an_imported_graph_draws_upon_its_own_axioms(tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    file.write_text("""@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        :parent owl:inverseOf :child . :a :parent :b .""")
    home = tmp_path / "home"
    import_files(home, [file])
    insert(home, "<urn:x:c> <urn:x:parent> <urn:x:a>", "urn:x:g")
    child = IRI("urn:x:child")
    assert len(list(current(home).store.quads(predicate=child))) == 2
    Writer(home).update("DELETE WHERE { GRAPH ?g { <urn:x:parent> owl:inverseOf ?q } }", "tests")
    assert list(current(home).store.quads(predicate=child)) == []
    written = lines(current(home))
    import_files(home, [file])
    assert lines(current(home)) == written


KILLED = """
import sys
from pathlib import Path
from kg.updating.writer import Writer
writer = Writer(Path(sys.argv[1]))
for number in range(1000):
    text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:n{number}> <urn:p> 1 . <urn:n{number}> <urn:q> 2 }} }}"
    writer.update(text, "killed")
    print(number, flush=True)
"""


def kill_while_writing(home: Path, seconds: float) -> list[int]:
    """The writes that were acknowledged before the writer was killed."""
    command = [sys.executable, "-c", KILLED, str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    told, _ = process.communicate()
    return [int(number) for number in told.split()]


def assert_nothing_lost(home: Path, inputs: Inputs, acknowledged: list[int]) -> None:
    def numbers(prop: str) -> set[int]:
        found = current(home).store.quads(predicate=IRI(prop), graph=IRI("urn:g"))
        return {int(str(quad.subject).strip("<>").removeprefix("urn:n")) for quad in found}

    assert set(acknowledged) <= numbers("urn:p")
    assert numbers("urn:p") == numbers("urn:q")
    insert(home, "id:fastnet lh:sibling_of id:a")
    assert_whole(home, inputs)
    assert numbers("urn:p") == numbers("urn:q")


@pytest.mark.parametrize("seconds", [1.0, 1.6])
def test_a_kill_loses_no_acknowledged_write(home: Path, lighthouse_inputs: Inputs, seconds: float) -> None:
    assert_nothing_lost(home, lighthouse_inputs, kill_while_writing(home, seconds))


@pytest.mark.slow
def test_no_moment_of_a_kill_loses_an_acknowledged_write(home: Path, lighthouse_inputs: Inputs) -> None:
    chance = random.Random(3)
    for _ in range(40):
        Writer(home).update("CLEAR SILENT GRAPH <urn:g>", "tests")
        acknowledged = kill_while_writing(home, chance.uniform(0.5, 3.0))
        assert_nothing_lost(home, lighthouse_inputs, acknowledged)


def test_a_journal_that_cannot_be_read_is_told(home: Path) -> None:
    Journal(home / "journal").folder.mkdir()
    (home / "journal" / "00000001.rdfp").write_text("nonsense")
    with pytest.raises(JournalError, match="no end"):
        insert(home, "id:fastnet lh:sibling_of id:a")
