"""The table of formats and the one function that chooses among them (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOLUTIONS, GRAPH, DATASET, PAGE, PROBLEM = "solutions", "graph", "dataset", "page", "problem"

# One member of a comma-separated list, and its parameters; quoted strings may hold commas and semicolons.
MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
PARAMETER = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
RANGE = re.compile(r"(\*|[!#$%&'*+.^_`|~\w-]+)/(\*|[!#$%&'*+.^_`|~\w-]+)", re.ASCII)
QUALITY = re.compile(r"\d*\.?\d+|\d+\.", re.ASCII)
# Versions of RDF (RDF 1.2 Concepts, section 2.1), the one preferred first.
VERSIONS = ("1.2", "1.1", "1.2-basic")
ANYTHING, KIND, NAMED = 1, 2, 3  # how closely a range names a media type
KEPT = 1024  # headers whose best choice is kept, for clients send the same one again and again


@dataclass(frozen=True)
class Format:
    """A way to write something: its short name (also the suffix), title, media type, what it can hold.

    `aliases` are other media types under which clients ask for it, and `names` other short names. One that
    is `versioned` is written otherwise in RDF 1.2 than in RDF 1.1, and takes the parameter `version`.
    """

    name: str
    title: str
    media_type: str
    families: frozenset[str]
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    versioned: bool = False

    @property
    def content_type(self) -> str:
        """The value of the header `Content-Type`."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


@dataclass(frozen=True)
class Choice:
    """A format, and the version of RDF that the client named or limited it to; '' where it did not."""

    form: Format
    version: str = ""


XML = ("application/xml", "text/xml")
JSON = ("application/json",)
TURTLE = ("application/x-turtle", "text/n3", "text/rdf+n3")
RESULTS = frozenset({SOLUTIONS})
TRIPLES = frozenset({GRAPH})
QUADS = frozenset({DATASET})
FORMATS = (
    Format("html", "HTML", "text/html", frozenset({PAGE}), ("application/xhtml+xml",)),
    Format("json", "JSON", "application/sparql-results+json", RESULTS, JSON, ("srj",), versioned=True),
    Format("xml", "XML", "application/sparql-results+xml", RESULTS, XML, ("srx",), versioned=True),
    Format("csv", "CSV", "text/csv", RESULTS),
    Format("tsv", "TSV", "text/tab-separated-values", RESULTS, versioned=True),
    Format("ttl", "Turtle", "text/turtle", TRIPLES, TURTLE, ("turtle", "n3"), versioned=True),
    Format(
        "nt", "N-Triples", "application/n-triples", TRIPLES, ("text/plain",), ("ntriples",), versioned=True
    ),
    Format("jsonld", "JSON-LD", "application/ld+json", TRIPLES, JSON, ("json-ld", "json")),
    Format(
        "rdf", "RDF/XML", "application/rdf+xml", TRIPLES, XML, ("rdfxml", "rdf+xml", "xml"), versioned=True
    ),
    Format("trig", "TriG", "application/trig", QUADS, ("application/x-trig",), versioned=True),
    Format("nq", "N-Quads", "application/n-quads", QUADS, ("text/x-nquads",), ("nquads",), versioned=True),
    Format("problem", "problem details", "application/problem+json", frozenset({PROBLEM}), JSON),
)
HTML = FORMATS[0]


@dataclass(frozen=True)
class MediaRange:
    """One member of an `Accept` header: "text/html", "text/*" or "*/*", and how much it is liked.

    `version` is the value of that parameter, '' where there is none.
    """

    kind: str
    subkind: str
    quality: float
    version: str = ""

    def specificity(self, media_type: str) -> int:
        """How closely it names a media type: 0 not at all, then as anything, by kind, exactly.

        Of two that are equal in this, the one that names a version is closer.
        """
        kind, _, subkind = media_type.partition("/")
        names_version = 1 if self.version else 0
        if (self.kind, self.subkind) == (kind, subkind):
            return 2 * NAMED + names_version
        if (self.kind, self.subkind) == (kind, "*"):
            return 2 * KIND + names_version
        return 2 * ANYTHING + names_version if self.kind == "*" else 0


def formats(*families: str) -> tuple[Format, ...]:
    """Formats of these families, in the order of preference: family by family, then by the table."""
    return tuple(form for family in families for form in FORMATS if family in form.families)


def choose(offered: Sequence[Format], accept: str | None, name: str | None = None) -> Format:
    """The format of the best choice; see `best`."""
    return best(offered, accept, name).form


