"""The statements on which answers rest, who states them, and where sources disagree."""

from __future__ import annotations

from random import Random

import pytest

from kg.iris import local_name
from kg.release import Release
from kg.sources import RDF_TYPE
from kg.store import IRI, EmbeddedStore, Literal, Quad
from search.answering.algebra import (
    Aggregate,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Either,
    Every,
    Holds,
    Listing,
    Members,
    Narrowed,
    Numbers,
    Question,
    Ranked,
    Reached,
    Set,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
)
from search.answering.deciding import Found, run
from search.answering.evidence import disagreements, evidence, sources_of
from search.answering.reading import Reading
from search.answering.tracing import MOST_TRIPLES
from search.index import PROFILE
from search.profile import Profile, Step
from tests.naive import Naive
from tests.query_graphs import Maker, words_of

ID = "https://example.org/lighthouses/id/"
LH = "https://example.org/lighthouses/ontology/"
HEIGHT = Value(((Step(f"{LH}height"),),))
ROCKS = Members(f"{LH}rock_lighthouse")


def things(*names: str) -> Things:
    return Things(tuple(ID + name for name in names))


def reached(start: Set, *steps: str) -> Reached:
    """A path of properties; one with "^" before it is read backwards."""
    hops = tuple((Step(LH + step.removeprefix("^"), step.startswith("^")),) for step in steps)
    return Reached(start, hops)


def ask(release: Release, question: Question) -> Found:
    return run(Reading(question, 0.0, ()), release.store, release.prefixes)


def proof(release: Release, question: Question) -> set[str]:
    """The statements as words, "*" after those that no source states."""
    return {
        f"{local_name(one.subject.value)} {local_name(one.predicate.value)} "
        f"{local_name(one.object.value)}{'' if one.sources else ' *'}"
        for one in evidence(release, ask(release, question))
    }


def test_a_value_rests_on_what_states_it_as_it_was_written(lighthouses: Release) -> None:
    assert proof(lighthouses, Listing(reached(things("skerryvore"), "height"))) == {
        "skerryvore height 48",
        "skerryvore height 48.0",
    }


def test_an_answer_over_others_rests_on_the_whole_chain(lighthouses: Release) -> None:
    builders = reached(things("scotland"), "^within", "built_by")
    said = proof(lighthouses, Listing(builders))
    assert "bell-rock within scotland" in said
    assert "bell-rock built by robert-stevenson" in said
    assert not any(line.startswith("fastnet") for line in said)


def test_members_of_a_class_rest_on_their_class_and_others_on_more(lighthouses: Release) -> None:
    assert "fastnet type rock lighthouse" in proof(lighthouses, Listing(ROCKS))
    irish = Common((ROCKS, reached(things("ireland"), "^within")))
    assert proof(lighthouses, Listing(irish)) == {"fastnet within ireland"}


def test_what_follows_from_other_statements_has_no_source(lighthouses: Release) -> None:
    said = proof(lighthouses, Listing(reached(things("france"), "^within")))
    assert {"cordouan within france", "ar-men within france *"} <= said


def test_what_is_below_something_rests_on_each_level(lighthouses: Release) -> None:
    below = Narrowed(things("spain"), Step(f"{LH}within"))
    said = proof(lighthouses, Listing(below))
    assert {"a-coruna within galicia", "galicia within spain"} <= said


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            Listing(Compared(things("genoa", "fastnet"), HEIGHT, ">", Literal("76"))),
            {"genoa height 77", "genoa height 76"},
        ),
        (Listing(Ranked(ROCKS, HEIGHT, falling=True)), {"fastnet height 54"}),
        (Aggregate("MIN", things("genoa", "fastnet"), HEIGHT), {"fastnet height 54"}),
        (
            Aggregate("AVG", things("genoa", "fastnet"), HEIGHT),
            {"fastnet height 54", "genoa height 76", "genoa height 77"},
        ),
        (Size(reached(things("ireland"), "^within")), {"fastnet within ireland"}),
        (
            Numbers(
                (Size(reached(things("ireland"), "^within")), Aggregate("SUM", things("fastnet"), HEIGHT))
            ),
            {"fastnet within ireland", "fastnet height 54"},
        ),
        (
            Table(things("fastnet"), (HEIGHT, Count(((Step(f"{LH}within"),),)))),
            {"fastnet height 54", "fastnet within ireland"},
        ),
        (Connection((f"{ID}fastnet", f"{ID}ireland")), {"fastnet within ireland"}),
        (
            Listing(Either((reached(things("fastnet"), "within"), reached(things("fastnet"), "height")))),
            {"fastnet within ireland", "fastnet height 54"},
        ),
        (
            Listing(Without(reached(things("ireland"), "^within"), reached(things("france"), "^within"))),
            {"fastnet within ireland"},
        ),
    ],
)
def test_what_is_measured_counted_and_joined_is_shown(
    lighthouses: Release, question: Question, expected: set[str]
) -> None:
    assert proof(lighthouses, question) == expected


