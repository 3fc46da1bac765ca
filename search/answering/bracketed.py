"""Units that only the names of properties tell, in brackets: "height (cm)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from search.answering.units import units

if TYPE_CHECKING:
    from search.lexicon import Lexicon
    from search.profile import Profile

BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]\s*$")


def name_units(profile: Profile, lexicon: Lexicon) -> None:
    """Note the unit of each property with numbers of which no unit is stated but that in its name."""
    for iri, use in profile.uses.items():
        if use.values["number"] and not use.unit:
            use.unit = _bracketed(iri, lexicon)


def _bracketed(iri: str, lexicon: Lexicon) -> str:
    """The first known unit at the end of a name of a property; '' where there is none."""
    for form in lexicon.of(iri):
        found = BRACKETS.search(form.text)
        table = units(form.lang)
        if found and table.unit(found[1].strip()) in table.dimensions:
            return found[1].strip()
    return ""
