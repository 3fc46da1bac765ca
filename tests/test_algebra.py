"""Query graphs as values and as SPARQL."""

from __future__ import annotations

import pytest

from kg.store import EmbeddedStore
from search.algebra import Query
from search.profile import Step

PREFIXES = {"ex": "https://example.org/", "unused": "https://example.org/unused/"}
QUERIES = [
    Query("https://example.org/a"),
    Query(kind="https://example.org/Kind", count=True),
    Query("https://example.org/a", (Step("https://example.org/p"),)),
    Query(
        "https://example.org/a b".replace(" ", "%20"),
        (Step("https://example.org/p"), Step("https://example.org/q", inverse=True)),
        "https://example.org/Kind",
    ),
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_sparql_runs_and_declares_exactly_the_prefixes_it_uses(query: Query) -> None:
    text = query.sparql(PREFIXES)
    EmbeddedStore.in_memory([]).select(text)
    assert "PREFIX ex: <https://example.org/>" in text
    assert "unused" not in text


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_comes_back_from_its_state(query: Query) -> None:
    assert Query.of_state(query.state()) == query


@pytest.mark.parametrize(
    "state",
    ["", "null", "[]", "{}", '{"anchor":"x y","steps":[],"kind":"","count":false}', '{"steps":[{"no":1}]}'],
)
def test_anything_else_is_no_state(state: str) -> None:
    with pytest.raises(ValueError, match="not the state of an answer"):
        Query.of_state(state)
