"""The colours of the pages, read from their style sheet, and how well one is read on another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from web.assets import STATIC
from web.wording import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEET = STATIC / "style.css"
ROOT = re.compile(r":root \{(.*?)\n *\}", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
TEXT, SIGN = 4.5, 3.0  # the least contrast of a text, and of a line or sign that tells something (WCAG 2.2)

# What is written or drawn in which colour on which ground, and what that is for.
PAIRS = (
    ("ink", "paper", N_("text")),
    ("ink", "surface", N_("text in cards and tables")),
    ("muted", "paper", N_("what is said aside")),
    ("muted", "sunk", N_("what is said below")),
    ("accent", "paper", N_("links")),
    ("accent", "surface", N_("links in cards and tables")),
    ("accent", "soft", N_("names of things")),
    ("on-accent", "accent", N_("buttons")),
    ("source", "source-soft", N_("marks of sources")),
    ("warn", "warn-soft", N_("what is to be noted")),
    ("good", "good-soft", N_("what is well")),
    ("ink", "mark", N_("words that were found")),
)
SIGNS = (("edge", "surface"), *((f"data-{number}", "paper") for number in range(1, 7)))


@dataclass(frozen=True)
class Pair:
    """A colour on a ground in both themes: what it is for, the colours, and how strong the contrasts are."""

    name: str
    what: str
    light: tuple[str, str]
    dark: tuple[str, str]

    @property
    def contrasts(self) -> tuple[float, float]:
        """The contrast in the light theme and in the dark one."""
        return contrast(*self.light), contrast(*self.dark)


@lru_cache(1)
def themes() -> tuple[dict[str, str], dict[str, str]]:
    """The colours by name, in the light theme and in the dark one."""
    light, dark, *_ = ROOT.findall(SHEET.read_text(encoding="utf-8"))
    return dict(COLOUR.findall(light)), dict(COLOUR.findall(dark))


def pairs() -> Iterator[Pair]:
    """What texts are written in, as the style sheet has it."""
    light, dark = themes()
    for colour, ground, what in PAIRS:
        yield Pair(colour, what, (light[colour], light[ground]), (dark[colour], dark[ground]))


def contrast(first: str, second: str) -> float:
    """The ratio of the luminances of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
