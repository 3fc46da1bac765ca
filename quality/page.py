"""The outcomes as tables in `docs/quality.md`, between two marks, so that what else stands there stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.scores import Scores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from quality.scores import Outcome

LANGUAGES = {"en": "English", "it": "Italian", "de": "German", "fr": "French", "es": "Spanish"}
AIMS = {"en": 0.90, "it": 0.85, "de": 0.80, "fr": 0.80, "es": 0.80}
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
    yield from _head(["Language", "Queries", "Success@1", "Success@5", "MRR"])
    for lang, outcomes in _by(found, lambda outcome: outcome.query.lang).items():
        scores = Scores.of(outcomes)
        cells = [_share(scores.first), _share(scores.five), f"{scores.reciprocal:.3f}"]
        yield _row([LANGUAGES.get(lang, lang), str(scores.count), *cells])


def by_kind(found: Sequence[Outcome]) -> Iterator[str]:
    """A table of success@1 with a row a kind and a column a language."""
    langs = list(_by(found, lambda outcome: outcome.query.lang))
    yield from _head(["Success@1", "Queries", *langs])
    for kind, outcomes in _by(found, lambda outcome: outcome.query.kind).items():
        yield _row([kind, str(len(outcomes)), *_firsts(outcomes, langs)])


def ablation(ways: Mapping[str, Sequence[Outcome]]) -> Iterator[str]:
    """A table with a row a way to search."""
    langs = list(_by(next(iter(ways.values())), lambda outcome: outcome.query.lang))
    yield from _head(["Success@1", *langs, "Success@5", "MRR"])
    for name, outcomes in ways.items():
        scores = Scores.of(outcomes)
        cells = [_share(scores.five), f"{scores.reciprocal:.3f}"]
        yield _row([name, *_firsts(outcomes, langs), *cells])


def write(path: Path, name: str, lines: Sequence[str]) -> None:
    """Put lines between the marks of that name. Raises ValueError where the page has no such marks."""
    path.write_text(replaced(path.read_text(encoding="utf-8"), name, lines), encoding="utf-8")


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """The text with other lines between the marks of that name. Raises ValueError where there are none."""
    begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"The page has no part between “{begin}” and “{end}”.")
    body = "\n".join(lines).strip("\n")
    return f"{before}{begin}\n\n{body}\n\n{end}{after}"


def _firsts(found: Sequence[Outcome], langs: Sequence[str]) -> list[str]:
    parts = _by(found, lambda outcome: outcome.query.lang)
    return [_share(Scores.of(parts[lang]).first) if lang in parts else NOTHING for lang in langs]


def _by(found: Sequence[Outcome], part: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    """The outcomes by a part of their queries, the languages in their order here, and all of them last."""
    parts: dict[str, list[Outcome]] = {lang: [] for lang in LANGUAGES}
    for outcome in found:
        parts.setdefault(part(outcome), []).append(outcome)
    return {name: outcomes for name, outcomes in parts.items() if outcomes} | {ALL: list(found)}


def _share(part: float) -> str:
    return f"{100 * part:.1f} %"


def _head(titles: Sequence[str]) -> Iterator[str]:
    yield _row(titles)
    yield f"|---|{'--:|' * (len(titles) - 1)}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
