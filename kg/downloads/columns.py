"""Tables and their columns: what these are called, of what type they are, and how a term becomes a cell."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from kg.cells import XSD
from kg.iris import local_name
from kg.store import IRI
from kg.store import Literal as RDFLiteral

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.store import Term

Type: TypeAlias = Literal["text", "iri", "integer", "number", "boolean", "date"]
Part: TypeAlias = Literal["class", "around"]
Row: TypeAlias = list[list[str]]
Value: TypeAlias = "str | int | float | bool | date | None"

INTEGERS = frozenset(
    f"{XSD}{name}"
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
        "unsignedByte",
    )
)
NUMBERS = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
WHOLE = re.compile(r"[-+]?[0-9]+")
NUMERAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
SPECIAL = frozenset({"INF", "+INF", "-INF", "NaN"})
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
OPAQUE = re.compile(r"[A-Za-z]{0,2}[0-9]+")  # a local name that tells nothing, as those of Wikidata
NO_WORD = re.compile(r"[^a-z0-9]+")
LARGEST = 1 << 63
LONGEST = 60  # characters of a name


class Cell(NamedTuple):
    """One value of a statement: its type, its text as it is written, and its language or ''."""

    type: Type
    text: str
    language: str = ""


@dataclass(frozen=True)
class Column:
    """A column: `many` where a row may have several values, `iri` is the property whose values it holds.

    `refers` is the table whose keys its values are, and `names` the column whose values it names.
    """

    name: str
    type: Type = "text"
    many: bool = False
    iri: str = ""
    title: str = ""
    refers: str = ""
    names: str = ""

    def value(self, text: str) -> Value:
        """A cell of it as Python has it."""
        if self.type == "integer":
            return int(text)
        if self.type == "number":
            return float(text)
        if self.type == "boolean":
            return text in ("true", "1")
        return date.fromisoformat(text) if self.type == "date" else text


@dataclass(frozen=True)
class Table:
    """A table: its name and title, its columns, those of its key, and what gives its rows, as often as asked.

    A row has for each column the values as texts: none, one, or several where the column takes many.
    """

    name: str
    title: str
    part: Part
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[], Iterator[Row]] = field(repr=False)


@dataclass
class Use:
    """How the members of a class use a property: by how many, with values of which types, once or more."""

    holders: int = 0
    many: bool = False
    types: set[Type] = field(default_factory=set)
    has_others: bool = False
    has_names: bool = False

    def take(self, cells: Sequence[Cell]) -> None:
        """Note the values of one more member."""
        self.holders += 1
        self.many = self.many or len(cells) > 1
        self.types.update(cell.type for cell in cells)

    @property
    def type(self) -> Type:
        """The one type that holds all the values."""
        if len(self.types) == 1:
            return next(iter(self.types))
        return "number" if self.types == {"integer", "number"} else "text"


class Naming:
    """Gives names that are unique, without regard to capitals, and safe in SQL, in paths and in a shell."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def name(self, iri: str, label: str, otherwise: str) -> str:
        """A name for a term: by its last part or, where that tells nothing, by its label."""
        last = local_name(iri)
        first, second = (label, last) if OPAQUE.fullmatch(last) else (last, label)
        return self.unique(_words(first) or _words(second) or otherwise)

    def unique(self, name: str) -> str:
        """The name itself, or with a number behind it where it is taken."""
        found, number = name, 1
        while found in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._taken.add(found)
        return found


def cell(term: Term) -> Cell:
    """A term as a cell; a text that its type does not allow is a text and no more."""
    if isinstance(term, IRI):
        return Cell("iri", term.value)
    if not isinstance(term, RDFLiteral):
        return Cell("text", str(term))
    kind, text = term.datatype.value, term.value
    if kind in INTEGERS and WHOLE.fullmatch(text) and len(text) < LONGEST and abs(int(text)) < LARGEST:
        return Cell("integer", text)
    if kind in INTEGERS | NUMBERS and (text in SPECIAL or NUMERAL.fullmatch(text)):
        return Cell("number", text)
    if kind == f"{XSD}boolean" and text in ("true", "false", "1", "0"):
        return Cell("boolean", text)
    if kind == f"{XSD}date" and _is_day(text):
        return Cell("date", text)
    return Cell("text", text, (term.language or "").lower())


def chosen(cells: Iterable[Cell], languages: Sequence[str]) -> list[Cell]:
    """The distinct values of a property, in the best language: English, none, then as they are listed."""
    known = list(dict.fromkeys(cells))
    if not any(one.language for one in known):
        return known
    best = min((one.language for one in known), key=lambda language: rank(language, languages))
    return [one for one in known if one.language == best]


def rank(language: str, languages: Sequence[str]) -> tuple[int, str]:
    """The place of a language among those that are preferred; the lowest is the best."""
    main = language.split("-")[0]
    order = ["en", "", *languages]
    return (order.index(main) if main in order else len(order), language)


def common(languages: Counter[str], members: int, most: int) -> list[str]:
    """The languages in which at least half of the members have a name, the most frequent first."""
    found = [language for language, count in languages.items() if language and 2 * count >= members]
    return sorted(found, key=lambda language: (-languages[language], language))[:most]


def _is_day(text: str) -> bool:
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _words(text: str) -> str:
    """A text in small ASCII letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = NO_WORD.sub("_", plain).strip("_")[:LONGEST].strip("_")
    return f"n_{name}" if name[:1].isdigit() or name.startswith("sqlite_") else name
