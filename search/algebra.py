"""The query graph: what a question asks of the graph, as a value, and its SPARQL."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kg.iris import compress
from kg.labels import DEFINITION_PROPERTIES
from kg.store import IRI
from search.profile import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = re.compile(r"<[^<>]*>|(?<![\w.-])((?:[A-Za-z][\w-]*)?):")  # the name may be empty


@dataclass(frozen=True)
class Query:
    """The things that one of `steps` leads to from `anchor` and that are of class `kind`, or their count.

    Without steps it is the anchor itself that is asked for; without an anchor, all members of the class.
    """

    anchor: str = ""
    steps: tuple[Step, ...] = ()
    kind: str = ""
    count: bool = False

    def sparql(self, prefixes: Mapping[str, str]) -> str:
        """A SELECT query with its prefixes declared, of one column: ?answer, or ?count.

        Where the anchor itself is asked for there is a second column, ?definition.
        """
        body = "\n  ".join(self._patterns(prefixes))
        if self.anchor and not self.steps:
            text = f"SELECT ?answer ?definition WHERE {{\n  {body}\n}}"
        elif self.count:
            text = f"SELECT (COUNT(DISTINCT ?answer) AS ?count) WHERE {{\n  {body}\n}}"
        else:
            text = f"SELECT DISTINCT ?answer WHERE {{\n  {body}\n}}\nORDER BY ?answer"
        used = set(PREFIX.findall(text)) & prefixes.keys()
        declared = "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in sorted(used))
        return declared + text

    def state(self) -> str:
        """The query as a text from which `of_state` makes it again."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def of_state(cls, state: str) -> Query:
        """The query of a state. Raises ValueError for any other text."""
        try:
            said = json.loads(state)
            steps = tuple(Step(**step) for step in said.pop("steps"))
            iris = [said["anchor"], said["kind"], *(step.property for step in steps)]
            for iri in filter(None, iris):
                IRI(iri)  # refuses what is not an IRI
            return cls(steps=steps, **said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"“{state[:80]}” is not the state of an answer.") from error

    def _patterns(self, prefixes: Mapping[str, str]) -> list[str]:
        def short(iri: str) -> str:
            return compress(iri, prefixes)

        patterns = []
        if self.anchor and self.steps:
            path = "|".join(f"{'^' if step.inverse else ''}{short(step.property)}" for step in self.steps)
            patterns.append(f"{short(self.anchor)} {path} ?answer .")
        if self.kind:
            is_kind = f"?answer a {short(self.kind)} ."
            # With alternatives the engine would begin at the class and look at all its members.
            patterns.append(f"FILTER EXISTS {{ {is_kind} }}" if len(self.steps) > 1 else is_kind)
        if self.anchor and not self.steps:
            path = "|".join(short(iri.value) for iri in DEFINITION_PROPERTIES)
            patterns.append(f"VALUES ?answer {{ {short(self.anchor)} }}")
            patterns.append(f"OPTIONAL {{ ?answer {path} ?definition }}")
        return patterns
