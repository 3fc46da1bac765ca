"""Query graphs as SPARQL 1.1: the very text that is run, and that a user may run and change.

Answers are in ?answer, numbers in ?number, the columns of a table in ?c1, ?c2, ….
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import TYPE_CHECKING

from kg.cells import XSD
from kg.iris import compress
from kg.labels import DEFINITION_PROPERTIES
from kg.sources import RDF_TYPE
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Aggregate,
    Anything,
    Common,
    Compared,
    Connection,
    Count,
    Definition,
    Difference,
    Either,
    Every,
    Folded,
    Holds,
    Listing,
    Literals,
    Members,
    Narrowed,
    Numbers,
    Ranked,
    Reached,
    Share,
    Size,
    Sources,
    Table,
    Things,
    Value,
    Without,
    turned,
)
from search.answering.yore import sorting
from search.profile import NUMERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from search.answering.algebra import Hop, Measure, Number, Path, Question, Set

PREFIX = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\]|\\.)*\"|(?<![\w.-])((?:[A-Za-z][\w-]*)?):")
INDENT = "  "
# What is cheap to begin with comes first; the engine keeps the order where patterns are no plain triples.
ORDER = (Things, Literals, Narrowed, Reached, Common, Either, Compared, Ranked, Without, Members, Anything)


def sparql(question: Question, prefixes: Mapping[str, str]) -> str:
    """A SELECT query (ASK for `Holds`, those that are not for `Every`) with its prefixes declared."""
    text = _Writer(prefixes).question(question)
    used = {name for name in PREFIX.findall(text) if name in prefixes}
    xsd = {"xsd": XSD} if "xsd:" in text else {}
    names = {**{name: prefixes[name] for name in used}, **xsd}
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(names.items()))
    return declared + text


LENGTH_OF_YEAR = 4


@dataclass
class _Writer:
    prefixes: Mapping[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def question(self, question: Question) -> str:  # noqa: C901 a case for each question
        match question:
            case Listing(of, by, falling) if by is not None:
                return self._ordered(of, by, falling=falling)
            case Listing(of) | Sources(of):
                return f"SELECT DISTINCT ?answer WHERE {_group(self.set(of, '?answer'))}\nORDER BY ?answer"
            case Table():
                return self._table(question)
            case Numbers(parts):
                return self._numbers(parts)
            case Every(of, part):
                return self.question(Listing(Without(of, part)))
            case Holds(of):
                return f"ASK {_group(self.set(of, '?answer'))}"
            case Definition(of):
                return self._definition(of)
            case Connection(things, links):
                return self._connection(things, links)
        lines = self.number(question, "?number")
        return lines[1].strip() + "\n" + "\n".join(line.removeprefix(INDENT) for line in lines[2:-1])

    def set(self, one: Set, name: str) -> list[str]:  # noqa: C901 a case for each form
        """Patterns that bind a variable to the members of a set, each on its line."""
        match one:
            case Things(iris):
                return [f"VALUES {name} {{ {' '.join(map(self._iri, iris))} }}"]
            case Literals(values):
                return [f"VALUES {name} {{ {' '.join(map(str, values))} }}"]
            case Members(kind):
                return [f"{name} a {self._iri(kind)} ."]
            case Narrowed(things, step):
                below = self._hop((step.turned,)) + "*"
                return self._from(things, lambda start: [f"{start} {below} {name} ."])
            case Reached(start, path):
                return self._from(start, lambda begin: self._path(begin, path, name))
            case Common(parts):
                ordered = sorted(parts, key=lambda part: ORDER.index(type(part)))
                return [line for part in ordered for line in self.set(part, name)]
            case Either(parts):
                groups = [_group(self.set(part, name)) for part in parts]
                return " UNION ".join(groups).split("\n")
            case Without(whole, part):
                return [*self.set(whole, name), *_excluded(self.set(part, name))]
            case Compared():
                return self._compared(one, name)
            case Ranked():
                return self._ranked(one, name)
        return []

    def number(self, number: Number, name: str) -> list[str]:
        """A subquery that binds a variable to one number."""
        inner = self._new("x")
        match number:
            case Size(of):
                return _select(f"(COUNT(DISTINCT {inner}) AS {name})", self.set(of, inner))
            case Aggregate(fold, of, measure):
                value = self._new("v")
                best = self._best(of, measure, inner, value, falling=fold != "MIN")
                # Of nothing there is no sum or average, though SPARQL says 0.
                return _select(f"({fold}({value}) AS {name})", best, f"HAVING (COUNT({value}) > 0)")
            case Share(part, whole):
                return self._share(part, whole, name)
            case Difference(first, second, measure):
                return self._difference(first, second, measure, name)
        raise AssertionError(number)

    def _share(self, part: Set, whole: Set, name: str) -> list[str]:
        some, all_ = self._new("n"), self._new("n")
        lines = [*self.number(Size(part), some), *self.number(Size(whole), all_)]
        return _select(f"(100.0 * {some} / {all_} AS {name})", lines)

    def _difference(self, first: Set, second: Set, measure: Measure, name: str) -> list[str]:
        names = [self._new("n"), self._new("n")]
        lines = []
        for one, number in zip((first, second), names, strict=True):
            lines += self.number(Aggregate("MAX", one, measure), number)
        return _select(f"(ABS({names[0]} - {names[1]}) AS {name})", lines)

    def _from(self, start: Set, lines: Callable[[str], list[str]]) -> list[str]:
        """Patterns that begin at a set: at the term itself where it is one."""
        match start:
            case Things((iri,)):
                return lines(self._iri(iri))
            case Literals((value,)):
                return lines(str(value))
        begin = self._new("x")
        return [*self.set(start, begin), *lines(begin)]

    def _path(self, begin: str, path: Path, end: str) -> list[str]:
        """The hops of a path, the things between them each with a name of its own."""
        if not path:
            return [f"BIND ({begin} AS {end})"]
        lines, here = [], begin
        for hop in path[:-1]:
            there = self._new("y")
            lines.append(f"{here} {self._hop(hop)} {there} .")
            here = there
        lines.append(f"{here} {self._hop(path[-1])} {end} .")
        if len(path) == 2 and turned(path[:1]) == path[1:]:
            lines.append(f"FILTER ({begin} != {end})")  # the others of what they have in common
        return lines

    def _hop(self, hop: Hop) -> str:
        ways = [f"{'^' if step.inverse else ''}{self._iri(step.property)}" for step in hop]
        return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})"

    def _compared(self, one: Compared, name: str) -> list[str]:
        lines: list[str] = []
        bound = self._bound(one, lines)
        value = self._new("v")
        if isinstance(one.measure, Value):
            lines = [*self.set(one.whole, name), *self._value(one.measure, name, value), *lines]
        else:
            some = one.comparison in (">", ">=")
            lines = [*self._best(one.whole, one.measure, name, value, falling=some), *lines]
        return [*lines, f"FILTER ({_condition(one.measure, value, one.comparison, bound)})"]

    def _bound(self, one: Compared, lines: list[str]) -> str:
        """What a value is compared with; the patterns that make it from the graph are added to the lines."""
        if isinstance(one.bound, (Size, Aggregate, Share, Difference)):
            name = self._new("b")
            lines += self.number(one.bound, name)
            return name
        is_number = NUMERAL.fullmatch(one.bound.value) and not _is_said(one.measure)
        return one.bound.value.strip() if is_number else str(RDFLiteral(one.bound.value))

    def _ranked(self, one: Ranked, name: str) -> list[str]:
        value = self._new("v")
        best = self._best(one.whole, one.measure, name, value, falling=one.falling)
        order = f"ORDER BY {'DESC' if one.falling else 'ASC'}({value})"
        if one.most:
            part = f"{order} {name} LIMIT {one.most}" + (f" OFFSET {one.place - 1}" if one.place > 1 else "")
            return _select(name, best, part)
        there, top = self._new("x"), self._new("v")
        first = self._best(one.whole, one.measure, there, top, falling=one.falling)
        if one.place == 1:
            bound = self._new("b")
            limit = _select(f"({'MAX' if one.falling else 'MIN'}({top}) AS {bound})", first)
            return [*best, *limit, f"FILTER ({value} = {bound})"]
        order = f"ORDER BY {'DESC' if one.falling else 'ASC'}({top}) LIMIT 1 OFFSET {one.place - 1}"
        return [*best, *_select(f"DISTINCT ({top} AS {value})", first, order)]

    def _best(self, whole: Set, measure: Measure, name: str, value: str, *, falling: bool) -> list[str]:
        inner = self._new("v")
        match measure:
            case Value():
                lines = [
                    *self.set(whole, name),
                    *self._value(measure, name, inner),
                    *_numbers(measure, inner),
                ]
                fold = f"{'MAX' if falling else 'MIN'}({inner})"
            case Count(path, of):
                lines = [*self._once(whole, name), *self._counted(path, of, name, inner, zero=not falling)]
                fold = f"COUNT(DISTINCT {inner})"
            case Folded(fold_, path, of_value):
                there = self._new("y")
                lines = [*self._once(whole, name), *self._path(name, path, there)]
                lines += [*self._value(of_value, there, each := self._new("v")), *_numbers(of_value, each)]
                one = f"({'MIN' if fold_ == 'MIN' else 'MAX'}({each}) AS {inner})"  # whatever sources say
                lines = _select(f"{name} {there} {one}", lines, f"GROUP BY {name} {there}")
                fold = f"{fold_}({inner})"
        return _select(f"{name} ({fold} AS {value})", lines, f"GROUP BY {name}")

    def _counted(self, path: Path, of: Set | None, name: str, found: str, *, zero: bool) -> list[str]:
        """What a path leads to from a thing; nothing too, where that may matter."""
        lines = self._path(name, path, found)
        if of is not None:
            lines += self.set(of, found)
        return _said("OPTIONAL", lines) if zero else lines

    def _value(self, measure: Value, name: str, value: str) -> list[str]:
        if measure.scale == "number" and not measure.is_cast:
            return self._path(name, measure.path, value)
        raw = self._new("s")
        if measure.scale == "date":
            text = sorting(f"STR({raw})") if measure.is_cast else f"STR({raw})"
        else:
            text = f"xsd:decimal({raw})" if measure.is_cast else f"STR({raw})"
        return [*self._path(name, measure.path, raw), f"BIND ({text} AS {value})"]

    def _ordered(self, of: Set, by: Measure, *, falling: bool) -> str:
        lines = self._best(of, by, "?answer", "?value", falling=falling)
        order = "DESC" if falling else "ASC"
        return f"SELECT ?answer ?value WHERE {_group(lines)}\nORDER BY {order}(?value) ?answer"

    def _table(self, table: Table) -> str:
        lines = self._once(table.of, "?answer")
        columns = [f"?c{place}" for place in range(1, len(table.columns) + 1)]
        for column, measure in zip(columns, table.columns, strict=True):
            lines += self._column(table.of, measure, column)
        order = "?answer"
        if table.order >= 0:
            order = f"{'DESC' if table.falling else 'ASC'}({columns[table.order]}) ?answer"
        limit = f"\nLIMIT {table.most}" if table.most else ""
        return f"SELECT DISTINCT ?answer {' '.join(columns)} WHERE {_group(lines)}\nORDER BY {order}{limit}"

    def _column(self, of: Set, measure: Measure, name: str) -> list[str]:
        if isinstance(measure, Value):
            return _said("OPTIONAL", self._path("?answer", measure.path, name))
        if isinstance(measure, Count):
            lines = [
                *self._once(of, "?answer"),
                *self._path("?answer", measure.path, inner := self._new("y")),
            ]
            lines += self.set(measure.of, inner) if measure.of is not None else []
            return _select(f"?answer (COUNT(DISTINCT {inner}) AS {name})", lines, "GROUP BY ?answer")
        return self._best(of, measure, "?answer", name, falling=True)

    def _once(self, of: Set, name: str) -> list[str]:
        """Each member of a set once: what all members of a large class lead to would be joined many times."""
        lines = self.set(of, name)
        return _select(f"DISTINCT {name}", lines) if isinstance(of, Reached) else lines

    def _numbers(self, parts: Iterable[Number]) -> str:
        names = [f"?c{place}" for place in range(1, len(tuple(parts)) + 1)]
        lines = [
            line
            for part, name in zip(parts, names, strict=True)
            for line in _any(part, self.number(part, name))
        ]
        is_any = " || ".join(f"BOUND({name})" for name in names)
        return f"SELECT {' '.join(names)} WHERE {_group([*lines, f'FILTER ({is_any})'])}"

    def _definition(self, iri: str) -> str:
        path = "|".join(self._iri(one.value) for one in DEFINITION_PROPERTIES)
        lines = [f"VALUES ?answer {{ {self._iri(iri)} }}", f"OPTIONAL {{ ?answer {path} ?definition }}"]
        return f"SELECT ?answer ?definition WHERE {_group(lines)}"

    def _connection(self, things: Iterable[str], links: int) -> str:
        """Chains of statements from one thing to another; what both are alone connects nothing."""
        first, second, *_ = map(self._iri, things)
        stops = [*(first, "?answer", "?other")[:links], second]
        names = [f"?c{place}" for place in range(1, links + 1)]
        lines = []
        for name, (one, next_) in zip(names, pairwise(stops), strict=True):
            lines += [f"{{ {one} {name} {next_} }} UNION {{ {next_} {name} {one} }}"]
            lines += [f"FILTER ({name} != <{RDF_TYPE.value}>)"] if links > 1 else []
        between = [stop for stop in stops if stop.startswith("?")]
        return f"SELECT DISTINCT {' '.join([*between, *names])} WHERE {_group(lines)}"

    def _iri(self, iri: str) -> str:
        return compress(iri, self.prefixes)

    def _new(self, letter: str) -> str:
        return f"?{letter}{next(self.numbers)}"


def _condition(measure: Measure, value: str, comparison: str, bound: str) -> str:
    """A comparison; of dates at the precision of what they are compared with.

    A month is before or after a day of another month, and neither of one of its own days.
    """
    if not (isinstance(measure, Value) and measure.scale == "date") or bound.startswith("?"):
        return f"{value} {comparison} {bound}"
    length = len(bound) - 2
    if comparison == "=":
        return f"STRSTARTS({value}, {bound})"
    compared = f"SUBSTR({value}, 1, {length}) {comparison} {bound}"
    if length <= LENGTH_OF_YEAR:
        return compared
    return f"{compared} && (STRLEN({value}) >= {length} || !STRSTARTS({bound}, {value}))"


def _is_said(measure: Measure) -> bool:
    """Whether what is measured is compared as a text, as dates are."""
    return isinstance(measure, Value) and measure.scale != "number"


def _numbers(measure: Value, value: str) -> list[str]:
    """Leaves out the texts that are no numbers, where others are."""
    return [f"FILTER (BOUND({value}))"] if measure.is_cast else []


def _select(shown: str, lines: Iterable[str], rest: str = "") -> list[str]:
    """A subquery, each of its lines."""
    inner = [
        f"SELECT {shown} WHERE {{",
        *(INDENT + line for line in lines),
        "}" + (f" {rest}" if rest else ""),
    ]
    return ["{", *(INDENT + line for line in inner), "}"]


def _excluded(lines: list[str]) -> list[str]:
    """Leaves out what patterns find; NOT EXISTS would put each thing in before LIMIT counts."""
    is_counted = any(" LIMIT " in line for line in lines)
    return _said("MINUS" if is_counted else "FILTER NOT EXISTS", lines)


def _any(number: Number, lines: list[str]) -> list[str]:
    """A number beside others, which are told where it is made of nothing."""
    return lines if isinstance(number, Size) else _said("OPTIONAL", lines)


def _said(word: str, lines: list[str]) -> list[str]:
    """A word and a group: `OPTIONAL { … }`."""
    return f"{word} {_group(lines)}".split("\n")


def _group(lines: Iterable[str]) -> str:
    return "{\n" + "\n".join(INDENT + line for line in lines) + "\n}"
