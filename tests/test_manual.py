"""The manual in docs/: what it says to type at a service is answered, and its queries are SPARQL."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parent.parent
MANUAL = sorted((ROOT / "docs").glob("*.md"))
HERE = "http://127.0.0.1:8000"
LINK = re.compile(rf"\]\({HERE}(/[^)\s]*)\)")
CODE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# A test cannot: it needs a token, a second release, or what another example makes.
APART = ("Authorization", "X-Query-ID", "DELETE", "/dumps/3/", "from=1&to=2")
WRONG_ON_PURPOSE = "Supercompter"
QUERY = re.compile(r"(PREFIX .*\n)*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b")
# For another service, or no SPARQL.
ELSEWHERE = ("wdt:", "FROM statements", "parquet")


def blocks() -> Iterator[tuple[str, str]]:
    for path in MANUAL:
        for found in CODE.finditer(path.read_text(encoding="utf-8")):
            yield path.name, found[2]


def commands(block: str) -> Iterator[list[str]]:
    """The words of each request by curl, which may go on over several lines, up to a pipe."""
    text = ""
    for line in block.replace("\\\n", " ").splitlines():
        text = f"{text}\n{line}" if text else line.removeprefix("$ ")
        if not text.startswith("curl "):
            text = ""
            continue
        try:
            words = shlex.split(text, comments=True)
        except ValueError:  # within quotation marks, which a later line closes
            continue
        yield words[: words.index("|")] if "|" in words else words
        text = ""


REQUESTS = [
    pytest.param(words, id=f"{name}-{place}")
    for name, block in blocks()
    for place, words in enumerate(commands(block))
    if not any(part in " ".join(words) for part in APART)
]


def asked(client: httpx.Client, words: list[str]) -> httpx.Response:
    """The answer that curl would get."""
    headers: dict[str, str] = {}
    data: list[tuple[str, str]] = []
    flags, place, rest = "", "", iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-urlencode"):
            name, _, value = next(rest).partition("=")
            data.append((name, value))
        elif word.startswith("-"):
            flags += word[1:]
        else:
            place = word.removeprefix(HERE)
    assert set(flags) <= set("GLIs"), flags
    if data and "G" not in flags:
        return client.post(place, data=dict(data), headers=headers)
    kind = "HEAD" if "I" in flags else "GET"
    separator = "&" if "?" in place else "?"
    full = f"{place}{separator}{httpx.QueryParams(data)}" if data else place
    return client.request(kind, full, headers=headers, follow_redirects="L" in flags)


@pytest.mark.parametrize("words", REQUESTS)
def test_what_the_manual_says_to_ask_is_answered(shipped_service, words):
    answer = asked(shipped_service.client, words)
    expected = 400 if WRONG_ON_PURPOSE in " ".join(words) else 200
    assert answer.status_code == expected, answer.text[:500]


def test_every_kind_of_request_is_among_them():
    assert len(REQUESTS) > 20


QUERIES = [
    pytest.param(block, id=name)
    for name, block in blocks()
    if QUERY.match(block) and not any(part in block for part in ELSEWHERE)
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_of_the_manual_are_answered(shipped_service, query):
    answer = shipped_service.client.post("/sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text


def test_the_pages_that_the_manual_leads_to_are_there(shipped_service):
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *MANUAL)]
    places = sorted({place for text in texts for place in LINK.findall(text)})
    assert len(places) > 10
    for place in places:
        answer = shipped_service.client.get(place, headers={"Accept": "text/html"})
        assert answer.status_code == 200, place
