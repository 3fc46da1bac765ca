"""Accept headers against every kind of answer, over HTTP: what each gets by RFC 9110, section 12.5.1.

Of formats that a client likes equally, one that it names comes before one that a wildcard lets through, and
else the service prefers JSON, XML, CSV, TSV, the page for solutions and booleans; Turtle, N-Triples, JSON-LD,
RDF/XML, TriG, N-Quads, the page for graphs; problem details, the page for what is wrong. An error is told
even to those who accept neither (section 15.5.7).
"""

from __future__ import annotations

import pytest

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
JENA = (
    "application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
    "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1"
)
RDFLIB = "text/turtle;q=1, application/rdf+xml;q=0.9, application/n-triples;q=0.8, */*;q=0.1"
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "text/turtle;q=0.6,application/rdf+xml;q=0.5,application/sparql-results+json;q=1.0,"
    "application/sparql-results+xml;q=0.7"
)
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
NONE = None

# The header; what solutions and booleans, graphs (and the description), and errors come as; None is 406.
TABLE = [
    # nothing said, or anything
    (None, "json", "ttl", "problem"),
    ("", "json", "ttl", "problem"),
    ("*/*", "json", "ttl", "problem"),
    ("*", "json", "ttl", "problem"),
    # one of the formats
    ("application/sparql-results+json", "json", NONE, "problem"),
    ("application/sparql-results+xml", "xml", NONE, "problem"),
    ("text/csv", "csv", NONE, "problem"),
    ("text/tab-separated-values", "tsv", NONE, "problem"),
    ("text/turtle", NONE, "ttl", "problem"),
    ("application/n-triples", NONE, "nt", "problem"),
    ("application/ld+json", NONE, "jsonld", "problem"),
    ("application/rdf+xml", NONE, "rdf", "problem"),
    ("application/trig", NONE, "trig", "problem"),
    ("application/n-quads", NONE, "nq", "problem"),
    ("text/html", "html", "html", "html"),
    ("application/problem+json", NONE, NONE, "problem"),
    # by another name
    ("application/json", "json", "jsonld", "problem"),
    ("application/xml", "xml", "rdf", "problem"),
    ("text/xml", "xml", "rdf", "problem"),
    ("text/plain", NONE, "nt", "problem"),
    ("application/x-turtle", NONE, "ttl", "problem"),
    ("application/xhtml+xml", "html", "html", "html"),
    # what clients send
    (CHROMIUM, "html", "html", "html"),
    (JAVA, "html", "html", "html"),
    (JENA, "json", "jsonld", "problem"),
    (RDFLIB, "json", "ttl", "problem"),
    (COMUNICA, "json", "nq", "problem"),
    ("application/sparql-results+json,application/json,text/javascript", "json", "jsonld", "problem"),
    ("application/sparql-results+xml, application/rdf+xml", "xml", "rdf", "problem"),
    ("application/sparql-results+json,*/*;q=0.9", "json", "ttl", "problem"),
    # weights, of up to three decimals
    ("text/csv;q=0.501, application/sparql-results+xml;q=0.5", "csv", NONE, "problem"),
    ("text/csv;q=0.5, application/sparql-results+xml;q=0.501", "xml", NONE, "problem"),
    ("text/turtle;q=0.123, application/n-triples;q=0.124", NONE, "nt", "problem"),
    ("text/csv; q=0.9 , text/html ; q=1.0", "html", "html", "html"),
    ("text/csv;Q=0.2, text/html;Q=0.1", "csv", "html", "html"),
    ("text/html;q=0.5, text/turtle", "html", "ttl", "html"),
    ("text/html;q=0.5, application/sparql-results+json", "json", "html", "html"),
    ("application/problem+json;q=0.5, text/html;q=0.4", "html", "html", "problem"),
    ("text/csv;q=1.5, text/html", "csv", "html", "html"),
    # zero means never
    ("text/turtle;q=0", NONE, NONE, "problem"),
    ("text/turtle;q=0, */*", "json", "nt", "problem"),
    ("text/turtle;q=0.000, text/*;q=0.5", "csv", "html", "html"),
    ("*/*;q=0", NONE, NONE, "problem"),
    ("*/*;q=0, text/csv", "csv", NONE, "problem"),
    ("*/*, text/html;q=0", "json", "ttl", "problem"),
    ("text/*;q=0.9, */*;q=0.1, text/html;q=0", "csv", "ttl", "problem"),
    # wildcards
    ("text/*", "csv", "ttl", "html"),
    ("application/*", "json", "nt", "problem"),
    ("application/*;q=0.2, text/*;q=0.1", "json", "nt", "problem"),
    ("*/*;q=0.9, text/*;q=0.1", "json", "nt", "problem"),
    ("image/*", NONE, NONE, "problem"),
    ("image/png, */*;q=0.01", "json", "ttl", "problem"),
    ("*/*, application/n-triples", "json", "nt", "problem"),
    # versions of RDF
    ("text/turtle;version=1.2", NONE, "ttl", "problem"),
    ("text/turtle; version=1.1", NONE, "ttl", "problem"),
    ("application/n-triples;version=1.2-basic", NONE, "nt", "problem"),
    ('text/turtle;version="3.0"', NONE, NONE, "problem"),
    ("application/sparql-results+json;version=1.2", "json", NONE, "problem"),
    ("text/turtle;version=1.2;q=0.4, application/n-triples;q=0.5", NONE, "nt", "problem"),
    ("text/turtle;version=3.0, application/rdf+xml;q=0.1", NONE, "rdf", "problem"),
    # other parameters
    ("text/turtle;charset=utf-8", NONE, "ttl", "problem"),
    ("text/csv; header=present; q=0.9, application/json;q=0.1", "csv", "jsonld", "problem"),
    (PROFILE, NONE, "jsonld", "problem"),
    ('application/ld+json;profile="a,b;q=0";q=0.3, text/turtle;q=0.2', NONE, "jsonld", "problem"),
    # letters, blanks, and what cannot be read
    ("TEXT/Turtle", NONE, "ttl", "problem"),
    ("text/turtle ,, ; ,", NONE, "ttl", "problem"),
    ("text/turtle;q=high, application/n-triples", NONE, "nt", "problem"),
    ("nonsense, text/csv", "csv", NONE, "problem"),
    ("*/csv, text/tab-separated-values", "tsv", NONE, "problem"),
    ("nonsense", "json", "ttl", "problem"),
]
MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "html": "text/html",
    "problem": "application/problem+json",
}
SOLUTIONS, GRAPHS, ERRORS = 0, 1, 2
REQUESTS = [
    ("SELECT * { ?s ?p ?o } LIMIT 2", SOLUTIONS),
    ("ASK { ?s ?p ?o }", SOLUTIONS),
    ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", GRAPHS),
    ("DESCRIBE <https://example.org/nothing>", GRAPHS),
    (None, GRAPHS),
    ("SELECT * {", ERRORS),
]


def test_the_table_is_as_long_as_it_should_be():
    assert len(TABLE) == len({row[0] for row in TABLE}) >= 60


@pytest.mark.parametrize(("accept", "kinds"), [(row[0], row[1:]) for row in TABLE])
def test_every_kind_of_answer_comes_as_the_client_likes_it(lighthouse_service, accept, kinds):
    for query, kind in REQUESTS:
        request = lighthouse_service.client.build_request(
            "GET", "/sparql", params={"query": query} if query else {}
        )
        request.headers.pop("Accept")
        if accept is not None:
            request.headers["Accept"] = accept
        response = lighthouse_service.client.send(request)
        expected = kinds[kind]
        status = 400 if kind == ERRORS else 200 if expected else 406
        assert response.status_code == status, query
        assert "Accept" in response.headers["Vary"].split(", ")
        found = response.headers["Content-Type"].split(";")[0]
        assert found == MEDIA_TYPES[expected or kinds[ERRORS]], query
        if not expected:
            assert all(name in response.text for name in ("?format=html", "There is"))