def best(offered: Sequence[Format], accept: str | None, name: str | None = None) -> Choice:
    """The best of the formats on offer, the first where several are equally good.

    `name` (a short name, a suffix or a media type, from `?format=` or the path) overrules `accept`, the
    value of the header `Accept`. A format is as good as the most specific range that matches it says;
    what is named is better than what a wildcard lets through. Parameters of media types are ignored, but
    for `version` where the format has versions. Raises NotAcceptable (406) with the list of what there is.
    """
    if name is not None:
        return _named(offered, name)
    found = _best(tuple(offered), accept)
    if found is None:
        raise NotAcceptable(f"Nothing that “Accept: {accept}” asks for is on offer. {on_offer(offered)}")
    return found


def parse_accept(accept: str | None) -> tuple[MediaRange, ...]:
    """The media ranges of an `Accept` header; without one, or with none that can be read, anything."""
    found = [_media_range(member) for member in MEMBER.findall(accept or "")]
    ranges = tuple(media_range for media_range in found if media_range)
    return ranges or (MediaRange("*", "*", 1.0),)


def on_offer(offered: Iterable[Format]) -> str:
    """A sentence that lists formats with the names by which `?format=` asks for them."""
    listed = ", ".join(f"{form.media_type} (?format={form.name})" for form in offered)
    return f"There is: {listed}."


@lru_cache(KEPT)
def _best(offered: tuple[Format, ...], accept: str | None) -> Choice | None:
    """The best choice by the header, or None."""
    ranges = parse_accept(accept)
    ranked = [(*_rank(form, ranges), -place, form) for place, form in enumerate(offered)]
    quality, _, version, _, chosen = max(ranked, key=lambda item: (*item[:2], item[3]))
    return Choice(chosen, version) if quality > 0 else None


def _named(offered: Sequence[Format], name: str) -> Choice:
    # A plus sign that a client left bare in a query string has become a blank.
    wanted, *parameters = [part.strip().lower() for part in name.split(";")]
    wanted = wanted.replace(" ", "+").removeprefix(".")
    version = _parameter(parameters, "version") or ""
    for form in offered:
        if wanted in (form.name, form.media_type, *form.names, *form.aliases):
            if not version or not form.versioned:
                return Choice(form)
            if version in VERSIONS:
                return Choice(form, version)
    raise NotAcceptable(f"“{name}” is not a format on offer. {on_offer(offered)}")


def _media_range(member: str) -> MediaRange | None:
    text, *parameters = [part.strip().lower() for part in PARAMETER.findall(member)] or [""]
    match = RANGE.fullmatch("*/*" if text == "*" else text)
    quality = _quality(parameters)
    if match is None or quality is None or (match[1] == "*" and match[2] != "*"):
        return None
    return MediaRange(match[1], match[2], quality, _parameter(parameters, "version") or "")


def _parameter(parameters: Iterable[str], wanted: str) -> str | None:
    """The value of a parameter, without quotation marks, or None."""
    for parameter in parameters:
        name, _, value = (part.strip() for part in parameter.partition("="))
        if name == wanted:
            return value.strip('"')
    return None


def _quality(parameters: Iterable[str]) -> float | None:
    """The weight among the parameters, between 0 and 1; None where it cannot be read."""
    value = _parameter(parameters, "q")
    if value is None:
        return 1.0
    return min(1.0, float(value)) if QUALITY.fullmatch(value) else None


def _rank(form: Format, ranges: Sequence[MediaRange]) -> tuple[float, int, str]:
    """Quality and specificity of a format in its best version, and that version where ranges speak of it."""
    if not form.versioned:
        return *_rank_of_version(form, [replace(one, version="") for one in ranges]), ""
    ranks = [
        (*_rank_of_version(form, [one for one in ranges if one.version in ("", version)]), -place, version)
        for place, version in enumerate(VERSIONS)
    ]
    quality, specificity, _, version = max(ranks)
    is_spoken_of = version != VERSIONS[0] or specificity > 2 * NAMED
    return quality, specificity, version if is_spoken_of else ""


def _rank_of_version(form: Format, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    """Quality and specificity of a format under its best media type."""
    ranks = [_rank_of_type(form.media_type, ranges)]
    # An alias counts only where it is named: wildcards are for the real media type.
    aliases = [_rank_of_type(alias, ranges) for alias in form.aliases]
    ranks += [(quality, specificity) for quality, specificity in aliases if specificity >= 2 * NAMED]
    return max(ranks)


def _rank_of_type(media_type: str, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    found = [(media_range.specificity(media_type), media_range.quality) for media_range in ranges]
    specificity = max((specificity for specificity, _ in found), default=0)
    if specificity == 0:
        return 0.0, 0
    return max(quality for known, quality in found if known == specificity), specificity
