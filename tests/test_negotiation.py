"""Which format a client gets: a table of hard Accept headers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotAcceptable

from web.negotiation import (
    DATASET,
    FORMATS,
    GRAPH,
    PAGE,
    PROBLEM,
    SOLUTIONS,
    best,
    choose,
    formats,
    parse_accept,
)

TABULAR = formats(SOLUTIONS, PAGE)
TRIPLES = formats(GRAPH, PAGE)
DOCUMENTS = formats(PAGE, GRAPH, DATASET)
PROBLEMS = formats(PROBLEM, PAGE)
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
JENA = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7"
)
RDFLIB = "text/turtle;q=1, application/rdf+xml;q=0.9, application/n-triples;q=0.8, */*;q=0.1"


@pytest.mark.parametrize(
    ("accept", "offered", "expected"),
    [
        # nothing said
        (None, TABULAR, "json"),
        ("", TABULAR, "json"),
        ("   ", TABULAR, "json"),
        ("*/*", TABULAR, "json"),
        ("*/*", TRIPLES, "ttl"),
        ("*/*", DOCUMENTS, "html"),
        # what clients send
        (CHROMIUM, TABULAR, "html"),
        (CHROMIUM, DOCUMENTS, "html"),
        (CHROMIUM, PROBLEMS, "html"),
        (JAVA, TRIPLES, "html"),
        (JENA, TABULAR, "json"),
        (RDFLIB, TRIPLES, "ttl"),
        (RDFLIB, DOCUMENTS, "ttl"),
        ("text/turtle", DOCUMENTS, "ttl"),
        ("application/json", TABULAR, "json"),
        ("application/json", TRIPLES, "jsonld"),
        ("application/json", PROBLEMS, "problem"),
        ("application/problem+json", PROBLEMS, "problem"),
        ("text/plain", TRIPLES, "nt"),
        ("application/xml", TABULAR, "xml"),
        ("text/xml", TRIPLES, "rdf"),
        # weights
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", TABULAR, "xml"),
        ("text/csv;q=0.6, application/sparql-results+xml;q=0.5", TABULAR, "csv"),
        ("text/csv;q=0.501, application/sparql-results+xml;q=0.5", TABULAR, "csv"),
        ("text/csv; q=0.9 , text/html ; q=1.0", TABULAR, "html"),
        ("text/csv;Q=0.2, text/html;Q=0.1", TABULAR, "csv"),
        ("text/csv;q=1.5, text/html", TABULAR, "csv"),
        ("text/csv;q=.3, text/html;q=0.", TABULAR, "csv"),
        # zero means never
        ("text/html;q=0, */*", DOCUMENTS, "ttl"),
        ("text/turtle;q=0, application/ld+json;q=0, */*;q=0.1, text/html;q=0", DOCUMENTS, "nt"),
        ("*/*;q=0.1, application/sparql-results+json;q=0", TABULAR, "xml"),
        # wildcards of one kind
        ("text/*", TABULAR, "csv"),
        ("text/*", TRIPLES, "ttl"),
        ("application/*", DOCUMENTS, "nt"),
        ("application/*;q=0.2, text/*;q=0.1", TABULAR, "json"),
        ("text/*, text/csv;q=0.1, text/tab-separated-values;q=0.1", TABULAR, "html"),
        ("*/*;q=0.9, text/*;q=0.1", TABULAR, "json"),
        # the more specific range decides, wherever it stands
        ("*/*, text/turtle;q=0.2, text/html;q=0.1", DOCUMENTS, "nt"),
        ("text/html;q=0.1, text/turtle;q=0.2, */*", DOCUMENTS, "nt"),
        ("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5", TRIPLES, "ttl"),
        # what is named is liked better than what a wildcard lets through
        ("*/*, application/n-triples", DOCUMENTS, "nt"),
        ("application/n-triples, */*;q=1", DOCUMENTS, "nt"),
        # parameters other than the weight are ignored
        ("text/turtle;charset=utf-8", TRIPLES, "ttl"),
        ("text/csv; header=present; q=0.9, application/json;q=0.1", TABULAR, "csv"),
        ("text/turtle;version=1.2;q=0.4, application/n-triples;q=0.5", TRIPLES, "nt"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x;q=0"', TRIPLES, "jsonld"),
        ('application/ld+json;profile="a,b";q=0.3, text/turtle;q=0.2', TRIPLES, "jsonld"),
        ('text/turtle;x="\\\\",q=0', TRIPLES, "ttl"),
        # letters, blanks, and what cannot be read
        ("TEXT/Turtle", TRIPLES, "ttl"),
        ("  text/turtle ,, ; , ", TRIPLES, "ttl"),
        ("text/turtle;q=high, application/n-triples", TRIPLES, "nt"),
        ("nonsense, text/csv", TABULAR, "csv"),
        ("*/csv, text/tab-separated-values", TABULAR, "tsv"),
        ("nonsense", TABULAR, "json"),
        ("text/csv text/html", TABULAR, "json"),
    ],
)
def test_the_best_format_is_chosen(accept, offered, expected):
    assert choose(offered, accept).name == expected


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "image/*",
        "*/*;q=0",
        "text/turtle",
        "text/csv;q=0",
        "application/sparql-results+xml;q=0.000",
    ],
)
def test_nothing_acceptable_says_what_there_is(accept):
    with pytest.raises(NotAcceptable) as refused:
        choose(TABULAR, accept)
    for form in TABULAR:
        assert form.media_type in refused.value.description
        assert f"?format={form.name}" in refused.value.description


@pytest.mark.parametrize(
    ("name", "offered", "expected"),
    [
        ("csv", TABULAR, "csv"),
        ("CSV", TABULAR, "csv"),
        (".ttl", DOCUMENTS, "ttl"),
        ("turtle", DOCUMENTS, "ttl"),
        ("json", TRIPLES, "jsonld"),
        ("xml", TRIPLES, "rdf"),
        ("rdf+xml", TRIPLES, "rdf"),
        ("text/csv", TABULAR, "csv"),
        ("application/sparql-results xml", TABULAR, "xml"),
        ("application/sparql-results+xml", TABULAR, "xml"),
        ("trig", TABULAR, None),
        ("", TABULAR, None),
    ],
)
def test_a_name_overrules_the_header(name, offered, expected):
    if expected is None:
        with pytest.raises(NotAcceptable, match="on offer"):
            choose(offered, "*/*", name)
    else:
        assert choose(offered, "image/png", name).name == expected


def test_names_and_media_types_are_unique_within_each_family():
    for family in (SOLUTIONS, GRAPH, DATASET, PAGE):
        there = formats(family)
        assert len({form.name for form in there}) == len({form.media_type for form in there}) == len(there)
    assert all(re.fullmatch(r"[a-z]+", form.name) for form in FORMATS)


@given(st.text(max_size=80) | st.text(alphabet='*/;,q=01.+" \\abcx-', max_size=80))
def test_any_header_is_answered_or_refused(accept):
    for media_range in parse_accept(accept):
        assert 0 <= media_range.quality <= 1
    try:
        assert choose(DOCUMENTS, accept) in DOCUMENTS
    except NotAcceptable:
        assert accept.strip()


def test_a_long_header_is_read_in_no_time():
    assert choose(TABULAR, '"' * 50_000 + ",text/csv").name in {form.name for form in TABULAR}
    assert choose(TABULAR, "text/x;" * 20_000 + ",text/csv").name == "csv"


@pytest.mark.parametrize(
    ("accept", "name", "version"),
    [
        ("text/turtle", "ttl", ""),
        ("text/turtle;version=1.2", "ttl", "1.2"),
        ('text/turtle; Version="1.1"', "ttl", "1.1"),
        ("text/turtle;version=1.2-basic, text/turtle;version=1.1;q=0.9", "ttl", "1.2-basic"),
        ("text/turtle;version=1.2;q=0, text/turtle", "ttl", "1.1"),
        ("text/turtle;version=1.1, text/turtle", "ttl", "1.1"),
        ("text/turtle;version=9, application/rdf+xml;q=0.1", "rdf", ""),
        ("application/x-turtle;version=1.1", "ttl", "1.1"),
        ("*/*;version=1.1", "ttl", "1.1"),
        ("application/ld+json;version=9", "jsonld", ""),
    ],
)
def test_the_version_of_rdf_is_chosen_with_the_format(accept, name, version):
    choice = best(TRIPLES, accept)
    assert (choice.form.name, choice.version) == (name, version)


def test_a_named_media_type_has_a_version_too():
    assert best(TRIPLES, None, "text/turtle;version=1.1").version == "1.1"
    assert best(TRIPLES, None, "ttl").version == ""
    with pytest.raises(NotAcceptable):
        best(TRIPLES, None, "text/turtle;version=9")
