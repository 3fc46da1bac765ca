"""How sure an answer is, in words."""

from __future__ import annotations

from web.wording import N_, gettext

LEVELS = (
    (0.95, N_("Very sure")),
    (0.85, N_("Fairly sure")),
    (0.65, N_("Not very sure")),
    (0.0, N_("Unsure")),
)


def sureness(confidence: float) -> str:
    """The words for a confidence between 0 and 1."""
    return next(gettext(words) for least, words in LEVELS if confidence >= least)
