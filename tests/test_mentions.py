"""The entities that documents mention: against articles in which a careful reader has marked them.

In the articles `[[words|slug]]` marks what is to be found, and `[[words|?]]` what may be marked or not. The
rules were made with the two tuned articles; the two fresh ones were written afterwards and not tuned on.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.release import Release
from search.lexicon import Lexicon
from search.mentions import Spotter

ARTICLES = Path(__file__).parent / "fixtures" / "articles"
SEED = Path(__file__).parents[2] / "shared" / "documents" / "seed-article.it.txt"
MARK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")


@pytest.fixture(scope="module")
def spotter(shipped: Release) -> Spotter:
    return Spotter(shipped, Lexicon(shipped.index))


def marked(path: Path) -> tuple[str, dict[tuple[int, int], str]]:
    """The text of an article without its marks, and by places what they say."""
    pieces, places, size, end = [], {}, 0, 0
    source = path.read_text(encoding="utf-8")
    for match in MARK.finditer(source):
        before = source[end : match.start()]
        start = size + len(before)
        places[start, start + len(match[1])] = match[2]
        pieces += [before, match[1]]
        size, end = start + len(match[1]), match.end()
    return "".join([*pieces, source[end:]]), places


def compared(spotter: Spotter, release: Release, name: str) -> tuple[set, set, dict]:
    """What is found and what was to be found, as places with slugs; what is optional is left out of both."""
    text, places = marked(ARTICLES / name)
    found = {
        (one.start, one.end): release.iris.slug(one.entity)
        for one in spotter.mentions(text, name.split(".")[1])
    }
    optional = {place for place, slug in places.items() if slug == "?"}
    wanted = {(place, slug) for place, slug in places.items() if place not in optional}
    return {(place, slug) for place, slug in found.items() if place not in optional}, wanted, {"text": text}


@pytest.mark.parametrize("name", ["tuned.en.txt", "tuned.it.txt", "fresh.en.txt", "fresh.it.txt"])
def test_mentions_are_those_of_a_careful_reader(spotter: Spotter, shipped: Release, name: str) -> None:
    found, wanted, said = compared(spotter, shipped, name)
    text = said["text"]
    wrong = sorted((text[a:b], slug) for (a, b), slug in found - wanted)
    missed = sorted((text[a:b], slug) for (a, b), slug in wanted - found)
    right = len(found & wanted)
    assert right / len(found) >= 0.95, (wrong, missed)
    assert right / len(wanted) >= 0.90, (wrong, missed)


@pytest.mark.skipif(not SEED.is_file(), reason="the article is not at hand")
def test_the_article_links_its_seven_factories_their_cities_states_and_hosts(
    spotter: Spotter, shipped: Release
) -> None:
    text = SEED.read_text(encoding="utf-8")
    mentions = spotter.mentions(text, "it")
    assert all(text[one.start : one.end] == one.text for one in mentions)
    found = {shipped.iris.slug(one.entity) for one in mentions}
    factories = {"pharos", "mimer", "hammerhai", "meluxina-ai", "it4lia", "bsc-aif", "lumi-aif"}
    cities = {"athens", "linkoping", "stuttgart", "bissen", "bologna", "barcelona", "kajaani"}
    states = {"greece", "sweden", "germany", "luxembourg", "italy", "spain", "finland"}
    assert factories | cities | states | {"cineca"} <= found
