"""What can be joined with what: the relations of a release, the ways, the measures and the places."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, reduce
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
from search.answering.measures import Measures
from search.answering.places import Places
from search.answering.ways import Ways
from search.profile import Step
from search.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.answering.algebra import Path, Set
    from search.answering.relation import Relation, Types

FEW_EACH = 2.0  # categories of a thing, at most, on average
MANY_EACH = 2  # things of a category, at least, on average
OF_CLASS = "SELECT DISTINCT ?thing ?kind { ?thing a ?kind FILTER(ISIRI(?thing)) } ORDER BY ?thing LIMIT 1000"


@dataclass
class Schema(Ways, Measures, Places):
    """The profile of a release, looked at from a question."""

    _chains: dict[str, bool] = field(default_factory=dict, init=False)

    def categorising(self, types: Types) -> Step | None:
        """The property by which things of these classes say of what kind others are; None where none does.

        It gives few kinds to each, and nothing else leads to them.
        """
        into = [
            Step(name)
            for name, use in sorted(self.profile.uses.items())
            if use.steps == [Step(name)] and not types.isdisjoint(use.objects)
            if not (use.transitive or any(use.subjects.keys() & types))
        ]
        if len(into) != 1 or "" in types:
            return None
        name = into[0].property
        kinds = self.profile.uses[name].objects
        members = sum(self.profile.members[kind] for kind in kinds)
        return into[0] if self._says_kind(name, *kinds) and self.classifies(name, members) else None

    @cached_property
    def sorting(self) -> tuple[str, ...]:
        """The properties whose values are texts that say of what kind things are."""
        texts = (name for name, use in sorted(self.profile.uses.items()) if use.values["text"] == use.count)
        return tuple(name for name in texts if self._says_kind(name))

    def _says_kind(self, *iris: str) -> bool:
        """Whether a property, or a class that it leads to, is called a kind."""
        forms = (form for iri in iris for form in self.lexicon.of(iri))
        return any(not WORDS.kinds(form.lang).isdisjoint(form.key.split()) for form in forms)

    def classifies(self, name: str, kinds: int) -> bool:
        """Whether a property gives few of so many kinds to each thing, and each of them to several."""
        use = self.profile.uses[name]
        return use.count <= FEW_EACH * sum(use.holders.values()) and use.count >= MANY_EACH * kinds

    def categories(self) -> Iterator[str]:
        """The things that say of what kind others are ("novel"), at most a thousand of each class."""
        for kind in sorted(self.profile.members):
            if self.categorising(frozenset({kind})) is not None:
                rows = self.store.select(OF_CLASS, {"kind": IRI(kind)})
                yield from (row["thing"].value for row in rows if isinstance(row["thing"], IRI))

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
