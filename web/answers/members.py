"""What an answer names, as a page shows it: things as links, values as the language writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kg.store import IRI, Literal
from search.wording import Wording
from web.links import Link
from web.values import Value, literal_value, value_of

if TYPE_CHECKING:
    from kg.description import Statement
    from web.links import Links

WRITTEN = ("number", "date")  # kinds of values that each language writes in its own way


@dataclass(frozen=True)
class Members:
    """Writes the members of an answer in one language."""

    links: Links
    lang: str

    def value(self, member: dict[str, Any], marks: tuple[int, ...] = (), unit: str = "") -> Value:
        """A cell of an answer; `unit` is that of a number which does not tell its own."""
        if member.get("iri"):
            return Value(self.named(member), member["iri"], "thing", marks)
        text = str(member.get("value", member.get("label", "")))
        datatype = member.get("datatype") or None
        literal = Literal(text, datatype=IRI(datatype)) if datatype else Literal(text)
        value = self.written(literal, marks, member.get("unit") or unit)
        name = member.get("label")
        return replace(value, link=replace(value.link, text=name, title=text)) if name else value

    def named(self, member: dict[str, Any]) -> Link:
        """A thing of the answer, by the name that the answer gives it."""
        link = self.links.link(IRI(member["iri"]))
        return replace(link, text=member.get("label") or link.text)

    def stated(self, one: Statement, marks: tuple[int, ...], unit: str = "") -> Value:
        """The object of a statement."""
        if isinstance(one.object, Literal) and not self.links.value_label(one.predicate, one.object):
            return self.written(one.object, marks, unit)
        return value_of(self.links, one.predicate, one.object, marks)

    def written(self, term: Literal, marks: tuple[int, ...] = (), unit: str = "") -> Value:
        """A value as the language writes it, with its unit."""
        value, name = literal_value(term, marks), self.links.unit_name(unit)
        if value.kind in WRITTEN:
            said = Wording(self.lang).value(term, {}, name)
            return replace(value, link=Link(said, lang=self.lang), unit=unit)
        return replace(value, link=replace(value.link, text=f"{value.text} {name}")) if unit else value
