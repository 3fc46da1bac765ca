"""What the engine did, step by step: measured within the limits of strangers, and told to people."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.release import Release
from kg.sparql.explaining import DEEPEST, LOW, explained, over_graphs, plan_of
from kg.sparql.plan import Node, Plan
from web.pages import furnish

PREFIXES = {"ex": "http://example.org/"}
WORKER = """
import json, sys
from kg.processes import isolation
from kg.sparql.explaining import explained
told = json.load(sys.stdin)
assert isolation.deny_network()
isolation.limit_memory(told["memory"] << 20)
isolation.end_after(told["settings"]["deadline"])
try:
    sys.stdout.buffer.write(explained(told["settings"], told["request"]))
except (SyntaxError, OSError, RuntimeError, ValueError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def told(release: Release, query: str, *, deadline: float = 60, memory: int = 1024, **graphs: list[str]):
    settings = {
        "store": str(release.store_path),
        "base": release.iris.base,
        "prefixes": dict(release.prefixes),
        "deadline": deadline,
    }
    request = {"query": query, "default_graphs": [], "named_graphs": [], **graphs}
    return {"settings": settings, "request": request, "memory": memory}


def work(message: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """A process with the limits of a worker that explains a query."""
    return subprocess.run(
        [sys.executable, "-c", WORKER],
        input=json.dumps(message),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def plan(release: Release, query: str, **more: Any) -> Plan:
    ended = work(told(release, query, **more))
    assert ended.returncode == 0, ended.stderr
    return Plan.of(ended.stdout.encode())


def commands(store: Path) -> list[str]:
    """The processes of the command line over a store."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--explain" in words and os.fsencode(store) in words:
            found.append(file.parent.name)
    return found


def gone(store: Path) -> bool:
    end = time.monotonic() + 30
    while commands(store) and time.monotonic() < end:
        time.sleep(0.02)
    return not commands(store)


@pytest.mark.parametrize("house", ["lighthouses", "shipped"])
def test_the_plan_of_a_query_within_the_limits_of_a_worker(house: str, request) -> None:
    release = request.getfixturevalue(house)
    query = "SELECT ?s { ?s a ?class ; rdfs:label ?label . FILTER(STRLEN(?label) > 3) } ORDER BY ?s"
    found = plan(release, query)
    names = [node.label(release.prefixes) for _, node in found.steps()]
    assert "QuadPattern(?s rdfs:label ?label)" in names
    expected = Store.read_only(str(release.store_path)).query(query, prefixes=dict(release.prefixes))
    assert found.root.rows == len(list(expected))
    assert found.root.milliseconds > max(child.milliseconds for child in found.root.children)
    assert sum(node.own_milliseconds for _, node in found.steps()) == pytest.approx(found.root.milliseconds)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("ASK { ?s ?p ?o FILTER(TRUE) }", 1),
        ("CONSTRUCT { ?s ?p <<( ?s ?p ?o )>> } { ?s ?p ?o } LIMIT 3", 3),
        ("DESCRIBE <id/bell-rock> # the end", 1),
        ("# SELECT\nPREFIX lh: <http://example.org/> CONSTRUCT WHERE { ?s lh:height ?o }", 0),
        ("SELECT * { ?s ?p '\\u0301\\u200D \\\"\\n' }", 0),
    ],
)
def test_every_form_of_query_has_a_plan(lighthouses: Release, query: str, rows: int) -> None:
    assert plan(lighthouses, query).root.rows == rows


def test_the_plan_is_that_of_the_graphs_of_the_request(lighthouses: Release) -> None:
    query = "SELECT * { ?s ?p ?o }"
    everything = plan(lighthouses, query).root.rows
    ontology = lighthouses.iris.ontology_graph.value
    assert 0 < plan(lighthouses, query, default_graphs=[ontology]).root.rows < everything
    assert plan(lighthouses, query, named_graphs=[ontology]).root.rows == 0
    ended = work(told(lighthouses, f"SELECT * FROM <{ontology}> {{ ?s ?p ?o }}", default_graphs=[ontology]))
    assert ended.stderr.startswith("ValueError: its graphs are named by FROM and by the request")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT (EXISTS { ?a ?b ?c } AS ?x) WHERE { ?s ?p ?o }",
        "PREFIX select: <http://where/> # where {\nASK{GRAPH ?g { ?s ?p 'where' }}",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { } { ?s ?p ?o }",
        "construct where { ?s ?p ?o }",
        "DESCRIBE <http://a>",
        "DESCRIBE <http://a> LIMIT 1 # where",
        "DESCRIBE ?s { ?s ?p ?o } VALUES ?p { <http://p> }",
    ],
)
@pytest.mark.parametrize("graphs", [("default",), ("named",), ("default", "named")])
def test_graphs_in_the_query_mean_what_they_mean_in_the_request(query: str, graphs: tuple[str, ...]) -> None:
    subject, predicate = NamedNode("http://a"), NamedNode("http://p")
    store = Store()
    for number, graph in enumerate(("http://g1", "http://g2", "http://g3")):
        store.add(Quad(subject, predicate, Literal(number), NamedNode(graph)))
    default = ["http://g1"] if "default" in graphs else []
    named = ["http://g2"] if "named" in graphs else []
    expected = store.query(
        query, default_graph=list(map(NamedNode, default)), named_graphs=list(map(NamedNode, named))
    )
    found = store.query(over_graphs(query, default, named))
    assert serialised(found) == serialised(expected)


def serialised(results: Any) -> list[str]:
    return [str(bool(results))] if not hasattr(results, "__iter__") else sorted(map(str, results))


@pytest.mark.parametrize(
    "query", ["SELECT * {\n ?s ?p", "ASK {}\n\n }", "INSERT DATA {}", "", "ASK { ?s nobody:knows ?o }"]
)
def test_what_is_not_sparql_is_told_as_the_engine_tells_it(lighthouses: Release, query: str) -> None:
    with pytest.raises(SyntaxError) as expected:
        Store().query(query, prefixes=dict(lighthouses.prefixes))
    ended = work(told(lighthouses, query))
    place = re.match(r"error at \d+:\d+: ", str(expected.value))
    assert place
    assert ended.stderr.startswith(f"SyntaxError: {place[0]}")


def test_service_makes_no_request(lighthouses: Release) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        ended = work(told(lighthouses, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
        with pytest.raises(TimeoutError):
            listener.accept()
    assert ended.stderr.startswith("RuntimeError: Permission denied")


def test_a_function_that_nobody_knows_is_named(lighthouses: Release) -> None:
    ended = work(told(lighthouses, "SELECT (<http://example.org/f>(?s) AS ?x) { ?s ?p ?o }"))
    assert ended.stderr == "RuntimeError: The custom function <http://example.org/f> is not supported\n"


@pytest.mark.parametrize(
    ("query", "limits", "end"),
    [
        (PRODUCT, {"deadline": 1}, signal.SIGALRM),
        (f"{PRODUCT} ORDER BY ?i", {"memory": 64}, signal.SIGABRT),
        (f"ASK {'{' * 10_000}{'}' * 10_000}", {}, signal.SIGSEGV),
    ],
)
def test_a_query_without_measure_ends_the_worker_as_if_it_were_evaluated(
    lighthouses: Release, query: str, limits: dict[str, int], end: signal.Signals
) -> None:
    assert work(told(lighthouses, query, **limits)).returncode == -end
    assert gone(lighthouses.store_path)


def test_a_plan_lets_others_go_first_and_nothing_is_left_of_a_worker_that_is_killed(
    lighthouses: Release,
) -> None:
    with subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(told(lighthouses, PRODUCT)))
        process.stdin.close()
        while not commands(lighthouses.store_path):
            assert process.poll() is None
        (command,) = commands(lighthouses.store_path)
        assert os.getpriority(os.PRIO_PROCESS, int(command)) == LOW
        process.kill()
        process.wait()
        assert gone(lighthouses.store_path)


def test_without_the_command_line_it_is_told_how_to_install_it(
    lighthouses: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path: None)
    message = told(lighthouses, "ASK {}")
    with pytest.raises(FileNotFoundError, match="pip install oxigraph"):
        explained(message["settings"], message["request"])


def test_a_plan_is_read_as_numbers_and_a_tree() -> None:
    found = Plan.of(
        b'{"planning duration in seconds": 0.0015, "plan": {"name": "Lateral", "number of results": 3000,'
        b'"duration in seconds": 0.5, "children": [{"name": "QuadPattern(?s <http://example.org/p> ?o)",'
        b'"number of results": 2, "duration in seconds": 0.125, "children": []}]}}'
    )
    assert found.planning_milliseconds == 1.5
    assert [depth for depth, _ in found.steps()] == [0, 1]
    assert found.root.own_milliseconds == 375
    assert list(found.lines(PREFIXES)) == [
        "        rows          ms    ms alone  step",
        "                    1.50        1.50  planning",
        "       3,000      500.00      375.00  Lateral",
        "           2      125.00      125.00    QuadPattern(?s ex:p ?o)",
    ]


def test_iris_are_shortened_outside_strings_only() -> None:
    name = 'Filter(("\\"<http://example.org/a>"^^<http://example.org/b> < ?x) <http://other.example/c>)'
    assert Node(name, 0, 0).label(PREFIXES) == (
        'Filter(("\\"<http://example.org/a>"^^ex:b < ?x) <http://other.example/c>)'
    )


nodes = st.recursive(
    st.builds(Node, st.text(), st.integers(0), st.just(0.5)),
    lambda below: st.builds(Node, st.text(), st.integers(0), st.just(0.5), st.tuples(below, below)),
)


@given(nodes)
def test_what_the_engine_prints_is_read_whatever_the_names_are(root: Node) -> None:
    text = f"QueryExplanation {{\n  planning duration in seconds: 5e-1,\n  tree: {printed(root)},\n  ..\n}}\n"
    assert Plan.of(json.dumps(plan_of(text)).encode()) == Plan(500.0, root)


def printed(node: Node) -> str:
    """A node as Rust prints it."""
    name = "".join(escaped(letter) for letter in node.name)
    below = "".join(f"{printed(child)},\n" for child in node.children)
    children = f"  children: [\n{below}],\n" if below else ""
    numbers = f"  number of results: {node.rows},\n  duration in seconds: {node.milliseconds / 1000},\n"
    return f'Node {{\n  name: "{name}",\n{numbers}{children}}}'


def escaped(letter: str) -> str:
    known = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "\0": "\\0", '"': '\\"', "\\": "\\\\"}
    return known.get(letter, letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}")


def test_a_plan_that_is_too_deep_is_refused_in_words(lighthouses: Release) -> None:
    depth = DEEPEST + 20
    query = f"SELECT * {{ {'?s ?p ?o OPTIONAL { ' * depth}{'} ' * depth}}}"
    assert f"more than {DEEPEST} levels" in work(told(lighthouses, query)).stderr


def test_a_version_of_the_engine_that_prints_something_else_is_told() -> None:
    with pytest.raises(ValueError, match="install the same version"):
        plan_of("no plan\n")


def test_the_page_shows_the_deepest_plan_and_runs_nothing_of_it() -> None:
    node = Node('Filter("<script>&")', 0, 1.0)
    for _ in range(DEEPEST):
        node = Node("Extend(<http://example.org/a> -> ?x)", 1234, 2.0, (node,))
    app = Flask("web")
    furnish(app)
    page = app.jinja_env.from_string("{% import 'plan.html' as plans %}{{ plans.plan_tree(plan, prefixes) }}")
    with app.test_request_context():
        shown = page.render(plan=Plan(1.0, node), prefixes=PREFIXES)
    assert "<script" not in shown
    assert 'Filter("<script>&")' in html.unescape(shown)
    assert shown.count("<tr>") == DEEPEST + 2
    assert "Extend(ex:a -&gt; ?x)" in shown
    assert "1,234" in shown
    assert "style" not in shown
