"""The parts of query graphs in words of a language: labels, paths, measures, comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg.aspects.units import UNIT
from kg.store import Literal as RDFLiteral
from search.answering.algebra import Count, Folded, Value
from search.profile import DATES, NUMBERS

if TYPE_CHECKING:
    from search.answering.algebra import Comparison, Fold, Hop, Measure, Number, Path, Ranked
    from search.answering.paraphrase import Paraphrase
    from search.answering.schema import Schema
    from search.names import Names
    from search.profile import Step
    from search.wording import Wording

SIGNS: dict[Comparison, str] = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
MOMENTS: dict[Comparison, str] = {
    "=": "in_time",
    "!=": "not_in",
    "<": "before",
    "<=": "until",
    ">": "after",
    ">=": "since",
}


@dataclass(frozen=True)
class Phrases:
    """Says the parts of query graphs in one language; sets and numbers within them are said by `whole`."""

    names: Names
    schema: Schema
    wording: Wording
    whole: Paraphrase
    _known: dict[str, str] = field(default_factory=dict)

    def label(self, iri: str) -> str:
        """The name of anything; '' for no IRI."""
        if iri not in self._known:
            self._known[iri] = self.names.one(iri, self.wording.languages) if iri else ""
        return self._known[iri]

    def literal(self, value: RDFLiteral) -> str:
        """A value in words, a text in quotation marks."""
        shown = self.wording.value(value, {})
        is_text = value.datatype.value not in NUMBERS | DATES and shown == value.value
        return self.wording.say("quoted", text=shown) if is_text else shown

    def path(self, path: Path) -> str:
        """The names of the properties of a path, one after the other; of no path, the name of the thing."""
        if not path:
            return self.wording.say("role_name")
        return " › ".join(self._hop(hop) for hop in path)

    def _hop(self, hop: Hop) -> str:
        whole = self._wholes.get(frozenset(hop))
        if whole is not None:
            return self.label(whole)
        return " / ".join(dict.fromkeys(self._step(step) for step in hop))

    def _step(self, step: Step) -> str:
        """A property; read backwards, the one that is declared its inverse, or whose it is said to be."""
        if not step.inverse:
            return self.label(step.property)
        if self.is_named(step):
            return self.label(self._inverses[step])
        return self.wording.say("reverse", property=self.label(step.property))

    def is_named(self, step: Step) -> bool:
        """Whether there is a property that says what a step says, in its direction."""
        return not step.inverse or step in self._inverses

    @cached_property
    def _wholes(self) -> dict[frozenset[Step], str]:
        """For several steps the property that is any of them ("total budget" in whatever currency).

        Of two such, the one that has more names.
        """
        wide = {
            iri: frozenset(use.steps) for iri, use in self.schema.profile.uses.items() if len(use.steps) > 1
        }
        by_names = sorted(wide, key=lambda iri: (len(self.schema.lexicon.of(iri)), iri))
        return {wide[iri]: iri for iri in by_names}

    @cached_property
    def _inverses(self) -> dict[Step, str]:
        """For what is read backwards a property that says so."""
        uses = sorted(self.schema.profile.uses.items(), reverse=True)
        return {use.steps[0]: iri for iri, use in uses if len(use.steps) == 1 and use.steps[0].inverse}

    def measure(self, measure: Measure) -> str:
        """What is measured of each thing."""
        match measure:
            case Value(path):
                return self.path(path)
            case Count(path, None):
                return self.wording.say("count", what=self.path(path))
            case Count(path, of) if of is not None:
                return self.wording.say("count_by", what=self.whole.set(of), path=self._plain(path))
            case Folded(fold, path, value):
                return self.fold(fold, f"{self._plain(path)} › {self.path(value.path)}")
        raise AssertionError(measure)

    def _plain(self, path: Path) -> str:
        """The properties of a path, by their own names in either direction."""
        hops = ([self.label(step.property) for step in hop] for hop in path)
        return " › ".join(" / ".join(dict.fromkeys(labels)) for labels in hops)

    def fold(self, fold: Fold, measure: str) -> str:
        """The sum, average, least or greatest of what is measured."""
        return self.wording.say(f"fold_{fold.lower()}", measure=measure)

    def unit(self, measure: Measure) -> str:
        """The unit of what is measured; '' where it has none, or may have one of several."""
        value = measure.value if isinstance(measure, Folded) else measure
        steps = value.path[-1] if isinstance(value, Value) and value.path else ()
        units = {self.schema.profile.uses[step.property].unit for step in steps}
        return units.pop() if len(units) == 1 else ""

    def unit_name(self, unit: str) -> str:
        """What a unit is called in the language."""
        name = self.names.release.codes.name(UNIT, RDFLiteral(unit), self.wording.languages)
        return name.text if name else unit

    def comparison(self, measure: Measure, comparison: Comparison, bound: RDFLiteral | Number) -> str:
        """A condition on what is measured."""
        what = self.measure(measure)
        if not isinstance(bound, RDFLiteral):
            return f"{what} {SIGNS[comparison]} {self.wording.say('quoted', text=self.whole.number(bound))}"
        if _is_date(measure):
            date = self.wording.date(bound.value)
            return f"{what}: {self.wording.say(MOMENTS[comparison], date=date)}"
        if isinstance(measure, Value) and measure.scale == "text":
            return f"{what} {SIGNS[comparison]} {self.literal(bound)}"
        number = f"{self.wording.number(bound.value)} {self.unit(measure)}".rstrip()
        return f"{what} {SIGNS[comparison]} {number}"

    def ranking(self, ranked: Ranked) -> str:
        """Which of the things are meant, in the order of what is measured."""
        measure, say = ranked.measure, self.wording.say
        said = {"measure": self.measure(measure)}
        if ranked.place == 1 and not ranked.most:
            way = ("latest", "earliest") if _is_date(measure) else ("greatest", "least")
            return say(way[0] if ranked.falling else way[1], **said)
        said["order"] = self.order(measure, falling=ranked.falling)
        if not ranked.most:
            return say("place", place=ranked.place, **said)
        if ranked.place == 1:
            return say("top", most=ranked.most, **said)
        return say("places", first=ranked.place, last=ranked.place + ranked.most - 1, **said)

    def order(self, measure: Measure, *, falling: bool) -> str:
        """Which end of an order comes first."""
        way = ("latest_first", "earliest_first") if _is_date(measure) else ("greatest_first", "least_first")
        return self.wording.say(way[0] if falling else way[1])


def _is_date(measure: Measure) -> bool:
    return isinstance(measure, Value) and measure.scale == "date"
