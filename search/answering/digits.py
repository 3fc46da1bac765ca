"""Numbers written in digits: with the marks of a locale, or in Roman capitals."""

from __future__ import annotations

import re
from decimal import Decimal

MOST_DIGITS = 30
BLANKS = " \u00a0\u2009\u202f"
GROUPS = re.compile(
    rf"[1-9][0-9]{{0,2}}([.,'’{BLANKS}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?![0-9])"
    r"(?:(?!\1)[.,][0-9]+(?![0-9]))?"
)
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+(?![.,]?[0-9]))?")
DIGITS_ONLY = re.compile(r"[0-9]+")
ROMAN = {"X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1}
ROMAN_NUMBER = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")


def digits(text: str, start: int, decimal: str) -> tuple[Decimal, int] | None:
    """The value of the digits at an offset, and the offset where they end; None for too many.

    `decimal` is the mark of decimals in the language; it decides about "1.500", and only there.
    """
    match = GROUPS.match(text, start)
    if match and _is_grouped(match[0], match[1], decimal):
        number = match[0].replace(match[1], "").replace(",", ".")
    else:
        match = PLAIN.match(text, start) or DIGITS_ONLY.match(text, start)
        number = match[0].replace(",", ".") if match else ""
    if match is None or len(number) > MOST_DIGITS:
        return None
    return Decimal(number), match.end()


def roman(text: str) -> int | None:
    """The value of a Roman number in capitals up to 39, or None."""
    if not text or not ROMAN_NUMBER.fullmatch(text):
        return None
    value = 0
    for sign, worth in ROMAN.items():
        while text.startswith(sign):
            text, value = text[len(sign) :], value + worth
    return value


def _is_grouped(number: str, mark: str, decimal: str) -> bool:
    """Whether the first mark parts thousands, and is not that of decimals."""
    other = "." if mark == "," else ","
    return mark != decimal or number.count(mark) > 1 or other in number
