"""What became of a test: passed, failed or not runnable, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.manifest import Test


BY_VALUE = "equal by value only"


class Outcome(Enum):
    """The outcomes, by their names in EARL (https://www.w3.org/TR/EARL10-Schema/, section 2.7)."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one test of one suite; `reason` is '' or BY_VALUE where it passed."""

    suite: str
    test: Test
    outcome: Outcome
    reason: str = ""


class Failed(Exception):
    """What was done is not what the test expects; the message says what was."""


class NotRunnable(Exception):
    """The test cannot be run; the message says why."""


def expect(fact: bool, otherwise: str) -> None:  # noqa: FBT001 the one thing that is expected
    """Raise Failed, with the words given, unless the fact holds."""
    if not fact:
        raise Failed(otherwise)
