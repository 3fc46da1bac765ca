"""What was written online goes back into the tables: the same statements, and rows not touched kept."""

from __future__ import annotations

import csv
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.building.build import build
from kg.building.inputs import Inputs
from kg.errors import FactsError, JournalError, ReleaseError, SettingError
from kg.facts import ALTERNATIVE, DEFINITION, PREFERRED, Facts
from kg.imports.importing import import_files
from kg.journal import Journal, Patch, Replay
from kg.records.exporting import Export, export
from kg.records.vocabulary import Vocabulary
from kg.sources import RDF_TYPE
from kg.store import IRI, Literal, Quad

LIGHTHOUSES = Path(__file__).parent / "fixtures" / "lighthouses"
INPUTS = Inputs(LIGHTHOUSES / "ontology.ttl", LIGHTHOUSES)
IRIS = INPUTS.iris
TABLES = ("entities.csv", "labels.csv", "facts.csv")
XSD = "http://www.w3.org/2001/XMLSchema#"
VOCABULARY = Vocabulary.of(INPUTS.ontology)


def prop(name: str) -> IRI:
    return VOCABULARY.rules[name].iri


def kind(name: str) -> IRI:
    return VOCABULARY.classes[name]


def number(text: str, datatype: str = "decimal") -> Literal:
    return Literal(text, datatype=IRI(f"{XSD}{datatype}"))


def fact(
    subject: str, name: str, value: Literal | IRI, source: str = "atlas-of-lights", date: str = ""
) -> Quad:
    return Quad(IRIS.entity(subject), prop(name), value, IRIS.source(source, date))


def said(subject: str, predicate: IRI, value: Literal | IRI) -> Quad:
    return Quad(IRIS.entity(subject), predicate, value, IRIS.editorial)


def facts_of(folder: Path) -> Facts:
    return Facts(folder, VOCABULARY, IRIS)


def stated(folder: Path, journal: Path) -> set[Quad]:
    """What sources state by the tables of a folder and a journal."""
    quads = Replay.of(Journal(journal), IRIS).apply(facts_of(folder).quads())
    return {quad for quad in quads if IRIS.is_stated(quad)}


@cache
def base() -> tuple[Quad, ...]:
    return tuple(sorted(stated(LIGHTHOUSES, Path("nowhere")), key=str))


def write(home: Path, *changes: tuple[str, Quad], who: str = "Ada") -> None:
    Journal(home / "journal").append(Patch(who, "2026-01-01T00:00:00Z", changes))


def exported(home: Path) -> tuple[Export, Path]:
    """An export, which must say what tables and journal said before."""
    target = home / "exported"
    done = export(home, INPUTS, target)
    assert stated(target, target / "journal") == stated(LIGHTHOUSES, home / "journal")
    assert bool(done.left) == (target / "journal").exists()
    return done, target


def lines(folder: Path, table: str) -> list[bytes]:
    return (folder / table).read_bytes().splitlines(keepends=True)


subjects = st.sampled_from(
    [IRIS.entity(slug) for slug in ("eddystone", "bell-rock", "new-light", "trinity-house", "Not_A_Slug")]
    + [IRI("https://elsewhere.example/x")]
)
predicates = st.sampled_from(
    [RDF_TYPE, DEFINITION, PREFERRED, ALTERNATIVE, IRI("https://elsewhere.example/p")]
    + [rule.iri for rule in VOCABULARY.rules.values()]
)
texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ['a "quoted", one', "two\nlines", " blank", "x\r", ""]
)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(
        lambda text, lang: Literal(text, language=lang), texts, st.sampled_from(["en", "de", "en-GB", "x-a"])
    ),
    st.builds(
        number, st.sampled_from(["1", "01.50", "-3", "x"]), st.sampled_from(["decimal", "integer", "float"])
    ),
    st.builds(number, st.sampled_from(["2020", "2020-02", "2020-02-30"]), st.sampled_from(["gYear", "date"])),
)
objects = (
    subjects | literals | st.sampled_from([*VOCABULARY.classes.values(), IRI("https://example.org/page")])
)
graphs = st.sampled_from(
    [
        IRIS.editorial,
        *(IRIS.source("history-of-towers", date) for date in ("", "2011", "1999-01", "soon")),
        IRIS.source("visitor-pages"),
        IRIS.source("unknown"),
        IRI(f"{IRIS.base}source/visitor-pages/"),
        IRI("https://elsewhere.example/graph"),
    ]
)
anything = st.builds(Quad, subjects, predicates, objects, graphs)
existing = st.deferred(lambda: st.sampled_from(base()))
changes = st.tuples(st.sampled_from("+-"), anything | existing)


