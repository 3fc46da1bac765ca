"""Requests in packets, as they go to a worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.processes import frames, packets

LETTERS = st.characters(categories=("L", "P", "S", "Z", "Cc", "Cs"))  # also halves of letters
queries = st.text(LETTERS, max_size=200) | st.integers(1, 3 * packets.LARGEST).map(lambda size: "ü€" * size)
names = st.lists(st.text(max_size=50), max_size=5) | st.integers(1, 20_000).map(
    lambda count: ["urn:g"] * count
)


@given(queries, names)
def test_a_request_comes_back_as_it_was(query, graphs):
    request = {"query": query, "default_graphs": graphs, "seconds": 1.5}
    ours, theirs = packets.pair()
    with ours, theirs, ThreadPoolExecutor(1) as threads:
        ours.settimeout(10)
        arrived = threads.submit(packets.message, theirs)
        for piece in packets.pieces(request):
            assert len(piece) <= packets.ROOM
            ours.sendall(piece)
        assert arrived.result(10) == request


@given(st.text(max_size=1000))
def test_a_short_request_is_one_packet(query):
    assert len(packets.pieces({"query": query})) == 1


def test_half_a_request_is_none():
    ours, theirs = packets.pair()
    with theirs:
        with ours:
            ours.sendall(packets.pieces({"query": "x" * packets.LARGEST})[0])
        with pytest.raises(EOFError):
            packets.message(theirs)


def test_a_request_without_a_query_is_one_too():
    ours, theirs = packets.pair()
    with ours, theirs:
        ours.sendall(packets.pieces({"name": "urn:g"})[0])
        assert packets.message(theirs) == {"name": "urn:g", "query": ""}
        assert frames.END in packets.pieces({"name": "urn:g"})[0]
