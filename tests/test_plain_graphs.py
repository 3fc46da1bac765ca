"""Pages and answers over graphs that say little: no ontology, no names, no classes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from kg.imports.importing import import_files
from kg.release import Release
from kg.settings import Settings
from search.answer import Answerer
from search.index import index_step
from search.ranking import Finder
from tests.imported import imported

A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
MACHINES = "".join(
    f"<http://e/machine/M{number}> {A} <http://v.example/CncMachine> .\n"
    f'<http://e/machine/M{number}> <http://v.example/serialNumber> "SN-{number}" .\n'
    for number in range(1, 6)
)
BLANK = f'<http://e/quiet> {A} <http://v.example/CncMachine> .\n<http://e/quiet> {LABEL} "  " .\n'


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with imported(tmp_path_factory.mktemp("machines"), MACHINES + BLANK) as app:
        yield app


def page(client: FlaskClient, path: str, **asked: str) -> BeautifulSoup:
    response = client.get(path, query_string=asked)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser").select_one("main")


def test_classes_without_names_are_called_by_their_last_part(machines: Flask) -> None:
    client = machines.test_client()
    for path, asked in (("/describe", {"iri": "http://e/machine/M1"}), ("/source/x", {})):
        text = page(client, path, **asked).get_text(" ")
        assert "Cnc Machine" in text
        assert "v.example/" not in text
    assert "Cnc Machine" in page(client, "/ontology").get_text(" ")


def test_a_name_of_blanks_is_none(machines: Flask) -> None:
    assert page(machines.test_client(), "/describe", iri="http://e/quiet").select_one("h1").text == "quiet"


def test_a_graph_without_classes_has_no_filters_to_remove(tmp_path) -> None:
    with imported(tmp_path, '<http://e/a> <http://e/b> "c" .\n') as app:
        text = page(app.test_client(), "/explore").get_text(" ")
    assert "by their classes" in text
    assert "filters" not in text


def test_things_are_asked_about_by_the_numbers_in_their_iris(tmp_path) -> None:
    (tmp_path / "m.nt").write_text(MACHINES, encoding="utf-8")
    settings = Settings(home=tmp_path / "home")
    release: Release = import_files(settings.home, [tmp_path / "m.nt"], steps={"index": index_step(settings)})
    answerer = Answerer.open(release, Finder.open(release, None))
    answer = answerer.answered("What is the serial number of M5?")
    assert [one["value"] for one in answer.answers] == ["SN-5"]
    assert answerer.answered("What is the serial number of M9?").outcome == "unknown-term"
