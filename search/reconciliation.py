"""Reconciling: a name as it stands in a table, and what is known besides → the entities that may be meant.

The score of a candidate is the mean of how its name and the properties given fit, a property counting
PROPERTY_WEIGHT of the name. A candidate is a match where it scores MATCHING and leads by LEAD: both were
measured (`python -m quality reconciliation`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from kg.errors import UnknownEntity
from kg.iris import expand
from kg.store import IRI
from search.conditions import Conditions
from search.resemblance import Reading, Resemblance, readings
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.release import Release
    from search.conditions import Condition
    from search.entries import Entries, StoredEntry
    from search.lexicon import Form, Lexicon, TermKind
    from search.profile import Profile
    from search.ranking import Finder

Strictness: TypeAlias = Literal["any", "all", "should"]
Fit: TypeAlias = "tuple[float | None, Form | None]"  # how a name fits, and the one that does

PROPERTY_WEIGHT = 0.4
SILENT = 0.5  # what a property counts of which the graph says nothing of a candidate
OTHER_TYPE = 0.5  # what is left of the score of a thing of another type, where the type only should be right
MATCHING, LEAD = 85.0, 10.0
LEAST = 40.0  # below which a score says nothing
MOST_ALIKE, MOST_ALIKE_TYPED = 80, 400  # names that are looked at for each reading
MOST_EXACT = 500
MOST_HELD = 3  # properties by which things without a name are looked for
MOST_WEIGHED = 25  # candidates whose properties are compared
HOWS = ("name", "other name", "short name", "amount", "identifier")
ENTITY: tuple[TermKind, ...] = ("entity",)


@dataclass(frozen=True)
class Sought:
    """What is asked for: a name or '', the classes it is of, what is known of it, and how many at most."""

    text: str
    types: tuple[str, ...] = ()
    strictness: Strictness = "any"
    conditions: tuple[Condition, ...] = ()
    most: int = 10


@dataclass(frozen=True)
class Candidate:
    """What may be meant: the form of it that was found, its score from 0 to 100, and what that is made of.

    `named` is how its name fits (None where none was given), `fits` how each property does (None where the
    graph says nothing), `is_of_type` whether it is of the types asked for.
    """

    iri: str
    kind: str
    form: Form | None
    score: float
    named: float | None
    fits: tuple[float | None, ...] = ()
    is_of_type: bool = True
    prior: float = 0.0
    match: bool = False

    @property
    def matched(self) -> str:
        """The name of it that was found, or ''."""
        return self.form.text if self.form else ""


@dataclass
class Reconciler:
    """Finds what is meant over one release; thread-safe."""

    release: Release
    lexicon: Lexicon
    entries: Entries
    profile: Profile
    resemblance: Resemblance
    conditions: Conditions = field(init=False)

    def __post_init__(self) -> None:
        self.conditions = Conditions(self.release, self.lexicon)

    @classmethod
    def of(cls, finder: Finder) -> Reconciler:
        """The reconciler over the release that a finder is of."""
        resemblance = Resemblance(finder.words)
        return cls(finder.release, finder.lexicon, finder.entries, finder.profile, resemblance)

    def candidates(self, sought: Sought, kinds: Sequence[TermKind] = ENTITY) -> list[Candidate]:
        """What may be meant, the best first; of equal scores that of which more is said."""
        found = self._named(sought, kinds) if sought.text else self._holding(sought)
        first = sorted(self._typed(found, sought), key=_order)
        if sought.conditions:
            first = sorted((self._weighed(one, sought) for one in first[:MOST_WEIGHED]), key=_order)
        return decided([one for one in first if one.score >= LEAST])[: sought.most]

    def identified(self, text: str) -> StoredEntry | None:
        """What a slug, CURIE or IRI is that of; None where the graph has no such thing."""
        try:
            iri = expand(text, self.release.prefixes, self.release.iris).value
        except UnknownEntity:
            return None
        return self.entries.by_iri([iri]).get(iri)

    def _named(self, sought: Sought, kinds: Sequence[TermKind]) -> dict[str, Fit]:
        """Those whose names the text resembles, and the one whose identifier it is."""
        read = readings(sought.text)
        forms = self._forms(read, kinds, MOST_ALIKE_TYPED if sought.types else MOST_ALIKE)
        alike = self.resemblance.of(read, {form.key for form in forms})
        best: dict[str, Fit] = {}
        for form in forms:
            found = (alike[form.key], form)
            if 100 * found[0] >= LEAST and (form.iri not in best or _surer(found, best[form.iri])):
                best[form.iri] = found
        identified = self.identified(sought.text)
        if identified is not None and identified.kind in kinds:
            best[identified.iri] = (1.0, next(iter(self.lexicon.of(identified.iri)), None))
        return best

    def _forms(self, read: Sequence[Reading], kinds: Sequence[TermKind], most: int) -> list[Form]:
        """The forms that a text may be meant for, each once."""
        keys = [reading.key for reading in read]
        exact = [form for form in self.lexicon.exact(keys) if form.kind in kinds]
        squeezed = [form for _, form in self.lexicon.compact(keys) if form.kind in kinds]
        alike = [form for name in keys for form in self.lexicon.alike(name, most, kinds)]
        found = dict.fromkeys((*exact[:MOST_EXACT], *squeezed[:MOST_EXACT], *alike))
        return [form for form in found if form.how != "amount"]

    def _holding(self, sought: Sought) -> dict[str, Fit]:
        """Those of which the first condition with an answer may be true."""
        held = (self.conditions.holders(condition) for condition in sought.conditions[:MOST_HELD])
        return dict.fromkeys(next((found for found in held if found), ()), (None, None))

    def _typed(self, found: Mapping[str, Fit], sought: Sought) -> Iterator[Candidate]:
        """Those of the types that are asked for; others too, with less, where the type only should be so."""
        wanted = [frozenset(self.profile.with_narrower([kind])) for kind in sought.types]
        every = all if sought.strictness == "all" else any
        for iri, entry in self.entries.by_iri(list(found)).items():
            fit, form = found[iri]
            is_of_type = not wanted or every(not kinds.isdisjoint(entry.classes) for kinds in wanted)
            if is_of_type or sought.strictness == "should":
                score = 100.0 * (1.0 if fit is None else fit) * (1.0 if is_of_type else OTHER_TYPE)
                yield Candidate(iri, entry.kind, form, score, fit, (), is_of_type, entry.prior)

    def _weighed(self, one: Candidate, sought: Sought) -> Candidate:
        """A candidate with the score that its name and its properties give."""
        fits = tuple(self.conditions.fit(IRI(one.iri), condition) for condition in sought.conditions)
        known = [SILENT if fit is None else fit for fit in fits]
        name_weight = 0.0 if one.named is None else 1.0
        share = (one.named or 0.0) * name_weight + PROPERTY_WEIGHT * sum(known)
        score = 100 * share / (name_weight + PROPERTY_WEIGHT * len(known))
        return replace(one, fits=fits, score=score if one.is_of_type else OTHER_TYPE * score)


def _surer(one: Fit, other: Fit) -> bool:
    """Whether a form fits better than another one, or as well and is plainer."""
    return (one[0] or 0.0, -_how(one[1])) > (other[0] or 0.0, -_how(other[1]))


def _how(form: Form | None) -> int:
    """How plainly a form says what a thing is called: less is plainer."""
    return HOWS.index(form.how) if form else len(HOWS)


def _order(one: Candidate) -> tuple[float, int, float, str]:
    """The place of a candidate among others."""
    return (-round(one.score, 2), _how(one.form), -one.prior, one.iri)


def decided(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, the first of them a match where it is good enough and no other one is nearly so."""
    if not ranked:
        return []
    first, *others = ranked
    lead = first.score - (others[0].score if others else 0.0)
    is_match = first.is_of_type and first.score >= MATCHING and lead >= LEAD
    return [replace(first, match=is_match), *others]


def types_meant(names: Iterable[str], release: Release, known: Mapping[str, object]) -> tuple[str, ...]:
    """The classes that identifiers name: CURIEs, IRIs, or the last part of the IRI of one of `known`.

    What names none is given as it is, which no thing is of.
    """
    return tuple(dict.fromkeys(_term(name, release, known) or name for name in names))


def property_meant(name: str, release: Release, known: Mapping[str, object]) -> str:
    """The property that an identifier names, or ''; see `types_meant`."""
    return _term(name, release, known)


def _term(name: str, release: Release, known: Mapping[str, object]) -> str:
    text = name.strip()
    if ":" in text:
        try:
            return expand(text, release.prefixes, release.iris).value
        except UnknownEntity:
            return ""
    folded = key(text)
    ending = [iri for iri in known if key(iri.rstrip("#/").replace("#", "/").rsplit("/", 1)[-1]) == folded]
    return min(ending, default="")
