"""SERVICE, against a second endpoint on this machine and against everything that must not be spoken to."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from kg.errors import EndpointFailed, Overloaded, QueryRefused, QueryUnsupported
from kg.federating.endpoints import Endpoint
from kg.federating.exchange import Unanswered
from kg.federating.federation import Federation, FederationLimits
from kg.federating.solutions import values
from kg.release import Release
from kg.workers.evaluator import Evaluator
from tests.peers import Peer, answering, endpoint, silent

PREFIXES = {"e": "http://e/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
BASE = "http://base/"
LOCAL = """
PREFIX e: <http://e/>
e:a e:name "a" ; e:knows e:b , e:c .
e:b e:name "b" .
e:c e:name "c" ; e:knows e:b .
GRAPH e:g { e:a e:name "a in g" . e:d e:name "d" }
GRAPH e:h { e:h e:name "h" }
"""
REMOTE = r"""
PREFIX e: <http://e/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
e:a e:age 1 ; e:says "\"quoted\"\nand on two lines \\ \u00e9 \u4e2d \U0001F600"@en-GB .
e:b e:age 2 ; e:says "b"@fr , "plain" , '''it's'''^^e:kind ; e:seen "2020-01-01T00:00:00Z"^^xsd:dateTime .
e:d e:age 1.5 .
e:z e:age 26 ; e:knows _:n . _:n e:age 7 ; e:knows _:n .
"""


def stored(trig: str) -> Store:
    store = Store()
    store.load(trig, RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def local() -> Store:
    return stored(LOCAL)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with endpoint(stored(REMOTE)) as peer:
        yield peer


@pytest.fixture
def federation(peer: Peer) -> Federation:
    return Federation([Endpoint.parse(f"http://127.0.0.1:{peer.port}/sparql=127.0.0.1")])


def rows(store: Store, query: str) -> Counter[tuple[tuple[str, str], ...]]:
    solutions = store.query(query, base_iri=BASE, prefixes=PREFIXES)
    names = [variable.value for variable in solutions.variables]
    return Counter(
        tuple((name, said(solution[name])) for name in names if solution[name] is not None)
        for solution in solutions
    )


def said(term: NamedNode | BlankNode | Literal) -> str:
    """A term; blank nodes, and the IRIs that stand for them, are all the same."""
    is_blank = isinstance(term, BlankNode) or str(term).startswith(f"<{BASE}.well-known/genid/")
    return "_" if is_blank else str(term)


QUERIES = (
    "SELECT * { SERVICE @ { ?s e:age ?age } }",
    "SELECT * { ?s e:name ?name SERVICE @ { ?s e:age ?age } }",
    "SELECT * { SERVICE @ { ?s e:age ?age } ?s e:name ?name }",
    "SELECT * { ?s e:name ?name OPTIONAL { SERVICE @ { ?s e:age ?age } } }",
    "SELECT * { ?s e:name ?name OPTIONAL { SERVICE @ { ?s e:age ?age FILTER(?age > 1) } FILTER(?name='b') }}",
    "SELECT * { ?s e:name ?name OPTIONAL { SERVICE @ { ?s e:says ?o } } OPTIONAL { ?s e:knows ?o } }",
    "SELECT * { { ?s e:name ?name } UNION { SERVICE @ { ?s e:age ?age } } }",
    "SELECT * { { SERVICE @ { ?s e:age 1 } } UNION { SERVICE @ { ?s e:age 2 } } }",
    "SELECT ?s ?n { ?s e:name ?name { SELECT ?s (COUNT(*) AS ?n) { SERVICE @ {?s e:says ?o}} GROUP BY ?s }}",
    "SELECT * { { SELECT ?s { SERVICE @ { { SELECT ?s (MAX(?o) AS ?m) { ?s ?p ?o } GROUP BY ?s } } } } }",
    "SELECT * { ?s e:name ?name FILTER EXISTS { SERVICE @ { ?s e:age ?age } } }",
    "SELECT * { ?s e:name ?name FILTER NOT EXISTS { SERVICE @ { ?s e:age ?age } } }",
    "SELECT * { ?s e:name ?name MINUS { SERVICE @ { ?s e:age ?age } } }",
    "SELECT * { ?s e:name ?name MINUS { SERVICE @ { ?x e:age ?age } } }",
    "SELECT * { ?s e:knows ?o SERVICE @ { ?s e:age ?a } SERVICE @ { ?o e:age ?b } FILTER(?a < ?b) }",
    "SELECT * { SERVICE @ { ?s e:says ?o } }",
    "SELECT * { SERVICE @ { ?s e:says ?o } FILTER(lang(?o) = 'en-gb') }",
    "SELECT * { SERVICE @ { VALUES ?x { 'two\\nlines' \"it's\" '\\u0022' '}' } } }",
    "SELECT * { SERVICE @ { ?s e:seen ?o BIND(year(?o) AS ?year) } }",
    "SELECT * { SERVICE @ { ?s e:age ?age OPTIONAL { ?s e:says ?o } } OPTIONAL { ?s e:name ?o } }",
    "SELECT * { SERVICE @ { ?s e:age ?age MINUS { ?s e:says ?o } } }",
    "SELECT * { SERVICE @ { [] e:age ?age ; e:knows _:x . _:x e:age ?other } }",
    "SELECT * { ?s e:name ?name SERVICE @ { e:a e:age 1 } }",
    "SELECT * { ?s e:name ?name SERVICE @ { e:a e:age 99 } }",
    "SELECT * { ?s e:name ?name SERVICE @ { { e:a e:age 1 } UNION { e:b e:age 2 } } }",
    "SELECT * { ?s e:name ?name SERVICE @ { ?x e:age 99 } }",
    "SELECT * { ?s e:name ?name SERVICE @ {} }",
    "SELECT ?x { SERVICE @ { ?s e:age ?age } BIND(?age * 2 AS ?x) } ORDER BY ?x LIMIT 2",
    "SELECT (SUM(?age) AS ?sum) { SERVICE @ { ?s e:age ?age } } GROUP BY ?none HAVING(SUM(?age)<'>')",
    "SELECT (SUM(?age) AS ?sum) { SERVICE @ { ?s e:age ?age } } HAVING(SUM(?age)>1)",
    "PREFIX p: <http://e/> BASE <http://e/> SELECT * { ?s p:name ?n SERVICE @ { ?s <age> ?a ; p:says ?o } }",
    "PREFIX e: <http://e/> SELECT*{?s e:name ?n.SERVICESILENT @{#}\r?s e:age 1FILTER(true)}VALUES ?s{e:a}}",
    "SELECT * { ?s e:name ?name SERVICE @ { ?s e:age ?age FILTER(?age<'>') } FILTER(?name<'>') }",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_answer_is_that_of_an_engine_that_asks_for_itself(
    local: Store, peer: Peer, federation: Federation, query: str
) -> None:
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    resolved = federation.resolved(query, PREFIXES, BASE)
    assert "SERVICE" not in resolved
    assert rows(local, resolved) == rows(local, query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # The engine would send GRAPH along; a clause is about the graph of the endpoint (section 3).
        ("SELECT ?s ?age { GRAPH ?g { ?s e:name ?name SERVICE @ { ?s e:age ?age } } }", {"a 1", "d 1.5"}),
        (
            "SELECT ?s ?age { GRAPH e:h { SERVICE @ { ?s e:age ?age } ?x e:name 'h' } FILTER(?age < 2) }",
            {"a 1", "d 1.5"},
        ),
        ("SELECT ?s ?n { ?s e:name ?n FILTER NOT EXISTS { SERVICE @ { ?s e:age ?age } } }", {"c c"}),
        (
            "SELECT ?s ?n { SERVICE @ { ?s e:age ?age } OPTIONAL { ?s e:name ?n } FILTER(?age < 2) }",
            {"a a", "d -"},
        ),
        ("SELECT ?s ?n { ?s e:knows ?n SERVICE @ { ?n e:says 'plain' } }", {"a b", "c b"}),
    ],
)
def test_the_rows_are_right(
    local: Store, peer: Peer, federation: Federation, query: str, expected: set[str]
) -> None:
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    solutions = local.query(federation.resolved(query, PREFIXES, BASE), base_iri=BASE, prefixes=PREFIXES)
    shown = {
        " ".join("-" if term is None else term.value.removeprefix("http://e/") for term in solution)
        for solution in solutions
    }
    assert shown == expected


def test_blank_nodes_are_the_same_in_one_answer_and_no_others(
    local: Store, peer: Peer, federation: Federation
) -> None:
    clause = f"SERVICE <http://127.0.0.1:{peer.port}/sparql> {{ ?z e:knows ?n }} "
    joined = (
        f"SELECT ?n ?m {{ {clause} {{ SELECT (?z AS ?m) {{ {clause} }} }} FILTER(isIRI(?n) && ?z != ?n) }}"
    )
    solutions = list(local.query(federation.resolved(joined, PREFIXES, BASE), prefixes=PREFIXES))
    names = {solution["n"].value for solution in solutions}
    others = {solution["m"].value for solution in solutions}
    assert len(names) == 1
    assert "http://e/z" in others
    assert names.isdisjoint(others)
    within = f"ASK {{ {clause} FILTER(?z = ?n) }}"
    assert bool(local.query(federation.resolved(within, PREFIXES, BASE), prefixes=PREFIXES))


def test_a_query_without_a_clause_stays_as_it_is(peer: Peer) -> None:
    federation = Federation([])
    for query in (
        "SELECT * { ?s ?p ?o }",
        "SELECT ?service { ?service a e:Service . # SERVICE <x> {}\n ?x e:offersService 'SERVICE <x> {}' }",
        "no query: SERVICE <x> {",
    ):
        assert federation.resolved(query, PREFIXES, BASE) == query


def test_lines_keep_their_numbers(local: Store, peer: Peer, federation: Federation) -> None:
    query = (
        f"SELECT * {{\n SERVICE <http://127.0.0.1:{peer.port}/sparql> {{\n ?s e:says ?o\n }}\n ?s ?p ; ?o }}"
    )
    with pytest.raises(SyntaxError, match="error at 5:"):
        local.query(federation.resolved(query, PREFIXES, BASE), prefixes=PREFIXES)


def test_what_is_sent_needs_nothing_else(peer: Peer, federation: Federation) -> None:
    name = f"http://127.0.0.1:{peer.port}/"
    query = (
        f"PREFIX r: <{name}> ASK {{ service silent r:sparql {{ ?s e:age <x> ; r:p 'é}}' }} ?s xsd:no ?o }}"
    )
    federation.resolved(query, PREFIXES, BASE)
    assert peer.heard[-1] == (
        f"PREFIX e: <http://e/>\nBASE <{BASE}>\nPREFIX r: <{name}>\n"
        "SELECT * WHERE { ?s e:age <x> ; r:p 'é}' }"
    )
    sent = {key.casefold(): value for key, value in peer.headers[-1].items()}
    assert sent["host"] == f"127.0.0.1:{peer.port}"
    assert sent["accept"] == "application/sparql-results+json"
    assert sent["accept-encoding"] == "identity"
    assert sent["content-type"] == "application/x-www-form-urlencoded"
    assert not sent.keys() & {"cookie", "authorization", "proxy-authorization", "referer"}


@pytest.mark.parametrize(
    "spelt",
    [
        "SERVICE <{0}>",
        "service<{0}>",
        "SERVICE#\r<{0}>",
        "# \r SERVICE <{0}>",
        "SERVICE <\\u0068{1}>",
        "SERVICE <\\U00000068{1}>",
        "SERVICE r:sparql",
        "SERVICEr:sparql",
        "?s ?p 1SERVICE<{0}>",
        "?s ?p true.SERVICE<{0}>",
        "FILTER(1<'>')SERVICE<{0}>",
        "?s ?p '\\u0027' . SERVICE <{0}>",
        "OPTIONAL {{}} SERVICE ?anywhere",
    ],
)
@pytest.mark.parametrize("allowed", [(), ("https://example.org/sparql",)])
def test_an_endpoint_that_is_not_allowed_is_not_asked(spelt: str, allowed: tuple[str, ...]) -> None:
    federation = Federation(map(Endpoint.parse, allowed))
    with silent() as peer:
        iri = f"http://127.0.0.1:{peer.port}/sparql"
        clause = f"{spelt.format(iri, iri[1:])} {{ ?s ?p ?o }}"
        query = f"PREFIX r: <http://127.0.0.1:{peer.port}/> SELECT * {{ {clause} }}"
        with pytest.raises(QueryUnsupported, match=allowed[0] if allowed else "asks no other endpoint"):
            federation.resolved(query, PREFIXES, BASE)


def test_in_a_long_query_a_clause_is_refused_where_it_is_evaluated(lighthouses: Release) -> None:
    federation = Federation([Endpoint.parse("https://example.org/sparql")])
    clause = "SERVICE <https://example.org/sparql> { ?s ?p ?o }"
    rest = " ".join(["# SERVICE\n"] * 7000)
    known = lighthouses.store_path, lighthouses.prefixes, lighthouses.iris.base
    with Evaluator(*known) as evaluator:
        with pytest.raises(QueryUnsupported, match="not for a query as long"):
            evaluator.evaluate(federation.resolved(f"SELECT * {{ {clause} }} {rest}", PREFIXES, BASE))
        plain = f"SELECT ?Service {{ ?Service a <https://example.org/Service> }} {rest}"
        assert b"".join(evaluator.evaluate(federation.resolved(plain, PREFIXES, BASE)))


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0177.0.0.1", "0x7f000001", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_an_allowed_name_for_this_machine_must_be_pinned(host: str) -> None:
    with silent() as peer:
        iri = f"http://{host}:{peer.port}/sparql"
        with pytest.raises(EndpointFailed, match=r"not public|cannot be found"):
            Federation([Endpoint.parse(iri)]).resolved(f"ASK {{ SERVICE <{iri}> {{}} }}", PREFIXES, BASE)


def test_a_clause_within_a_clause_is_refused(peer: Peer, federation: Federation) -> None:
    asked = len(peer.heard)
    name = f"<http://127.0.0.1:{peer.port}/sparql>"
    with pytest.raises(QueryUnsupported, match="side by side"):
        federation.resolved(f"ASK {{ SERVICE {name} {{ SERVICE {name} {{}} }} }}", PREFIXES, BASE)
    with pytest.raises(QueryRefused, match="has 5 SERVICE clauses; at most 4"):
        federation.resolved(f"ASK {{ {f'SERVICE {name} {{}} ' * 5} }}", PREFIXES, BASE)
    assert len(peer.heard) == asked


@pytest.mark.parametrize(
    "clause",
    [
        "<http://127.0.0.1:1/> { ?s ?p ?o }",
        "?anywhere { ?s ?p ?o }",
        "<@> { SERVICE <@> { ?s ?p ?o } }",
        "<@> { ?s ?p no SPARQL }",
    ],
)
def test_silent_makes_one_empty_solution_of_every_failure(
    local: Store, peer: Peer, federation: Federation, clause: str
) -> None:
    clause = clause.replace("@", f"http://127.0.0.1:{peer.port}/sparql")
    query = f"SELECT * {{ VALUES ?x {{ 1 2 }} SERVICE SILENT {clause} }}"
    assert {len(row) for row in rows(local, federation.resolved(query, PREFIXES, BASE))} == {1}
    with pytest.raises((QueryUnsupported, EndpointFailed)):
        federation.resolved(query.replace("SILENT", ""), PREFIXES, BASE)


def test_silent_needs_no_endpoint_that_may_be_asked(local: Store) -> None:
    query = Federation([]).resolved("SELECT * { SERVICE SILENT <http://e/> { ?s ?p ?o } }", PREFIXES, BASE)
    assert rows(local, query) == Counter([()])


def test_a_failure_is_told_with_the_endpoint(peer: Peer, federation: Federation) -> None:
    query = f"ASK {{ SERVICE <http://127.0.0.1:{peer.port}/sparql> {{ ?s ?p no SPARQL }} }}"
    with pytest.raises(EndpointFailed) as refusal:
        federation.resolved(query, PREFIXES, BASE)
    assert str(refusal.value) == (
        f"The endpoint <http://127.0.0.1:{peer.port}/sparql> answered with the status 400; try again later, "
        "ask it for less, or write SERVICE SILENT to go on without its answer."
    )


def test_more_solutions_than_allowed_are_refused_and_not_cut(peer: Peer) -> None:
    setting = f"http://127.0.0.1:{peer.port}/sparql=127.0.0.1"
    query = f"SELECT * {{ SERVICE <{setting.removesuffix('=127.0.0.1')}> {{ ?s e:age ?o }} }}"
    enough = Federation([Endpoint.parse(setting)], FederationLimits(rows=5))
    assert rows(Store(), enough.resolved(query, PREFIXES, BASE)).total() == 5
    few = Federation([Endpoint.parse(setting)], FederationLimits(rows=4))
    with pytest.raises(EndpointFailed, match="gave more than 4 solutions"):
        few.resolved(query, PREFIXES, BASE)


def test_all_clauses_together_end_at_the_deadline() -> None:
    with answering(lambda connection: connection.recv(1)) as slow:
        iri = f"http://127.0.0.1:{slow.port}/"
        federation = Federation(
            [Endpoint.parse(f"{iri}=127.0.0.1")], FederationLimits(deadline=20, clauses=50)
        )
        start = time.monotonic()
        query = f"ASK {{ {f'SERVICE SILENT <{iri}> {{}} ' * 49} SERVICE <{iri}> {{}} }}"
        with pytest.raises(EndpointFailed, match="did not answer in time"):
            federation.resolved(query, PREFIXES, BASE, 0.5)
        assert time.monotonic() - start < 15


def test_who_finds_all_places_taken_is_told_at_once() -> None:
    released = threading.Event()

    def reply(connection: object) -> None:
        released.wait(30)

    with answering(reply) as slow:
        iri = f"http://127.0.0.1:{slow.port}/"
        federation = Federation([Endpoint.parse(f"{iri}=127.0.0.1")], FederationLimits(at_once=2))
        query = f"ASK {{ SERVICE SILENT <{iri}> {{}} }}"
        threads = [
            threading.Thread(target=federation.resolved, args=(query, PREFIXES, BASE), daemon=True)
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        while len(slow.heard) < 2:
            time.sleep(0.01)
        with pytest.raises(Overloaded, match="Too many queries wait") as refusal:
            federation.resolved(query, PREFIXES, BASE)
        assert refusal.value.seconds > 0
        assert federation.resolved("ASK { SERVICE SILENT <other> {} }", PREFIXES, BASE)
        released.set()
        for thread in threads:
            thread.join(30)
        assert federation.resolved(query, PREFIXES, BASE)


def test_one_client_leaves_places_to_others() -> None:
    released = threading.Event()
    with answering(lambda _: released.wait(30)) as slow:
        iri = f"http://127.0.0.1:{slow.port}/"
        federation = Federation([Endpoint.parse(f"{iri}=127.0.0.1")], FederationLimits(at_once=4))
        query = f"ASK {{ SERVICE SILENT <{iri}> {{}} }}"

        def ask(client: str) -> str:
            return federation.resolved(query, PREFIXES, BASE, client=client)

        with ThreadPoolExecutor(4) as threads:
            futures = [threads.submit(ask, client) for client in ("hog", "hog", "other")]
            while len(slow.heard) < 3:
                time.sleep(0.01)
            with pytest.raises(Overloaded):
                ask("hog")
            futures.append(threads.submit(ask, "third"))
            while len(slow.heard) < 4:
                time.sleep(0.01)
            released.set()
            assert all(future.result(30) for future in futures)


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
IRIS = st.builds("{}{}".format, st.sampled_from(["http://e/", "urn:x:", "mailto:"]), TEXT)


@st.composite
def terms(draw) -> NamedNode | BlankNode | Literal:
    value = draw(TEXT)
    try:
        iri = NamedNode(draw(IRIS))
    except ValueError:
        iri = NamedNode("http://e/é'")
    language = draw(st.sampled_from(["en", "de-at", "zh-hant"]))
    return draw(
        st.sampled_from(
            [
                iri,
                BlankNode("n"),
                Literal(value),
                Literal(value, language=language),
                Literal(value, datatype=iri),
            ]
        )
    )


def written(term: NamedNode | BlankNode | Literal) -> dict[str, str]:
    """A term in the SPARQL 1.1 Query Results JSON Format, section 3.2.2."""
    if isinstance(term, Literal):
        tail = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **tail}
    return {"type": "uri" if isinstance(term, NamedNode) else "bnode", "value": term.value}


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "ü"]), terms()), max_size=5))
def test_every_term_comes_through(solutions: list[dict[str, NamedNode | BlankNode | Literal]]) -> None:
    bindings = [{name: written(term) for name, term in solution.items()} for solution in solutions]
    answer = {"head": {"vars": ["a", "b", "ü", "x"]}, "results": {"bindings": bindings}}
    block = values(json.dumps(answer).encode(), {"a", "b", "ü", "other"}, 5, f"{BASE}.well-known/genid/")
    found = [
        {name: solution[name] for name in ("a", "b", "ü") if solution[name] is not None}
        for solution in Store().query(f"SELECT * {{ {block} }}")
    ]
    blank = NamedNode(f"{BASE}.well-known/genid/0")
    assert found == [
        {name: blank if isinstance(term, BlankNode) else term for name, term in solution.items()}
        for solution in solutions
    ]


def answered(*terms: object, names: object = ("x",)) -> bytes:
    return json.dumps(
        {"head": {"vars": names}, "results": {"bindings": [{"x": term} for term in terms]}}
    ).encode()


def test_terms_of_older_and_newer_formats_are_read() -> None:
    old = {"type": "typed-literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    directed = {"type": "literal", "value": "a", "xml:lang": "ar", "its:dir": "rtl"}
    assert values(answered(old, directed), ["x"], 9, BASE) == (
        'VALUES (?x) { ("1"^^<http://www.w3.org/2001/XMLSchema#integer>) ("a"@ar--rtl) }'
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[" * (1 << 20),
        b"[]",
        b"{}",
        b'{"head": {}, "boolean": true}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": 5}}',
        answered(5),
        answered([]),
        answered({"type": "uri"}),
        answered({"type": "uri", "value": "relative"}),
        answered({"type": "uri", "value": "http://e/> ) } SERVICE <http://e/"}),
        answered({"type": "uri", "value": 5}),
        answered({"type": "literal", "value": 5}),
        answered({"type": "literal", "value": "\ud800"}),
        answered({"type": "literal", "value": "x", "xml:lang": "en ) } SERVICE"}),
        answered({"type": "literal", "value": "x", "xml:lang": "en", "its:dir": "up"}),
        answered({"type": "literal", "value": "x", "its:dir": "ltr"}),
        answered({"type": "literal", "value": "x", "datatype": "x> ) }"}),
        answered({"type": "thing", "value": "x"}),
        answered({"type": "triple", "value": {}}),
        answered(names=5),
        answered(names=[[]]),
    ],
)
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(Unanswered, match="gave a"):
        values(answer, ["x"], 9, BASE)


def test_only_variables_of_the_pattern_are_taken() -> None:
    named = answered({"type": "uri", "value": "http://e/"}, names=["x", "y) { } SERVICE <http://e/> { ?z"])
    assert values(named, ["x", "z"], 9, BASE) == "VALUES (?x) { (<http://e/>) }"
