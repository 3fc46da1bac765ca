"""The terminals and the SERVICE clauses that we see are those that the engine sees.

The engine gives no syntax tree. But where it no longer takes a query whose "service" is spelt "zervice"
throughout, one of them was the keyword.
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.federating.service_clauses import ServiceClause, service_clauses
from kg.sparql.keywords import has_keyword
from kg.sparql.prologue import Prologue
from kg.sparql.terminals import terminals

PREFIXES = {"": "http://d/", "e": "http://e/", "service": "http://s/"}
BASE = "http://base/"


def clauses(query: str) -> list[ServiceClause]:
    return service_clauses(query, Prologue(PREFIXES, BASE))


def is_taken(query: str, prefixes: dict[str, str] = PREFIXES) -> bool:
    """Whether the engine takes a text for a query, whatever its evaluation comes to."""
    try:
        Store().query(query, base_iri=BASE, prefixes=prefixes)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
    return True


def respelt(text: str) -> str:
    """The text with another letter in each "service", of the same case."""
    return re.sub("s(?=ervice)", "z", re.sub("S(?=(?i:ervice))", "Z", text), flags=re.IGNORECASE)


def asks_service(query: str) -> bool:
    """Whether the engine sees SERVICE in a query that it takes."""
    return not is_taken(respelt(query), {respelt(name): space for name, space in PREFIXES.items()})


FOUND = (
    "SELECT * { SERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { service<http://127.0.0.1:1/>{} }",
    "SELECT*{{}SeRvIcE\t<http://127.0.0.1:1/>\r{}}",
    "SELECT * { # a comment ends with a carriage return\rSERVICE <http://127.0.0.1:1/> {} }",
    "SELECT * { SERVICE#\r<http://127.0.0.1:1/>#'\n{ # }\n } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> {} }",
    "SELECT * { SERVICESILENT<http://127.0.0.1:1/> {} }",
    "SELECT * { SERVICE ?service {} }",
    "SELECT * { SERVICE$SERVICE{} }",
    "SELECT * { SERVICE:x{} }",
    "SELECT * { SERVICEe:x{} }",
    "SELECT * { SERVICESILENT:x{} }",
    "SELECT * { SERVICE SILENTe:x{} }",
    "SELECT * { SERVICEservice:x{} }",
    "SELECT * { ?s ?p ?o ; service:x {} }",
    "PREFIXservice:<http://s/> BASE<http://b/> VERSION'1.2' SELECT * { service service:x {} }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p 1.SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p 1.5e3SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p true.SERVICEe:x{} }",
    "SELECT * { ?s a1SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p e:.SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s e:-1SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p e:a.b.SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p 'x'@en.SERVICE<http://127.0.0.1:1/>{} }",
    r"SELECT * { ?s ?p '\u0027'SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { ?s ?p <<(?s ?p ?o)>>SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { <<<http://s> ?p ?o>>SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT * { FILTER(?a<'>')SERVICE<http://127.0.0.1:1/>{}FILTER(?a<'>') }",
    "SELECT * { FILTER(?a<<b>||regex(?a<'>',''))SERVICE<http://127.0.0.1:1/>{}FILTER(?a<'>') }",
    "SELECT * { ?s ?p (?x<http://b#c>)SERVICE<http://127.0.0.1:1/>{} }",
    "SELECT (EXISTS{?s ?p ?o,<http://b#c>}<'>' AS ?x) { SERVICE<http://127.0.0.1:1/>{} }",
    'SELECT * { VALUES ?x { """a" } SERVICE<http://127.0.0.1:1/>{} #\\q """ \n }',
    "SELECT * { VALUES ?x { '''a' } SERVICE<http://127.0.0.1:1/>{} #\\uD800 ''' \n }",
)
NOT_FOUND = (
    "SELECT ?service { ?service a service:Service ; e:offersService 'SERVICE', \"service\"@service-service }",
    r'''SELECT * { ?s ?p """x" SERVICE <x> {} \"\\""" , "x\" SERVICE <y> {}" }''',
    "SELECT * { ?s ?p '''x' SERVICE <x> {} ''' }",
    "SELECT * { # SERVICE <x> {}\n}",
    "SELECT * { #\u2028 SERVICE <x> {}\n}",
    "SELECT * { <service> <#SERVICE> _:service }",
    "SELECT * { ?s ?p service:x {} }",
    r"SELECT * { ?s ?p e:service . e:a.service ?p e:%41service , e:\-service {} }",
    "SELECT * FROM service:x {}",
    "SELECT * { GRAPH service:x {} GRAPH?service{} }",
    "DESCRIBE service:x {}",
)
REPEATED = (
    "SERVICE", "SERVICE ", "SERVICE<a>{", "service.", "service:", "1service:x", "{", "}", "(", "FILTER(", "<",
    "<<", "<a", '"', "'", '"a', "'''a", '"""""\\q', "#", "a.", ".", "1.", "1e", ":", "%", "\\", "\\u", "@a-",
    "_:a.", "é",
)  # fmt: skip


