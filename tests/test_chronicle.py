"""The page about a thing: what it tells at a glance, its dates along a line, dots where sources differ."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sources import Source
from kg.store import IRI
from tests.imported import imported
from tests.queried import queried
from web.drawing.dots import HEIGHT, ROOM, WIDTH, dots
from web.links import Link
from web.things.groups import Origin, Said
from web.values import Value

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
XSD = "http://www.w3.org/2001/XMLSchema#"


def section(text: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">.*?</section>', text, re.DOTALL)
    return found[0] if found else ""


def get(service, path: str) -> str:
    response = service.client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text


def test_the_dates_of_a_thing_stand_in_their_order_with_their_sources(lighthouse_service):
    block = section(get(lighthouse_service, "/doc/eddystone?lang=de"), "dates")
    told = re.findall(
        r'<time datetime="([^"]+)".*?<a href="[^"]+"(?: lang="de")?[^>]*>([^<]+)</a>', block, re.DOTALL
    )
    assert told == [("1882-05-18", "erstmals entzündet"), ("1982", "automatisiert")]
    assert len(re.findall(r'href="#source-\d+"', block.split("</li>")[0])) == 2, "1882 says the same"


def test_the_query_of_the_dates_gives_what_is_drawn(service):
    block = section(
        get(service, f"/doc/{'eddystone' if service.thing == 'bell-rock' else 'it4lia'}"), "dates"
    )
    drawn = set(re.findall(r'<time datetime="([^"]+)"', block))
    found = {row["value"] for row in queried(service, block)}
    assert drawn <= found
    assert all(any(one.startswith(value) for one in drawn) for value in found)


def test_a_thing_without_dates_has_no_line_of_them(lighthouse_service):
    assert 'id="dates"' not in get(lighthouse_service, "/doc/england")


def test_what_is_told_at_a_glance_is_said_below_too(shipped_service):
    text = get(shipped_service, "/doc/it4lia")
    block, said = section(text, "essentials"), section(text, "said")
    names = re.findall(r"<dt>.*?>([^<]+)</a>", block)
    assert 2 < len(names) <= 6
    assert [name for name in re.findall(r"<dt>.*?>([^<]+)</a>", said) if name in names] == names
    found = queried(shipped_service, block)
    terms = {row["property"].rpartition("#")[2] for row in found}
    assert terms == set(re.findall(r"/ontology/(\w+)", block))


def test_values_that_differ_are_dots_by_date_the_official_and_newest_marked(shipped_service):
    text = get(shipped_service, "/doc/it4lia")
    (figure,) = re.findall(r'<figure class="dots">.*?</figure>', section(text, "said"), re.DOTALL)
    claims = re.findall(r'<ul class="claims">.*?</ul>\s*</dd>', text, re.DOTALL)
    given = {number for block in claims for number in re.findall(r'#source-(\d+)"', block)}
    assert set(re.findall(r'<text class="number[^>]*>(\d+)<', figure)) == given
    listed = dict(re.findall(r'<li id="source-(\d+)"(.*?)</li>', text, re.DOTALL))
    official = set(re.findall(r'<text class="number official"[^>]*>(\d+)<', figure))
    assert official == {number for number in given if "· <span>official<" in listed[number]}
    assert figure.count('class="ring" cx="10"') == 1
    assert len(re.findall(r'class="ring"', figure)) == 2
    assert 'role="img"' in figure


def test_a_second_graph_has_its_dots_where_towers_are_measured_twice(lighthouse_service):
    block = section(get(lighthouse_service, "/doc/eddystone"), "said")
    assert block.count('<figure class="dots">') == 2
    assert block.count("<polyline") == 1, "of what changes over time"
    assert "undated" in block


# Dots


def said(*given: tuple[str, list[str]], newest: str = "") -> list[Said]:
    found, number = [], 0
    for raw, dates in given:
        origins = []
        for date in dates:
            number += 1
            origins.append(Origin(number, Source(IRI(f"x:{number}"), date=date), official=number == 1))
        found.append(Said(Value(Link(raw), raw, "number"), tuple(origins), newest=raw == newest))
    return found


def test_later_is_further_right_and_more_is_higher():
    drawn = dots(said(("10", ["2020"]), ("20", ["2021-05"]), ("30", ["2022-01-01", ""]), newest="30"))
    undated, *dated = drawn.dots
    assert (undated.date, undated.newest) == ("", False)
    assert all(one.x < other.x and one.y > other.y for one, other in pairwise(dated))
    assert undated.x < drawn.edge < dated[0].x
    assert [dot.newest for dot in dated] == [False, False, True]
    assert [dot.official for dot in dated] == [True, False, False]


@pytest.mark.parametrize(
    "given",
    [
        [("10", ["2020"])],
        [("10", ["2020"]), ("10", ["2021"])],
        [("10", ["2020"]), ("many", ["2021"])],
        [("10", ["2020"]), ("9" * 5000, ["2021"])],
        [("10", ["2020"]), ("11", [f"{year}" for year in range(1900, 1990)])],
    ],
)
def test_what_cannot_be_seen_is_not_drawn(given):
    assert dots(said(*given)) is None


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**6), 10**9), st.sampled_from(["", "2020", "2021-03", "2021-03-04", "soon"])
        ),
        min_size=2,
        max_size=20,
    )
)
def test_dots_lie_within_the_drawing_and_cover_no_other(given):
    drawn = dots(said(*((str(value), [date]) for value, date in given)))
    if drawn is None:
        assert len({value for value, _ in given}) == 1
        return
    assert len(drawn.dots) == len(given)
    for place, dot in enumerate(drawn.dots):
        assert 0 <= dot.y <= HEIGHT
        assert dot.x <= WIDTH
        for other in drawn.dots[place + 1 :]:
            assert (dot.x - other.x) ** 2 + (dot.y - other.y) ** 2 > (ROOM - 1) ** 2


# What strangers wrote


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str]] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.attributes |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


HOSTILE = "</svg></script><script>alert(1)</script>\u202e\n\"'" + "word " * 1000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile")
    name = HOSTILE.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    values = [
        f'"{date}"^^<{XSD}date>' for date in ("2025-02-31", "9" * 4000, "<b>", "2025-03-04", "2024-01-01")
    ]
    lines = [
        f'<http://h.example/x> <{LABEL}> "{name}" .',
        f'<http://h.example/on> <{LABEL}> "{name}" .',
        *(f"<http://h.example/x> <http://h.example/on> {value} ." for value in values),
        '<http://h.example/x> <http://h.example/is> "<script>alert(2)</script>" .',
        "<http://h.example/x> <http://h.example/at> <javascript:alert(3)> .",
    ]
    with imported(home, "\n".join(lines)) as app:
        yield app.test_client()


def test_what_strangers_call_things_is_text_in_every_drawing(hostile):
    text = hostile.get("/describe?iri=http://h.example/x", headers={"Accept": "text/html"}).text
    tags = Tags(text)
    assert all(one.get("type") in ("application/ld+json", "module") for one in tags.scripts)
    assert "style" not in tags.attributes
    assert not re.search(r'href="javascript:', text)
    block = section(text, "dates")
    assert re.findall(r'<time datetime="([^"]+)"', block) == ["2024-01-01", "2025-03-04"]
    assert "alert(1)" in Tags(block).text


# The map and the network


def test_a_thing_is_on_the_map_where_it_is(shipped_service):
    block = section(get(shipped_service, "/doc/it4lia"), "where")
    assert "Where it is" in block
    assert re.findall(r'<li id="place-\d+">', block) == ['<li id="place-1">']
    found = queried(shipped_service, block)
    assert {row["place"].rpartition("/")[2] for row in found} == {"bologna"}
    assert 44 < float(found[0]["latitude"]) < 45


def test_of_what_has_no_place_the_map_is_that_of_what_is_linked_to_it(shipped_service):
    block = section(get(shipped_service, "/doc/health?lang=it"), "where")
    things = set(re.findall(r'<a href="/id/([^"?]+)', block.split("</summary>")[1]))
    assert len(things) > 5
    assert {row["thing"].rpartition("/")[2] for row in queried(shipped_service, block)} <= things


def test_the_network_of_a_thing_is_small_and_its_query_gives_its_lines(service):
    block = section(get(service, f"/doc/{service.thing}"), "links")
    knots, lines = len(re.findall(r'class="mark knot', block)), block.count("<line ")
    assert 1 < knots <= 19
    pairs = {frozenset((row["from"], row["to"])) for row in queried(service, block)}
    assert len(pairs) == lines


def test_a_graph_without_coordinates_has_no_map(lighthouse_service):
    assert 'id="where"' not in get(lighthouse_service, "/doc/bell-rock")
