"""What follows, kept up to date as statements come and go, without drawing all of it again.

By deletion and rederivation (Gupta, Mumick and Subrahmanian, "Maintaining views incrementally", SIGMOD 1993):
first everything goes that may have rested on what is gone, then what still follows from the rest comes
back, and last what follows from the new. The result is what `kg.inference` draws from scratch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kg.sources import RDF_TYPE
from kg.store import IRI, BlankNode, Triple

if TYPE_CHECKING:
    from kg.inference import Axioms, Signed
    from kg.store import Term

Node: TypeAlias = IRI | BlankNode | Triple
Matches: TypeAlias = Callable[["Node | None", "IRI | None", "Term | None"], Iterator[Triple]]

MOST_STEPS = 1_000_000


class TooMuch(Exception):
    """So much changes that drawing everything again is quicker."""


class Lost:
    """Triples that are gone and by which others may have been drawn."""

    def __init__(self) -> None:
        self.links_to: dict[tuple[IRI, Term], list[Triple]] = defaultdict(list)
        self.links_from: dict[tuple[IRI, Term], list[Triple]] = defaultdict(list)

    def add(self, triple: Triple) -> None:
        """Note a triple."""
        self.links_to[triple.predicate, triple.object].append(triple)
        self.links_from[triple.predicate, triple.subject].append(triple)


@dataclass
class Deduction:
    """The triples that follow from those that are stated.

    `facts` gives the triples, stated or derived, that match a pattern, in which None is anything;
    `is_derived` tells whether a triple is held as derived, and `derive` and `forget` change that.
    """

    axioms: Axioms
    facts: Matches
    is_derived: Callable[[Triple], bool]
    derive: Callable[[Triple], None]
    forget: Callable[[Triple], None]
    _steps: int = 0
    _premises: dict[IRI, set[Signed]] = field(default_factory=lambda: defaultdict(set))
    _narrower: dict[Term, set[IRI]] = field(default_factory=lambda: defaultdict(set))
    _fixing: dict[tuple[IRI, Term], set[IRI]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for prop in list(self.axioms.implied):
            for implied, backwards in self.axioms.properties_implied(prop):
                self._premises[implied].add((prop, backwards))
        for kind in [*self.axioms.super_classes, *self.axioms.restrictions]:
            if not isinstance(kind, IRI):
                continue
            wider = self.axioms.classes_implied(kind)
            for implied in wider:
                self._narrower[implied].add(kind)
            for prop, value in self.axioms.values_fixed((kind, *wider)):
                self._fixing[prop, value].add(kind)

    def update(self, gone: Iterable[Triple], come: Iterable[Triple]) -> None:
        """Take what is no longer stated and what newly is; `facts` shows both changes already.

        Raises TooMuch, with the derived triples in no certain state.
        """
        gone, come = list(gone), list(come)
        doubtful = self._doubtful(gone)
        for triple in doubtful:
            self.forget(triple)
        self._restore({*doubtful, *gone})
        for triple in come:
            if self.is_derived(triple):
                self.forget(triple)
        self._extend(come)

    def _doubtful(self, gone: list[Triple]) -> set[Triple]:
        """All derived triples that may rest on what is gone."""
        found: set[Triple] = set()
        waiting, lost = list(gone), Lost()
        for triple in gone:
            lost.add(triple)
        while waiting:
            for triple in self._consequences(waiting.pop(), lost):
                if triple not in found and self.is_derived(triple):
                    found.add(triple)
                    lost.add(triple)
                    waiting.append(triple)
        return found

    def _restore(self, candidates: set[Triple]) -> None:
        """Derive those of the candidates again that still follow."""
        waiting = [triple for triple in candidates if self._follows(triple)]
        while waiting:
            triple = waiting.pop()
            if triple in candidates and not self._is_known(triple):
                self.derive(triple)
                waiting.extend(one for one in self._consequences(triple, Lost()) if one in candidates)

    def _extend(self, come: list[Triple]) -> None:
        """Derive what follows from the new."""
        waiting = list(come)
        while waiting:
            for triple in self._consequences(waiting.pop(), Lost()):
                if not self._is_known(triple):
                    self.derive(triple)
                    waiting.append(triple)

    def _is_known(self, triple: Triple) -> bool:
        return any(True for _ in self.facts(triple.subject, triple.predicate, triple.object))

    def _consequences(self, triple: Triple, lost: Lost) -> Iterator[Triple]:
        """What follows in one step from a triple and those that are known, or among the `lost`."""
        for found in self._direct(triple):
            self._count()
            yield found
        if triple.predicate in self.axioms.transitive:
            for found in self._chained(triple, lost):
                self._count()
                yield found

    def _direct(self, triple: Triple) -> Iterator[Triple]:
        subject, prop, value = triple.subject, triple.predicate, triple.object
        for implied, backwards in self.axioms.properties_implied(prop):
            if not backwards:
                yield Triple(subject, implied, value)
            elif isinstance(value, IRI | BlankNode):
                yield Triple(value, implied, subject)
        if prop == RDF_TYPE and isinstance(value, IRI):
            wider = self.axioms.classes_implied(value)
            for kind in wider - self.axioms.restrictions.keys():
                yield Triple(subject, RDF_TYPE, kind)
            for fixed, fixed_value in self.axioms.values_fixed((value, *wider)):
                yield Triple(subject, fixed, fixed_value)

    def _chained(self, triple: Triple, lost: Lost) -> Iterator[Triple]:
        """The chains of a transitive property that a triple is a link of; IRIs are linked, as in a build."""
        subject, prop, value = triple.subject, triple.predicate, triple.object
        if not (isinstance(subject, IRI) and isinstance(value, IRI)):
            return
        for before in [*self.facts(None, prop, subject), *lost.links_to[prop, subject]]:
            if isinstance(before.subject, IRI):
                yield Triple(before.subject, prop, value)
        for after in [*self.facts(value, prop, None), *lost.links_from[prop, value]]:
            if isinstance(after.object, IRI):
                yield Triple(subject, prop, after.object)

    def _follows(self, triple: Triple) -> bool:
        """Whether a triple follows in one step from those that are known."""
        subject, prop, value = triple.subject, triple.predicate, triple.object
        if self._is_implied(subject, prop, value):
            return True
        kinds = self._fixing.get((prop, value), set())
        if prop == RDF_TYPE and value not in self.axioms.restrictions:
            kinds = kinds | self._narrower.get(value, set())
        if any(True for kind in kinds for _ in self.facts(subject, RDF_TYPE, kind)):
            return True
        return prop in self.axioms.transitive and any(
            True
            for link in self.facts(subject, prop, None)
            if isinstance(link.object, IRI) and isinstance(value, IRI)
            for _ in self.facts(link.object, prop, value)
        )

    def _is_implied(self, subject: Node, prop: IRI, value: Term) -> bool:
        for premise, backwards in self._premises.get(prop, ()):
            source, target = (value, subject) if backwards else (subject, value)
            if isinstance(source, IRI | BlankNode) and any(True for _ in self.facts(source, premise, target)):
                return True
        return False

    def _count(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuch
