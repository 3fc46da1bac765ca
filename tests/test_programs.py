"""Queries as programs send them: quoted whatever is in them, and right as they stand."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from web.querying.programs import in_javascript, in_python, in_r, in_shell, programs

TEXTS = st.text() | st.lists(
    st.sampled_from(
        ['"', '""', '"""', "'", "\\", "`", "${", "$", "\n", "\r", "\t", "{", "}", "%", "x", "é", "😀"]
    )
).map("".join)
ROWS = """SELECT ?name WHERE {
  ?thing skos:prefLabel ?name FILTER(?name = "CINECA"@en || STR(?name) = 'a"b\\\\`${x}$(y)')
}"""
NO = 'ASK { ?thing ?property "it\'s" }'


@given(TEXTS)
def test_python_reads_what_was_written(text):
    assert ast.literal_eval(in_python(text)) == text


@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=1, max_size=50))
def test_a_javascript_engine_reads_what_was_written(texts):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed.")
    script = f"process.stdout.write(JSON.stringify([{','.join(map(in_javascript, texts))}]))"
    ended = subprocess.run([node, "-"], input=script.encode(), capture_output=True, check=True)
    assert json.loads(ended.stdout) == texts


@given(TEXTS)
def test_r_reads_what_was_written(text):
    written = in_r(text)
    inner = written[1:-1]
    assert not re.search(r'(?<!\\)(\\\\)*"', inner)
    read = re.sub(r"\\(x[0-9a-f]{2}|.)", lambda found: _meant(found[1]), inner)
    assert read == text


def _meant(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) == 3 else escape


@given(TEXTS)
def test_a_shell_reads_what_was_written(text):
    assert shlex.split(in_shell(text, "http://x/", "text/csv")["query"]) == [
        "query=" + text.replace("\0", "")
    ]


def test_the_answer_is_asked_for_in_a_format_that_it_has():
    for form, expected in (
        ("solutions", "text/csv"),
        ("boolean", "sparql-results+json"),
        ("graph", "text/turtle"),
    ):
        texts = {program.key: program.text for program in programs("ASK {}", "http://x/sparql", form)}
        assert list(texts) == ["curl", "python", "r", "javascript"]
        assert expected in texts["curl"]
        compile(texts["python"], "program", "exec")


def shown(service, query: str) -> dict[str, str]:
    """The programs on the page of an answer, by the language that heads them."""
    page = service.client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    soup = BeautifulSoup(page.text, "html.parser")
    return {one.h3.text: one.pre.text for one in soup.select(".programs section")}


def ran(command: list[str], text: str = "") -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout


def test_what_the_page_shows_can_be_run_as_it_is(shipped_service):
    texts = shown(shipped_service, ROWS)
    if shutil.which("curl"):
        assert ran(["bash", "-c", texts["curl"]]).split() == ["name", "CINECA"]
    assert ran([sys.executable, "-W", "ignore", "-"], texts["Python"]).strip() == "{'name': 'CINECA'}"
    if shutil.which("node"):
        assert "CINECA" in ran(["node", "--input-type=module", "-"], texts["JavaScript"])


def test_graphs_and_booleans_are_asked_for_by_programs_too(shipped_service):
    texts = shown(shipped_service, "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 1")
    assert " a " in ran([sys.executable, "-W", "ignore", "-"], texts["Python"])
    texts = shown(shipped_service, NO)
    assert json.loads(ran([sys.executable, "-W", "ignore", "-"], texts["Python"]))["boolean"] is False
