"""Query graphs as texts that travel in links: JSON, packed where that makes them shorter.

What comes back from a link may have been written by anybody: only what `state` can make is read.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias, get_args
from urllib.parse import quote

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering import algebra
from search.answering.algebra import MOST_LINKS, Comparison, Fold, Scale
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.answering.algebra import Hop, Question

JSON: TypeAlias = Any

MOST_TEXT = 8_192  # characters of a state
MOST_JSON = 65_536  # characters of what is packed in it
MOST_DEPTH = 40
MOST_HOPS = 6
LANGUAGE = re.compile(r"\A([a-z]{2,3})\.", re.ASCII)
PACKED = re.compile(r"[\w-]+={0,2}", re.ASCII)
SETS = frozenset(
    {
        *("Anything", "Things", "Literals", "Members", "Reached", "Narrowed"),
        *("Common", "Either", "Without", "Compared", "Ranked"),
    }
)
NUMBERS = frozenset({"Size", "Aggregate", "Share", "Difference"})
MEASURES = frozenset({"Value", "Count", "Folded"})
QUESTIONS = NUMBERS | {
    *("Listing", "Numbers", "Table", "Holds", "Every", "Definition", "Connection", "Sources"),
}


def state(question: Question, lang: str = "") -> str:
    """The text of a question, the same for equal ones; '' for one that is too large for a link.

    `lang` is the language that it was asked in: what comes next may be too short to tell it.
    """
    text = json.dumps(_written(question), ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_JSON:
        return ""
    packed = urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    shorter = min(text, packed, key=lambda one: len(quote(one)))
    said = f"{lang}.{shorter}" if lang else shorter
    return said if len(said) <= MOST_TEXT else ""


def language_of_state(text: str) -> str:
    """The language that the question of a text was asked in, '' where it does not say."""
    found = LANGUAGE.match(text)
    return found[1] if found else ""


def of_state(text: str) -> Question:
    """The question of a text. Raises ValueError that says what is wrong with any other text."""
    if len(text) > MOST_TEXT:
        raise _wrong(f"longer than {MOST_TEXT} characters")
    graph = LANGUAGE.sub("", text, count=1)
    said = graph if graph.startswith("[") else _unpacked(graph)
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise _wrong("not JSON") from error
    question: Question = _Reader(0).node(found, QUESTIONS)
    return question


def _unpacked(text: str) -> str:
    """The JSON that is packed in a text, no more than MOST_JSON of it."""
    if not PACKED.fullmatch(text):
        raise _wrong("neither JSON nor packed")
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST_JSON)
        said = data.decode()
    except (zlib.error, ValueError) as error:
        raise _wrong("cannot be unpacked") from error
    if not stream.eof or stream.unused_data:
        raise _wrong("cut off, or too long")
    return said


def _written(value: object) -> JSON:
    """A node as the list of its name and its fields; a literal as value, language and datatype."""
    match value:
        case RDFLiteral():
            return ["Literal", value.value, value.language or "", value.datatype.value]
        case Step(property=iri, inverse=inverse):
            return [iri, inverse]
        case tuple():
            return [_written(part) for part in value]
        case None | bool() | int() | str():
            return value
    members = (getattr(value, field.name) for field in fields(value))  # type: ignore[arg-type]
    return [type(value).__name__, *map(_written, members)]


@dataclass(frozen=True)
class _Reader:
    """Reads JSON as what the annotation of a field says it is; `depth` nodes are around it."""

    depth: int

    def node(self, said: JSON, names: frozenset[str]) -> Any:  # noqa: ANN401 of a class that the text names
        """A node of one of the classes of these names."""
        if self.depth >= MOST_DEPTH:
            raise _wrong(f"nested deeper than {MOST_DEPTH}")
        kind, *rest = _list(said) or [""]
        if not isinstance(kind, str) or kind not in names:
            raise _wrong(f"{_shown(kind)} where one of {', '.join(sorted(names))} belongs")
        made = getattr(algebra, kind)
        wanted = fields(made)
        if len(rest) != len(wanted):
            raise _wrong(f"{kind} has {len(wanted)} members, not {len(rest)}")
        inner = _Reader(self.depth + 1)
        node = made(*(READ[str(one.type)](inner, part) for one, part in zip(wanted, rest, strict=True)))
        _check(node)
        return node

    def set(self, said: JSON) -> algebra.Set:
        """Any set."""
        found: algebra.Set = self.node(said, SETS)
        return found

    def bound(self, said: JSON) -> RDFLiteral | algebra.Number:
        """A literal, or a number made from the graph."""
        if isinstance(said, list) and said[:1] == ["Literal"]:
            return _literal(said)
        found: algebra.Number = self.node(said, NUMBERS)
        return found


def _check(node: object) -> None:
    """Raise ValueError for a node whose members are each right, but not together."""
    match node:
        case algebra.Common(()) | algebra.Either(()) | algebra.Numbers(()):
            raise _wrong("no parts")
        case algebra.Connection(things) if len(things) < 2:
            raise _wrong("a connection of fewer than two things")
        case algebra.Connection(links=links) if not 1 <= links <= MOST_LINKS:
            raise _wrong(f"a chain of {links} links")
        case algebra.Table(columns=columns, order=order, most=most) if order >= len(columns) or most < 0:
            raise _wrong(f"{order} or {most} is out of the range")
        case algebra.Ranked(place=place, most=most) if place < 1 or most < 0:
            raise _wrong("places are counted from 1")


def _list(said: JSON) -> list[JSON]:
    if not isinstance(said, list):
        raise _wrong(f"{_shown(said)} where a list belongs")
    return said


def _iri(said: JSON) -> str:
    try:
        return IRI(said).value
    except (TypeError, ValueError) as error:
        raise _wrong(f"{_shown(said)} is not an IRI") from error


def _literal(said: JSON) -> RDFLiteral:
    members = _list(said)[1:]
    if _list(said)[:1] != ["Literal"] or len(members) != 3 or not all(isinstance(m, str) for m in members):
        raise _wrong(f"{_shown(said)} where a literal belongs")
    value, language, datatype = members
    try:
        literal = RDFLiteral(value, language=language) if language else _typed(value, datatype)
    except (TypeError, ValueError) as error:
        raise _wrong(f"{_shown(said)} is not a literal") from error
    if literal.datatype.value != datatype:
        raise _wrong(f"{_shown(said)} is not a literal")
    return literal


def _typed(value: str, datatype: str) -> RDFLiteral:
    return RDFLiteral(value, datatype=IRI(datatype))


def _path(said: JSON) -> algebra.Path:
    hops = tuple(_hop(hop) for hop in _list(said))
    if len(hops) > MOST_HOPS:
        raise _wrong(f"a path of {len(hops)} hops")
    return hops


def _hop(said: JSON) -> Hop:
    steps = tuple(_step(step) for step in _list(said))
    if not steps:
        raise _wrong("a hop without a step")
    return steps


def _step(said: JSON) -> Step:
    members = _list(said)
    if len(members) != 2:
        raise _wrong(f"{_shown(said)} where a step belongs")
    return Step(_iri(members[0]), _flag(members[1]))


def _flag(said: JSON) -> bool:
    if not isinstance(said, bool):
        raise _wrong(f"{_shown(said)} where true or false belongs")
    return said


def _count(said: JSON) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not -1 <= said <= MOST_JSON:
        raise _wrong(f"{_shown(said)} where a small number belongs")
    return said


def _one_of(names: tuple[str, ...]) -> Callable[[_Reader, JSON], str]:
    def read(_reader: _Reader, said: JSON) -> str:
        if not isinstance(said, str) or said not in names:
            raise _wrong(f"{_shown(said)} where one of {' '.join(names)} belongs")
        return said

    return read


def _wrong(what: str) -> ValueError:
    return ValueError(f"not the state of an answer: {what}")


def _shown(said: JSON) -> str:
    """The beginning of what was said, for a message."""
    return repr(said)[:40]


# How each member is read, by the annotation that it has in the algebra.
READ: dict[str, Callable[[_Reader, JSON], Any]] = {
    "str": lambda _, said: _iri(said),
    "bool": lambda _, said: _flag(said),
    "int": lambda _, said: _count(said),
    "Path": lambda _, said: _path(said),
    "Step": lambda _, said: _step(said),
    "Set": lambda reader, said: reader.set(said),
    "Set | None": lambda reader, said: None if said is None else reader.set(said),
    "Measure": lambda reader, said: reader.node(said, MEASURES),
    "Measure | None": lambda reader, said: None if said is None else reader.node(said, MEASURES),
    "Value": lambda reader, said: reader.node(said, frozenset({"Value"})),
    "Things": lambda reader, said: reader.node(said, frozenset({"Things"})),
    "RDFLiteral | Number": lambda reader, said: reader.bound(said),
    "tuple[str, ...]": lambda _, said: tuple(map(_iri, _list(said))),
    "tuple[RDFLiteral, ...]": lambda _, said: tuple(map(_literal, _list(said))),
    "tuple[Set, ...]": lambda reader, said: tuple(map(reader.set, _list(said))),
    "tuple[Number, ...]": lambda reader, said: tuple(reader.node(one, NUMBERS) for one in _list(said)),
    "tuple[Measure, ...]": lambda reader, said: tuple(reader.node(one, MEASURES) for one in _list(said)),
    "Fold": _one_of(get_args(Fold)),
    "Scale": _one_of(get_args(Scale)),
    "Comparison": _one_of(get_args(Comparison)),
}
