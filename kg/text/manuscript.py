"""What is read from the file of a document: its text, and what the file says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg import cells
from kg.errors import ForeignDataError

DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?(?![\d-])")
LONGEST_TITLE = 200
BLANKS = re.compile(r"\s+")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Manuscript:
    """A document as its file has it; what the file does not say is ''."""

    text: str
    title: str = ""
    date: str = ""
    lang: str = ""

    def checked(self, most: int) -> Manuscript:
        """The same without what no text has. Raises ForeignDataError where it is empty or too long."""
        text = UNPRINTABLE.sub(" ", self.text)
        if len(text) > most:
            message = f"has a text of {len(text):,} characters and may have {most:,}; split it"
            raise ForeignDataError(message)
        if not any(letter.isalnum() for letter in text):
            message = "has no text; what is scanned has to be recognised first" if text else "is empty"
            raise ForeignDataError(message)
        return Manuscript(text, one_line(self.title), date_in(self.date), language_in(self.lang))


def date_in(text: str) -> str:
    """The year, month or day that a date begins with ("2025-03-01T10:00Z"), or ''."""
    found = DATE.match(text.strip())
    while found:
        if cells.date_type(found[0]):
            return found[0]
        found = DATE.match(found[0].rpartition("-")[0])
    return ""


def language_in(text: str) -> str:
    """A language tag such as "it" or "pt-BR", or '' where the text is none."""
    tag = text.strip().replace("_", "-")
    primary, dash, rest = tag.partition("-")
    tag = primary.lower() + dash + rest
    return tag if cells.LANGUAGE.fullmatch(tag) else ""


def one_line(text: str) -> str:
    """A text in one line, cut where no title is so long."""
    line = BLANKS.sub(" ", UNPRINTABLE.sub(" ", text)).strip()
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
