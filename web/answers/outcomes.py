"""Outcomes other than an answer: what each is called, and what helps on."""

from __future__ import annotations

from dataclasses import dataclass

from web.wording import N_, gettext


@dataclass(frozen=True)
class Outcome:
    """Why there is no answer, in a few words, and what the asker can do."""

    title: str
    advice: str


OUTCOMES = {
    "unknown-term": (
        N_("A word is not known"),
        N_("Check how it is written, or ask with the full name. Search also finds parts of names."),
    ),
    "no-such-relation": (
        N_("This is not what is recorded of such things"),
        N_("Ask for something that is recorded of them; the questions below have answers."),
    ),
    "not-recorded": (
        N_("Not recorded here, which does not mean no"),
        N_("No source states it. Ask for something else of it; the questions below have answers."),
    ),
    "type-mismatch": (
        N_("The parts of the question do not fit together"),
        N_("Ask it of something for which it is recorded, or ask for something else about it."),
    ),
    "ambiguous": (
        N_("Several things may be meant"),
        N_("Choose what you mean, or ask again with the full name."),
    ),
    "empty": (
        N_("Nothing meets all that was asked"),
        N_("Leave out a condition and ask again."),
    ),
    "out-of-scope": (
        N_("No record can answer this"),
        N_("Ask for facts: who, what, where, when, how many, how much."),
    ),
    "too-complex": (
        N_("The question was not understood as a whole"),
        N_("Ask one thing at a time, in a short sentence; then ask on from its answer."),
    ),
}


def outcome(code: str) -> Outcome | None:
    """What an outcome is called and what helps; None for an answer."""
    if code not in OUTCOMES:
        return None
    title, advice = OUTCOMES[code]
    return Outcome(gettext(title), gettext(advice))
