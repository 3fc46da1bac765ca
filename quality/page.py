"""What a search finds as tables in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.scores import Scores
from search.examining.page import head, row, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from quality.scores import Outcome

LANGUAGES = {"en": "English", "it": "Italian", "de": "German", "fr": "French", "es": "Spanish"}
ALL = "all"
NOTHING = "–"


def section(title: str, found: Sequence[Outcome]) -> Iterator[str]:
    """Lines that tell of a set by language and by kind."""
    yield f"### {title}\n"
    yield from by_language(found)
    yield ""
    yield from by_kind(found)
    yield ""


def by_language(found: Sequence[Outcome]) -> Iterator[str]:
    """A table with a row a language."""
    yield from head(["Language", "Queries", "Success@1", "Success@5", "MRR"])
    for lang, outcomes in _by(found, lambda outcome: outcome.query.lang).items():
        scores = Scores.of(outcomes)
        cells = [share(scores.first), share(scores.five), f"{scores.reciprocal:.3f}"]
        yield row([LANGUAGES.get(lang, lang), str(scores.count), *cells])


def by_kind(found: Sequence[Outcome]) -> Iterator[str]:
    """A table of success@1 with a row a kind and a column a language."""
    langs = list(_by(found, lambda outcome: outcome.query.lang))
    yield from head(["Success@1", "Queries", *langs])
    for kind, outcomes in _by(found, lambda outcome: outcome.query.kind).items():
        yield row([kind, str(len(outcomes)), *_firsts(outcomes, langs)])


def ablation(ways: Mapping[str, Sequence[Outcome]]) -> Iterator[str]:
    """A table with a row a way to search."""
    langs = list(_by(next(iter(ways.values())), lambda outcome: outcome.query.lang))
    yield from head(["Success@1", *langs, "Success@5", "MRR"])
    for name, outcomes in ways.items():
        scores = Scores.of(outcomes)
        cells = [share(scores.five), f"{scores.reciprocal:.3f}"]
        yield row([name, *_firsts(outcomes, langs), *cells])


def _firsts(found: Sequence[Outcome], langs: Sequence[str]) -> list[str]:
    parts = _by(found, lambda outcome: outcome.query.lang)
    return [share(Scores.of(parts[lang]).first) if lang in parts else NOTHING for lang in langs]


def _by(found: Sequence[Outcome], part: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    """The outcomes by a part of their queries, the languages in their order here, and all of them last."""
    parts: dict[str, list[Outcome]] = {lang: [] for lang in LANGUAGES}
    for outcome in found:
        parts.setdefault(part(outcome), []).append(outcome)
    return {name: outcomes for name, outcomes in parts.items() if outcomes} | {ALL: list(found)}
