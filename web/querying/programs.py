"""A query as programs send it: one text for each language, to be copied and run as it is.

The query is quoted by the rules of each language, whatever is in it.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.evaluation import Form

BACKSLASH, QUOTE = "\\", '"'
QUOTES = re.compile(r'"(?=""|\Z)')  # which would end a string between three of them
TEMPLATE = re.compile(r"[\\`]|\$(?=\{)")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
ROWS, TRIPLES = ("application/sparql-results+json", "text/csv"), ("text/turtle", "text/turtle")

# What a script makes of an answer, by its form.
READ = {
    "solutions": "(await response.json()).results.bindings",
    "boolean": "(await response.json()).boolean",
    "graph": "await response.text()",
}

CURL = """\
curl --fail-with-body {url} \\
  --header {accept} \\
  --data-urlencode {query}
"""
PYTHON_ROWS = """\
# pip install sparqlwrapper
from SPARQLWrapper import JSON, POST, SPARQLWrapper

QUERY = {query}

endpoint = SPARQLWrapper({url})
endpoint.setQuery(QUERY)
endpoint.setMethod(POST)
endpoint.setReturnFormat(JSON)
for row in endpoint.queryAndConvert()["results"]["bindings"]:
    print({{name: term["value"] for name, term in row.items()}})
"""
PYTHON = """\
# pip install requests
import requests

QUERY = {query}

response = requests.post({url}, data={{"query": QUERY}}, headers={{"Accept": {accept}}})
response.raise_for_status()
print(response.text)
"""
R_ROWS = """\
# install.packages("httr2")
library(httr2)

query <- {query}

response <- request({url}) |>
  req_headers(Accept = {accept}) |>
  req_body_form(query = query) |>
  req_perform()
rows <- read.csv(text = resp_body_string(response))
print(rows)
"""
R = R_ROWS.replace(
    "rows <- read.csv(text = resp_body_string(response))\nprint(rows)", "cat(resp_body_string(response))"
)
JAVASCRIPT = """\
const query = {query};

const response = await fetch({url}, {{
  method: "POST",
  headers: {{ Accept: {accept} }},
  body: new URLSearchParams({{ query }}),
}});
if (!response.ok) throw new Error(await response.text());
console.log({read});
"""


@dataclass(frozen=True)
class Program:
    """A program that asks one query; `name` is that of the language, `key` the same for addresses."""

    key: str
    name: str
    text: str


def programs(query: str, url: str, form: Form) -> list[Program]:
    """The programs that send a query to an endpoint, whose answer has a form."""
    shown, table = TRIPLES if form == "graph" else ROWS
    has_rows = form == "solutions"
    python, r = (PYTHON_ROWS, R_ROWS) if has_rows else (PYTHON, R)
    quoted = {"query": in_python(query), "url": json.dumps(url), "accept": json.dumps(shown)}
    script = {
        "query": in_javascript(query),
        "url": json.dumps(url),
        "accept": json.dumps(shown),
        "read": READ[form],
    }
    accept = table if has_rows else shown
    return [
        Program("curl", "curl", CURL.format(**in_shell(query, url, accept))),
        Program("python", "Python", python.format(**quoted)),
        Program("r", "R", r.format(query=in_r(query), url=json.dumps(url), accept=json.dumps(accept))),
        Program("javascript", "JavaScript", JAVASCRIPT.format(**script)),
    ]


def in_shell(query: str, url: str, accept: str) -> dict[str, str]:
    """Address, header and parameter as arguments of a command; a shell has no way to write NUL."""
    given = {"url": url, "accept": f"Accept: {accept}", "query": f"query={query}"}
    return {name: shlex.quote(text.replace("\0", "")) for name, text in given.items()}


def in_python(text: str) -> str:
    """The text as a string of Python, over several lines where it has them."""
    return f'"""{_written(QUOTES.sub(_escape, text.replace(BACKSLASH, 2 * BACKSLASH)))}"""'


def in_r(text: str) -> str:
    """The text as a string of R, over several lines where it has them."""
    return f'"{_written(text.replace(BACKSLASH, 2 * BACKSLASH).replace(QUOTE, BACKSLASH + QUOTE))}"'


def in_javascript(text: str) -> str:
    """The text as a template of JavaScript with nothing to fill in."""
    return f"`{_written(TEMPLATE.sub(_escape, text))}`"


def _written(text: str) -> str:
    """The text without characters that a file of source text cannot have or would lose."""
    return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _escape(found: re.Match[str]) -> str:
    return BACKSLASH + found[0]
