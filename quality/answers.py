"""Answers measured over files of questions: `python -m quality answers`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quality.finding import measured_release
from search.answer import Answerer
from search.encoder import load_encoder
from search.examining.examination import examine
from search.examining.question import read_questions
from search.ranking import Finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.examining.examination import Examined
    from search.examining.question import Question


@dataclass(frozen=True)
class Wanted:
    """Which questions are asked: of these languages and kinds, or of all where none is given."""

    langs: frozenset[str]
    kinds: frozenset[str]

    def chosen(self, questions: Iterable[Question]) -> list[Question]:
        """The questions that are wanted."""
        return [one for one in questions if self._wants(one)]

    def _wants(self, question: Question) -> bool:
        return (not self.langs or question.lang in self.langs) and (
            not self.kinds or question.kind in self.kinds
        )


def sittings(files: Sequence[str], home: Path | None) -> list[tuple[Path, Path | None]]:
    """Each file with its home: that after its last colon, or else the one given for all."""
    pairs = (file.rpartition(":") if ":" in file else (file, "", "") for file in files)
    return [(Path(file), Path(own) if own else home) for file, _, own in pairs]


def examined(
    files: Iterable[tuple[Path, Path | None]], wanted: Wanted, *, by_meaning: bool
) -> Iterator[Examined]:
    """The answers to the questions of each file over the release of its home.

    Raises NotAnExamination, ReleaseError, OSError.
    """
    encoder = load_encoder() if by_meaning else None
    for path, home in files:
        questions = wanted.chosen(read_questions(path))
        with measured_release(home) as release:
            answerer = Answerer.open(release, Finder.open(release, encoder))
            yield from examine(path.parent.name, questions, answerer)


def write_failures(path: Path, found: Iterable[Examined]) -> None:
    """Write what is not marked right, one object a line."""
    lines = (json.dumps(one.as_json(), ensure_ascii=False) for one in found if one.mark != "right")
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
