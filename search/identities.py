"""Which things of a graph a register may mean by its records: proposed for review, never decided.

A record is proposed for a thing by their names. Country, kind and website then make it likelier or less so,
each with a reason that a reviewer reads. What is linked with the register already is left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from kg.progress import silent
from kg.store import IRI
from search.homelands import Codes, Homelands
from search.likeness import likeness
from search.profile import Profile
from search.things import things
from search.tokens import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.imports.extracts import Called, Record
    from kg.progress import Progress
    from kg.release import Release
    from search.lexicon import Lexicon
    from search.things import Thing

SAME, OTHER_NAME, ACRONYM, SQUEEZED, REORDERED, ALIKE = 1.0, 0.95, 0.7, 0.98, 0.9, 0.9
LEAST_ALIKE = 0.8
LONGEST_ACRONYM = 6
COUNTRY_UNKNOWN, OTHER_COUNTRY = 0.9, 0.4
KIND_UNKNOWN, OTHER_KIND = 0.97, 0.7
SITE_DOUBT = 0.4  # of the doubt, what is left where the website is the same
MOST_HELD = 40  # records by thing, before country, kind and website are compared
MOST_SHARING = 60  # names that have a word in common; a word of more says too little
MOST_WORDS = 3  # of a name, those that fewest others have


@dataclass(frozen=True)
class Known:
    """A thing of the graph as it is compared; `hosts` are those of the addresses that it has."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    related: tuple[str, ...]
    hosts: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """A record that may mean a thing: a score from 0 to 1, the reasons for it in words, both's countries."""

    thing: Known
    record: Record
    score: float
    reasons: tuple[str, ...]
    own_countries: frozenset[str]
    countries: frozenset[str]


@dataclass(frozen=True)
class Form:
    """A name of a thing: its key, as it is written, and whether it is the one to show."""

    key: str
    text: str
    is_preferred: bool
    thing: Known


class _Match(NamedTuple):
    """A record that is called like a thing: how alike the names are, and why."""

    ratio: float
    reason: str
    record: Record
    thing: Known