def test_no_rests_on_what_is_recorded_instead(lighthouses: Release) -> None:
    by = reached(things("robert-stevenson"), "^built_by")
    assert proof(lighthouses, Holds(Common((things("bell-rock"), by)))) == {
        "bell-rock built by robert-stevenson"
    }
    assert proof(lighthouses, Holds(Common((things("fastnet"), by)))) == {"fastnet built by william-douglass"}


def test_what_is_not_so_of_all_rests_on_what_is_recorded_of_the_others(lighthouses: Release) -> None:
    by = reached(things("robert-stevenson"), "^built_by")
    both = things("bell-rock", "fastnet")
    assert proof(lighthouses, Every(both, by)) == {"fastnet built by william-douglass"}
    assert proof(lighthouses, Every(things("bell-rock"), by)) == {"bell-rock built by robert-stevenson"}


def test_what_a_thing_is_rests_on_what_is_stated_of_it(lighthouses: Release) -> None:
    said = proof(lighthouses, Definition(f"{ID}fastnet"))
    assert {"fastnet within ireland", "fastnet height 54"} <= said
    assert not any("type" in line or "label" in line for line in said)


def test_who_says_so_are_those_that_say_just_this(lighthouses: Release) -> None:
    def named(of: Set) -> list[str]:
        return [source.title for source in sources_of(lighthouses, ask(lighthouses, Sources(of)))]

    assert named(Common((things("eddystone"), reached(things("james-douglass"), "^built_by")))) == [
        "Atlas of Lights",
        "Geschichte der Türme",
    ]
    height = Compared(things("eddystone"), HEIGHT, "=", Literal("51"))
    assert named(height) == ["Visit our lighthouses"]
    assert named(Compared(things("eddystone"), HEIGHT, ">", Literal("10"))) == [
        "Atlas of Lights",
        "Visit our lighthouses",
    ]


def test_sources_disagree_where_one_value_is_expected(lighthouses: Release) -> None:
    profile = Profile.read(lighthouses.index / PROFILE)

    def values(*steps: str, of: str) -> list[list[tuple[str, list[tuple[str, str]]]]]:
        found = ask(lighthouses, Listing(reached(things(of), *steps)))
        return [
            [(said.value.value, [(one.title, one.date) for one in said.sources]) for said in one.said]
            for one in disagreements(evidence(lighthouses, found), profile)
        ]

    assert values("height", of="eddystone") == [
        [("49", [("Atlas of Lights", "2019-03")]), ("51", [("Visit our lighthouses", "")])]
    ]
    assert values("height", of="skerryvore") == []  # 48 and 48.0
    assert values("first_lit", of="eddystone") == []  # a year and a day of it
    assert values("built_by", of="eddystone") == []


def test_evidence_is_bounded_and_about_what_the_graph_says(shipped: Release) -> None:
    words, naive = words_of(shipped), Naive.of(shipped)
    for seed in range(200):
        question = Maker(words, Random(seed), 2).question()
        found = evidence(shipped, ask(shipped, question))
        assert len(found) <= MOST_TRIPLES
        ends = ((one.predicate.value, one.subject, _stored(one.object)) for one in found)
        assert all(
            value in {_stored(term) for term in naive.links[predicate, False][subject]}
            for predicate, subject, value in ends
        )


def _stored(term: object) -> object:
    """A term, numbers by their amount."""
    if isinstance(term, Literal) and term.value.replace(".", "", 1).lstrip("-").isdigit():
        return float(term.value)
    return term


APART = ("Without", "Ranked", "Count", "Folded", "Size", "Share", "Aggregate", "Difference")


def test_the_evidence_alone_gives_the_same_answer(shipped: Release) -> None:
    """For questions that other statements only give more answers to."""
    words, some = words_of(shipped), 0
    kinds = list(shipped.store.quads(predicate=RDF_TYPE))
    graph = IRI(f"{LH}g")
    for seed in range(400):
        of = Maker(words, Random(seed), 2).set()
        if any(name in repr(of) for name in APART):
            continue
        found = ask(shipped, Listing(of))
        said = evidence(shipped, found)
        if not 0 < len(found.rows) <= 30 or len(said) > MOST_TRIPLES // 2:
            continue
        stated = [Quad(one.subject, one.predicate, one.object, graph) for one in said]
        alone = EmbeddedStore.in_memory([*kinds, *stated])
        again = run(found.reading, alone, shipped.prefixes)
        assert set(found.rows) <= set(again.rows), of
        some += 1
    assert some > 20
