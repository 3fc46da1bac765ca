"""What can be joined with what: the relations of a release, the ways, measures, places and kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from kg.store import IRI
from kg.store import Literal as RDFLiteral
from search.answering.algebra import (
    Anything,
    Common,
    Compared,
    Either,
    Literals,
    Members,
    Narrowed,
    Ranked,
    Reached,
    Things,
    Without,
)
from search.answering.kinds import Kinds
from search.answering.measures import Measures
from search.answering.places import Places
from search.answering.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.answering.algebra import Path, Set
    from search.answering.relation import Relation, Types


@dataclass
class Schema(Ways, Measures, Places, Kinds):
    """The profile of a release, looked at from a question."""

    _chains: dict[str, bool] = field(default_factory=dict, init=False)

    def chains(self, relation: Relation) -> bool:
        """Whether a relation leads on from where it leads to ("border", never "religion")."""
        if relation.iri not in self._chains:
            names = sorted({step.property for step in relation.hop})
            rows = (
                self.store.ask(f"ASK {{ ?a <{first}> ?b . ?b <{second}> ?c }}")
                for first in names
                for second in names
            )
            self._chains[relation.iri] = any(rows)
        return self._chains[relation.iri]

    def says_nothing(self, path: Path) -> bool:
        """Whether a path has only relations that any verb may mean, as none has a name of its own."""
        return all(step.property in self.vague for hop in path for step in hop)

    def denied(self, of: Set) -> Set | None:
        """What is recorded as not being so, where a set is all that is; None where that is not recorded."""
        match of:
            case Reached(Literals((true,)), ((step,),) as path) if true.value == "true":
                false = RDFLiteral("false", datatype=true.datatype)
                known = self.store.quads(predicate=IRI(step.property), object=false)
                return Reached(Literals((false,)), path) if next(known, None) else None
        return None

    def types_of(self, of: Set) -> Types:
        """The types of the members of a set; none where nothing tells."""
        match of:
            case Things(iris):
                return frozenset(kind for iri in iris for kind in self.types(iri))
            case Members(kind):
                return frozenset({kind})
            case Reached(start, path):
                return reduce(lambda types, hop: self.hop_ends(hop, types), path, self.types_of(start))
            case Common(parts):
                return self._met(types for part in parts if (types := self.types_of(part)))
            case Either(parts):
                return frozenset(kind for part in parts for kind in self.types_of(part))
            case Compared(Anything(), measure):
                return frozenset(kind for step in measure.path[0] for kind in self.starts(step))
            case Narrowed(whole) | Compared(whole) | Ranked(whole) | Without(whole):
                return self.types_of(whole)
        return frozenset()

    def _met(self, known: Iterable[Types]) -> Types:
        """What things of all of some types are; the first of them where those do not meet."""
        rows = list(known)
        return reduce(lambda one, other: self.meet(one, other) or one, rows) if rows else frozenset()
