"""What links two entities, told in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from kg.inference import INVERSE
from kg.labels import label
from kg.store import IRI

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.description import Statement
    from kg.release import Release
    from kg.sources import Source
    from kg.store import Store


@dataclass(frozen=True)
class Step:
    """One statement on the way; walked `backwards`, it leads from its object to its subject."""

    statement: Statement
    backwards: bool

    @property
    def start(self) -> IRI:
        """Where the step begins."""
        return _entity(self.statement.object) if self.backwards else self.statement.subject

    @property
    def end(self) -> IRI:
        """Where it leads."""
        return self.statement.subject if self.backwards else _entity(self.statement.object)

    def as_json(self) -> dict[str, Any]:
        """The statement, and who states it."""
        said = self.statement
        sources = [source.as_json() for source in said.sources]
        return {
            "s": said.subject.value,
            "p": said.predicate.value,
            "o": _entity(said.object).value,
            "sources": sources,
        }


@dataclass(frozen=True)
class Explanation:
    """Statements that lead from one entity to another."""

    steps: tuple[Step, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who states them, in the order of the steps, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(step.statement.sources for step in self.steps)))

    def in_words(
        self, label: Callable[[IRI], str], inverse: Callable[[IRI], IRI | None] = lambda _: None
    ) -> str:
        """The statements in a line: “A — has part → B ← located in — C”.

        A property read backwards is told by its `inverse`, where it has one: “C — location of → B”.
        """
        words = [label(self.steps[0].start)]
        for step in self.steps:
            name = step.statement.predicate
            other = inverse(name) if step.backwards else None
            is_turned = step.backwards and other is None
            words.append(f"← {label(name)} —" if is_turned else f"— {label(other or name)} →")
            words.append(label(step.end))
        return " ".join(words)


@dataclass(frozen=True)
class Wording:
    """Explanations in the words of one release, in the first of `langs` that has them."""

    release: Release
    langs: Sequence[str]
    _labels: dict[IRI, str] = field(default_factory=dict, repr=False)

    def label(self, iri: IRI) -> str:
        """The name of an IRI."""
        if iri not in self._labels:
            self._labels[iri] = label(self.release.store, iri, self.langs).text
        return self._labels[iri]

    def tell(self, explanation: Explanation) -> str:
        """An explanation in a line."""
        return explanation.in_words(self.label, lambda name: inverse(self.release.store, name))

    def as_json(self, explanation: Explanation) -> dict[str, Any]:
        """An explanation in a line, and its steps with their names and sources."""
        steps = [self._step(step) for step in explanation.steps]
        return {"sentence": self.tell(explanation), "steps": steps}

    def _step(self, step: Step) -> dict[str, Any]:
        said = step.statement
        names = [self.label(term) for term in (said.subject, said.predicate, _entity(said.object))]
        return {
            **step.as_json(),
            "backwards": step.backwards,
            "labels": dict(zip(("s", "p", "o"), names, strict=True)),
        }


def inverse(store: Store, prop: IRI) -> IRI | None:
    """The property that says the same the other way round, or None where no ontology names one."""
    forwards = (quad.object for quad in store.quads(subject=prop, predicate=INVERSE))
    backwards = (quad.subject for quad in store.quads(predicate=INVERSE, object=prop))
    found = {term for term in chain(forwards, backwards) if isinstance(term, IRI)}
    return min(found, key=str, default=None)


def _entity(term: object) -> IRI:
    assert isinstance(term, IRI)
    return term
