"""How the words of a number add up and multiply: the same in all languages, over what each word adds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PART, HUNDRED, SCALE, COLLECTIVE, FRACTION, ARTICLE, JOIN = range(7)


@dataclass(frozen=True)
class Atom:
    """What a word adds to a number: its sort and its value."""

    sort: int
    value: Decimal
    stands_alone: bool = True


@dataclass
class Sum:
    """A number while its words are read; `group` is what the next scale multiplies."""

    vigesimal: frozenset[int]
    total: Decimal = Decimal(0)
    group: Decimal = Decimal(0)
    last: Decimal = Decimal(1)
    begun: bool = False
    article: bool = False
    finished: bool = False
    linked: bool = False

    def take(self, atom: Atom) -> bool:
        """Whether the next word goes on with this number; it is then part of it."""
        if self.finished or (self.article and atom.sort in (PART, ARTICLE, JOIN)):
            return False
        if atom.sort in (ARTICLE, JOIN):
            return self._open(atom)
        way = self._ways.get(atom.sort)
        taken = way is not None and (self.begun or self.article or atom.stands_alone) and way(atom)
        if taken:
            self.begun, self.article, self.linked = True, False, False
        return taken

    @property
    def _ways(self) -> dict[int, Callable[[Atom], bool]]:
        return {PART: self._part, HUNDRED: self._hundred, SCALE: self._scale, COLLECTIVE: self._collective}

    def _open(self, atom: Atom) -> bool:
        """An article begins a number; what joins goes on with one."""
        if atom.sort == JOIN:
            self.linked = self.begun
            return self.begun
        self.article = not self.begun
        return self.article

    @property
    def value(self) -> Decimal:
        """The number so far."""
        return self.total + self.group

    def _part(self, atom: Atom) -> bool:
        value, tens = atom.value, self.group % 100
        if not self.begun:
            fits = True
        elif value < 1:
            fits = value > 0 and self.group >= 1 and self.group % 1 == 0
        elif self.group == 0:
            fits = self.total > 0 and value < 1000
        elif self.linked and 0 < tens < 10:
            fits = 20 <= value < 100 and value % 10 == 0
        else:
            fits = self._follows(value, tens)
        if fits:
            self.group += value
            self.last = Decimal(1)
        return fits

    def _follows(self, value: Decimal, tens: Decimal) -> bool:
        """Whether a unit or a ten can follow what ends with these tens."""
        if tens == 0:
            return value < 100
        teens = tens in self.vigesimal and 10 <= value < 20
        return tens % 10 == 0 and tens >= 20 and (value < 10 or teens)

    def _hundred(self, atom: Atom) -> bool:
        if not self.begun or (self.group == 0 and self.total > 0):
            self.group = atom.value
        elif 0 < self.group < 100 and self.group % 1 == 0:
            self.group *= atom.value
        else:
            return False
        return True

    def _scale(self, atom: Atom) -> bool:
        below = self.total if self.total < atom.value else self.total % atom.value
        low = below + self.group if self.begun else Decimal(1)
        if low == 0:
            return False
        self.total += low * atom.value - below
        self.group, self.last = Decimal(0), atom.value
        return True

    def _collective(self, atom: Atom) -> bool:
        self.group = (self.value if self.begun else Decimal(1)) * atom.value
        self.total, self.finished = Decimal(0), True
        return True
