"""Questions to begin with, in the languages in which the graph has them; every day others come first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.errors import ReleaseError
from kg.labels import label
from kg.store import IRI
from web.entrance.examples import ON_THE_FIRST_PAGE
from web.links import Link
from web.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.labels import Label
    from web.links import Links

MOST = 6
OWN = 2  # in the language of the reader; of the others each is in one of its own
MOST_LANGUAGES = 5


def starters(langs: Sequence[str]) -> list[Link]:
    """Questions that the graph offers, else the names of what it says most about."""
    offered = _of_today()
    if not offered:
        return questions(snapshot().links(langs))
    spoken = _spoken(offered[0], langs)
    ways = [*spoken[:1] * (OWN - 1), *spoken, *spoken[:1] * MOST]
    return [_in(iri, lang) for iri, lang in zip(offered[:MOST], ways, strict=False)]


def in_turn(langs: Sequence[str]) -> list[str]:
    """The same questions and more, from language to language; the first one in that of the reader."""
    offered = _of_today()
    spoken = _spoken(offered[0], langs) if offered else []
    return [
        _in(iri, spoken[(place + turn) % len(spoken)]).text
        for turn in range(len(spoken))
        for place, iri in enumerate(offered)
    ]


def questions(links: Links) -> list[Link]:
    """The questions that the graph offers in some languages, else the names of what it says most about."""
    return [_named(links.label(iri)) for iri in (_offered() or first_things())[:MOST]]


def first_things(most: int = MOST) -> list[IRI]:
    """What the graph says most about."""
    try:
        first = snapshot().finder.entries.by_row(list(range(4 * most)))
    except ReleaseError:
        return []
    return [IRI(entry.iri) for _, entry in sorted(first.items()) if entry.kind == "entity"][:most]


def today() -> date:
    """The day by which the questions are turned."""
    return datetime.now(UTC).date()


def _offered() -> list[IRI]:
    return [one.iri for one in snapshot().examples if ON_THE_FIRST_PAGE in one.keywords]


def _of_today() -> list[IRI]:
    offered = _offered()
    turned = today().toordinal() % len(offered) if offered else 0
    return [*offered[turned:], *offered[:turned]]


def _spoken(iri: IRI, langs: Sequence[str]) -> list[str]:
    """The languages that a question is put in, the reader's first."""
    known = list(dict.fromkeys([*langs, *snapshot().release.manifest.languages]))
    return [lang for lang in known if _in(iri, lang).lang == lang][:MOST_LANGUAGES] or [langs[0]]


def _in(iri: IRI, lang: str) -> Link:
    release = snapshot().release
    return _put(release.path, release.tag, iri, lang)


@lru_cache(maxsize=512)
def _put(_path: Path, _tag: str, iri: IRI, lang: str) -> Link:
    return _named(label(snapshot().release.store, iri, (lang,)))


def _named(name: Label) -> Link:
    return Link(name.text, lang=name.lang)
