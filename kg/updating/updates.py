"""A SPARQL update as its operations, told apart by the terminals of the grammar (SPARQL 1.1 Query, 19.8).

The engine gives no syntax tree, and says of an update only that it was made. So that a write can be told
quad by quad, its operations are taken apart here: blocks are found by their brackets, never understood, and
handed to the engine as they were written. Only what the engine's own parser has accepted is taken apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import WriteRefused
from kg.sparql.keywords import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.sparql.keywords import Token

MANAGEMENT = frozenset({"load", "clear", "drop", "create", "add", "move", "copy"})
SEVERAL = frozenset({"default", "named", "all"})


@dataclass(frozen=True)
class Operation:
    """One operation, its parts as they were written; a part that is absent is ''.

    `kind` is "insert data", "delete data", "delete where", "modify" or the name of an operation of graph
    management. `prologue` is what was declared before it. `delete` and `insert` are quads between
    braces, `where` a group; `graph` is the IRI after WITH, `using` has pairs of whether NAMED and an IRI;
    `targets` are the graphs of graph management, an IRI, "default", "named" or "all". `where_start` is the
    place of WHERE in the text.
    """

    kind: str
    prologue: str
    delete: str = ""
    insert: str = ""
    graph: str = ""
    using: tuple[tuple[bool, str], ...] = ()
    where: str = ""
    targets: tuple[str, ...] = ()
    silent: bool = False
    where_start: int = 0


def operations(text: str) -> list[Operation]:
    """The operations of an update, in order. Raises WriteRefused where they cannot be told apart."""
    return list(_Reading(text).operations())


def with_dataset(text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """The update with the graphs of the protocol (SPARQL 1.1 Protocol, section 2.2.3) put into its USING.

    Raises WriteRefused where it names its own, by USING or WITH.
    """
    clauses = [f"USING <{iri}> " for iri in default_graphs]
    clauses += [f"USING NAMED <{iri}> " for iri in named_graphs]
    found = operations(text) if clauses else []
    check_has_no_dataset(found)
    pieces, position = [], 0
    for one in found:
        if one.kind in ("modify", "delete where"):
            # DELETE WHERE has no place for USING: its pattern is written out as both of its parts.
            shortcut = one.delete if one.kind == "delete where" else ""
            pieces += [text[position : one.where_start], shortcut, " ", *clauses]
            position = one.where_start
    return "".join([*pieces, text[position:]])


def check_has_no_dataset(found: Sequence[Operation]) -> None:
    """Raise WriteRefused where operations name graphs by USING or WITH, as the request does already."""
    if any(one.graph or one.using for one in found):
        message = (
            "The update names its graphs by USING or WITH, and the request by using-graph-uri or "
            "using-named-graph-uri; name them in one place."
        )
        raise WriteRefused(message)


class _Reading:
    """The tokens of an update, taken one by one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._place = 0
        self._prologue = ""

    def operations(self) -> Iterator[Operation]:
        while self._declare():
            yield self._operation()
            if not self._take(";"):
                break
        if self._word():
            raise self._lost()

    def _declare(self) -> bool:
        """Note the declarations that come next; whether there is an operation after them."""
        while self._word() in ("base", "prefix", "version"):
            start = self._next().start
            if self._tokens[self._place - 1].word == "prefix":
                self._next()
            self._prologue += self._text[start : self._next().end] + "\n"
        return bool(self._word())

    def _operation(self) -> Operation:
        word = self._word()
        if word in MANAGEMENT:
            return self._management()
        graph = self._next_text() if self._take("with") else ""
        if self._take("insert"):
            if self._take("data"):
                return Operation("insert data", self._prologue, insert=self._block())
            return self._modify(graph, "", self._block())
        if not self._take("delete"):
            raise self._lost()
        if self._take("data"):
            return Operation("delete data", self._prologue, delete=self._block())
        if self._word() == "where":
            start = self._next().start
            pattern = self._block()
            return Operation("delete where", self._prologue, delete=pattern, where=pattern, where_start=start)
        delete = self._block()
        return self._modify(graph, delete, self._block() if self._take("insert") else "")

    def _modify(self, graph: str, delete: str, insert: str) -> Operation:
        using = []
        while self._take("using"):
            named = self._take("named")
            using.append((named, self._next_text()))
        start = self._next().start
        if self._tokens[self._place - 1].word != "where":
            raise self._lost()
        return Operation(
            "modify", self._prologue, delete, insert, graph, tuple(using), self._block(), where_start=start
        )

    def _management(self) -> Operation:
        kind = self._next().word
        silent = self._take("silent")
        targets = [self._target()]
        if self._take("into") or self._take("to"):
            targets.append(self._target())
        return Operation(kind, self._prologue, targets=tuple(targets), silent=silent)

    def _target(self) -> str:
        if self._word() in SEVERAL:
            return self._next().word
        self._take("graph")
        return self._next_text()

    def _block(self) -> str:
        """The text from a brace to the one that closes it."""
        start, depth = self._next(), 1
        if start.word != "{":
            raise self._lost()
        end = start
        while depth:
            end = self._next()
            depth += (end.word == "{") - (end.word == "}")
        return self._text[start.start : end.end]

    def _word(self) -> str:
        return self._tokens[self._place].word if self._place < len(self._tokens) else ""

    def _take(self, word: str) -> bool:
        if self._word() != word:
            return False
        self._place += 1
        return True

    def _next(self) -> Token:
        if self._place >= len(self._tokens):
            raise self._lost()
        self._place += 1
        return self._tokens[self._place - 1]

    def _next_text(self) -> str:
        token = self._next()
        return self._text[token.start : token.end]

    def _lost(self) -> WriteRefused:
        place = min(self._place, len(self._tokens) - 1)
        near = self._tokens[place].word if self._tokens else ""
        message = f"The update cannot be taken apart near “{near[:40]}”; send its operations one by one."
        return WriteRefused(message)