@dataclass
class Matcher:
    """Compares records with the things of one release; `space` is what IRIs of the register begin with.

    Only things of the `classes` are compared, all of them where none is given. `country_properties` tell the
    country of a thing; without them they are found (`search.homelands`).
    """

    release: Release
    lexicon: Lexicon
    space: str
    classes: Sequence[str] = ()
    country_properties: Sequence[str] = ()
    progress: Progress = silent
    left_out: int = 0
    _by_key: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _squeezed: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _by_word: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _held: dict[str, dict[str, _Match]] = field(default_factory=lambda: defaultdict(dict), repr=False)

    def __post_init__(self) -> None:
        self._profile = Profile.read(self.release.index / "profile.json")
        wanted = frozenset(self._profile.with_narrower(self.classes))
        types: dict[str, Sequence[str]] = {}
        self._countries: dict[str, str] = {}
        self._identified: dict[str, str] = {}
        for thing in self.progress(things(self.release), "Reading the graph"):
            if thing.is_entity and thing.types:
                types[thing.iri] = thing.types
                self._note_identifiers(thing)
                if thing.names and (not wanted or wanted.intersection(thing.types)):
                    self._take(thing)
        self.homelands = Homelands.of(self.release, self.lexicon, types, self.country_properties)

    def candidates(self, records: Iterable[Record], least: float, most: int) -> Iterator[Candidate]:
        """For each thing the records that may mean it, the best first, of a score from `least` on."""
        for record in self.progress(records, "Comparing records"):
            for code in record.codes:
                self._countries[record.iri.removeprefix(self.space)] = code.upper()
            for match in self._named(record):
                self._hold(match)
        codes = Codes({**self._countries, **self._own_codes()})
        for iri in sorted(self._held):
            weighed = [self._weighed(match, codes) for match in self._held[iri].values()]
            best = sorted(weighed, key=lambda one: (-one.score, one.record.iri))
            yield from [one for one in best if one.score >= least][:most]

    def _hold(self, match: _Match) -> None:
        """Keep a match, and of too many for one thing those that are most alike."""
        held = self._held[match.thing.iri]
        held[match.record.iri] = match
        if len(held) > 2 * MOST_HELD:
            best = sorted(held.items(), key=lambda item: (-item[1].ratio, item[0]))
            self._held[match.thing.iri] = dict(best[:MOST_HELD])

    def _note_identifiers(self, thing: Thing) -> None:
        """Which record a thing is linked with already, whatever stands before the identifier."""
        host = urlsplit(self.space).hostname
        for _, value in thing.facts:
            if isinstance(value, IRI) and urlsplit(value.value).hostname in (host, f"www.{host}"):
                self._identified[thing.iri] = value.value.rstrip("/").rsplit("/", 1)[-1]

    def _take(self, thing: Thing) -> None:
        """Note the names of a thing, unless it is linked already."""
        if thing.iri in self._identified:
            self.left_out += 1
            return
        addresses = (value.value for _, value in thing.facts if isinstance(value, IRI))
        hosts = (urlsplit(address).hostname or "" for address in addresses if address.startswith("http"))
        related = [value.value for _, value in thing.facts if isinstance(value, IRI)]
        label = next((name.text for name in thing.names if name.lang == "en"), thing.names[0].text)
        bare = frozenset(map(_bare, filter(None, hosts)))
        known = Known(thing.iri, label, thing.types, tuple(related), bare)
        for name in thing.names:
            form = Form(key(name.text), name.text, name.is_preferred, known)
            if form.key:
                self._by_key[form.key].append(form)
                self._squeezed[form.key.replace(" ", "")].append(form)
                for word in set(form.key.split()):
                    self._by_word[word].append(form)

    def _named(self, record: Record) -> list[_Match]:
        """The things that have a name like one of a record, each by the names that are most alike."""
        best: dict[str, _Match] = {}
        for name in record.names:
            folded = key(name.text)
            for form in self._near(folded):
                ratio, reason = _alike(name, folded, form)
                known = best.get(form.thing.iri)
                if ratio > (known.ratio if known else 0.0):
                    best[form.thing.iri] = _Match(ratio, reason, record, form.thing)
        return list(best.values())

    def _near(self, folded: str) -> dict[Form, None]:
        """The names that are worth comparing with a key: the same ones, and those that share a rare word."""
        found = [*self._by_key.get(folded, ()), *self._squeezed.get(folded.replace(" ", ""), ())]
        shared = sorted(
            (len(self._by_word[word]), word) for word in set(folded.split()) if word in self._by_word
        )
        for count, word in shared[:MOST_WORDS]:
            if count <= MOST_SHARING:
                found += self._by_word[word]
        return dict.fromkeys(found)

    def _weighed(self, match: _Match, codes: Codes) -> Candidate:
        """A candidate with the score that name, country, kind and website give together."""
        score, reason, record, thing = match
        own = self.homelands.countries(thing.iri, thing.kinds)
        countries = codes.of((*record.countries, *record.codes))
        reasons = [reason]
        for weight, why in (_country(own, countries), self._kind(thing, record)):
            score *= weight
            reasons += [why] if why else []
        site = next((site for site in record.sites if _is_within(_bare(site), thing.hosts)), "")
        if site:
            score = 1.0 - (1.0 - score) * SITE_DOUBT
            reasons.append(f"website {site}")
        return Candidate(thing, record, round(score, 2), tuple(reasons), own, countries)

    def _kind(self, thing: Known, record: Record) -> tuple[float, str]:
        """How well the kinds of a record go with the classes of a thing, and with what it is related to."""
        kinds = {key(kind): kind for kind in record.kinds}
        wider = self._profile.with_wider(thing.kinds)
        own = {form.key for iri in (*wider, *thing.related) for form in self.lexicon.of(iri)}
        same = [kind for name, kind in kinds.items() if name in own]
        if same:
            return 1.0, f"kind {same[0]}"
        of_others = [form for form in self.lexicon.exact(list(kinds)) if form.kind == "class"]
        if of_others:
            return OTHER_KIND, f"another kind: {kinds[of_others[0].key]}"
        return KIND_UNKNOWN, ""

    def _own_codes(self) -> dict[str, str]:
        """The codes of countries that the graph links with the register, by their identifiers there."""
        return {
            self._identified[iri]: code
            for iri, code in self.homelands.entities.items()
            if iri in self._identified
        }


def _alike(name: Called, folded: str, form: Form) -> tuple[float, str]:
    """How alike a name of a record and one of a thing are, and why in words."""
    is_first = form.is_preferred and name.how == "name"
    said = f"“{name.text}”" if name.text == form.text else f"“{name.text}” for “{form.text}”"
    if folded == form.key:
        if name.how == "acronym" or _is_acronym(name.text):
            return ACRONYM, f"acronym {said}"
        return (SAME, f"name {said}") if is_first else (OTHER_NAME, f"other name {said}")
    weight = SAME if is_first else OTHER_NAME
    if folded.replace(" ", "") == form.key.replace(" ", ""):
        return SQUEEZED * weight, f"name without blanks {said}"
    if sorted(folded.split()) == sorted(form.key.split()):
        return REORDERED * weight, f"the same words {said}"
    ratio = likeness(folded, form.key, LEAST_ALIKE)
    return ALIKE * weight * ratio, f"alike {said}"


def _is_acronym(text: str) -> bool:
    return len(text) <= LONGEST_ACRONYM and text.isupper() and " " not in text


def _country(own: frozenset[str], others: frozenset[str]) -> tuple[float, str]:
    if not own or not others:
        return COUNTRY_UNKNOWN, ""
    both = own & others
    if both:
        return 1.0, f"country {', '.join(sorted(both))}"
    return OTHER_COUNTRY, f"another country: {', '.join(sorted(others))}, not {', '.join(sorted(own))}"


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _is_within(host: str, hosts: frozenset[str]) -> bool:
    return any(host == one or one.endswith(f".{host}") for one in hosts)
