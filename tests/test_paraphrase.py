"""Query graphs in words of five languages."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.release import Release
from kg.store import IRI, Literal
from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Difference,
    Either,
    Every,
    Folded,
    Holds,
    Listing,
    Literals,
    Members,
    Narrowed,
    Numbers,
    Question,
    Ranked,
    Reached,
    Set,
    Share,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
)
from search.answering.paraphrase import Paraphrase
from search.answering.schema import Schema
from search.entries import Entries
from search.index import PROFILE
from search.lexicon import Lexicon
from search.names import Names
from search.profile import Profile, Step
from search.wording import Wording
from tests.query_graphs import Maker, Words, words_of

LANGUAGES = ("en", "it", "de", "fr", "es")
ID = "https://example.org/lighthouses/id/"
LH = "https://example.org/lighthouses/ontology/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def to(name: str, *, back: bool = False) -> tuple[tuple[Step, ...], ...]:
    return ((Step(f"{LH}{name}", back),),)


def thing(*names: str) -> Things:
    return Things(tuple(f"{ID}{name}" for name in names))


def number(text: str) -> Literal:
    return Literal(text, datatype=IRI(f"{XSD}integer"))


TOWERS = Members(f"{LH}lighthouse")
HEIGHT = Value(to("height"))
LIT = Value(to("first_lit"), "date")
SCOTTISH = Common((TOWERS, Reached(thing("scotland"), to("within", back=True))))
STEVENSONS = Reached(thing("robert-stevenson"), to("built_by", back=True))

SETS: list[tuple[Set, str]] = [
    (Anything(), "anything"),
    (TOWERS, "lighthouse"),
    (thing("fastnet", "cordouan"), "Fastnet Lighthouse and Cordouan Lighthouse"),
    (Literals((Literal("granite"), number("12000"))), "“granite” or 12,000"),
    (Reached(thing("fastnet"), to("height")), "Fastnet Lighthouse – height"),
    (STEVENSONS, "Robert Stevenson – builder of"),
    (Reached(thing("plymouth"), to("near_town", back=True)), "Plymouth – “near” of"),
    (Reached(SCOTTISH, to("height")), "(lighthouse · within: Scotland) – height"),
    (
        Common((TOWERS, Reached(thing("scotland", "france"), to("within", back=True)))),
        "lighthouse · within: Scotland or France",
    ),
    (Common((TOWERS, Reached(Anything(), to("automated", back=True)))), "lighthouse · with “automated”"),
    (Narrowed(thing("scotland"), Step(f"{LH}within")), "Scotland (narrower ones too)"),
    (Either((TOWERS, Members(f"{LH}engineer"))), "lighthouse or engineer"),
    (
        Without(TOWERS, Reached(thing("scotland"), to("within", back=True))),
        "lighthouse · except (within: Scotland)",
    ),
    (Compared(TOWERS, HEIGHT, ">=", number("50")), "lighthouse · height ≥ 50 m"),
    (Compared(TOWERS, LIT, "<", Literal("1850")), "lighthouse · first lit: before 1850"),
    (
        Compared(TOWERS, Value(to("material"), "text"), "!=", Literal("granite")),
        "lighthouse · material ≠ “granite”",
    ),
    (
        Compared(TOWERS, HEIGHT, ">", Aggregate("AVG", TOWERS, HEIGHT)),
        "lighthouse · height > “average of “height”, over: lighthouse”",
    ),
    (Ranked(SCOTTISH, HEIGHT, falling=True), "lighthouse · within: Scotland · with the greatest “height”"),
    (Ranked(TOWERS, LIT, falling=False), "lighthouse · with the earliest “first lit”"),
    (Ranked(TOWERS, HEIGHT, True, 2), "lighthouse · in place 2 by “height” (greatest first)"),
    (Ranked(TOWERS, HEIGHT, True, 1, 3), "lighthouse · the first 3 by “height” (greatest first)"),
    (Ranked(TOWERS, LIT, False, 2, 2), "lighthouse · in places 2 to 3 by “first lit” (earliest first)"),
    (
        Ranked(Members(f"{LH}engineer"), Count(to("built_by", back=True), TOWERS), falling=True),
        "engineer · with the greatest “number of lighthouse (built by)”",
    ),
]
QUESTIONS: list[tuple[Question, str]] = [
    (Listing(TOWERS, HEIGHT, falling=True), "lighthouse, by “height” (greatest first)"),
    (Size(SCOTTISH), "number of: lighthouse · within: Scotland"),
    (Aggregate("SUM", TOWERS, HEIGHT), "sum of “height”, over: lighthouse"),
    (
        Aggregate("MAX", TOWERS, Folded("AVG", to("near_town"), HEIGHT)),
        "greatest “average of “near › height””, over: lighthouse",
    ),
    (Share(SCOTTISH, TOWERS), "share of “lighthouse · within: Scotland” in “lighthouse”"),
    (
        Difference(thing("fastnet"), thing("genoa"), HEIGHT),
        "difference in “height” between Fastnet Lighthouse and Lighthouse of Genoa",
    ),
    (
        Numbers((Size(TOWERS), Size(SCOTTISH))),
        "number of: lighthouse and number of: lighthouse · within: Scotland",
    ),
    (Table(TOWERS, (HEIGHT, LIT)), "lighthouse, with: height and first lit"),
    (
        Table(TOWERS, (Count(to("near_town")),), order=0, falling=True, most=3),
        "lighthouse, with: near (how many) · the first 3 by “near (how many)” (greatest first)",
    ),
    (
        Holds(Common((thing("fastnet"), Reached(thing("ireland"), to("within", back=True))))),
        "whether it holds: Fastnet Lighthouse · within: Ireland",
    ),
    (Every(TOWERS, SCOTTISH), "whether it holds of all: lighthouse · within: Scotland"),
    (Definition(f"{LH}lighthouse"), "what “lighthouse” is"),
    (
        Connection((f"{ID}fastnet", f"{ID}genoa")),
        "how Fastnet Lighthouse and Lighthouse of Genoa are connected",
    ),
    (Sources(STEVENSONS), "who states: Robert Stevenson – builder of"),
]


def said(release: Release, lang: str) -> Paraphrase:
    schema = Schema(release.store, Profile.read(release.index / PROFILE), Lexicon(release.index))
    return Paraphrase(Names(release, Entries(release.index)), schema, Wording(lang))


@pytest.fixture(scope="module")
def english(lighthouses: Release) -> Paraphrase:
    return said(lighthouses, "en")


@pytest.fixture(scope="module", params=["lighthouses", "shipped"])
def graph(request: pytest.FixtureRequest) -> tuple[Words, dict[str, Paraphrase]]:
    release: Release = request.getfixturevalue(request.param)
    return words_of(release), {lang: said(release, lang) for lang in LANGUAGES}


@pytest.mark.parametrize(("of", "words"), SETS)
def test_a_set_is_its_head_and_its_conditions(english: Paraphrase, of: Set, words: str) -> None:
    assert english.set(of) == words


@pytest.mark.parametrize(("question", "words"), QUESTIONS)
def test_a_question_says_what_is_asked(english: Paraphrase, question: Question, words: str) -> None:
    assert english.question(question) == words


def test_a_question_is_said_in_each_language_in_its_own_way(lighthouses: Release) -> None:
    question = Listing(Ranked(SCOTTISH, HEIGHT, falling=True))
    assert said(lighthouses, "de").question(question) == (
        "Leuchtturm · innerhalb von: Schottland · mit dem größten Wert für „Höhe“"
    )
    shown = {said(lighthouses, lang).question(question) for lang in LANGUAGES}
    assert len(shown) == len(LANGUAGES)


@settings(max_examples=100)
@given(seed=st.integers(0, 10**9))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_any_query_graph_can_be_said(
    graph: tuple[Words, dict[str, Paraphrase]], lang: str, seed: int
) -> None:
    material, by_language = graph
    words = by_language[lang].question(Maker(material, Random(seed)).question())
    assert words
    assert "http" not in words
    assert "{" not in words
