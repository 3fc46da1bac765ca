"""The classes drawn: boxes around a ring, near to those they have most to do with, and lines between them.

A line stands for all properties that lead from members of one class to members of another, in either
direction, and is the wider the more they are; an arrow with a hollow head leads to a wider class.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kg.aspects.schema import CLASSES, DOMAINS, RANGES, RELATIONS
from kg.inference import SUB_CLASS
from kg.store import IRI
from web.terms.ring import BOX_HEIGHT, BOX_WIDTH, WIDTH, bend, border, curve, ordered, path, places
from web.wording import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from web.links import Link
    from web.terms.glossary import Glossary
    from web.terms.phrases import Speech
    from web.terms.ring import Point

Pair: TypeAlias = "tuple[IRI, IRI]"

MOST_CLASSES = 30
MOST_LABELLED = 14  # lines up to which each has its name written on it
LINE_LENGTH, MOST_LINES = 20, 2  # characters of a name on one line of a box
HEAD = 9  # size of an arrow
FAMILY = 6.0  # how much a wider class draws its narrower ones near


@dataclass(frozen=True)
class Box:
    """A class, its name cut into lines, and the middle of its box."""

    link: Link
    lines: tuple[str, ...]
    count: int | None
    x: float
    y: float

    @property
    def left(self) -> float:
        """Where the box begins."""
        return self.x - BOX_WIDTH / 2

    @property
    def top(self) -> float:
        """Where the box begins, from above."""
        return self.y - BOX_HEIGHT / 2


@dataclass(frozen=True)
class Line:
    """A line between boxes as the data of a path; `head` is that of its arrow, '' without one."""

    path: str
    width: float
    title: str
    label: str = ""
    x: float = 0
    y: float = 0
    head: str = ""


@dataclass(frozen=True)
class Told:
    """The same in words: what leads from a class to which others, by which properties."""

    name: Link
    wider: tuple[Link, ...]
    relations: tuple[tuple[Link, tuple[Link, ...]], ...]


@dataclass
class Diagram:
    """What is drawn, and the same in words; `left_out` is how many classes are too many to be drawn."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    height: int = 0
    left_out: int = 0
    width: int = WIDTH
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def diagram(speech: Speech, glossary: Glossary) -> Diagram:
    """The diagram of the ontology's own classes, or of those most used where they are too many."""
    schema = glossary.schema
    kinds = [iri for iri in schema.of_kinds(CLASSES) if schema.is_own(iri)]
    related = _relations(glossary, kinds)
    degree = Counter(kind for pair in related for kind in pair)
    ranked = sorted(kinds, key=lambda kind: (-degree[kind], -(glossary.members(kind) or 0), kind.value))
    shown = set(ranked[:MOST_CLASSES])
    related = {pair: props for pair, props in related.items() if shown.issuperset(pair)}
    above = {
        (kind, wider)
        for kind in shown
        for wider in schema.objects(kind, SUB_CLASS)
        if isinstance(wider, IRI) and wider in shown and wider != kind
    }
    ring = ordered(sorted(shown, key=lambda kind: kind.value), _weights(related, sorted(above, key=str)))
    points, height = places(len(ring))
    middles = dict(zip(ring, points, strict=True))
    boxes = [_box(speech, glossary, kind, place) for kind, place in middles.items()]
    drawn = Diagram(boxes, height=height, left_out=len(kinds) - len(shown))
    centre = (WIDTH / 2, height / 2)
    drawn.lines = [
        *_relation_lines(speech, related, middles, centre),
        *(_arrow(speech, pair, middles, centre) for pair in sorted(above, key=str)),
    ]
    drawn.told = [_told(speech, kind, related, above) for kind in sorted(ring, key=lambda one: one.value)]
    return drawn


