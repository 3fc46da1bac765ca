"""What follows, kept up to date: after any change the same as when it is drawn from scratch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.inference import Axioms, Inference
from kg.store import IRI, Quad, RdfFormat, Triple, parse_quads
from kg.updating import deduction
from kg.updating.deduction import Deduction, TooMuch

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def quads(turtle: str) -> list[Quad]:
    return list(parse_quads((PREFIXES + turtle).encode(), RdfFormat.TURTLE))


def triples(turtle: str) -> set[Triple]:
    return {quad.triple for quad in quads(turtle)}


class Facts:
    """A small graph of stated and derived triples under some axioms."""

    def __init__(self, axioms: str, stated: set[Triple]) -> None:
        self.axioms = Axioms.of(quads(axioms))
        self.stated = set(stated)
        self.derived = self.from_scratch()

    def from_scratch(self) -> set[Triple]:
        drawn = Inference(self.axioms)
        for triple in self.stated:
            drawn.take(Quad(triple.subject, triple.predicate, triple.object))
        return set(drawn.triples())

    def matching(self, subject: object, prop: IRI | None, value: object) -> Iterator[Triple]:
        for triple in list(self.stated | self.derived):
            pairs = ((subject, triple.subject), (prop, triple.predicate), (value, triple.object))
            if all(wanted is None or wanted == found for wanted, found in pairs):
                yield triple

    def change(self, gone: set[Triple], come: set[Triple]) -> None:
        after = (self.stated - gone) | come
        lost, new = self.stated - after, after - self.stated
        self.stated = after
        kept = Deduction(
            self.axioms,
            self.matching,
            lambda triple: triple in self.derived,
            self.derived.add,
            self.derived.discard,
        )
        kept.update(lost, new)


PROPERTIES = st.sampled_from([":p", ":q", ":r", ":t"])
AXIOM = st.one_of(
    st.builds("{} rdfs:subPropertyOf {} .".format, PROPERTIES, PROPERTIES),
    st.builds("{} owl:inverseOf {} .".format, PROPERTIES, PROPERTIES),
    st.builds("{} a owl:TransitiveProperty .".format, PROPERTIES),
    st.builds("{} a owl:SymmetricProperty .".format, PROPERTIES),
    st.builds("{} rdfs:subClassOf {} .".format, *[st.sampled_from([":A", ":B", ":C", ":R"])] * 2),
    st.builds(":R owl:onProperty {} ; owl:hasValue :x .".format, PROPERTIES),
    st.just(":R owl:onProperty <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; owl:hasValue :B ."),
    st.just(":p rdfs:subPropertyOf <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ."),
)
NODE = st.sampled_from([":x", ":y", ":z", ":u"])
FACT = st.one_of(
    st.builds("{} {} {} .".format, NODE, PROPERTIES, NODE),
    st.builds("{} a {} .".format, NODE, st.sampled_from([":A", ":B", ":R"])),
    st.builds('{} {} "v" .'.format, NODE, PROPERTIES),
)
FACTS = st.lists(FACT, max_size=8).map("\n".join)
CHAIN = ":t a owl:TransitiveProperty . :p rdfs:subPropertyOf :t ."


@given(st.lists(AXIOM, max_size=6).map("\n".join), FACTS, st.lists(st.tuples(FACTS, FACTS), max_size=5))
@example(CHAIN, ":x :p :y . :y :p :z .", [(":x :p :y .", ":x :t :y ."), (":x :t :y .", "")])
@example(CHAIN, ":x :p :y . :y :p :x .", [(":y :p :x .", "")])
def test_any_change_leaves_what_is_drawn_from_scratch(
    axioms: str, stated: str, changes: list[tuple[str, str]]
) -> None:
    facts = Facts(axioms, triples(stated))
    for gone, come in changes:
        facts.change(triples(gone), triples(come))
        assert facts.derived == facts.from_scratch()


def test_a_change_beyond_measure_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deduction, "MOST_STEPS", 10)
    facts = Facts(":t a owl:TransitiveProperty .", set())
    with pytest.raises(TooMuch):
        facts.change(set(), triples("\n".join(f":n{number} :t :n{number + 1} ." for number in range(20))))
