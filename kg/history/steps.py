"""Steps: each time that another release became the current one, in order.

A step leads from the release that was current to the one that is then: a build, an import, an online write, a
rollback to an earlier release, or the return to a later one. So who applies the changes of all steps in order
always has what the service has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kg.errors import ChangesLost, UnknownRelease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.release import Release, Releases

FIRST = 1  # the number of the first release that a home has
WRITE, ROLLBACK, RETURN = "write", "rollback", "return"


@dataclass(frozen=True)
class Step:
    """From the release `old`, 0 for none, to `new`; when (RFC 3339), and by what it was made.

    Steps are numbered from 1. Of one that is not `known` nobody can tell what it changed: it leads to the
    first release that was there when the history began, or away from one that is gone.
    """

    number: int
    old: int
    new: int
    at: str
    kind: str
    known: bool = True


def pending(known: Sequence[Step], releases: Releases) -> list[Step]:
    """The steps that were made after the known ones, as the releases that are there tell."""
    current = releases.current()
    newest = max((step.new for step in known), default=0)
    rolled_back = releases.mark.exists()
    # One that is newer than the current was left unpublished by a crash, but for a rollback.
    fresh = [
        one
        for one in releases.all()
        if one.version > newest and (one.version <= current.version or rolled_back)
    ]
    there = set(releases.versions())
    steps = list(known)
    for release in fresh:
        steps.append(_step_to(release, steps, there))
    if not steps or steps[-1].new != current.version:
        steps.append(_step_back(current, steps, releases))
    return steps[len(known) :]


def _step_to(release: Release, before: Sequence[Step], there: set[int]) -> Step:
    """The step by which a release came into the world."""
    old = before[-1].new if before else 0
    said = release.manifest
    known = old in there if old else release.version == FIRST
    kind = WRITE if said.follows else said.origin
    at = said.created or datetime.now(UTC).isoformat(timespec="seconds")
    return Step(len(before) + 1, old, release.version, at, kind, known)


def _step_back(current: Release, before: Sequence[Step], releases: Releases) -> Step:
    """The step to a release that had been current before."""
    old = before[-1].new if before else 0
    moment = datetime.fromtimestamp(releases.pointer.lstat().st_mtime, UTC)
    kind = ROLLBACK if current.version < old else RETURN
    known = old in releases.versions()
    return Step(len(before) + 1, old, current.version, moment.isoformat(timespec="seconds"), kind, known)


def way(steps: Sequence[Step], old: int, new: int) -> list[tuple[Step, bool]]:
    """The shortest way from one release to another; of each step whether it is gone backwards.

    Raises UnknownRelease and ChangesLost.
    """
    places = {number: _places(steps, number) for number in (old, new)}
    _, start, end = min((abs(end - start), -start, end) for start in places[old] for end in places[new])
    start = -start
    chosen = [(step, False) for step in steps[start:end]] or [
        (step, True) for step in reversed(steps[end:start])
    ]
    for step, _ in chosen:
        if not step.known:
            message = f"What changed from release {step.old} to release {step.new} was not kept."
            raise ChangesLost(message)
    return chosen


def _places(steps: Sequence[Step], number: int) -> list[int]:
    """After how many steps a release was current. Raises UnknownRelease and ChangesLost."""
    found = [place for place, step in enumerate(steps, start=1) if step.new == number]
    if found:
        return found
    numbers = sorted({step.new for step in steps})
    first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
    if 0 < number < first:
        raise ChangesLost(
            f"Release {number} was deleted before changes were kept; the history begins with release {first}."
        )
    if first < number < last:
        raise ChangesLost(f"Release {number} was deleted, or never current, before its changes were kept.")
    there = f"there are: {', '.join(map(str, numbers))}" if len(numbers) < 20 else f"the last is {last}"
    raise UnknownRelease(f"There is no release {number}; {there}.")