@pytest.mark.parametrize("query", FOUND)
def test_a_clause_is_found_however_it_is_spelt(query: str) -> None:
    assert is_taken(query)
    assert asks_service(query)
    assert len(clauses(query)) == 1


@pytest.mark.parametrize("query", NOT_FOUND)
def test_the_same_letters_elsewhere_are_no_clause(query: str) -> None:
    assert is_taken(query)
    assert not asks_service(query)
    assert not clauses(query)


@pytest.mark.parametrize(
    "escaped",
    [r"\u0053ERVICE", r"SERVIC\u0045", r"\U00000053ERVICE", r"# \u000ASERVICE", r"SERVICE \u003Ca>"],
)
def test_an_escape_makes_no_keyword(escaped: str) -> None:
    query = f"SELECT * {{ {escaped} <http://127.0.0.1:1/> {{}} }}"
    assert not is_taken(query)
    assert not clauses(query)


def test_a_clause_is_told_with_its_place() -> None:
    query = "BASE <x/> PREFIX p: <#> SELECT * { SERVICE SILENT p:a { ?s e:p '}' , ?o {| a p:x |} } ?s ?p ?o }"
    [clause] = clauses(query)
    assert query[clause.start : clause.end].startswith("SERVICE SILENT p:a {")
    assert query[clause.end :] == " ?s ?p ?o }"
    assert (clause.endpoint, clause.is_silent, clause.is_nested) == ("p:a", True, False)
    assert clause.pattern == "{ ?s e:p '}' , ?o {| a p:x |} }"
    assert (clause.prefixes, clause.variables) == ({"e", "p"}, {"s", "o"})


def test_a_clause_within_another_is_not_told_apart() -> None:
    first, second = clauses("ASK { SERVICE <a> { ?s ?p ?o SERVICESILENT:b { } } SERVICE ?x { ?s ?p ?o } }")
    assert (first.endpoint, first.is_nested) == ("<a>", True)
    assert (second.endpoint, second.is_nested) == ("?x", False)


def test_names_are_expanded_as_the_query_declares_them() -> None:
    prologue = Prologue({"e": "http://e/", "k": "http://k/"}, "http://base/a/b")
    service_clauses(r"BASE <../c/> PREFIX e: <d#> PREFIX f: <\u0065> BASE <http://other> ASK {}", prologue)
    assert prologue.expanded(r"e:x\-y") == "http://base/c/d#x-y"
    assert prologue.expanded("f:") == "http://base/c/e"
    assert prologue.expanded("k:z") == "http://k/z"
    assert prologue.expanded(r"</p\U00000071>") == "http://other/pq"
    assert prologue.expanded("unknown:x") is None
    assert prologue.expanded("<http://[::1>") == "http://[::1"
    assert prologue.text({"e", "k", "unknown"}).splitlines() == [
        "PREFIX k: <http://k/>",
        "BASE <http://base/a/b>",
        "BASE <../c/>",
        "PREFIX e: <d#>",
        r"PREFIX f: <\u0065>",
        "BASE <http://other>",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SERVICE",
        "ASK { SERVICE",
        "ASK { SERVICE <a>",
        "ASK { SERVICE <a> { ",
        "ASK { SERVICE <a> ?s ?p ?o }",
        "ASK { SERVICE 'a' {} }",
        "ASK { SERVICE unknown:a {} }",
        "ASK { SERVICE <a> {} SERVICE }",
        "PREFIX service",
        "PREFIX service: service",
        "BASE SERVICE <a> {}",
        "ASK { unknownSERVICE:x {} service }",
    ],
)
def test_what_is_no_query_has_no_clauses(text: str) -> None:
    assert not is_taken(text)
    assert not clauses(text)


