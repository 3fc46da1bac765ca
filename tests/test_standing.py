"""How values stand to each other: agreeing, differing, changing over time; official and newest ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.aspects.arrangement import Arrangement
from kg.aspects.standing import Standing, is_before, official_kinds, standing
from kg.cells import XSD
from kg.description import Statement
from kg.release import Release
from kg.sources import Source
from kg.store import IRI, Literal

THING, HEIGHT = IRI("x:thing"), IRI("x:height")


def source(name: str, date: str = "", kind: str = "press", as_of: str = "") -> Source:
    return Source(IRI(f"x:{name}"), title=name, date=as_of or date, kind=kind, as_of=as_of)


def said(value: str, *sources: Source, datatype: str = "integer", lang: str = "") -> Statement:
    term = Literal(value, language=lang) if lang else Literal(value, datatype=IRI(XSD + datatype))
    return Statement(THING, HEIGHT, term, sources)


def weigh(*statements: Statement, single: bool = True) -> Standing:
    return standing(statements, {"official"}, single=single)


def test_official_and_newest_are_marked_where_sources_differ() -> None:
    found = weigh(
        said("49", source("list", "2020", "official"), source("book", "2011")),
        said("51", source("atlas", "2023-03")),
    )
    assert found.differ
    assert [(one.official, one.newest) for one in found.values] == [(True, False), (False, True)]


def test_nothing_is_marked_where_all_agree_or_several_values_are_expected() -> None:
    agreeing = weigh(
        said("48", source("a", "2020", "official")), said("48.0", source("b"), datatype="decimal")
    )
    assert len(agreeing.values) == 1
    assert not agreeing.differ
    several = weigh(said("1", source("a", "2020")), said("2", source("b", "2021")), single=False)
    assert not several.differ
    assert not any(one.newest for one in several.values)


def test_dates_that_may_be_the_same_leave_no_newest() -> None:
    found = weigh(said("1", source("a", "2025")), said("2", source("b", "2025-03")))
    assert found.differ
    assert not any(one.newest for one in found.values)


def test_texts_in_two_languages_are_no_contradiction() -> None:
    assert not weigh(said("tower", source("a"), lang="en"), said("Turm", source("b"), lang="de")).differ
    assert weigh(said("tower", source("a"), lang="en"), said("light", source("b"), lang="en")).differ


def test_one_source_that_gives_values_at_two_dates_tells_a_series() -> None:
    found = weigh(said("4", source("list", as_of="2022-11")), said("9", source("list", as_of="2025-06")))
    assert not found.differ
    assert [(date, one.object.value) for date, one in found.series] == [("2025-06", "9"), ("2022-11", "4")]


@pytest.mark.parametrize(
    "other",
    [said("9", source("b", "2022-11")), said("9", source("b", "2022")), said("9", source("b"))],
    ids=["same date", "less precise", "undated"],
)
def test_values_of_one_time_are_a_contradiction(other: Statement) -> None:
    found = weigh(said("4", source("a", as_of="2022-11")), other)
    assert found.differ
    assert not found.series


def test_dates_of_publication_alone_are_no_series() -> None:
    assert weigh(said("4", source("a", "2022")), said("9", source("b", "2023"))).differ


DATES = st.dates().flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


@given(DATES, DATES, DATES)
def test_before_is_an_order_as_far_as_it_goes(one: str, two: str, three: str) -> None:
    assert not is_before(one, one)
    assert not (is_before(one, two) and is_before(two, one))
    if is_before(one, two) and is_before(two, three) and len(two) >= min(len(one), len(three)):
        assert is_before(one, three)


DATED = st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.one_of(st.just(""), DATES))


@given(st.lists(DATED, max_size=8))
def test_no_value_and_no_date_is_lost(dated: list[tuple[int, str, str]]) -> None:
    found = weigh(*(said(str(value), source(name, as_of=date)) for value, name, date in dated))
    assert {one.statement.object.value for one in found.values} == {str(value) for value, _, _ in dated}
    if found.series:
        assert not found.differ
        told = {(one.object.value, date) for date, one in found.series}
        assert {(str(value), date) for value, _, date in dated if date} <= told


def test_which_kinds_are_official_is_said_by_the_ontology(shipped: Release, lighthouses: Release) -> None:
    assert official_kinds(shipped.store) == official_kinds(lighthouses.store) == {"official"}


def test_the_order_is_that_of_the_shapes(lighthouses: Release) -> None:
    found = Arrangement.of(lighthouses)
    space = "https://example.org/lighthouses/ontology/"
    built, height, within = (found.place(IRI(space + name)) for name in ("built_by", "height", "within"))
    assert built < height < within < found.place(IRI(f"{space}material"))
    assert height.order == Decimal("2.5")
    assert found.place(IRI(f"{space}builder_of"), backwards=True) == built
