"""What is known before a SERVICE clause goes along to the endpoint, and changes no answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import QueryTimeout
from kg.federating.endpoints import Endpoint
from kg.federating.federation import Federation, FederationLimits
from kg.store import Solution
from tests.peers import Peer, endpoint
from tests.test_federation import BASE, LOCAL, PREFIXES, QUERIES, REMOTE, rows, stored


@pytest.fixture(scope="module")
def local() -> Store:
    return stored(LOCAL)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """An endpoint without blank nodes, of which the engine does not know in which answer they are."""
    with endpoint(stored(REMOTE.replace("_:n", "e:n"))) as peer:
        yield peer


@pytest.fixture(scope="module")
def federation(peer: Peer) -> Federation:
    pinned = Endpoint.parse(f"http://127.0.0.1:{peer.port}/sparql=127.0.0.1")
    return Federation([pinned], FederationLimits(clauses=9))


class Asked:
    """The evaluation of queries over a store, which notes them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.queries: list[str] = []

    def __call__(self, query: str) -> Iterable[Solution]:
        self.queries.append(query)
        solutions = self.store.query(query, base_iri=BASE, prefixes=PREFIXES)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            yield {name: solution[name] for name in names if solution[name] is not None}


@pytest.mark.parametrize("query", QUERIES)
def test_the_answer_is_that_of_an_engine_that_asks_for_itself(
    local: Store, peer: Peer, federation: Federation, query: str
) -> None:
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    resolved = federation.resolved(query, PREFIXES, BASE, evaluate=Asked(local))
    assert rows(local, resolved) == rows(local, query)


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (
            "SELECT * { ?s e:knows e:b SERVICE @ { ?s e:age ?age } }",
            "{ VALUES (?s) { (<http://e/a>) (<http://e/c>) }  ?s e:age ?age  }",
        ),
        (
            "SELECT * { ?s e:knows ?o ; e:name 'c' SERVICE @ { ?s e:knows|e:says ?o . ?o a 'a' } }",
            "{ VALUES (?o ?s) { (<http://e/b> <http://e/c>) }  ?s e:knows|e:says ?o . ?o a 'a'  }",
        ),
        (
            "SELECT * { ?s e:name 'b' OPTIONAL { SERVICE @ { ?s e:age ?age FILTER(?age > 1) } } }",
            "{ VALUES (?s) { (<http://e/b>) } { ?s e:age ?age FILTER(?age > 1) } }",
        ),
        (
            "SELECT * { ?s e:name ?n FILTER(?n = 'b') FILTER(?age > 0) SERVICE @ { ?s e:age ?age } }",
            "{ VALUES (?s) { (<http://e/b>) }  ?s e:age ?age  }",
        ),
        (
            "CONSTRUCT { ?s e:p ?o } FROM <http://e/g> WHERE { ?s e:name 'd' SERVICE @ { ?s e:age ?o } }",
            "{ VALUES (?s) { (<http://e/d>) }  ?s e:age ?o  }",
        ),
        (
            "ASK FROM e:h { ?s e:name ?n SERVICE @ { ?s e:age ?age } }",
            "{ VALUES (?s) { (<http://e/h>) }  ?s e:age ?age  }",
        ),
        (
            "SELECT * { ?s e:name 'nobody' SERVICE @ { ?s e:age ?age } }",
            "{ VALUES (?s) {  }  ?s e:age ?age  }",
        ),
        (
            "SELECT * { { SELECT ?s (COUNT(*) AS ?n) {?s e:knows ?o} GROUP BY ?s } SERVICE @ {?s e:age ?n} }",
            "{ VALUES (?s) { (<http://e/a>) (<http://e/c>) } ?s e:age ?n }",
        ),
        (
            "SELECT * { VALUES ?z { e:z } SERVICE @ { ?z e:knows ?n } SERVICE @ { ?z e:age ?age } }",
            "{ VALUES (?z) { (<http://e/z>) }  ?z e:age ?age  }",
        ),
    ],
)
def test_what_is_known_goes_along(
    local: Store, peer: Peer, federation: Federation, query: str, sent: str
) -> None:
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    federation.resolved(query, PREFIXES, BASE, evaluate=Asked(local))
    assert peer.heard[-1].partition("WHERE ")[2] == sent


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE @ { ?s e:age ?age } ?s e:name ?name }",
        "SELECT * { ?x e:name ?name SERVICE @ { ?s e:age ?age } }",
        "SELECT * { ?x e:name ?o SERVICE @ { ?s e:says ?o } }",
        "SELECT * { ?x e:name ?n OPTIONAL { ?x e:knows ?s } SERVICE @ { ?s e:age ?age } }",
        "SELECT * { ?s e:name ?n { SERVICE @ { ?s e:age ?age } } }",
        "SELECT * { ?s e:name ?n { SERVICE @ { ?s e:age 1 } } UNION { SERVICE @ { ?s e:age 2 } } }",
        "SELECT * { ?s e:name ?n FILTER EXISTS { SERVICE @ { ?s e:age ?age } } }",
        "SELECT * { ?s e:name ?n MINUS { SERVICE @ { ?s e:age ?age } } }",
        "SELECT * { ?s e:name ?n OPTIONAL { SERVICE @ { ?s e:age ?age } BIND(BOUND(?s) AS ?b) } }",
        "SELECT * { ?s e:name ?n OPTIONAL { ?s e:knows ?o SERVICE @ { ?s e:age ?age } } }",
        "SELECT * { { SELECT ?s { ?s e:name ?n } LIMIT 2 } SERVICE @ { ?s e:age ?age } }",
        "SELECT * { BIND(IRI(CONCAT('http://e/', STRUUID())) AS ?s) SERVICE @ { ?s e:age ?age } }",
        f"SELECT * {{ VALUES ?s {{ {' '.join(f'e:{n}' for n in range(201))} }} SERVICE @ {{ ?s ?p ?o }} }}",
    ],
)
def test_what_does_not_hold_for_all_that_is_joined_stays_here(
    local: Store, peer: Peer, federation: Federation, query: str
) -> None:
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    federation.resolved(query, PREFIXES, BASE, evaluate=Asked(local))
    assert "VALUES" not in peer.heard[-1]


