"""Query graphs come back from the texts that travel in links, and nothing else does."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import Compared, Listing, Literals, Members, Question, Reached, Size, Value
from search.answering.state import MOST_DEPTH, MOST_TEXT, language_of_state, of_state, state
from search.profile import Step
from tests.query_graphs import Maker, Words

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
WORDS = Words(
    kinds=(f"{EX}Kind", f"{EX}Ünï"),
    things=(f"{EX}a", f"{EX}b", f"{EX}c/%20d"),
    links=(f"{EX}p", f"{EX}q"),
    numbers=(f"{EX}n",),
    dates=(f"{EX}d",),
    texts=(f"{EX}t",),
    numerals=(f"{EX}m",),
    values={
        f"{EX}t": (
            RDFLiteral("a\nb"),
            RDFLiteral("ça", language="fr"),
            RDFLiteral("1.50", datatype=IRI(f"{XSD}decimal")),
        )
    },
)
QUESTIONS = st.integers().map(lambda seed: Maker(WORDS, Random(seed)).question())
JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(("Listing", "Members", "Literal", EX)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def why_not(text: str) -> str:
    """What is wrong with a text as a state."""
    try:
        of_state(text)
    except ValueError as error:
        return str(error)
    return "is one"


@given(QUESTIONS)
def test_a_question_comes_back_from_its_state(question: Question) -> None:
    text = state(question)
    assert of_state(text) == question
    assert state(of_state(text)) == text
    assert language_of_state(text) == ""


@given(QUESTIONS, st.sampled_from(("en", "de", "mul")))
def test_a_state_carries_the_language_of_its_question(question: Question, lang: str) -> None:
    text = state(question, lang)
    assert of_state(text) == question
    assert language_of_state(text) == lang


def test_a_state_is_short_enough_for_a_link_and_needs_no_escapes() -> None:
    value = Value(((Step(f"{EX}n"),),))
    question = Listing(Compared(Members(f"{EX}Kind"), value, ">", RDFLiteral("5")))
    assert len(state(question)) < 200
    assert state(question).replace("-", "").replace("_", "").isalnum()


def test_a_question_that_is_too_large_for_a_link_has_no_state() -> None:
    many = tuple(RDFLiteral(f"{place * 7919 % 100_003}-{place**3}") for place in range(3000))
    assert state(Listing(Literals(many))) == ""


@given(st.text() | JSONS.map(json.dumps))
@settings(max_examples=300)
def test_any_other_text_is_refused(text: str) -> None:
    assert why_not(text).startswith(("not the state of an answer", "is one"))


@given(QUESTIONS, st.data())
def test_a_changed_state_is_refused_or_means_another_question(
    question: Question, data: st.DataObject
) -> None:
    text = state(question)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters()) + text[place + 1 :]
    assert why_not(changed).startswith(("not the state of an answer", "is one"))


def packed(text: str) -> str:
    return urlsafe_b64encode(zlib.compress(text.encode())).decode()


def nested(depth: int) -> str:
    found: list[object] = ["Members", f"{EX}Kind"]
    for _ in range(depth):
        found = ["Common", [found]]
    return json.dumps(["Size", found])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "neither JSON nor packed"),
        ("[", "not JSON"),
        ("[" * 5000, "not JSON"),
        ('{"a":1}', "neither JSON nor packed"),
        ("[]", "belongs"),
        ("[1]", "belongs"),
        ('["Members","https://example.org/K"]', "'Members' where one of"),
        ('["Size",["Members","no iri"]]', "not an IRI"),
        ('["Size",["Members",5]]', "not an IRI"),
        ('["Size",["Members"]]', "has 1 members"),
        ('["Size",["Common",[]]]', "no parts"),
        ('["Size",["Literals",[["Literal","a","no tag!","x"]]]]', "not a literal"),
        ('["Size",["Literals",[["Literal","a","",""]]]]', "not a literal"),
        ('["Size",["Literals",[["Literal","a"]]]]', "where a literal belongs"),
        ('["Numbers",[]]', "no parts"),
        (json.dumps(["Holds", ["Reached", ["Anything"], [[[f"{EX}p", False]]] * 7]]), "a path of 7 hops"),
        ('["Holds",["Reached",["Anything"],[[]]]]', "a hop without a step"),
        ('["Holds",["Reached",["Anything"],[[["https://example.org/p",1]]]]]', "true or false"),
        ('["Connection",["https://example.org/a"],1]', "fewer than two"),
        ('["Connection",["https://example.org/a","https://example.org/b"],9]', "of 9 links"),
        ('["Table",["Anything"],[],true,0,false,0]', "out of the range"),
        ('["Table",["Anything"],[],1,-1,false,0]', "true or false"),
        ('["Table",["Anything"],[],true,true,false,0]', "small number"),
        (nested(MOST_DEPTH), "nested deeper"),
        (" " * (MOST_TEXT + 1), "longer than"),
        (packed("[" + " " * 1_000_000), "cut off, or too long"),
        (packed(nested(3))[:-9], "cut off, or too long"),
        ("abcd", "cannot be unpacked"),
    ],
)
def test_what_is_wrong_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="not the state of an answer") as caught:
        of_state(text)
    assert why in str(caught.value)


def test_a_state_is_read_packed_or_not() -> None:
    question = Size(Reached(Members(f"{EX}Kind"), ((Step(f"{EX}p"), Step(f"{EX}q", inverse=True)),)))
    steps = f'[["{EX}p",false],["{EX}q",true]]'
    text = f'["Size",["Reached",["Members","{EX}Kind"],[{steps}]]]'
    assert of_state(text) == of_state(packed(text)) == question
