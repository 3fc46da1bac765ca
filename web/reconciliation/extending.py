"""Data extension: the values of properties of entities that were reconciled (0.2, section 7)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.cells import XSD
from kg.errors import UnknownEntity
from kg.labels import ALT_PROPERTIES, DEFINITION_PROPERTIES, NAME_PROPERTIES
from kg.store import IRI, Literal
from search.profile import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from kg.store import Term
    from search.profile import Use
    from search.reconciliation import Reconciler
    from web.reconciliation.batches import Column, Extension
    from web.reconciliation.identifiers import Teller
    from web.reconciliation.pace import Pace

MOST_VALUES = 1000  # of one property of one entity
WHOLE = NUMBERS - {f"{XSD}{name}" for name in ("decimal", "double", "float")}
INTEGER = re.compile(r"[+-]?\d{1,300}", re.ASCII)
DATE = re.compile(r"(-?\d{4,}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
# The moments that the schema of the protocol takes for dates.
MOMENT = re.compile(
    r"-?(?:[1-9]\d*)?\d{4}-(?:1[0-2]|0[1-9])-(?:3[01]|0[1-9]|[12]\d)"
    r"T(?:2[0-3]|[01]\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:2[0-3]|[01]\d):[0-5]\d)?",
    re.ASCII,
)
NAMING = (*NAME_PROPERTIES, *ALT_PROPERTIES, *DEFINITION_PROPERTIES)


@dataclass(frozen=True)
class Extender:
    """Fetches values over one release."""

    reconciler: Reconciler
    teller: Teller
    pace: Pace

    def extended(self, asked: Extension) -> dict[str, Any]:
        """The response to a data extension query; what the graph does not know has no values."""
        rows = {name: self._row(name, asked.columns) for name in asked.ids}
        return {"meta": [self._meta(column) for column in asked.columns], "rows": rows}

    def proposed(self, kind: str | None, most: int) -> list[dict[str, Any]]:
        """The properties that things of a class have, those that most have first; of all things for None."""
        counts = self._counts(self.teller.identifiers.types([kind])[0] if kind is not None else None)
        ordered = sorted(counts, key=lambda iri: (-counts[iri], iri))
        naming = [iri.value for iri in NAMING if counts and self._is_used(iri)]
        chosen = list(dict.fromkeys([*ordered, *naming]))[:most]
        self.teller.links.prepare(map(IRI, chosen))
        return [self.teller.term(iri) for iri in chosen]

    def _counts(self, kind: str | None) -> dict[str, int]:
        """How many things of a class have each property, also where it is read from another one."""
        profile = self.reconciler.profile
        kinds = None if kind is None else profile.with_narrower([kind])
        counts = {iri: self._count(use, kinds) for iri, use in profile.uses.items()}
        return {iri: count for iri, count in counts.items() if count}

    def _count(self, use: Use, kinds: Sequence[str] | None) -> int:
        profile = self.reconciler.profile
        starts = [use.holders, *(profile.starts(step) for step in use.steps)]
        return max(sum(n for kind, n in found.items() if kinds is None or kind in kinds) for found in starts)

    def _is_used(self, prop: IRI) -> bool:
        return any(True for _ in self.reconciler.release.store.quads(predicate=prop))

    def _row(self, name: str, columns: Iterable[Column]) -> dict[str, Any]:
        self.pace.check()
        try:
            subject = self.teller.identifiers.thing(name)
        except UnknownEntity:
            return {column.property: [] for column in columns}
        return {column.property: self._cell(subject, column) for column in columns}

    def _cell(self, subject: IRI, column: Column) -> list[dict[str, Any]]:
        prop = self.teller.identifiers.property(column.property)
        if prop is None:
            return []
        quads = self.reconciler.release.store.quads(subject=subject, predicate=prop)
        wanted = (quad.object for quad in quads if _is_in(quad.object, column.lang))
        terms = sorted(islice(dict.fromkeys(wanted), MOST_VALUES), key=str)[: column.limit or MOST_VALUES]
        things = [term for term in terms if isinstance(term, IRI)]
        self.teller.links.prepare(things)
        known = self.reconciler.entries.by_iri([term.value for term in things])
        return [self._value(term, column, known) for term in terms]

    def _value(self, term: Term, column: Column, known: Container[str]) -> dict[str, Any]:
        if isinstance(term, Literal):
            return literal(term)
        if not isinstance(term, IRI):
            return {"str": str(term)}
        if column.content == "id" or term.value not in known:
            return {"str": term.value}
        if column.content == "literal":
            return {"str": self.teller.name(term.value)}
        return self.teller.entity(term.value)

    def _meta(self, column: Column) -> dict[str, Any]:
        """A property with its name, and the class that most of its values are of where they are entities."""
        prop = self.teller.identifiers.property(column.property)
        if prop is None:
            return {"id": column.property, "name": column.property}
        kind = self._kind_of_values(prop) if column.content == "entity" else ""
        said = {"id": column.property, "name": self.teller.name(prop.value)}
        return {**said, "type": self.teller.term(kind)} if kind else said

    def _kind_of_values(self, prop: IRI) -> str:
        profile = self.reconciler.profile
        use = profile.uses.get(prop.value)
        counts: Counter[str] = Counter()
        for step in use.steps if use else ():
            counts.update(profile.ends(step))
        return counts.most_common(1)[0][0] if counts else ""


def literal(term: Literal) -> dict[str, Any]:
    """A value by its datatype, as the schema of the protocol has it: it knows no truth values."""
    text, datatype = term.value, term.datatype.value
    if datatype in WHOLE and INTEGER.fullmatch(text):
        return {"int": int(text)}
    if datatype in NUMBERS:
        return _float(text)
    if datatype in (f"{XSD}date", f"{XSD}dateTime", f"{XSD}dateTimeStamp"):
        day = DATE.fullmatch(text)
        moment = f"{day[1]}T00:00:00{day[2] or 'Z'}" if day else text
        return {"date": moment} if MOMENT.fullmatch(moment) else {"str": text}
    return {"str": text}


def _float(text: str) -> dict[str, Any]:
    try:
        number = float(text)
    except ValueError:
        return {"str": text}
    return {"float": number} if abs(number) < float("inf") else {"str": text}


def _is_in(term: Term, lang: str) -> bool:
    """Whether a value is in a language, or in none."""
    tag = (term.language or "").lower() if isinstance(term, Literal) else ""
    return not lang or not tag or tag.split("-")[0] == lang.split("-")[0]
