"""Accept headers against every kind of thing that is described, the links and validators of the answers.

Of formats that a client likes equally, one that it names comes before one that a wildcard lets through, and
else the page comes first, then Turtle, N-Triples, JSON-LD, RDF/XML, TriG, N-Quads.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import rdflib

from kg.settings import Settings
from web import create_app
from web.negotiation import FORMATS
from web.rdf.representations import OFFERED
from web.snapshot import KEY

ROOT = Path(__file__).parent.parent
NONE = None
TABLE = [
    # nothing said, or anything
    (None, "html"),
    ("", "html"),
    ("*/*", "html"),
    ("*", "html"),
    ("nonsense", "html"),
    # one of the formats
    ("text/html", "html"),
    ("text/turtle", "ttl"),
    ("application/n-triples", "nt"),
    ("application/ld+json", "jsonld"),
    ("application/rdf+xml", "rdf"),
    ("application/trig", "trig"),
    ("application/n-quads", "nq"),
    # by another name
    ("application/xhtml+xml", "html"),
    ("application/json", "jsonld"),
    ("application/xml", "rdf"),
    ("text/xml", "rdf"),
    ("text/plain", "nt"),
    ("application/x-turtle", "ttl"),
    ("text/n3", "ttl"),
    ("application/x-trig", "trig"),
    ("text/x-nquads", "nq"),
    # what clients send
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "html"),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "html"),
    ("text/turtle;q=1, application/rdf+xml;q=0.9, application/n-triples;q=0.8, */*;q=0.1", "ttl"),
    ("application/rdf+xml, text/turtle;q=0.9, application/x-turtle;q=0.9, text/html;q=0.2, */*;q=0.1", "rdf"),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6", "nq"),
    ("application/trig, text/turtle;q=0.9, application/ld+json;q=0.8, */*;q=0.01", "trig"),
    ("application/ld+json, application/json;q=0.9", "jsonld"),
    ("application/ld+json, application/json;q=0.9, */*;q=0.1", "jsonld"),
    ("application/json, text/plain, */*", "nt"),
    ("application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5", "rdf"),
    ("text/*", "html"),
    ("text/*, text/html;q=0.5", "ttl"),
    ("application/*", "nt"),
    ("application/*, text/turtle", "ttl"),
    # weights
    ("text/turtle;q=0.5, application/ld+json", "jsonld"),
    ("text/turtle, text/html", "html"),
    ("text/html;q=0.5, text/turtle", "ttl"),
    ("text/html;q=0.501, text/turtle;q=0.5", "html"),
    ("text/turtle;q=0.123, application/n-triples;q=0.124", "nt"),
    ("text/turtle; q=0.9 , application/trig ; q=1.0", "trig"),
    ("text/turtle;Q=0.2, application/trig;Q=0.1", "ttl"),
    ("*/*;q=0.1, application/n-quads;q=0.2", "nq"),
    ("text/csv, text/turtle;q=0.1", "ttl"),
    ("image/png, */*;q=0.01", "html"),
    # zero means never
    ("text/html;q=0, */*", "ttl"),
    ("text/html;q=0, text/turtle;q=0, */*;q=0.1", "nt"),
    ("text/*;q=0, application/rdf+xml;q=0, */*", "nt"),
    ("*/*;q=0", NONE),
    ("text/turtle;q=0", NONE),
    # nothing that is there
    ("text/csv", NONE),
    ("image/png", NONE),
    ("application/sparql-results+json", NONE),
    ("application/pdf, image/*;q=0.5", NONE),
    # parameters, versions of RDF, letters
    ("text/turtle;charset=utf-8", "ttl"),
    ("text/turtle;version=1.1", "ttl"),
    ("application/n-quads;version=1.2", "nq"),
    ('text/turtle;version="3.0"', NONE),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
    ('application/ld+json;profile="a,b;q=0";q=0.3, text/turtle;q=0.2', "jsonld"),
    ("TEXT/Turtle", "ttl"),
    ("text/turtle ,, ; ,", "ttl"),
    ("text/turtle;q=high, application/n-triples", "nt"),
]
MEDIA_TYPES = {form.name: form.media_type for form in FORMATS}
KINDS = (
    "/id/{thing}",
    "/doc/{thing}",
    "/source/editorial",
    "/release/{release}",
    "/kg",
    "/example/{example}",
    "/graph/inferred",
)
NAMES = (
    "ttl",
    "turtle",
    "n3",
    "nt",
    "jsonld",
    "json-ld",
    "rdf",
    "xml",
    "trig",
    "nq",
    "html",
    "text/turtle",
    ".nt",
)
LINK = re.compile(r'<([^>]*)>((?:; *[\w-]+="[^"]*")*)')


@pytest.fixture(scope="module")
def site(shipped):
    app = create_app(Settings(home=shipped.path.parent.parent))
    yield app.test_client()
    app.extensions[KEY].close()


@pytest.fixture(scope="module")
def addresses(shipped):
    examples = sorted(
        {str(quad.subject)[1:-1] for quad in shipped.store.quads(graph=shipped.iris.examples_graph)} - {""}
    )
    example = next(iri for iri in examples if "/example/" in iri).rsplit("/", 1)[-1]
    return [kind.format(thing="cineca", example=example, release=shipped.version) for kind in KINDS]


def get(site, address, accept=None, **headers):
    told = {**({"Accept": accept} if accept is not None else {}), **headers}
    return site.get(address, headers=told, follow_redirects=True)


def links(response):
    """The links of a response by relation."""
    found = {}
    for target, text in LINK.findall(response.headers["Link"]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', text))
        for relation in attributes["rel"].split():
            found.setdefault(relation, []).append((target, attributes))
    return found


def test_the_table_is_as_long_as_it_should_be():
    assert len(TABLE) == len(dict(TABLE)) >= 60


@pytest.mark.parametrize(("accept", "expected"), TABLE)
def test_every_kind_of_thing_comes_as_the_client_likes_it(site, addresses, accept, expected):
    for address in addresses:
        response = get(site, address, accept)
        assert response.status_code == (200 if expected else 406), address
        assert "Accept" in response.headers["Vary"].split(", ")
        if expected:
            assert response.mimetype == MEDIA_TYPES[expected], address
        else:
            assert all(f"?format={form.name}" in response.text for form in OFFERED)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_can_be_asked_for_by_name_whatever_the_header_says(site, addresses, name):
    for address in addresses:
        response = get(site, f"{address}?format={name}", "image/png")
        assert response.status_code == 200, address
        assert name in (response.mimetype, *(form.name for form in FORMATS), *_names(response.mimetype))


def _names(media_type):
    (form,) = (form for form in OFFERED if form.media_type == media_type)
    return (form.name, f".{form.name}", *form.names)


def test_a_format_that_is_not_there_is_refused_with_those_that_are(site, addresses):
    for address in addresses:
        response = get(site, f"{address}?format=docx")
        assert response.status_code == 406
        assert "?format=ttl" in response.text


def test_links_say_what_it_is_and_lead_to_its_formats_licence_and_history(site):
    for accept in ("text/html", "text/turtle"):
        response = site.get("/doc/cineca", headers={"Accept": accept})
        found = links(response)
        assert found["canonical"] == [("http://localhost/doc/cineca", {"rel": "canonical"})]
        assert found["describes"][0][0].endswith("/id/cineca")
        assert found["license"][0][0] == "https://creativecommons.org/licenses/by/4.0/"
        assert site.get(found["describedby"][0][0], headers={"Accept": "text/turtle"}).status_code == 200
        assert len(found["alternate"]) == 6
        for target, attributes in found["alternate"]:
            assert site.get(target).mimetype == attributes["type"]
        ((timemap, _),) = found["timemap"]
        assert site.get(timemap).mimetype == "application/link-format"
        assert len(response.headers["Link"]) < 2000
    redirection = site.get("/id/cineca")
    assert links(redirection)["describedby"][0][0] == redirection.headers["Location"]


def test_a_long_name_makes_no_long_header(site):
    iri = f"http://www.w3.org/2000/01/rdf-schema#{'x' * 900}"
    assert site.get(f"/describe?iri={iri.replace('#', '%23')}").status_code == 404
    for address in ("/describe?iri=http://www.w3.org/2004/02/skos/core%23Concept", "/doc/cineca"):
        response = site.get(address, headers={"Accept": "text/turtle"})
        assert len(str(response.headers)) < 4000


def test_what_the_client_has_is_not_sent_again(site, addresses):
    tags = set()
    for address in addresses:
        for accept in ("text/html", "text/turtle", "application/ld+json"):
            response = get(site, address, accept)
            tag, date = response.headers["ETag"], response.headers["Last-Modified"]
            tags.add(tag)
            again = get(site, address, accept, **{"If-None-Match": tag})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
            assert "Accept" in again.headers["Vary"]
            assert get(site, address, accept, **{"If-Modified-Since": date}).status_code == 304
            older = "Mon, 01 Jan 2001 00:00:00 GMT"
            assert get(site, address, accept, **{"If-Modified-Since": older}).status_code == 200
            assert get(site, address, accept, **{"If-None-Match": '"other"', "If-Modified-Since": date}).data
            head = site.head(address, headers={"Accept": accept}, follow_redirects=True)
            assert (head.data, head.headers["ETag"]) == (b"", tag)
            assert head.headers["Content-Length"] == response.headers["Content-Length"]
    assert len(tags) == 3 * (len(addresses) - 1)  # the thing and its document have the same


def test_a_page_in_another_language_and_coding_is_another_representation(site):
    response = get(site, "/doc/cineca", "text/html", **{"Accept-Language": "it"})
    assert {"Accept-Language", "Accept-Encoding", "Accept", "Accept-Datetime"} <= set(
        response.headers["Vary"].split(", ")
    )
    known = {"If-None-Match": response.headers["ETag"]}
    assert get(site, "/doc/cineca", "text/html", **{"Accept-Language": "it"}, **known).status_code == 304
    assert get(site, "/doc/cineca", "text/html", **{"Accept-Language": "de"}, **known).status_code == 200
    assert get(site, "/doc/cineca", "text/turtle", **known).status_code == 200
    assert get(site, "/doc/cineca", "text/html", **{"Accept-Encoding": "gzip"}, **known).status_code == 200


def test_a_release_tells_what_it_is(site, shipped):
    iri = rdflib.URIRef(shipped.iris.release(shipped.version).value)
    graph = rdflib.Graph().parse(data=site.get(f"/release/{shipped.version}.ttl").data, format="turtle")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    assert str(graph.value(iri, dcat.version)) == str(shipped.version)
    assert str(graph.value(iri, dcat.isVersionOf)) == shipped.iris.dataset.value
    file = graph.value(iri, dcat.distribution)
    digest = graph.value(graph.value(file, spdx.checksum), spdx.checksumValue)
    assert str(digest) == shipped.manifest.quads_digest
    path = str(graph.value(file, dcat.downloadURL)).removeprefix(shipped.iris.base)
    data = site.get(f"/{path}")
    assert int(data.headers["Content-Length"]) == int(graph.value(file, dcat.byteSize))
    data.close()
    page = site.get(f"/release/{shipped.version}", headers={"Accept": "text/html"}).text
    assert shipped.manifest.quads_digest in page
    for name in ("99", "0", "x", "1.docx", "99999999999", "-1"):
        assert site.get(f"/release/{name}").status_code == 404


def test_a_source_says_where_its_statements_are(site, shipped):
    source = shipped.iris.editorial
    graph = rdflib.Graph().parse(data=site.get("/source/editorial.ttl").data, format="turtle")
    (place,) = graph.objects(rdflib.URIRef(source.value), rdflib.RDFS.seeAlso)
    response = site.get(f"/{str(place).removeprefix(shipped.iris.base)}", headers={"Accept": "text/turtle"})
    assert response.status_code == 200
    assert len(response.data) > 1000
    response.close()


def test_the_first_page_leads_programs_to_the_description(site):
    response = site.get("/", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.headers["Location"]) == (303, "/.well-known/void")
    assert site.get("/").mimetype == "text/html"


@pytest.mark.parametrize("address", ["/doc/cineca.ttl", "/ontology.ttl", "/sitemap.xml", "/changes.json"])
def test_what_is_read_on_condition_is_not_sent_in_another_state(site, address):
    tag = site.get(address).headers["ETag"]
    for condition, status in ((tag, 200), (f'"x", {tag}', 200), ("*", 200), ('"x"', 412), (f"W/{tag}", 412)):
        assert site.get(address, headers={"If-Match": condition}).status_code == status, condition
    state = tag.partition(".")[0] + '"'
    assert site.get(address, headers={"If-Match": state}).status_code == 200, "as a write has told it"


@pytest.mark.parametrize("address", ["/doc/cineca.ttl", "/data.nq"])
def test_what_has_changed_since_a_date_is_not_sent_where_it_must_not_have(site, address):
    response = site.get(address)
    last, tag = response.headers["Last-Modified"], response.headers["ETag"]
    response.close()
    far = "Sun, 06 Nov 99999999999999999999999 08:49:37 GMT"
    long_ago, never = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -1200"
    for date, status in ((last, 200), (never, 200), ("yesterday", 200), (far, 200), (long_ago, 412)):
        response = site.get(address, headers={"If-Unmodified-Since": date})
        assert response.status_code == status, date
        response.close()
    response = site.get(address, headers={"If-Unmodified-Since": long_ago, "If-Match": tag})
    assert response.status_code == 200, "the tag tells more than the date"
    response.close()


def test_the_commands_of_the_documentation_work(site):
    text = (ROOT / "docs" / "linked-data.md").read_text(encoding="utf-8")
    commands = [shlex.split(line.partition("|")[0]) for line in text.splitlines() if line.startswith("curl ")]
    assert len(commands) >= 6
    for command in commands:
        (address,) = (word for word in command if word.startswith("http://"))
        told = [command[place + 1].split(": ", 1) for place, word in enumerate(command) if word == "-H"]
        response = get(site, address.removeprefix("http://127.0.0.1:8000"), None, **dict(told))
        assert response.status_code == 200, command
        assert response.mimetype == dict(told).get("Accept", response.mimetype)


def test_the_data_is_given_on_condition(site, shipped):
    for condition, status in (("*", 200), (f'"{shipped.manifest.quads_digest}"', 200), ('"other"', 412)):
        response = site.get("/data.nq", headers={"If-Match": condition, "Accept": "application/json"})
        assert response.status_code == status
        assert status == 200 or "another state" in response.json["detail"]
        response.close()
