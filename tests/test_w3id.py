"""The rules for w3id.org: made from the routes, complete, and answered wherever they lead."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from flask import Flask

from deploy.w3id.__main__ import FILE, PLACE
from deploy.w3id.rules import application, redirects, text, unknown
from kg import nquads
from kg.building.build import build
from kg.iris import Iris
from kg.settings import Settings
from kg.store import IRI
from web import create_app

RULE = re.compile(r"RewriteRule (\S+) (\S+) \[R=(30[237]),L\]")
BASE = "https://w3id.org/aifactories/"
HTML = {"Accept": "text/html"}
TURTLE = {"Accept": "text/turtle"}
HOPS = {
    name: {303} for name in ("", "dataset", ".well-known", "example", "graph", "kg", "ontology")
}  # those the service makes itself
FORMS = {"data.nq": {406}, "service-shapes": {303}}  # which are there in some formats only


class Apache:
    """As much of mod_rewrite as the rules use, in the folder of the base IRI."""

    def __init__(self, rules: str) -> None:
        lines = [line for line in rules.splitlines() if line.startswith("RewriteRule")]
        found = [RULE.fullmatch(line) for line in lines]
        assert found
        assert all(found)
        self.rules = [(one[1], one[2], int(one[3])) for one in found if one]

    def answer(self, iri: str) -> tuple[int, str]:
        """The status and the address to which an IRI is led; 404 where no rule is for it."""
        parts = urlsplit(iri)
        path = unquote(parts.path).removeprefix("/aifactories/")
        query = f"?{parts.query}" if parts.query else ""
        for pattern, target, status in self.rules:
            match = re.search(pattern, path)
            if match:
                return status, filled(target, match) + query
        return 404, ""


def filled(target: str, match: re.Match[str]) -> str:
    """A target with what a pattern captured, encoded again."""
    return re.sub(r"\$(\d)", lambda one: quote(match[int(one[1])], safe="/:@!$&'()*+,;=~"), target)


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


@pytest.fixture(scope="module")
def apache() -> Apache:
    return Apache(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shipped_inputs) -> Path:
    """The home of the shipped graph, without an index."""
    folder = tmp_path_factory.mktemp("w3id")
    build(folder, shipped_inputs)
    return folder


@pytest.fixture(scope="module")
def ours(home: Path) -> set[str]:
    """Every IRI of ours in the graph, without its fragment."""
    rows = (home / "current" / "data.nq").read_text(encoding="utf-8")
    return {iri.partition("#")[0] for iri in re.findall(rf"<({BASE}[^>]*)>", rows)}


def test_the_file_is_what_the_routes_give(app: Flask) -> None:
    assert FILE.read_text(encoding="utf-8") == text(app, PLACE), "run `python -m deploy.w3id`"


def test_of_every_route_it_is_known_whether_iris_are_made_of_it(app: Flask) -> None:
    assert unknown(app) == [], "say so in deploy/w3id/rules.py"


def test_the_host_is_that_of_the_command(app: Flask) -> None:
    for one in redirects(app, "https://other.example/kg/"):
        assert one.target.startswith("https://other.example/kg/")


def test_every_way_to_mint_an_iri_is_led_on(apache: Apache) -> None:
    iris = Iris(BASE)
    minted = {
        iris.entity("cineca"): (303, "doc/cineca"),
        iris.document("report"): (303, "doc/document/report"),
        iris.source("x", "2024"): (303, "source/x/2024"),
        iris.dataset: (303, "dataset"),
        iris.dataset_part("nquads"): (303, "dataset"),
        IRI(f"{BASE}ontology#hostedBy"): (303, "ontology"),
        IRI(f"{BASE}"): (303, ""),
        IRI(f"{BASE}data.nq"): (302, "data.nq"),
        IRI(f"{BASE}.well-known/void"): (302, ".well-known/void"),
        IRI(f"{BASE}doc/cineca.ttl"): (302, "doc/cineca.ttl"),
        IRI(f"{BASE}sparql?query=ASK%7B%7D"): (307, "sparql?query=ASK%7B%7D"),
        IRI(f"{BASE}id/caf%C3%A9%20x"): (303, "doc/caf%C3%A9%20x"),
    }
    for iri, (status, path) in minted.items():
        assert apache.answer(quote(iri.value, safe=":/?#%=")) == (status, PLACE + path), iri


def test_every_iri_in_the_graph_is_led_on(app: Flask, apache: Apache, ours: set[str]) -> None:
    left = {iri.removeprefix(BASE).split("/")[0] for iri in ours if apache.answer(iri)[0] == 404}
    # What names graphs, examples, shapes and words leads on where the service has a route for any name.
    waiting = {".well-known", "example", "graph", "kg", "lexicon", "shapes"}
    assert left <= (set() if "names" in app.blueprints else waiting | {"ontology", "release"})


def test_what_the_rules_lead_to_is_answered(home: Path, apache: Apache, ours: set[str]) -> None:
    client = create_app(Settings(home=home)).test_client()
    led = {iri: apache.answer(iri) for iri in ours if not re.search("/(id|source)/.*[b-z]-", iri)}
    followed = {iri: place for iri, (status, place) in led.items() if status != 404}
    assert len(followed) > 100
    for iri, place in followed.items():
        for headers in (HTML, TURTLE):
            with client.get(place.removeprefix(PLACE[:-1]), headers=headers) as answer:
                name = iri.removeprefix(BASE)
                expected = {200} | HOPS.get(name.split("/")[0], set()) | FORMS.get(name, set())
                assert answer.status_code in expected, (iri, headers)


def test_a_thing_is_known_by_its_iri_after_one_redirect(home: Path, apache: Apache) -> None:
    status, place = apache.answer(f"{BASE}id/cineca")
    client = create_app(Settings(home=home)).test_client()
    answer = client.get(place.removeprefix(PLACE[:-1]), headers=TURTLE)
    assert (status, answer.status_code) == (303, 200)
    assert "cineca" in answer.text
    assert nquads.about(home / "current" / "data.nq", IRI(f"{BASE}id/cineca"))