@given(st.lists(st.lists(changes, min_size=1, max_size=8), min_size=1, max_size=4))
@settings(max_examples=80)
def test_whatever_was_written_is_said_by_tables_and_what_is_left(made: list[list[tuple[str, Quad]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for patch in made:
            write(Path(folder), *patch)
        exported(Path(folder))


heights = st.builds(
    lambda place, cents, source, date: fact(place, "height", number(f"{cents / 100:.2f}"), source, date),
    st.sampled_from(["eddystone", "bell-rock", "fastnet"]),
    st.integers(0, 9999),
    st.sampled_from(["visitor-pages", "authority-list"]),
    st.sampled_from(["", "2001", "2001-05", "2001-05-31"]),
)
names = st.builds(
    lambda place, text, lang: said(place, ALTERNATIVE, Literal(f"the {text} light", language=lang)),
    st.sampled_from(["eddystone", "bell-rock"]),
    st.text(st.characters(categories=["L", "P", "N"]), max_size=6),
    st.sampled_from(["en", "de", None]),
)
removable = st.deferred(
    lambda: st.sampled_from([quad for quad in base() if quad.predicate not in (RDF_TYPE, PREFERRED)])
)


@given(st.lists(heights | names), st.lists(removable))
@settings(max_examples=60)
def test_what_rows_can_say_leaves_an_empty_journal(added: list[Quad], removed: list[Quad]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), *(("+", quad) for quad in added), *(("-", quad) for quad in removed))
        done, target = exported(Path(folder))
        assert done.left == ()
        for table in TABLES:
            before, after = lines(LIGHTHOUSES, table), lines(target, table)
            kept = [line for line in before if line in set(after)]
            assert after[: len(kept)] == kept or table == "entities.csv"
            new = list(csv.reader(line.decode() for line in after[len(kept) :]))
            assert table == "entities.csv" or new == sorted(new)


def test_a_new_thing_with_kind_names_and_facts_becomes_rows(tmp_path: Path) -> None:
    new = "les-eclaireurs"
    write(
        tmp_path,
        ("+", said(new, RDF_TYPE, kind("rock_lighthouse"))),
        (
            "+",
            said(
                new,
                DEFINITION,
                Literal('The "Lighthouse at the end of the world", red and white.', language="en"),
            ),
        ),
        ("+", said(new, PREFERRED, Literal("Les Éclaireurs", language="fr"))),
        ("+", fact(new, "height", number("11.0"), "visitor-pages", "2020-01")),
        ("+", fact(new, "home_page", IRI("https://example.org/light"))),
        ("+", fact(new, "material", Literal("brick"))),
    )
    done, target = exported(tmp_path)
    assert (done.added, done.replaced, done.removed, done.left) == (5, 0, 0, ())
    assert lines(target, "entities.csv")[-1].decode() == (
        'les-eclaireurs,rock_lighthouse,"The ""Lighthouse at the end of the world"", red and white."\n'
    )
    assert lines(target, "facts.csv")[-1].decode().startswith(("les-eclaireurs,material",))


def test_rows_that_nobody_touched_keep_their_bytes(tmp_path: Path) -> None:
    gone = next(quad for quad in base() if quad.predicate == prop("height"))
    write(tmp_path, ("-", gone))
    done, target = exported(tmp_path)
    assert (done.added, done.replaced, done.removed) == (0, 0, 1)
    before, after = lines(LIGHTHOUSES, "facts.csv"), lines(target, "facts.csv")
    (missing,) = [line for line in before if line not in after]
    assert [line for line in before if line != missing] == after
    for path in LIGHTHOUSES.iterdir():
        if path.is_file() and path.name != "facts.csv":
            assert (target / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_tables_of_other_editors_keep_their_style(tmp_path: Path, ending: str, last: str, mark: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(LIGHTHOUSES, folder)
    table = folder / "facts.csv"
    text = mark + table.read_text(encoding="utf-8").rstrip("\n").replace("\n", ending) + last
    table.write_bytes(text.encode())
    inputs = Inputs(LIGHTHOUSES / "ontology.ttl", folder)
    write(tmp_path, ("+", fact("eddystone", "material", Literal('granite,\n"grey"'))))
    export(tmp_path, inputs, tmp_path / "to")
    kept = text if text.endswith("\n") else text + ending
    row = 'eddystone,material,"granite,\n""grey""",string,atlas-of-lights,2019-03' + ending
    assert (tmp_path / "to" / "facts.csv").read_bytes().decode() == kept + row


def test_what_no_row_can_say_is_told_and_left_with_its_number_and_writer(tmp_path: Path) -> None:
    write(tmp_path, ("+", fact("eddystone", "height", number("50.0"))), who="Ada")
    foreign = Quad(IRIS.entity("eddystone"), prop("height"), number("1"), IRI("https://elsewhere.example/g"))
    unknown = fact("eddystone", "height", number("2"), "unknown")
    own_date = fact("eddystone", "height", number("3"), "history-of-towers", "2011")
    wrong = fact("eddystone", "height", Literal("tall"))
    left = [
        (foreign, "not the graph of a source"),
        (unknown, "add its row, then export again"),
        (own_date, "stands in its own graph"),
        (wrong, "does not go with height"),
        (fact("atlantis", "height", number("4")), "unknown entity “atlantis”"),
        (fact("eddystone", "within", IRIS.entity("eddystone")), "is of class|related to itself"),
        (said("eddystone", RDF_TYPE, kind("town")), "one class"),
        (said("eddystone", PREFERRED, Literal("Another", language="en")), "another preferred one"),
        (said("eddystone", DEFINITION, Literal("Ein Turm", language="de")), "in English"),
        (
            said("eddystone", IRI("https://elsewhere.example/p"), Literal("x")),
            "elsewhere.example/p is no property",
        ),
        (fact("eddystone", "material", Literal(" granite")), "blank before"),
        (fact("eddystone", "material", Literal("granite", language="en")), "no value like"),
    ]
    write(tmp_path, *(("+", quad) for quad, _ in left), who="Grace")
    done, target = exported(tmp_path)
    assert (done.through, done.added, len(done.left)) == (2, 1, len(left))
    for quad, words in left:
        (told,) = [reason for reason in done.left if str(quad) in reason]
        assert told.startswith("Patch 2 adds")
        assert re.search(words, told)
    ((number_, patch),) = Journal(target / "journal").patches()
    assert (number_, patch.who, {quad for _, quad in patch.changes}) == (
        2,
        "Grace",
        {quad for quad, _ in left},
    )


def test_a_kind_is_changed_only_where_all_rows_agree(tmp_path: Path) -> None:
    """Eddystone as a town would contradict what its rows say of its height."""
    was = next(q for q in base() if q.subject == IRIS.entity("eddystone") and q.predicate == RDF_TYPE)
    write(tmp_path, ("-", was), ("+", said("eddystone", RDF_TYPE, kind("town"))))
    done, target = exported(tmp_path)
    assert lines(target, "entities.csv") == lines(LIGHTHOUSES, "entities.csv")
    assert len(done.left) == 2
    assert "“eddystone” is of class town" in done.left[0]


def test_a_kind_without_objections_a_description_and_a_thing_without_rows_change(tmp_path: Path) -> None:
    changes = [("-", quad) for quad in base() if IRIS.entity("fastnet") in (quad.subject, quad.object)]
    for slug, word in (("eddystone", DEFINITION), ("bell-rock", DEFINITION), ("bell-rock", RDF_TYPE)):
        changes += [("-", q) for q in base() if q.subject == IRIS.entity(slug) and q.predicate == word]
    changes.append(("+", said("eddystone", DEFINITION, Literal("Shorter.", language="en"))))
    changes.append(("+", said("bell-rock", RDF_TYPE, kind("lighthouse"))))
    write(tmp_path, *changes)
    done, target = exported(tmp_path)
    assert done.left == ()
    assert done.replaced == 2
    with (target / "entities.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["eddystone"]["description_en"] == "Shorter."
    assert (rows["bell-rock"]["class"], rows["bell-rock"]["description_en"]) == ("lighthouse", "")
    assert "fastnet" not in rows


def test_a_thing_that_rows_still_mention_keeps_its_own(tmp_path: Path) -> None:
    about = [q for q in base() if q.subject == IRIS.entity("plymouth")]
    assert any(q.object == IRIS.entity("plymouth") for q in base())
    write(tmp_path, *(("-", quad) for quad in about))
    done, target = exported(tmp_path)
    assert lines(target, "entities.csv") == lines(LIGHTHOUSES, "entities.csv")
    assert any("unknown entity “plymouth”" in reason for reason in done.left)


def test_a_deletion_that_meets_nothing_is_told_and_not_kept(tmp_path: Path) -> None:
    never = fact("eddystone", "height", number("999"))
    undone = fact("eddystone", "height", number("998"))
    write(tmp_path, ("-", never), ("+", undone), ("-", undone))
    done, _ = exported(tmp_path)
    assert done.left == ()
    (complaint,) = done.complaints
    assert "999" in complaint


def test_the_exported_folder_builds_the_same_release(tmp_path: Path) -> None:
    source = random.Random(4)
    gone = source.sample([quad for quad in base() if quad.predicate == prop("height")], 3)
    write(tmp_path, *(("-", quad) for quad in gone), ("+", fact("fastnet", "height", number("54.50"))))
    target = tmp_path / "new"
    done = export(tmp_path, INPUTS, target)
    assert done.left == ()
    before = build(tmp_path, INPUTS)
    after = build(tmp_path / "home", Inputs(LIGHTHOUSES / "ontology.ttl", target))
    assert before.quads_file.read_bytes() == after.quads_file.read_bytes()


def test_an_export_needs_a_journal_and_a_place(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no patch"):
        export(tmp_path, INPUTS, tmp_path / "new")
    write(tmp_path, ("+", fact("eddystone", "height", number("50"))))
    full = tmp_path / "full"
    full.mkdir()
    (full / "file").touch()
    with pytest.raises(SettingError, match="full is there already"):
        export(tmp_path, INPUTS, full)
    with pytest.raises(SettingError, match="file is there already"):
        export(tmp_path, INPUTS, full / "file")
    assert [path.name for path in full.iterdir()] == ["file"]
    (tmp_path / "empty").mkdir()
    export(tmp_path, INPUTS, tmp_path / "empty")
    assert (tmp_path / "empty" / "facts.csv").is_file()


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(LIGHTHOUSES, folder)
    with (folder / "facts.csv").open("a", encoding="utf-8") as file:
        file.write("nobody,height,1,decimal,atlas-of-lights,\n")
    home = tmp_path / "home"
    write(home, ("+", fact("eddystone", "height", number("50"))))
    with pytest.raises(FactsError, match="unknown entity"):
        export(home, Inputs(LIGHTHOUSES / "ontology.ttl", folder), tmp_path / "to" / "new")
    assert not list(tmp_path.glob("to/*")) + list(tmp_path.glob("to/.*"))


def test_the_journal_of_imported_files_belongs_to_no_tables(tmp_path: Path) -> None:
    file = tmp_path / "x.nt"
    file.write_text("<https://example.org/s> <https://example.org/p> <https://example.org/o> .\n")
    import_files(tmp_path / "home", [file])
    write(tmp_path / "home", ("+", fact("eddystone", "height", number("50"))))
    with pytest.raises(ReleaseError, match="imported"):
        export(tmp_path / "home", INPUTS, tmp_path / "new")


def test_the_command_says_what_it_wrote_and_how_to_go_on(tmp_path: Path) -> None:
    foreign = Quad(IRIS.entity("eddystone"), prop("height"), number("1"), IRI("https://elsewhere.example/g"))
    write(tmp_path, ("+", fact("eddystone", "height", number("50"))), ("+", foreign))
    arguments = ["--ontology", str(INPUTS.ontology_file), "--data", str(LIGHTHOUSES)]
    ended = subprocess.run(
        [sys.executable, "-m", "web.cli", "facts", "export", "--to", str(tmp_path / "new"), *arguments],
        env={**os.environ, "KG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.endswith("1 rows added, 0 replaced, 0 removed; left in its journal: 1 change.\n")
    assert "elsewhere.example/g is not the graph of a source" in ended.stderr
    assert f"put those of {tmp_path / 'new' / 'journal'} in their place" in ended.stderr
