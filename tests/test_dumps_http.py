"""Dumps over HTTP: whole and in parts, of this release and of others, not there yet, and gone."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace, URIRef

from kg.building.build import build
from kg.downloads.dumps import Dumps
from kg.release import Releases
from kg.settings import Settings
from tests.shapes import dcat_ap, violations
from web import create_app

SPDX = Namespace("http://spdx.org/rdf/terms#")
MEDIA_TYPES = {
    "graph.nq.gz": "application/gzip",
    "graph.csv.zip": "application/zip",
    "graph.db": "application/vnd.sqlite3",
    "csv/lighthouse.csv": "text/csv; charset=utf-8; header=present",
    "parquet/lighthouse.parquet": "application/vnd.apache.parquet",
    "datapackage.json": "application/json",
    "SHA256SUMS": "text/plain; charset=utf-8",
}
PATIENCE = 90.0


@pytest.fixture(scope="module")
def home(tmp_path_factory, lighthouse_inputs) -> Path:
    """Two releases, of which the first has dumps."""
    home = tmp_path_factory.mktemp("dumped")
    Dumps(home).make(build(home, lighthouse_inputs))
    build(home, lighthouse_inputs)
    return home


class Reader(FlaskClient):
    """A client that reads each answer to its end."""

    def open(self, *arguments, **options):
        return super().open(*arguments, buffered=True, **options)


def asking(home: Path) -> FlaskClient:
    app = create_app(Settings(home=home))
    app.test_client_class = Reader
    return app.test_client()


@pytest.fixture(scope="module")
def client(home):
    return asking(home)


@pytest.fixture(scope="module")
def folder(home) -> Path:
    return home / "dumps" / "1"


# Files


@pytest.mark.parametrize(("path", "media_type"), MEDIA_TYPES.items())
def test_a_file_is_sent_as_it_is_with_its_digest(client, folder, path, media_type) -> None:
    data = (folder / path).read_bytes()
    answer = client.get(f"/dumps/1/{path}", headers={"Accept-Encoding": "gzip"})
    assert answer.data == data
    digest = hashlib.sha256(data)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["ETag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=lighthouses-1")
    assert "Content-Encoding" not in answer.headers, "what is compressed is not compressed again"
    head = client.head(f"/dumps/1/{path}", headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(data))
    known = client.get(f"/dumps/1/{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_the_name_to_save_it_under_tells_what_it_is(client) -> None:
    names = {
        path: client.head(f"/dumps/1/{path}").headers["Content-Disposition"].partition("=")[2]
        for path in ("graph.nq.gz", "csv/lighthouse.csv", "SHA256SUMS")
    }
    assert list(names.values()) == [
        "lighthouses-1.nq.gz",
        "lighthouses-1-csv-lighthouse.csv",
        "lighthouses-1-SHA256SUMS",
    ]


def test_parts_are_sent_on_condition(client, folder) -> None:
    data = (folder / "graph.ttl.gz").read_bytes()
    whole = client.head("/dumps/1/graph.ttl.gz").headers

    def part(header: str, **more: str):
        return client.get("/dumps/1/graph.ttl.gz", headers={"Range": header} | more)

    for header, expected in (("bytes=10-19", data[10:20]), ("bytes=-5", data[-5:]), ("bytes=7-", data[7:])):
        answer = part(header)
        assert (answer.status_code, answer.data) == (206, expected)
        assert answer.headers["Content-Range"].endswith(f"/{len(data)}")
        assert answer.headers["Repr-Digest"] == whole["Repr-Digest"], "which is that of the whole"
    assert part("bytes=7-", **{"If-Range": whole["ETag"]}).status_code == 206
    assert part("bytes=7-", **{"If-Range": whole["Last-Modified"]}).status_code == 206
    assert part("bytes=7-", **{"If-Range": '"another"'}).data == data
    for ignored in ("bytes=1-2,5-6", "lines=1-2", "bytes=x", "nonsense"):
        assert part(ignored).data == data
    beyond = part(f"bytes={len(data)}-")
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(data)}"
    assert beyond.headers["Content-Type"] == "application/problem+json"


def test_another_file_than_the_wanted_one_is_not_sent_and_what_is_known_not_in_parts(client) -> None:
    tag = client.head("/dumps/1/graph.ttl.gz").headers["ETag"]

    def answer(**headers: str):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/dumps/1/graph.ttl.gz", headers=told)

    for more in ({}, {"Range": "bytes=0-9"}):
        refused = answer(If_Match='"another"', **more)
        assert (refused.status_code, refused.mimetype) == (412, "application/problem+json")
        assert "another state" in refused.json["detail"]
        assert answer(If_Match=tag, **more).status_code == (206 if more else 200)
        assert answer(If_None_Match=tag, **more).status_code == 304


def test_latest_leads_to_the_newest_there_is(client) -> None:
    for path in ("graph.nq.gz", "csv/lighthouse.csv", ""):
        answer = client.get(f"/dumps/latest/{path}?format=json")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/dumps/1/{path}?format=json"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_not_there_is_told(client) -> None:
    wrong = client.get("/dumps/1/graph.nt.gz")
    assert wrong.status_code == 404
    assert "graph.nq.gz" in wrong.json["detail"]
    for path in ("../../current/data.nq", "%2e%2e/%2e%2e/serial", "/etc/passwd", "csv", "csv/"):
        assert client.get(f"/dumps/1/{path}").status_code in (404, 308)
    assert client.get("/dumps/9/graph.nq.gz").status_code == 404


def test_what_is_still_to_be_made_is_asked_for_and_said_so(client, home) -> None:
    answer = client.get("/dumps/2/graph.nq.gz")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "being made" in answer.json["detail"]
    assert Dumps(home).wanted() == [2]


def test_a_service_without_any_dumps_says_so(tmp_path, lighthouse_inputs) -> None:
    build(tmp_path, lighthouse_inputs)
    client = asking(tmp_path)
    assert client.get("/dumps/latest/graph.nq.gz").status_code == 503
    assert client.get("/dumps/?format=json").json["latest"] is None
    assert "Not made yet" in client.get("/dumps/", headers={"Accept": "text/html"}).text
    assert "being made" in client.get("/dumps/1/", headers={"Accept": "text/html"}).text


# Lists


def test_the_list_has_every_file_as_json_and_on_a_page(client, folder) -> None:
    listed = client.get("/dumps/", headers={"Accept": "application/json"}).json
    assert (listed["latest"], [one["release"] for one in listed["releases"]]) == (1, [2, 1])
    files = {file["path"]: file for file in listed["releases"][1]["files"]}
    assert files.keys() == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }
    for path, file in files.items():
        data = (folder / path).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert client.head(file["address"]).status_code == 200
    one = client.get("/dumps/1/?format=json").json
    assert one == listed["releases"][1]
    page = client.get("/dumps/1/", headers={"Accept": "text/html"}).text
    assert all(file["sha256"] in page and f'/dumps/1/{path}"' in page for path, file in files.items())
    assert "/dumps/1/graph.nq.gz" in client.get("/dumps/").text
    assert 'href="/dumps/"' in client.get("/").text


# Described


def described(client) -> Graph:
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    return Graph().parse(data=answer.data, format="turtle")


def test_the_dumps_are_distributions_of_the_dataset(client, home) -> None:
    data, iris = described(client), Releases(home).current().iris
    dataset = URIRef(iris.dataset.value)
    parts = [part for part in data.objects(dataset, DCAT.distribution) if "#dump-" in part]
    assert len(parts) == 7
    for part in parts:
        answer = client.get(str(data.value(part, DCAT.downloadURL)))
        assert answer.status_code == 200
        assert int(data.value(part, DCAT.byteSize)) == len(answer.data)
        checksum = data.value(data.value(part, SPDX.checksum), SPDX.checksumValue)
        assert str(checksum) == hashlib.sha256(answer.data).hexdigest()
        assert str(data.value(part, DCAT.accessURL)).endswith("/dumps/1/")
        assert data.value(part, DCAT.mediaType)
        assert {title.language for title in data.objects(part, DCTERMS.title)} == {
            "en",
            "it",
            "de",
            "fr",
            "es",
        }
        assert set(data.objects(part, DCTERMS.license)) == set(data.objects(dataset, DCTERMS.license))


def test_the_distributions_break_no_shape_of_dcat_ap(client) -> None:
    data = described(client)
    assert len(list(data.subjects(RDF.type, DCAT.Distribution))) == 9
    assert not violations(data, dcat_ap())


# Served


def test_a_service_makes_them_and_a_download_is_gone_on_with(home, tmp_path, start_service) -> None:
    own = tmp_path / "home"
    shutil.copytree(home, own, symlinks=True, ignore=shutil.ignore_patterns("dumps", "run"))
    with start_service(Releases(own).current(), "bell-rock") as service:
        client, latest = service.client, time.monotonic() + PATIENCE
        while (answer := client.get("/dumps/latest/graph.db")).status_code != 302:
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert time.monotonic() < latest
            time.sleep(0.2)
        address = answer.headers["Location"]
        assert address == "/dumps/2/graph.db"
        with client.stream("GET", address) as whole:
            tag, begun = whole.headers["ETag"], b""
            for piece in whole.iter_raw(1000):
                begun += piece
                if len(begun) >= 5000:
                    break  # the connection is lost
        rest = client.get(address, headers={"Range": f"bytes={len(begun)}-", "If-Range": tag})
        assert rest.status_code == 206
        data = begun + rest.content
        assert f'"{hashlib.sha256(data).hexdigest()}"' == tag
        assert client.get("/dumps/1/graph.db").status_code == 503
        while client.get("/dumps/1/graph.db").status_code != 200:
            assert time.monotonic() < latest, "that of an older release was asked for"
            time.sleep(0.2)
        Releases(own).prune(1)
        gone = client.get("/dumps/1/graph.db")
        assert gone.status_code == 410
        assert "not kept any more" in gone.json()["detail"]
        assert not (own / "dumps" / "1").exists()
    assert not [line for line in service.errors if re.search("Traceback|could not be made", line)]
