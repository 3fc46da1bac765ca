"""The table of formats and the one function that chooses among them (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Format:
    """A way to write something: its short name (also the suffix), title, media type, what it can hold.

    `aliases` are other media types under which clients ask for it.
    """

    name: str
    title: str
    media_type: str
    families: frozenset[str]
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of the header `Content-Type`."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


XML = ("application/xml", "text/xml")
JSON = ("application/json",)
TURTLE = ("application/x-turtle", "text/n3", "text/rdf+n3")
FORMATS = (
    Format("html", "HTML", "text/html", frozenset({PAGE}), ("application/xhtml+xml",)),
    Format("json", "JSON", "application/sparql-results+json", frozenset({SOLUTIONS}), JSON),
    Format("xml", "XML", "application/sparql-results+xml", frozenset({SOLUTIONS}), XML),
    Format("csv", "CSV", "text/csv", frozenset({SOLUTIONS})),
    Format("tsv", "TSV", "text/tab-separated-values", frozenset({SOLUTIONS})),
    Format("ttl", "Turtle", "text/turtle", frozenset({GRAPH}), TURTLE),
    Format("nt", "N-Triples", "application/n-triples", frozenset({GRAPH}), ("text/plain",)),
    Format("jsonld", "JSON-LD", "application/ld+json", frozenset({GRAPH}), JSON),
    Format("rdf", "RDF/XML", "application/rdf+xml", frozenset({GRAPH}), XML),
    Format("trig", "TriG", "application/trig", frozenset({DATASET}), ("application/x-trig",)),
    Format("nq", "N-Quads", "application/n-quads", frozenset({DATASET}), ("text/x-nquads",)),
    Format("problem", "problem details", "application/problem+json", frozenset({PROBLEM}), JSON),
)
HTML = FORMATS[0]
OTHER_NAMES = {"turtle": "ttl", "ntriples": "nt", "nquads": "nq", "json-ld": "jsonld", "rdfxml": "rdf"}


@dataclass(frozen=True)
class MediaRange:
    """One member of an `Accept` header: "text/html", "text/*" or "*/*", and how much it is liked."""

    kind: str
    subkind: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How closely it names a media type: 0 not at all, 1 as anything, 2 by kind, 3 exactly."""
        kind, _, subkind = media_type.partition("/")
        if (self.kind, self.subkind) == (kind, subkind):
            return 3
        if (self.kind, self.subkind) == (kind, "*"):
            return 2
        return 1 if self.kind == "*" else 0


def formats(*families: str) -> tuple[Format, ...]:
    """Formats of these families, in the order of preference: family by family, then by the table."""
    return tuple(form for family in families for form in FORMATS if family in form.families)


def choose(offered: Sequence[Format], accept: str | None, name: str | None = None) -> Format:
    """The best of the formats on offer, the first where several are equally good.

    `name` (a short name, a suffix or a media type, from `?format=` or the path) overrules `accept`, the
    value of the header `Accept`. A format is as good as the most specific range that matches it says;
    what is named is better than what a wildcard lets through. Parameters of media types are ignored.
    Raises NotAcceptable (406) with the list of what there is.
    """
    if name is not None:
        return _named(offered, name)
    ranges = parse_accept(accept)
    ranked = [(_rank(form, ranges), -place, form) for place, form in enumerate(offered)]
    (quality, _), _, best = max(ranked, key=lambda item: item[:2])
    if quality <= 0:
        raise NotAcceptable(f"Nothing that “Accept: {accept}” asks for is on offer. {on_offer(offered)}")
    return best


def parse_accept(accept: str | None) -> tuple[MediaRange, ...]:
    """The media ranges of an `Accept` header; without one, or with none that can be read, anything."""
    found = [_media_range(member) for member in MEMBER.findall(accept or "")]
    ranges = tuple(media_range for media_range in found if media_range)
    return ranges or (MediaRange("*", "*", 1.0),)


def on_offer(offered: Iterable[Format]) -> str:
    """A sentence that lists formats with the names by which `?format=` asks for them."""
    listed = ", ".join(f"{form.media_type} (?format={form.name})" for form in offered)
    return f"There is: {listed}."


def _named(offered: Sequence[Format], name: str) -> Format:
    # A plus sign that a client left bare in a query string has become a blank.
    wanted = name.strip().lower().replace(" ", "+").removeprefix(".")
    wanted = OTHER_NAMES.get(wanted, wanted)
    for form in offered:
        if wanted in (form.name, form.media_type, *form.aliases):
            return form
    raise NotAcceptable(f"“{name}” is not a format on offer. {on_offer(offered)}")


def _media_range(member: str) -> MediaRange | None:
    text, *parameters = [part.strip().lower() for part in PARAMETER.findall(member)] or [""]
    match = RANGE.fullmatch("*/*" if text == "*" else text)
    quality = _quality(parameters)
    if match is None or quality is None or (match[1] == "*" and match[2] != "*"):
        return None
    return MediaRange(match[1], match[2], quality)


def _quality(parameters: Iterable[str]) -> float | None:
    """The weight among the parameters, between 0 and 1; None where it cannot be read."""
    for parameter in parameters:
        name, _, value = (part.strip() for part in parameter.partition("="))
        if name == "q":
            return min(1.0, float(value)) if QUALITY.fullmatch(value) else None
    return 1.0


def _rank(form: Format, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    """Quality and specificity of a format under its best media type."""
    ranks = [_rank_of_type(form.media_type, ranges)]
    # An alias counts only where it is named: wildcards are for the real media type.
    aliases = [_rank_of_type(alias, ranges) for alias in form.aliases]
    ranks += [(quality, 3) for quality, specificity in aliases if specificity == 3]
    return max(ranks)


def _rank_of_type(media_type: str, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    found = [(media_range.specificity(media_type), media_range.quality) for media_range in ranges]
    specificity = max(specificity for specificity, _ in found)
    if specificity == 0:
        return 0.0, 0
    return max(quality for known, quality in found if known == specificity), specificity
