"""The dataset for search engines and as a crate: valid by their rules, and true to its files."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import warnings

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

import ontology
from kg.building.build import build
from kg.building.inputs import Inputs
from kg.downloads.distributions import DCAT
from kg.imports.importing import import_files
from kg.settings import Settings
from kg.store import IRI, Quad
from web import create_app
from web.publishing.crate import crate
from web.publishing.dataset import About
from web.scripts import data_block
from web.snapshot import snapshot

CRATE = "/ro-crate-metadata.json"
DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
LIGHTS = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<dataset> a dcat:Dataset ;
    dcterms:title "</script><b>Lights & towers</b>"@en , "Lichter"@de ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    dcterms:issued "2024-05-06"^^xsd:date ;
    dcterms:publisher <dataset#keepers> ;
    dcterms:temporal <dataset#period> .
<dataset#keepers> a foaf:Agent ; foaf:name "Keepers" .
<dataset#period> a dcterms:PeriodOfTime ; dcat:startDate "1531"^^xsd:gYear .
"""


@pytest.fixture(scope="module")
def lights(tmp_path_factory: pytest.TempPathFactory, lighthouse_inputs: Inputs):
    """A client of lighthouses that say of themselves what a hostile maintainer would."""
    folder = tmp_path_factory.mktemp("lights")
    shutil.copytree(lighthouse_inputs.data, folder / "data")
    (folder / "data" / "dataset.ttl").write_text(LIGHTS, encoding="utf-8")
    build(folder / "home", Inputs(folder / "data" / "ontology.ttl", folder / "data"))
    return create_app(Settings(home=folder / "home")).test_client()


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("imported")
    shutil.copy(ontology.EXAMPLES / "money.ttl", folder / "money.ttl")
    import_files(folder / "home", [folder / "money.ttl"])
    return create_app(Settings(home=folder / "home")).test_client()


@pytest.fixture(scope="module")
def shipped_client(tmp_path_factory: pytest.TempPathFactory, shipped_inputs: Inputs):
    home = tmp_path_factory.mktemp("shipped-unindexed")
    build(home, shipped_inputs)
    return create_app(Settings(home=home)).test_client()


@pytest.fixture(params=["lights", "imported", "shipped_client"])
def client(request: pytest.FixtureRequest):
    """A client of each of three graphs."""
    return request.getfixturevalue(request.param)


def entities(client) -> dict[str, dict]:
    answer = client.get(CRATE)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/ld+json")
    document = json.loads(answer.data)
    assert document["@context"] == "https://w3id.org/ro/crate/1.2/context"
    found = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(found) == len(document["@graph"])
    return found


def root_of(found: dict[str, dict]) -> dict:
    """The root by the algorithm of section “Finding the Root Data Entity”."""
    return found[found["ro-crate-metadata.json"]["about"]["@id"]]


def block(client) -> dict:
    page = BeautifulSoup(client.get("/").data, "html.parser")
    [script] = page.find_all("script", type="application/ld+json")
    return json.loads(script.string)


# The crate


def test_the_crate_describes_itself_and_its_root(client) -> None:
    found = entities(client)
    descriptor, root = found["ro-crate-metadata.json"], root_of(found)
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert root["@type"] == "Dataset"
    assert re.match("https?://", root["@id"])
    assert root["name"]
    assert root["description"]
    assert root["license"]
    assert DATE.fullmatch(root["datePublished"])


def test_the_crate_is_flat_and_describes_all_that_it_refers_to(client) -> None:
    found = entities(client)
    referred = set()
    for entity in found.values():
        assert entity["@type"]
        for name, value in entity.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    assert set(one) == {"@id"}, f"{name} is nested"
                    referred.add(one["@id"])
    assert referred - found.keys() == {"https://w3id.org/ro/crate/1.2"}
    assert found.keys() - referred == {"ro-crate-metadata.json"}


