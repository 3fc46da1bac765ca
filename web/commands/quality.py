"""Measuring the answers of the current release."""

from __future__ import annotations

from pathlib import Path

import click

from search.examining.examination import examine
from search.examining.page import write
from search.examining.question import read_questions
from search.examining.tables import calibration, overview, self_tested
from web.commands.home import example
from web.commands.searching import opened_finder

LANGUAGES = ("en", "it", "de", "fr", "es")


@click.command(
    epilog=example(
        *("kg quality", "kg quality --count 300 --lang de"),
        "kg quality --questions q.jsonl --write page.md",
    )
)
@click.option(
    "--questions",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Questions with known answers as JSON, one object a line; may be given several times.",
)
@click.option(
    "--write",
    "page",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Put the tables into this page, between its marks “answers”.",
)
@click.option("--count", type=click.IntRange(1, 10_000), default=100, help="Questions a language; else 100.")
@click.option("--seed", type=int, default=0, help="Another number makes other questions.")
@click.option("--lang", "langs", multiple=True, type=click.Choice(LANGUAGES), help="Only this language.")
def quality(
    *, files: tuple[Path, ...], page: Path | None, count: int, seed: int, langs: tuple[str, ...]
) -> None:
    """Measure how well questions are answered: what is right, wrong and refused, how surely and how fast.

    The self-test makes questions of the graph itself and looks whether they are understood; with files of
    questions their answers are marked as well. A line of a file is an object with "question", "lang" and
    "expect", or with "q" (the question by language) and "answers" (rows of names).
    """
    from search.answer import Answerer
    from search.examining.selftest import self_test

    finder = opened_finder(by_meaning=True)
    answerer = Answerer.open(finder.release, finder)
    lines: list[str] = []
    for file in files:
        asked = [one for one in read_questions(file) if not langs or one.lang in langs]
        found = list(examine(file.parent.name, asked, answerer))
        lines += [f"### {file.parent.name}", "", *overview(found), *calibration(found)]
    lines += ["### Self-test", "", *self_tested(self_test(answerer, count, seed, langs or LANGUAGES))]
    click.echo("\n".join(lines))
    if page is not None:
        write(page, "answers", lines)


COMMANDS = (quality,)
