"""Style sheets, scripts, bundles: addresses that change with the content, kept for ever, sent compressed."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.settings import Settings
from web import assets, create_app

FRONTEND = Path(__file__).parent.parent / "web" / "frontend"


@pytest.fixture
def app(tmp_path):
    return create_app(Settings(home=tmp_path))


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A folder of static files in which there is a bundle."""
    folder = tmp_path / "static"
    (folder / "built").mkdir(parents=True)
    (folder / "built" / "map-ABC123.js").write_text("export const a = 1;\n" * 100)
    (folder / "built" / "manifest.json").write_text(json.dumps({"map.js": "map-ABC123.js"}))
    (folder / "plain.css").write_text("a { color: red }")
    monkeypatch.setattr(assets, "STATIC", folder)
    monkeypatch.setattr(assets, "MANIFEST", folder / "built" / "manifest.json")
    return folder


def address(app, name):
    with app.test_request_context():
        return assets.asset(name)


def get(app, place, headers=()):
    """The answer, read to its end."""
    return app.test_client().get(place, headers=headers, buffered=True)


def test_the_address_of_a_file_changes_with_its_content(app, built):
    first = address(app, "plain.css")
    assert re.fullmatch(r"/static/plain\.css\?v=\w{10}", first)
    assert address(app, "plain.css") == first
    (built / "plain.css").write_text("a { color: blue; }")
    assert address(app, "plain.css") != first


def test_a_bundle_has_the_address_that_the_build_gave_it(app, built):
    assert address(app, "map.js") == "/static/built/map-ABC123.js"
    assert assets.has_asset("map.js")
    assert assets.has_asset("plain.css")
    assert not assets.has_asset("editor.js")


def test_without_a_build_pages_can_ask(app, built):
    shutil.rmtree(built / "built")
    assert not assets.has_asset("map.js")


def test_without_a_build_pages_are_styled_all_the_same(app, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")
    page = get(app, "/nowhere", {"Accept": "text/html"}).text
    assert re.search(r'href="/static/style\.css\?v=\w+"', page)
    assert "/static/built/" not in page


@pytest.mark.parametrize("name", ["plain.css", "map.js"])
def test_what_an_address_names_by_content_is_kept_for_ever(app, built, name):
    answer = get(app, address(app, name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == assets.FOR_EVER


@pytest.mark.parametrize("query", ["", "?v=0000000000"])
def test_under_another_address_a_file_is_asked_for_anew(app, built, query):
    answer = get(app, f"/static/plain.css{query}")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = get(app, "/static/plain.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_it_is_sent_compressed_to_whoever_takes_that(app, built):
    plain = get(app, "/static/built/map-ABC123.js")
    zipped = get(app, "/static/built/map-ABC123.js", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data) == int(plain.headers["Content-Length"])
    assert int(zipped.headers["Content-Length"]) == len(zipped.data)
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "text/javascript" in zipped.headers["Content-Type"]


def test_a_part_of_it_is_not_compressed(app, built):
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=2-5"}
    answer = get(app, "/static/plain.css", headers=headers)
    assert answer.status_code == 206
    assert answer.data == b"{ co"


def test_it_is_sent_only_as_it_is_wanted(app, built):
    tag = get(app, "/static/plain.css").headers["ETag"]
    for wanted in ("*", tag):
        assert get(app, "/static/plain.css", {"If-Match": wanted}).status_code == 200
    refused = get(app, "/static/plain.css", {"If-Match": '"other"'})
    assert refused.status_code == 412
    assert b"color" not in refused.data
    assert get(app, "/static/plain.css", {"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "name", ["../assets.py", "..%2fassets.py", "nothing.css", "built/", "%00", "x" * 999]
)
def test_nothing_else_is_sent(app, built, name):
    assert get(app, f"/static/{name}").status_code == 404


def test_the_lock_names_no_host(app):
    lock = (FRONTEND / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "://" not in re.sub(r'"(url|license)": "https?://[^"]*"', "", lock)


def test_without_node_the_build_says_so_and_goes_on(tmp_path):
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        [FRONTEND / "build"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert "Node 18 or later is not here" in done.stderr
    assert len(done.stderr.splitlines()) == 1