def test_what_cannot_be_known_in_time_stays_here(local: Store, peer: Peer, federation: Federation) -> None:
    def evaluate(_: str) -> Iterable[Solution]:
        raise QueryTimeout("too late")

    query = f"SELECT * {{ ?s e:name ?n SERVICE <http://127.0.0.1:{peer.port}/sparql> {{ ?s e:age ?age }} }}"
    assert rows(local, federation.resolved(query, PREFIXES, BASE, evaluate=evaluate)) == rows(local, query)
    assert "VALUES" not in peer.heard[-1]


def test_nothing_is_evaluated_here_where_nothing_is_asked_there(local: Store) -> None:
    asked = Asked(local)
    query = "SELECT * { ?s e:name ?n SERVICE SILENT <http://e/> { ?s e:age ?age } }"
    Federation([]).resolved(query, PREFIXES, BASE, evaluate=asked)
    assert asked.queries == []


BEFORE = (
    "?s e:name ?n .",
    "?s e:knows ?o .",
    "?s ?p ?v .",
    "OPTIONAL { ?s e:knows ?o }",
    "OPTIONAL { ?o e:name ?age FILTER(?s != ?o) }",
    "{ ?s e:name ?n } UNION { ?o e:name ?n }",
    "MINUS { ?s e:knows e:c }",
    "FILTER(?n < 'c')",
    "FILTER(?age > 1)",
    "FILTER(!BOUND(?age))",
    "FILTER NOT EXISTS { ?s e:knows ?age }",
    "FILTER regex(?n, '[ab]')",
    "BIND(e:b AS ?b)",
    "BIND(BOUND(?o) AS ?has)",
    "VALUES ?s { e:a e:z UNDEF }",
    "VALUES (?s ?o) { (e:a e:b) (e:c UNDEF) }",
    "{ SELECT ?s (COUNT(*) AS ?count) { ?s ?q ?w } GROUP BY ?s }",
    "GRAPH ?g { ?s e:name ?n }",
    "SERVICE @ { ?s e:age ?other }",
)
PATTERNS = (
    "?s e:age ?age",
    "?s e:age ?age . ?o e:age ?other",
    "?s e:says ?says ; ?p ?v",
    "?s e:age ?age FILTER(?age > 1)",
    "?s e:age ?age FILTER(!BOUND(?o))",
    "?s e:age ?age OPTIONAL { ?s e:says ?o }",
    "OPTIONAL { ?s e:age ?age }",
    "{ ?s e:age ?age } UNION { ?o e:age ?age }",
    "?s e:age ?age BIND(BOUND(?o) AS ?bound)",
    "VALUES ?o { e:b UNDEF } ?s e:age ?age",
    "SELECT ?s (MAX(?x) AS ?age) { ?s e:age ?x ; ?p ?o } GROUP BY ?s",
    "?x e:age ?age MINUS { ?x e:says ?o }",
)
AFTER = (*BEFORE, "BIND(BOUND(?age) AS ?late)", "FILTER(?n = 'b' || !BOUND(?age))", "FILTER(?s != ?o)")


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    before=st.lists(st.sampled_from(BEFORE), max_size=3),
    pattern=st.sampled_from(PATTERNS),
    around=st.sampled_from(
        ["{}", "OPTIONAL {{ {} }}", "OPTIONAL {{ {} BIND(BOUND(?o) AS ?in) }}", "{{ {} }}"]
    ),
    after=st.lists(st.sampled_from(AFTER), max_size=2),
)
def test_no_answer_is_another_than_that_of_the_engine(
    local: Store,
    peer: Peer,
    federation: Federation,
    before: list[str],
    pattern: str,
    around: str,
    after: list[str],
) -> None:
    clause = around.format(f"SERVICE @ {{ {pattern} }}")
    query = f"SELECT * {{ {' '.join([*before, clause, *after])} }}"
    query = query.replace("@", f"<http://127.0.0.1:{peer.port}/sparql>")
    try:
        expected = rows(local, query)
    except SyntaxError:
        return  # a variable is bound twice
    assert rows(local, federation.resolved(query, PREFIXES, BASE)) == expected
    assert rows(local, federation.resolved(query, PREFIXES, BASE, evaluate=Asked(local))) == expected