def _relations(glossary: Glossary, kinds: Iterable[IRI]) -> dict[Pair, list[IRI]]:
    """The properties from class to class, by what the ontology says they lead from and to."""
    schema, known = glossary.schema, set(kinds)
    found: defaultdict[Pair, list[IRI]] = defaultdict(list)
    for prop in schema.of_kinds(RELATIONS):
        for start in schema.classes_of(prop, DOMAINS):
            for end in schema.classes_of(prop, RANGES):
                if start in known and end in known:
                    found[start, end].append(prop)
    return dict(found)


def _weights(related: Mapping[Pair, list[IRI]], above: Iterable[Pair]) -> dict[frozenset[IRI], float]:
    """How much two classes have to do with each other."""
    weights: defaultdict[frozenset[IRI], float] = defaultdict(float)
    for pair, props in related.items():
        weights[frozenset(pair)] += 1 + math.log(len(props))
    for pair in above:
        weights[frozenset(pair)] += FAMILY
    return dict(weights)


def _box(speech: Speech, glossary: Glossary, kind: IRI, place: Point) -> Box:
    link = speech.name(kind)
    return Box(link, _lines(link.text), glossary.members(kind), *place)


def _lines(text: str) -> tuple[str, ...]:
    """A name on as many lines as a box has, cut where it is too long."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LINE_LENGTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    kept = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        kept[-1] += "…"
    return tuple(line if len(line) <= LINE_LENGTH + 1 else f"{line[:LINE_LENGTH]}…" for line in kept)


def _relation_lines(
    speech: Speech,
    related: Mapping[Pair, list[IRI]],
    middles: Mapping[IRI, Point],
    centre: Point,
) -> list[Line]:
    pairs = sorted({tuple(sorted(pair, key=str)) for pair in related}, key=str)
    is_labelled = len(pairs) <= MOST_LABELLED
    found = []
    for one, other in pairs:
        ways = dict.fromkeys([(one, other), (other, one)])
        sentences = [_sentence(speech, way, related[way]) for way in ways if way in related]
        props = [prop for way in ways for prop in related.get(way, ())]
        data, (x, y) = curve(middles[one], middles[other], centre)
        label = speech.name(props[0]).text + (f" +{len(props) - 1}" if len(props) > 1 else "")
        width = round(1 + 1.2 * math.log(len(props)), 2)
        found.append(Line(data, width, "; ".join(sentences), label if is_labelled else "", x, y))
    return found


def _sentence(speech: Speech, pair: Pair, props: Sequence[IRI]) -> str:
    start, end = (speech.name(one).text for one in pair)
    return f"{start} → {end}: {', '.join(speech.name(prop).text for prop in props)}"


def _arrow(
    speech: Speech,
    pair: Pair,
    middles: Mapping[IRI, Point],
    centre: Point,
) -> Line:
    """From a class to a wider one, with a head at the border of its box."""
    start, end = (middles[one] for one in pair)
    turn = bend(start, end, centre)
    tip = border(turn, end)
    length = math.hypot(tip[0] - turn[0], tip[1] - turn[1]) or 1.0
    along = ((tip[0] - turn[0]) / length, (tip[1] - turn[1]) / length)
    foot = (tip[0] - along[0] * 1.6 * HEAD, tip[1] - along[1] * 1.6 * HEAD)
    sides = [(foot[0] - along[1] * way * HEAD, foot[1] + along[0] * way * HEAD) for way in (1, -1)]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, *sides))
    names = [speech.name(one).text for one in pair]
    return Line(
        path(start, turn, foot),
        1.5,
        gettext("%(one)s is a kind of %(other)s", one=names[0], other=names[1]),
        head=head,
    )


def _told(
    speech: Speech,
    kind: IRI,
    related: Mapping[Pair, list[IRI]],
    above: Iterable[Pair],
) -> Told:
    wider = tuple(speech.name(one) for narrow, one in sorted(above, key=str) if narrow == kind)
    to = sorted((pair for pair in related if pair[0] == kind), key=str)
    relations = tuple(
        (speech.name(end), tuple(speech.name(prop) for prop in related[kind, end])) for _, end in to
    )
    return Told(speech.name(kind), wider, relations)
