from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kg.skolem import is_ground, skolemise
from kg.store import IRI, BlankNode, Literal, Quad, RdfFormat, Triple, parse_quads

SPACE = "http://e/.well-known/genid/x/"
NODES = st.sampled_from("abcdef")
PLACES = st.one_of(NODES.map(BlankNode), st.sampled_from("st").map(lambda name: IRI(f"http://e/{name}")))
QUADS = st.lists(
    st.builds(
        Quad,
        PLACES,
        st.sampled_from("pq").map(lambda name: IRI(f"http://e/{name}")),
        st.one_of(PLACES, st.sampled_from("12").map(Literal)),
        PLACES,
    ),
    max_size=12,
)


def renamed(quads: list[Quad], names: dict[str, str]) -> list[Quad]:
    def place(term: object) -> object:
        return BlankNode(names[term.value]) if isinstance(term, BlankNode) else term

    return [
        Quad(place(quad.subject), quad.predicate, place(quad.object), place(quad.graph_name))
        for quad in quads
    ]


def parsed(turtle: str) -> list[Quad]:
    return list(parse_quads(f"@prefix e: <http://e/> . {turtle}".encode(), RdfFormat.TRIG))


def skolem(quads: list[Quad]) -> set[str]:
    return set(map(str, skolemise(quads, SPACE)))


@given(QUADS, st.permutations("uvwxyz"), st.randoms())
def test_names_and_order_do_not_matter(quads: list[Quad], names: list[str], chance: random.Random) -> None:
    other = renamed(quads, dict(zip("abcdef", names, strict=True)))
    chance.shuffle(other)
    assert skolem(other) == skolem(quads)


@given(QUADS)
def test_nothing_is_lost_and_no_blank_node_is_left(quads: list[Quad]) -> None:
    found = list(skolemise(quads, SPACE))
    assert all(map(is_ground, found))
    assert len(set(found)) == len(set(quads))


@given(QUADS)
def test_what_is_named_by_an_iri_stays(quads: list[Quad]) -> None:
    ground = {quad for quad in quads if is_ground(quad)}
    assert ground <= set(skolemise(quads, SPACE))


def test_nodes_of_which_the_same_is_said_stay_apart() -> None:
    found = skolem(parsed("e:x e:child [ e:name 'A' ], [ e:name 'A' ] ."))
    assert len(found) == 4


def test_a_change_elsewhere_leaves_the_names_as_they_are() -> None:
    before = skolem(parsed("e:x e:address [ e:city e:y ] ."))
    after = skolem(parsed("e:a e:address [ e:city e:b ] . e:x e:address [ e:city e:y ] . e:c e:p [] ."))
    assert before < after


def test_a_node_in_a_triple_that_is_spoken_of_is_the_same_node() -> None:
    (first, second) = skolemise(parsed("e:x e:says <<( _:b e:p 1 )>> . _:b e:q 2 ."), SPACE)
    terms = {term for quad in (first, second) for term in (quad.subject, quad.object)}
    (triple,) = (term for term in terms if isinstance(term, Triple))
    assert triple.subject in terms
    assert str(triple.subject).startswith(f"<{SPACE}")
