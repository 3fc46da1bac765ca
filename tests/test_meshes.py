"""Networks drawn: places that are always the same, marks beside each other, names where they fit."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from kg.network.layout import APART, layout
from web.drawing.meshes import Mesh, Node, Tie
from web.links import Link

KINDS = {"a": Link("harbours"), "b": Link("ships")}


def wheel(count: int) -> Mesh:
    nodes = [
        Node(f"n{one}", Link(f"Node {one}", f"/doc/n{one}"), "ab"[one % 2], one == 0) for one in range(count)
    ]
    ties = [Tie("n0", f"n{one}", ("moored at",)) for one in range(1, count)]
    return Mesh.of(nodes, ties, KINDS)


@pytest.mark.parametrize("count", [2, 3, 20, 45])
def test_nodes_are_within_the_sheet_and_apart(count):
    places = layout(count, [(0, one, 1.0) for one in range(1, count)])
    assert places == layout(count, [(0, one, 1.0) for one in range(1, count)])
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places)
    assert min(math.dist(one, other) for one, other in combinations(places, 2)) > APART * 0.9


def test_nodes_that_nothing_links_have_places_too():
    assert len({*layout(4, [])}) == 4
    assert layout(1, []) == [(0.5, 0.5)]
    assert layout(0, []) == []


def test_linked_nodes_are_nearer_than_others():
    clique = [(a, b, 1.0) for group in (range(5), range(5, 10)) for a, b in combinations(group, 2)]
    places = layout(10, [*clique, (0, 5, 0.2)])
    within = [math.dist(places[a], places[b]) for a, b in combinations(range(5), 2)]
    across = [math.dist(places[a], places[b]) for a in range(5) for b in range(5, 10)]
    assert sum(within) / len(within) < sum(across) / len(across)


def test_a_drawing_tells_what_is_linked_by_what():
    made = wheel(5)
    assert [(kind.name.text, kind.count) for kind in made.kinds] == [("harbours", 3), ("ships", 2)]
    assert [(node.key, words) for node, words in made.knots[1].others] == [("n0", ("moored at",))]
    assert len(made.knots[0].others) == len(made.threads) == 4
    assert made.knots[0].shown == "both"  # it is what the network is about


def test_names_stand_where_there_is_room():
    made = wheel(120)
    shown = [knot.shown for knot in made.knots]
    assert "" in shown
    assert sum(one in ("wide", "both") for one in shown) > sum(one in ("narrow", "both") for one in shown) > 0


def test_without_ties_there_is_no_drawing():
    assert Mesh.of([Node("a", Link("a"))], [], {}) is None


def test_names_are_cut_and_escaped_for_scripts():
    nodes = [Node("a", Link("</script>" + "x" * 5000)), Node("b", Link("b"))]
    made = Mesh.of(nodes, [Tie("a", "b")], {})
    assert len(made.knots[0].name) < 30
    assert "</script>x" not in str(made.data)
