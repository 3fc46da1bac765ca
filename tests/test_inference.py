"""What follows from an ontology: each rule alone, and against a naive reasoner on random graphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import inference
from kg.inference import Axioms, Inference
from kg.store import IRI, Literal, Quad, RdfFormat, Triple, parse_quads

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def quads(turtle: str) -> list[Quad]:
    return list(parse_quads((PREFIXES + turtle).encode(), RdfFormat.TURTLE))


def inferred(axioms: str, facts: str) -> set[Triple]:
    drawn = Inference(Axioms.of(quads(axioms)))
    for quad in quads(facts):
        drawn.take(quad)
    return drawn.triples()


def triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in quads(turtle)}


def test_inverses_both_ways() -> None:
    axioms = ":hosts owl:inverseOf :hostedBy ."
    assert inferred(axioms, ":a :hostedBy :b . :c :hosts :d .") == triples(":b :hosts :a . :d :hostedBy :c .")


def test_super_properties_through_an_inverse() -> None:
    axioms = ":mother rdfs:subPropertyOf :parent . :parent owl:inverseOf :child ."
    assert inferred(axioms, ":a :mother :b .") == triples(":a :parent :b . :b :child :a .")


def test_literals_rise_but_do_not_turn() -> None:
    axioms = ":name rdfs:subPropertyOf rdfs:label . :name owl:inverseOf :names ."
    assert inferred(axioms, ':a :name "A"@en .') == triples(':a rdfs:label "A"@en .')


def test_symmetric_and_transitive() -> None:
    axioms = ":near a owl:SymmetricProperty . :within a owl:TransitiveProperty ."
    facts = ":a :near :b . :a :within :b . :b :within :c . :c :within :d ."
    assert inferred(axioms, facts) == triples(":b :near :a . :a :within :c , :d . :b :within :d .")


def test_a_direct_property_below_a_transitive_one_stays_direct() -> None:
    axioms = ":partOf rdfs:subPropertyOf :within . :within a owl:TransitiveProperty ."
    found = inferred(axioms, ":a :partOf :b . :b :partOf :c .")
    assert found == triples(":a :within :b , :c . :b :within :c .")


def test_one_transitive_property_feeds_another() -> None:
    axioms = """:p a owl:TransitiveProperty ; rdfs:subPropertyOf :o . :o a owl:TransitiveProperty .
    :z a owl:TransitiveProperty ; rdfs:subPropertyOf :p ."""
    found = inferred(axioms, ":a :z :b . :b :p :c . :c :o :d .")
    assert triples(":a :p :c . :a :o :c , :d . :b :o :d .") <= found


def test_classes_and_the_values_they_fix() -> None:
    axioms = """:Lamp rdfs:subClassOf :Thing , :InScheme . :Thing rdfs:subClassOf :Root .
    :InScheme owl:onProperty :scheme ; owl:hasValue :lamps ."""
    assert inferred(axioms, ":a a :Lamp .") == triples(":a a :Thing , :Root ; :scheme :lamps .")


def test_what_is_stated_is_not_inferred_again() -> None:
    assert inferred(":p rdfs:subPropertyOf :q .", ":a :p :b ; :q :b .") == set()


def test_chains_beyond_measure_are_left_out_with_words() -> None:
    drawn = Inference(Axioms.of(quads(":next a owl:TransitiveProperty .")))
    for number in range(1500):
        here, there = (IRI(f"https://example.org/{n}") for n in (number, number + 1))
        drawn.take(Quad(here, IRI("https://example.org/next"), there))
    assert drawn.triples() == set()
    assert "left out" in drawn.warnings[0]


NODES = [IRI(f"https://example.org/n{number}") for number in range(4)]
EDGES = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from("pqr"), st.sampled_from(NODES)), max_size=8)
AXIOMS = [
    (":p", "a owl:TransitiveProperty"),
    (":q", "a owl:SymmetricProperty"),
    (":p", "rdfs:subPropertyOf :q"),
    (":q", "rdfs:subPropertyOf :r"),
    (":r", "owl:inverseOf :p"),
    (":r", "a owl:TransitiveProperty"),
]


@given(st.sets(st.sampled_from(AXIOMS)), EDGES)
def test_the_same_as_a_naive_fixpoint(chosen: set[tuple[str, str]], edges: set[tuple[IRI, str, IRI]]) -> None:
    text = "\n".join(f"{subject} {rest} ." for subject, rest in sorted(chosen))
    axioms = Axioms.of(quads(text))
    drawn = Inference(axioms)
    stated = {Triple(s, IRI(f"https://example.org/{p}"), o) for s, p, o in edges}
    for triple in stated:
        drawn.take(Quad(triple.subject, triple.predicate, triple.object))
    assert drawn.triples() == naive(axioms, stated) - stated


def naive(axioms: Axioms, stated: set[Triple]) -> set[Triple]:
    """Every rule on every pair until nothing is new."""
    known = set(stated)
    while True:
        new = set()
        for t in known:
            assert not isinstance(t.object, Literal)
            for prop, backwards in axioms.implied.get(t.predicate, ()):
                new.add(Triple(t.object, prop, t.subject) if backwards else Triple(t.subject, prop, t.object))
            if t.predicate in axioms.transitive:
                new |= {
                    Triple(t.subject, t.predicate, u.object)
                    for u in known
                    if u.predicate == t.predicate and u.subject == t.object
                }
        if new <= known:
            return known
        known |= new


def test_an_ontology_from_which_everything_follows_infers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inference, "MOST_PAIRS", 1000)
    many = " . ".join(f":p rdfs:subPropertyOf :q{number}" for number in range(200))
    drawn = Inference(Axioms.of(quads(f"{many} .")))
    for quad in quads(" . ".join(f":s{number} :p :o" for number in range(100)) + " ."):
        drawn.take(quad)
    assert drawn.triples() == set()
    assert "nothing is inferred" in drawn.warnings[0]
