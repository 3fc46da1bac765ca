"""Every IRI of ours leads in one step to a document about it: a crawl of two graphs.

The service is asked under its own base IRI, so that an IRI is its own address.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from kg import nquads
from kg.imports.importing import import_files
from kg.iris import GENID
from kg.release import Releases
from kg.settings import Settings
from kg.store import IRI, CanonicalizationAlgorithm, Dataset, Literal, RdfFormat, parse_quads
from web import create_app
from web.snapshot import KEY

TURTLE, JSONLD, HTML = "text/turtle", "application/ld+json", "text/html"
SYNTAX = {TURTLE: RdfFormat.TURTLE, JSONLD: RdfFormat.JSON_LD}
FILES = ("data.nq",)  # which are what they are, and have no other formats
SAME = ("", "dataset", "sparql")  # as .well-known/void, where they lead or what they say
SHARE = 5  # of the addresses of one kind


class Anchors(HTMLParser):
    """The ids on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.ids |= {value for name, value in attrs if name == "id"}


@dataclass
class Site:
    """A graph served under its base, and the addresses of all IRIs of ours in it, each with these IRIs."""

    base: str
    client: object
    subjects: set[str]
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def get(self, address, accept, **headers):
        """The answer, and that to which it leads in one step."""
        path, _, query = address.removeprefix(self.base).partition("?")
        told = {"Accept": accept, **headers}
        response = self.client.get(f"/{path}", query_string=query, base_url=self.base, headers=told)
        if response.status_code != 303:
            return response
        root = self.base.split("/", 3)[3]
        location = response.headers["Location"].removeprefix(f"/{root}")
        return self.client.get(f"/{location}", base_url=self.base, headers=told)

    def kinds(self):
        """The addresses by what they are below."""
        found = defaultdict(list)
        for address in sorted(self.addresses):
            path = address.removeprefix(self.base)
            steps = 3 if path.startswith(GENID) else 1
            found["/".join(path.split("/")[:steps])].append(address)
        return found


def made(release):
    app = create_app(Settings(home=release.path.parent.parent))
    base, subjects = release.iris.base, set()
    site = Site(base, app.test_client(), subjects)
    for quad in nquads.read(release.quads_file):
        terms = {*quad.triple, quad.graph_name}
        terms |= {term.datatype for term in terms if isinstance(term, Literal)}
        subjects.add(quad.subject.value)
        for term in terms:
            if isinstance(term, IRI) and term.value.startswith(base) and term.value[len(base) :] not in FILES:
                site.addresses[term.value.partition("#")[0]].add(term.value)
    site.addresses[f"{base}release/{release.version}"].add(f"{base}release/{release.version}")
    return app, site


@pytest.fixture(scope="module")
def sites(shipped, lighthouses):
    found = {"shipped": made(shipped), "lighthouses": made(lighthouses)}
    yield {name: site for name, (_, site) in found.items()}
    for app, _ in found.values():
        app.extensions[KEY].close()


@pytest.fixture(params=["shipped", "lighthouses"])
def site(request, sites):
    return sites[request.param]


def triples(response, accept):
    """The triples of a document, its blank nodes called by what is said of them."""
    found = Dataset(parse_quads(response.data, SYNTAX[accept]))
    if b"_:" in response.data or b"[" in response.data:
        found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in found}


def read(site, address, accept):
    response = site.get(address, accept)
    assert response.status_code == 200, (address, accept, response.text[:500])
    assert response.mimetype == accept
    return triples(response, accept)


def check_document(site, address):
    """The document is about all IRIs that have this address; what it says."""
    found = read(site, address, TURTLE)
    told = {triple.subject.value for triple in found}
    mentioned = {triple.object.value for triple in found if isinstance(triple.object, IRI)}
    for iri in site.addresses[address]:
        is_mentioned = iri not in site.subjects and iri in mentioned
        assert iri.removesuffix("#") in told or is_mentioned, (iri, address)
    return found


def check_page(site, address):
    response = site.get(address, HTML)
    assert response.status_code == 200, (address, response.text[:500])
    assert response.mimetype == HTML
    return response


def share(addresses, count):
    """So many of the addresses, from all over the list."""
    return addresses[:: max(1, len(addresses) // count)]


def test_every_iri_of_ours_leads_to_a_document_about_it(site):
    for kind, addresses in site.kinds().items():
        for address in share(addresses, SHARE) if kind.startswith(GENID) else addresses:
            check_document(site, address)


def test_turtle_and_json_ld_say_the_same_and_there_is_a_page(site):
    kinds = site.kinds()
    assert {"id", "source", "graph", "example", "release", "dataset"} <= set(kinds)
    for addresses in kinds.values():
        for address in share(addresses, SHARE):
            if address.removeprefix(site.base) not in SAME:
                assert read(site, address, JSONLD) == read(site, address, TURTLE), address
            check_page(site, address)


def test_the_address_of_a_name_with_a_fragment_shows_it(sites):
    site = sites["shipped"]
    for name in ("shapes", "lexicon", "kg"):
        address = f"{site.base}{name}"
        ids = Anchors(check_page(site, address).text).ids
        wanted = {iri.partition("#")[2] for iri in site.addresses[address] if iri in site.subjects}
        assert len(wanted) > 5, name
        assert wanted - {""} <= ids, wanted - ids


@pytest.mark.slow
def test_all_of_them_have_pages_turtle_and_json_ld(site):
    for addresses in site.kinds().values():
        for address in addresses:
            assert read(site, address, JSONLD) == check_document(site, address), address
            check_page(site, address)


def test_names_with_escapes_and_letters_of_all_scripts_lead_there_too(tmp_path):
    names = [
        "id/caf%C3%A9",
        "id/Zürich",
        "id/a%20b",
        "id/a.ttl",
        "id/x/y/timemap",
        "id/日本",
        "plain/a%2Fb",
        "it#c",
    ]
    lines = [f'<https://names.example/{name}> <urn:p> "{name}" .' for name in names]
    (tmp_path / "x.nt").write_text("\n".join(lines), encoding="utf-8")
    import_files(tmp_path, [tmp_path / "x.nt"], base="https://names.example/")
    app, site = made(Releases(tmp_path).current())
    assert set(names) <= {
        address.removeprefix(site.base) for iris in site.addresses.values() for address in iris
    }
    for address in site.addresses:
        check_document(site, address)
        assert read(site, address, JSONLD) == read(site, address, TURTLE)
        check_page(site, address)
    app.extensions[KEY].close()


def test_a_name_of_nothing_is_not_found(site):
    for path in (
        "id/nowhere",
        "nowhere",
        "nowhere/at/all",
        "source/nowhere",
        f"{GENID}shapes/0",
        "release/99",
    ):
        for accept in (HTML, TURTLE):
            assert site.get(f"{site.base}{path}", accept).status_code == 404
