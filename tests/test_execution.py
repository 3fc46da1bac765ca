"""Updates taken apart and executed quad by quad: the store is left as the engine itself would leave it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.errors import ReadOnlyGraph, WriteRefused
from kg.store import IRI, DefaultGraph, Literal, Oxigraph, Quad, RdfFormat, parse_quads
from kg.updating.changes import Changes
from kg.updating.execution import Execution, Rules
from kg.updating.updates import operations, with_dataset

BASE = "https://example.org/"
READ_ONLY = IRI(f"{BASE}graph/inferred")
APART = IRI(f"{BASE}graph/statistics")
RULES = Rules(BASE, {"x": BASE}, f"{BASE}.well-known/genid/", frozenset({READ_ONLY, APART}), APART)
DATA = """
x:a x:p x:b , 1 , "one"@en . x:b x:p x:c ; x:q 2.50 . x:c x:q "text" .
"""


def store_of(*texts: str) -> Oxigraph:
    """Each text in a graph of its own, x:g0, x:g1, and so on."""
    store = Oxigraph()
    for number, text in enumerate(texts):
        turtle = f"@prefix x: <{BASE}> .\n{text}".encode()
        for quad in parse_quads(turtle, RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, IRI(f"{BASE}g{number}")))
    return store


def in_graph(store: Oxigraph, graph: object) -> list[Quad]:
    return list(store.quads_for_pattern(None, None, None, graph))


def execute(store: Oxigraph, text: str, **graphs: object) -> Changes:
    changes = Changes(store)
    execution = Execution(changes, RULES, **graphs)  # the keywords are those of Execution
    for operation in operations(text):
        execution.execute(operation)
    return changes


NODE = st.sampled_from(["x:a", "x:b", "x:c", "<d>"])
TERM = st.sampled_from(["x:a", "x:b", "1", "2.50", '"one"@en', '"}"', "'''{'''", "true"])
GRAPH = st.sampled_from(["x:g0", "x:g1", "<g2>"])
PROPERTY = st.sampled_from(["x:p", "x:q"])
GROUND = st.builds("GRAPH {} {{ {} {} {} }}".format, GRAPH, NODE, PROPERTY, TERM)
PATTERN = st.one_of(
    st.just("GRAPH ?g { ?s ?p ?o }"),
    st.builds("GRAPH {} {{ ?s {} ?o }}".format, GRAPH, PROPERTY),
    st.builds("GRAPH ?g {{ ?s ?p ?o FILTER(?o<{}) }}".format, st.sampled_from(["2", "x:c", '"z"'])),
    st.builds("GRAPH ?g {{ {} ?p ?o . OPTIONAL {{ ?o x:q ?s }} }}".format, NODE),
)
TEMPLATE = st.one_of(
    GROUND,
    st.just("GRAPH ?g { ?s ?p ?o }"),
    st.just("GRAPH x:g1 { ?o x:p ?s }"),
    st.builds("GRAPH {} {{ ?s ?p ?o . ?s x:q x:c }}".format, GRAPH),
)
MANAGED = st.one_of(
    st.builds("{} SILENT GRAPH {}".format, st.sampled_from(["CLEAR", "DROP"]), GRAPH),
    st.builds("{} SILENT {} TO GRAPH {}".format, st.sampled_from(["ADD", "COPY"]), GRAPH, GRAPH),
    st.just("MOVE x:g0 TO x:g1"),
)
OPERATION = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, GROUND),
    st.builds("DELETE DATA {{ {} {} }}".format, GROUND, GROUND),
    st.just("DELETE WHERE { GRAPH ?g { ?s x:q ?o } }"),
    st.builds("INSERT {{ {} }} WHERE {{ {} }}".format, TEMPLATE, PATTERN),
    st.builds("DELETE {{ {} }} WHERE {{ {} }}".format, TEMPLATE, PATTERN),
    st.builds("DELETE {{ {} }} INSERT {{ {} }} # }}\nWHERE {{ {} }}".format, TEMPLATE, TEMPLATE, PATTERN),
    st.builds("WITH {} DELETE {{ ?s ?p ?o }} INSERT {{ ?s x:q ?s }} WHERE {{ ?s ?p ?o }}".format, GRAPH),
    st.builds("INSERT {{ GRAPH x:g1 {{ ?s ?p ?o }} }} USING {} WHERE {{ ?s ?p ?o }}".format, GRAPH),
    MANAGED,
)


@given(st.lists(OPERATION, min_size=1, max_size=5))
def test_the_store_is_as_the_engine_leaves_it(texts: list[str]) -> None:
    ours, theirs = store_of(DATA, "x:a x:q x:c ."), store_of(DATA, "x:a x:q x:c .")
    before = set(ours)
    for text in texts:
        try:
            theirs.update(text, base_iri=BASE, prefixes={"x": BASE})
        except RuntimeError:  # a graph that is not there
            with pytest.raises(WriteRefused, match="no graph"):
                execute(ours, " ;\n".join(texts))
            return
        # The engine remembers graphs that have become empty; here they are none.
        assume(all(in_graph(theirs, name) for name in theirs.named_graphs()))
    changes = execute(ours, " ;\n".join(texts))
    assert set(ours) == set(theirs)
    assert changes.added == set(ours) - before
    assert changes.removed == before - set(ours)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { x:a x:p x:b }",
        "DELETE DATA { x:a x:p x:b }",
        "INSERT { ?s x:p x:b } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "CLEAR DEFAULT",
        "COPY x:g0 TO DEFAULT",
    ],
)
def test_the_default_graph_is_not_written(text: str) -> None:
    with pytest.raises(WriteRefused, match="name the graph"):
        execute(store_of(DATA), text)


@pytest.mark.parametrize("text", ["CLEAR ALL", "DROP NAMED"])
def test_graphs_are_cleared_one_by_one(text: str) -> None:
    with pytest.raises(WriteRefused, match="one by one"):
        execute(store_of(DATA), text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH <graph/inferred> { x:a x:p x:b } }",
        "INSERT { GRAPH ?g { x:a x:p x:b } } WHERE { BIND(<graph/inferred> AS ?g) }",
        "CLEAR GRAPH <graph/inferred>",
        "MOVE x:g0 TO <graph/inferred>",
    ],
)
def test_what_only_a_build_writes_is_not_written(text: str) -> None:
    with pytest.raises(ReadOnlyGraph, match="graph/inferred"):
        execute(store_of(DATA), text)


def test_blank_nodes_get_iris_of_their_own() -> None:
    store = store_of("x:a x:p 1 . x:b x:p 2 .")
    execute(store, "INSERT { GRAPH x:g9 { ?s x:q _:n . _:n x:r ?o } } WHERE { GRAPH x:g0 { ?s x:p ?o } }")
    found = in_graph(store, IRI(f"{BASE}g9"))
    assert len({str(quad.object) for quad in found if quad.predicate.value.endswith("q")}) == 2
    assert all(isinstance(quad.subject, IRI) for quad in found)


def test_a_computed_blank_node_is_one_in_both_its_places() -> None:
    store = store_of("x:a x:p 1 .")
    where = "GRAPH x:g0 { ?s x:p 1 } BIND(BNODE() AS ?n)"
    execute(store, f"INSERT {{ GRAPH x:g9 {{ ?s x:q ?n . ?n x:r ?s }} }} WHERE {{ {where} }}")
    forth, back = sorted(in_graph(store, IRI(f"{BASE}g9")), key=lambda quad: quad.predicate.value)
    assert forth.object == back.subject


def test_more_solutions_than_are_filled_in_at_once() -> None:
    store = store_of(" ".join(f"x:s{number} x:p {number} ." for number in range(2500)))
    changes = execute(store, "INSERT { GRAPH x:g9 { ?s x:q ?o } } WHERE { GRAPH x:g0 { ?s x:p ?o } }")
    assert len(changes.added) == 2500


def test_triple_terms_pass() -> None:
    store = store_of("x:a x:p 1 .")
    execute(store, "INSERT { GRAPH x:g9 { x:r x:q <<( ?s x:p ?o )>> } } WHERE { GRAPH x:g0 { ?s x:p ?o } }")
    again = "INSERT { GRAPH x:g8 { x:r x:q ?t } } WHERE { GRAPH x:g9 { ?r x:q ?t } }"
    assert len(execute(store, again).added) == 1


def test_the_graphs_of_the_protocol() -> None:
    store = store_of(DATA, "x:a x:q x:c .")
    changes = execute(store, "INSERT { x:n x:p ?s } WHERE { ?s x:q x:c }", default_graphs=[IRI(f"{BASE}g1")])
    assert {str(quad.graph_name) for quad in changes.added} == {f"<{BASE}g1>"}


def test_the_graph_of_a_patch_is_read_and_written() -> None:
    store = store_of(DATA, "x:a x:q x:c .")
    changes = execute(store, "DELETE WHERE { ?s ?p ?o } ; INSERT DATA { x:n x:p 1 }", graph=IRI(f"{BASE}g1"))
    assert (len(changes.removed), len(changes.added)) == (1, 1)


def test_each_operation_reads_the_union_as_those_before_it_left_it() -> None:
    store = store_of("x:a x:p 1 .", "x:a x:p 1 .")
    store.add(Quad(IRI(f"{BASE}a"), IRI(f"{BASE}p"), Literal(1)))
    found = "INSERT { GRAPH x:g9 { ?s x:found ?o } } WHERE { ?s x:p ?o }"
    changes = execute(store, f"INSERT DATA {{ GRAPH x:g0 {{ x:b x:p 2 }} }} ; {found}")
    assert len(changes.added) == 3
    changes = execute(store, f"DELETE WHERE {{ GRAPH ?g {{ ?s x:p ?o }} }} ; CLEAR GRAPH x:g9 ; {found}")
    assert not changes.added
    assert len(in_graph(store, DefaultGraph())) == 1  # the union is made after all of them


def test_a_deletion_of_its_own_pattern_gets_the_graphs_of_the_request() -> None:
    text = with_dataset("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["g:1"], [])
    [found] = operations(text)
    assert (found.delete, found.insert, found.using) == ("{ ?s ?p ?o }", "", ((False, "<g:1>"),))
    Oxigraph().update(text)


def test_graphs_of_the_request_go_into_every_operation() -> None:
    text = "PREFIX w: <w:> DELETE WHERE { ?s w:WHERE ?o } ; INSERT { ?s ?p 'WHERE {' } WHERE { ?s ?p ?o }"
    found = operations(with_dataset(text, ["g:1"], ["g:2"]))
    assert [one.using for one in found] == [((False, "<g:1>"), (True, "<g:2>"))] * 2
    assert (found[0].delete, found[0].where) == ("{ ?s w:WHERE ?o }",) * 2
    with pytest.raises(WriteRefused, match="one place"):
        with_dataset("WITH <g:1> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["g:1"], [])
