"""What a query knows already where a SERVICE clause stands in it, so that the endpoint is asked for no more.

The part of the query before the clause is evaluated alone, and its bindings go along as VALUES (SPARQL 1.1
Federated Query, section 2.4). The answer of the whole query stays the same: of what the endpoint would give,
only that is left out which can be joined with nothing. For that, the part may have more solutions than the
query has there but no fewer, so that each FILTER is left out of it which what follows can decide; and only
variables go along that all its solutions bind, and to IRIs, which are written in one way everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from kg.errors import QueryError
from kg.sparql.terminals import BRACKETS, Terminal, terminals, variables
from kg.store import IRI, Term

if TYPE_CHECKING:
    from kg.federating.service_clauses import ServiceClause
    from kg.sparql.prologue import Prologue

Evaluate: TypeAlias = Callable[[str], Iterable[Mapping[str, Term]]]

MOST = 200  # solutions that go along
OPENING = frozenset("([{")
# Where one of these is, the part may have other solutions the next time.
UNSTEADY = frozenset(("rand", "now", "uuid", "struuid", "bnode", "limit", "offset", "sample", "group_concat"))
IN_TRIPLES = frozenset(("a", "true", "false"))


def narrowed(clause: ServiceClause, before: str, after: str, prologue: Prologue, evaluate: Evaluate) -> str:
    """The pattern of a clause, with the bindings that are known before it, where they narrow it down.

    `before` and `after` are the query around it, and `evaluate` gives the solutions of a SELECT query.
    """
    reading = _Reading(before, clause.variables | variables(after), prologue)
    group = reading.group(after)
    names = sorted(clause.variables & variables(group))
    if not names:
        return clause.pattern
    asked = f"SELECT DISTINCT {_listed(names)} {reading.dataset} WHERE {{ {group} }} LIMIT {MOST + 1}"
    try:
        solutions = list(islice(evaluate(f"{prologue.text(())}\n{asked}"), MOST + 1))
    except QueryError:
        return clause.pattern
    names = [name for name in names if all(isinstance(one.get(name), IRI) for one in solutions)]
    if not names or len(solutions) > MOST:
        return clause.pattern
    rows = sorted({f"({' '.join(str(solution[name]) for name in names)})" for solution in solutions})
    block = f"VALUES ({_listed(names)}) {{ {' '.join(rows)} }}"
    return f"{{ {block} {_inner(clause.pattern, prologue)} }}"


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in names)


def _inner(pattern: str, prologue: Prologue) -> str:
    """The pattern, without braces where it is triples only: endpoints do best with VALUES among them."""
    triples = pattern[1:-1]
    for kind, text, _ in terminals(triples):
        is_keyword = kind == "word" and text not in IN_TRIPLES
        if text == "{" or is_keyword or (kind == "name" and not prologue.knows(text.partition(":")[0])):
            return pattern
    return triples


class _Reading:
    """The query before a clause, as it is read; `later` are the variables of the rest."""

    def __init__(self, before: str, later: set[str], prologue: Prologue) -> None:
        self._before = before
        self._later = later
        self._prologue = prologue
        self._is_steady = True
        self._open: list[str] = []
        self._dataset: list[str] = []
        self._start = 0
        self._filter: int | None = None
        self._filtered: set[str] = set()
        self._cuts: list[tuple[int, int]] = []
        self._last = (Terminal("mark", "", 0),) * 2
        for terminal in terminals(before):
            self._pass_by(terminal)
            self._last = (self._last[1], terminal)

    @property
    def dataset(self) -> str:
        """What FROM says."""
        return " ".join(self._dataset)

    def group(self, after: str) -> str:
        """The outermost group so far, if it stands alone, without each FILTER that may need the rest.

        It is '' where the clause does not stand in this group, nor alone in an OPTIONAL that does.
        """
        end = len(self._before)
        if self._open == ["{", "{"] and self._last[0].text.casefold() == "optional":
            following = next(terminals(after), None)
            end = self._last[0].start if following and following.text == "}" else 0
        elif self._open != ["{"]:
            end = 0
        if not (end and self._is_steady):
            return ""
        pieces, position = [], self._start
        for start, stop in self._cuts:
            pieces.append(self._before[position:start])
            position = stop
        return " ".join([*pieces, self._before[position:end]])

    def _pass_by(self, terminal: Terminal) -> None:
        kind, text, start = terminal
        word = text.casefold() if kind == "word" else ""
        if text in BRACKETS:
            self._turn(terminal)
        elif not self._open and (word == "from" or (self._dataset and word != "where")):
            self._dataset.append(text)
        elif word == "filter":
            if len(self._open) == 1:
                self._filter, self._filtered = start, set()
        elif kind == "variable":
            self._filtered.add(text[1:])
        else:
            self._is_steady &= not self._is_doubtful(kind, text)

    def _is_doubtful(self, kind: str, text: str) -> bool:
        """Whether what is read may have other solutions the next time, or be a FILTER without a blank."""
        if kind == "name":
            return not self._prologue.knows(text.partition(":")[0])
        return kind == "word" and (text.casefold() in UNSTEADY or "filter" in text.casefold())

    def _turn(self, bracket: Terminal) -> None:
        """Go into brackets, or out of them; a FILTER ends with the first that it has."""
        if bracket.text in OPENING:
            self._open.append(bracket.text)
            if len(self._open) == 1:
                self._start, self._cuts = bracket.end, []
            return
        self._open = self._open[:-1]
        if len(self._open) == 1 and self._filter is not None:
            if not self._filtered.isdisjoint(self._later):
                self._cuts.append((self._filter, bracket.end))
            self._filter = None
