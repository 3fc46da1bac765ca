"""What a page tells of a thing at first sight: a few facts from under each heading, in their order."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.things.groups import Group
    from web.things.sheet import Section

MOST = 6
MOST_VALUES = 2
LONGEST = 90  # characters of a value that is read at a glance


def essentials(sections: Sequence[Section]) -> tuple[Group, ...]:
    """Facts of few words: the first under each heading, then the second ones, until there are enough.

    Dates are left to the timeline.
    """
    brief = [[group for group in section.groups if _is_brief(group)] for section in sections]
    in_turn = [group for group in chain.from_iterable(zip_longest(*brief)) if group]
    chosen = {group.prop for group in in_turn[:MOST]}
    return tuple(group for group in chain.from_iterable(brief) if group.prop in chosen)


def _is_brief(group: Group) -> bool:
    told = group.told
    if group.series or group.conflict:
        told = told[:1]
    return 0 < len(told) <= MOST_VALUES and all(
        value.kind != "date" and len(value.text) <= LONGEST for value in told
    )