@pytest.mark.parametrize("part", REPEATED)
def test_anything_is_read_in_linear_time(part: str) -> None:
    assert seconds(part, 1 << 17) < 8 * seconds(part, 1 << 15) + 0.5


@pytest.mark.parametrize("part", ["SERVICE", "{", '"'])
def test_two_megabytes_are_read_in_seconds(part: str) -> None:
    assert seconds(part, 1 << 21) < 20


def seconds(part: str, size: int) -> float:
    """How long it takes to look for clauses in so many characters."""
    start = time.process_time()
    for beginning in ("ASK { service ", "ASK { SERVICE <a> { "):
        clauses(beginning + part * (size // len(part)))
    return time.process_time() - start


HOSTILE = st.sampled_from("SERVICE<>{}()\"'\\#:.?@_%ua1 \n\r") | st.characters(codec="utf-8")


@given(st.text(HOSTILE, max_size=40))
def test_nothing_but_blanks_and_comments_is_passed_over(text: str) -> None:
    found = list(terminals(text))
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    ends, starts = [0, *(one.end for one in found)], [*(one.start for one in found), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    assert all(re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", gap) for gap in gaps)


class Spelling:
    """Queries as nobody would write them, from the choices of `draw`."""

    def __init__(self, draw, *, has_services: bool) -> None:
        self.draw = draw
        self.has_services = has_services

    def one(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def of(self, *choices):
        return self.draw(st.sampled_from(choices))()

    def spaced(self, *parts: str) -> str:
        """The parts with something or nothing between them."""
        blanks = (
            "",
            "",
            "",
            " ",
            " ",
            "\n",
            "\t",
            "#service\n",
            "# SERVICE <x> {\r",
            '#"\r\n',
            "#'''\n",
            "#<\n",
        )
        return "".join(self.one(*blanks) + part for part in parts)

    def string(self) -> str:
        quote = self.one('"', "'", '"""', "'''")
        inside = [
            "service",
            " SERVICE <x> {} ",
            "#",
            "}",
            "{",
            ">",
            "<",
            '\\"',
            "\\'",
            "\\u0022",
            "\\n",
            "?x",
        ]
        if len(quote) == 3:
            inside += ["\n", "\r", f"{quote[0]}a", f"{quote[:2]}b"]
        return quote + "".join(self.draw(st.lists(st.sampled_from(inside), max_size=3))) + quote

    def literal(self) -> str:
        number = self.one("1", "1.5", "1e5", ".5", "1.e0", "-1", "+2.0", "true", "false")
        tail = self.one("", "@en", "@en-service", "@service", "^^<service>", "^^service:service")
        return self.of(lambda: number, lambda: self.string() + tail)

    def iri(self) -> str:
        return self.one("<http://x/>", "<service>", "<#SERVICE>", "<'>", "<//SERVICE'>", "<a#b>", "<>", "<(>")

    def name(self) -> str:
        plain = ("e:x", ":x", ":", "e:a.b", "e:a-b", "e:%41b", "e:\\-b", "e:a\\#")
        services = ("e:service", "service:x", "service:service", ":service", "e:a.service", "e:%41service")
        return self.one(*plain, *services, "e:a-service", "e:\\-service", "e:service\\#")

    def variable(self) -> str:
        return self.one("?x", "$y", "?service", "$SERVICE", "?servicesilent")

    def term(self, depth: int = 1) -> str:
        simple = [self.iri, self.name, self.variable, self.literal, lambda: self.one("_:service", "[]", "()")]
        if depth:
            simple += [
                lambda: self.spaced("(", self.term(0), self.term(0), ")"),
                lambda: self.spaced("[", self.verb(), self.term(0), "]"),
                lambda: self.spaced("<<(", self.variable(), self.iri(), self.literal(), ")>>"),
                lambda: self.spaced("<<", self.variable(), self.iri(), self.literal(), ">>"),
            ]
        return self.of(*simple)

    def verb(self) -> str:
        return self.one("a", "?p", "e:p", "e:p*", "^:service", "(service:p|<p>)", "e:p?", "<service>")

    def triple(self) -> str:
        tail = self.one("", "", ".", ";", ", ?x", ";a 1", "~<service>", "{|e:p 1|}")
        return self.spaced(self.term(), self.verb(), self.term(), tail)

    def expression(self, depth: int = 2) -> str:
        if not depth:
            return self.of(self.variable, self.literal, self.iri, self.name)
        operator = self.one("<", "<", ">", "=", "&&", "<=", "+", "-", "*")
        return self.of(
            lambda: self.expression(0),
            lambda: self.spaced(self.expression(depth - 1), operator, self.expression(depth - 1)),
            lambda: self.spaced("(", self.expression(depth - 1), ")"),
            lambda: self.spaced("str(", self.expression(depth - 1), ")"),
            lambda: self.spaced("not exists", self.group(0)),
        )

    def part(self, depth: int) -> str:
        parts = [
            self.triple,
            self.triple,
            lambda: self.spaced("FILTER", "(", self.expression(), ")"),
            lambda: self.spaced("FILTER", "regex(", self.expression(), ",", self.expression(), ")"),
            lambda: self.spaced("BIND(", self.expression(), "AS", self.one("?new", "$v2"), ")"),
            lambda: self.spaced("VALUES", "?q", "{", self.of(self.iri, self.name, self.literal), "}"),
        ]
        if depth:
            keyword = self.one("OPTIONAL", "MINUS", "GRAPH <service>", "GRAPH service:x", "{} UNION", "")
            parts.append(lambda: self.spaced(keyword, self.group(depth - 1)))
        if depth and self.has_services:
            parts += [lambda: self.service(depth)] * 2
        return self.of(*parts)

    def service(self, depth: int) -> str:
        keyword = self.spaced(self.one("SERVICE", "Service", "sERVICE"), self.one("", "", "SILENT", "silent"))
        return self.spaced(keyword, self.of(self.iri, self.name, self.variable), self.group(depth - 1))

    def group(self, depth: int) -> str:
        count = self.draw(st.integers(0, 3))
        return self.spaced("{", *(self.part(depth) for _ in range(count)), "}")

    def query(self) -> str:
        form = self.one(
            "SELECT *", "select*", "ASK", "CONSTRUCT{}WHERE", "SELECT * FROM <service>", "SELECT ?service"
        )
        tail = self.one("", "", " ORDER BY(?a<'>')", " LIMIT 1", " VALUES ?q {'service'}")
        return self.spaced(form, self.group(2)) + tail


def spelt(*, has_services: bool) -> st.SearchStrategy[str]:
    return st.composite(lambda draw: Spelling(draw, has_services=has_services).query())()


GENERATED = settings(suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_letters_alone_are_not_the_keyword(count: int) -> None:
    @settings(GENERATED, max_examples=count)
    @given(spelt(has_services=False))
    def no_clause(query: str) -> None:
        assume("service" in query.casefold() and is_taken(query))
        assert not clauses(query)
        assert not has_keyword(query, "SERVICE")

    no_clause()


@pytest.mark.parametrize("count", [150, pytest.param(500, marks=pytest.mark.slow)])
def test_the_keyword_is_seen_where_the_engine_sees_it(count: int) -> None:
    @settings(GENERATED, max_examples=count)
    @given(spelt(has_services=True))
    def seen_alike(query: str) -> None:
        assume(is_taken(query))
        assert bool(clauses(query)) == asks_service(query)

    seen_alike()