def test_its_files_are_what_it_says(client) -> None:
    found = entities(client)
    files = [entity for entity in found.values() if entity["@type"] == "File"]
    assert [{"@id": file["@id"]} for file in files] == root_of(found)["hasPart"]
    for file in files:
        with client.get(file["@id"].removeprefix("http://localhost")) as answer:
            assert answer.status_code == 200
            assert file["contentSize"] == str(len(answer.data))
            assert file["sha256"] == hashlib.sha256(answer.data).hexdigest()
            assert answer.headers["Content-Type"] == file["encodingFormat"]


def test_a_library_for_crates_reads_it(client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # which are its own
        from rocrate.rocrate import ROCrate

        crate = ROCrate(json.loads(client.get(CRATE).data))
        assert crate.root_dataset.id.rstrip("/") == root_of(entities(client))["@id"]
        assert [one.id for one in crate.data_entities] == ["http://localhost/data.nq"]
        assert crate.name == root_of(entities(client))["name"]


def test_the_crate_says_who_made_it_under_which_licence(shipped_client) -> None:
    found = entities(shipped_client)
    root = root_of(found)
    for name in ("author", "publisher"):
        [maker] = root[name]
        assert found[maker["@id"]]["name"] == "AI Factories KG"
    assert found[root["license"]["@id"]]["name"] == "Creative Commons Attribution 4.0 International"
    assert {found[one["@id"]]["name"] for one in root["conformsTo"]} == {
        "AI Factories ontology",
        "Shapes of the AI Factories KG",
    }


def test_a_graph_without_a_licence_says_so(imported) -> None:
    assert root_of(entities(imported))["license"] == "No licence is stated."


def test_the_crate_is_not_sent_twice(lights) -> None:
    tag = lights.get(CRATE).headers["ETag"]
    assert lights.get(CRATE, headers={"If-None-Match": tag}).status_code == 304


def test_a_packed_file_has_the_media_types_of_content_and_package(lights) -> None:
    with lights.application.test_request_context():
        release = snapshot().release
        about = About.of(release, "http://localhost/")
        file, media = release.iris.dataset_part("nquads"), "https://www.iana.org/assignments/media-types/"
        packed = Quad(file, IRI(f"{DCAT}compressFormat"), IRI(f"{media}application/gzip"), file)
        about.take([packed])
        [one] = [entity for entity in crate(about)["@graph"] if entity["@type"] == "File"]
    assert one["encodingFormat"] == ["application/n-quads", "application/gzip"]


# The first page


def test_the_first_page_tells_search_engines_of_the_dataset(client) -> None:
    said, root = block(client), root_of(entities(client))
    assert said["@context"] == "https://schema.org/"
    assert said["@type"] == "Dataset"
    assert (said["@id"], said["name"], said["url"]) == (root["@id"], root["name"], "http://localhost/")
    [file] = said["distribution"]
    assert file["contentUrl"] == "http://localhost/data.nq"
    assert file["encodingFormat"] == "application/n-quads"


def test_what_a_dataset_is_called_cannot_leave_its_block(lights) -> None:
    said = block(lights)
    assert said["name"] == "</script><b>Lights & towers</b>"
    assert said["alternateName"] == ["Lichter"]
    assert said["temporalCoverage"] == "1531/.."
    assert said["publisher"][0]["name"] == "Keepers"
    assert said["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert "<b>Lights" not in lights.get("/").text


def test_the_first_page_leads_to_the_crate(client) -> None:
    assert f'<{CRATE}>; rel="describedby"; type="application/ld+json"' in client.get("/").headers["Link"]


@given(st.dictionaries(st.text(), st.text("</script>!-&\u2028é\\\"' \n")))
def test_whatever_a_block_holds_is_read_back(document) -> None:
    page = BeautifulSoup(f"<head>{data_block(document)}</head><p>after</p>", "html.parser")
    [script] = page.find_all("script")
    assert json.loads(script.string) == document
    assert page.p.text == "after"
