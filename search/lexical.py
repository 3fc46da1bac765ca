"""The word index: which entries have the words of a text, ranked by BM25 (SQLite FTS5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.database import Database, created
from search.tokens import key, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from search.corpus import Entry
    from search.words import Language

FILE = "words.sqlite"
# The words come folded and separated by blanks; the engine only has to keep marks inside them.
SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(
  names, text, content='', columnsize=1, prefix='4 5 6',
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
"""
# A word in a name counts four times one elsewhere.
MATCHING = """SELECT rowid, -bm25(words, 4.0, 1.0) AS score FROM words
  WHERE words MATCH ? ORDER BY score DESC, rowid LIMIT ?"""
ALL_WORDS = 1.0  # how much more it counts to have every word, in parts of the best score
SHORTEST_STEM = 4
MOST_WORDS = 32


class WordIndex:
    """Read access to the word index of one release."""

    def __init__(self, index: Path) -> None:
        self._database = Database(index / FILE, SCHEMA)

    def matching(self, text: str, language: Language, most: int) -> list[tuple[int, float]]:
        """Rows of the entries that share words with the text, the best first, with their BM25 (> 0).

        A word matches all words that begin with its stem; closed-class words of the language are left
        out unless there are no others.
        """
        words = [token.key for token in tokenize(text)]
        telling = [word for word in words if not language.is_empty(word)] or words
        if not telling:
            return []
        patterns = [_pattern(word, language) for word in dict.fromkeys(telling[:MOST_WORDS])]
        scores = dict(self._database.rows(MATCHING, " OR ".join(patterns), most))
        best = max(scores.values(), default=0.0)
        for row, score in self._database.rows(MATCHING, " AND ".join(patterns), most):
            scores[row] = score + ALL_WORDS * best
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        return [(row - 1, score) for row, score in ranked]


def write_words(index: Path, entries: Iterable[Entry]) -> None:
    """Index the names and words of entries, each under the row of its place in the order given."""
    with created(index / FILE, SCHEMA) as connection:
        connection.executemany(
            "INSERT INTO words (rowid, names, text) VALUES (?, ?, ?)",
            (
                (row, " ".join(key(name) for name in entry.names), key(entry.words))
                for row, entry in enumerate(entries, start=1)
            ),
        )
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def _pattern(word: str, language: Language) -> str:
    """The FTS5 expression for one folded word: letters and digits only, hence safe in quotes."""
    stem = language.stem(word)
    if len(stem) >= SHORTEST_STEM and word.startswith(stem):
        return f'"{stem}"*'
    return f'"{word}"'
