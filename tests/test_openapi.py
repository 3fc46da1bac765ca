"""The description of the addresses for programs: valid, complete, and true of real answers."""

from __future__ import annotations

import re

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from kg.settings import Settings
from web import create_app

BELOW = ("/api/", "/health")


@pytest.fixture
def document(service):
    response = service.client.get("/api/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    return response.json()


def validator(document, path, status):
    """What holds an answer against its schema in the document."""
    registry = Registry().with_resource("urn:api", Resource.from_contents(document, DRAFT202012))
    steps = ["paths", path.replace("/", "~1"), "get", "responses", str(status)]
    answer = document["paths"][path]["get"]["responses"][str(status)]
    pointer = answer["$ref"] if "$ref" in answer else f"#/{'/'.join(steps)}"
    kind = "json" if status == 200 else "problem+json"
    reference = f"urn:api{pointer}/content/application~1{kind}/schema"
    return OAS31Validator({"$ref": reference}, registry=registry)


def test_the_document_is_valid(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    assert document["servers"][0]["url"].startswith("http://")


def test_every_address_is_described_and_no_other(document, tmp_path):
    rules = create_app(Settings(home=tmp_path)).url_map.iter_rules()
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules if rule.rule.startswith(BELOW)
    }
    assert set(document["paths"]) == served


def test_every_parameter_is_explained(document):
    known = document["components"]["parameters"]
    assert all(len(parameter["description"]) > 10 for parameter in known.values())
    identifiers = [item["get"]["operationId"] for item in document["paths"].values()]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    ("path", "parameters", "status"),
    [
        ("/api/ask", {"q": "Who hosts Leonardo?"}, 200),
        ("/api/ask", {"q": "Bell Rock Lighthouse was built by whom?"}, 200),
        ("/api/ask", {"q": "How tall is the Eddystone Lighthouse?"}, 200),
        ("/api/ask", {"q": "Xyzzy?"}, 200),
        ("/api/ask", {}, 400),
        ("/api/search", {"q": "tower in Scotland", "limit": 30}, 200),
        ("/api/search", {"q": "sanità", "start": 10, "lang": "it"}, 200),
        ("/api/search", {"kind": ["class", "property"]}, 200),
        ("/api/search", {"q": "x", "kind": "thing"}, 400),
        ("/api/search", {"q": "x", "class": "no-such-class"}, 400),
        ("/api/similar", {"iri": "bell-rock"}, None),
        ("/api/similar", {"iri": "cineca", "lang": "it"}, None),
        ("/api/similar", {"iri": "nowhere"}, 404),
        ("/api/similar", {}, 400),
        ("/api/suggest", {"q": "a"}, 200),
        ("/api/suggest", {"q": "who is a", "in": "question", "limit": 20}, 200),
        ("/api/suggest", {"q": "a", "limit": 99}, 400),
        ("/api/lookup", {"q": "cineca", "lang": "it"}, 200),
        ("/api/lookup", {"q": "belrock", "type": "lighthouse", "limit": 3}, None),
        ("/api/lookup", {"q": "x", "type": "no-such-class"}, 400),
        ("/api/lookup", {}, 400),
        ("/api/curie", {"curie": "[rdfs:label]"}, 200),
        ("/api/curie", {"iri": "http://www.w3.org/2000/01/rdf-schema#label"}, 200),
        ("/api/curie", {"iri": "http://elsewhere.example/x"}, 404),
        ("/api/curie", {"curie": "nowhere:x"}, 404),
        ("/api/curie", {"curie": "x"}, 400),
        ("/api/curie", {}, 400),
        ("/api/path", {"from": "cineca", "to": "bsc", "lang": "it"}, None),
        ("/api/path", {"from": "bell-rock", "to": "scotland"}, None),
        ("/api/path", {"from": "bell-rock"}, 400),
        ("/api/network", {}, 200),
        ("/api/network", {"class": "organisation", "via": "AI Factory", "measure": "closeness"}, None),
        ("/api/network", {"class": "lighthouse", "via": "built by"}, None),
        ("/api/network", {"measure": "fame"}, 400),
        ("/api/network", {"query": "SELECT ?a ?b ?via { SERVICE <http://127.0.0.1/> { ?a ?b ?via } }"}, 422),
        ("/api/openapi.json", {}, 200),
        ("/health", {}, 200),
        ("/health/live", {}, 200),
        ("/health/ready", {}, 200),
    ],
)
def test_answers_are_as_described(service, document, path, parameters, status):
    response = service.client.get(path, params=parameters)
    assert response.status_code == (status or response.status_code)
    if response.status_code != 200:
        assert response.headers["Content-Type"] == "application/problem+json"
    validator(document, path, response.status_code).validate(response.json())


def test_people_read_the_same_and_every_example_works(service, document):
    response = service.client.get("/api", headers={"Accept": "text/html"})
    assert response.status_code == 200
    for path in document["paths"]:
        assert f"<code>{path}</code>" in response.text
    examples = re.findall(r'Try <a href="([^"]+)"', response.text)
    assert len(examples) == len(document["paths"])
    for example in examples:
        answer = service.client.get(example.replace("&amp;", "&"))
        assert answer.status_code == 200, example
        assert answer.headers["Content-Type"] == "application/json"


def test_no_example_finds_nothing(service):
    markup = service.client.get("/api").text
    (search,) = re.findall(r'href="(/api/search[^"]*)"', markup)
    (suggest,) = re.findall(r'href="(/api/suggest[^"]*)"', markup)
    (ask,) = re.findall(r'href="(/api/ask[^"]*)"', markup)
    assert service.client.get(search).json()["hits"]
    assert service.client.get(suggest).json()["suggestions"]
    assert service.client.get(ask).json()["outcome"] == "answer"


def test_a_sandbox_has_none_of_it(sandbox_client):
    assert sandbox_client.get("/api/openapi.json").status_code == 404
    assert sandbox_client.get("/search").status_code == 404
