"""Columns that hold the keys of another table without saying so: all their values are values of its key.

A database that was made into a graph has links where it declares foreign keys; where it does not, there are
only equal values ("airline 7" of a flight, "uid 7" of an airline).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.iris import local_name
from kg.store import IRI
from search.answering.senses import senses
from search.profile import Step
from search.tokens import key
from search.words import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import Store
    from search.answering.algebra import Path
    from search.answering.relation import Types
    from search.answering.senses import Sense
    from search.lexicon import Lexicon
    from search.profile import Profile

FEWEST = 2  # values: fewer would be in many a key by chance
MOST = 100_000  # values, of which more take too long to compare


def hidden_keys(store: Store, profile: Profile, lexicon: Lexicon) -> tuple[tuple[Path, Types, Types], ...]:
    """Paths from what has a column to what has its value for a key, with the classes at both ends."""
    found = []
    for name, other, kind in _candidates(profile, lexicon):
        if _is_within(store, name, other):
            path: Path = ((Step(name),), (Step(other, inverse=True),))
            found.append((path, frozenset(profile.uses[name].subjects), frozenset({kind})))
    return tuple(found)


def _candidates(profile: Profile, lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    """A column, the key of a class, and that class, where the column is called as the class is."""
    columns = [name for name, use in sorted(profile.uses.items()) if _has_values(profile, name)]
    keys = [
        (name, kind) for name in columns for kind in profile.uses[name].subjects if _may_be_key(profile, name)
    ]
    for name in columns:
        for other, kind in keys:
            apart = kind not in profile.uses[name].subjects
            if (
                apart
                and _has_numbers(profile, name) == _has_numbers(profile, other)
                and _is_called(lexicon, name, kind)
            ):
                yield name, other, kind


def _has_values(profile: Profile, name: str) -> bool:
    use = profile.uses[name]
    return bool(use.count) and use.count <= MOST and use.values["number"] + use.values["text"] == use.count


def _has_numbers(profile: Profile, name: str) -> bool:
    return profile.uses[name].values["number"] > 0


def _may_be_key(profile: Profile, name: str) -> bool:
    """Whether a column has one value for each member of one class."""
    use = profile.uses[name]
    return len(use.subjects) == 1 and use.count == sum(use.holders.values()) == sum(
        profile.members[k] for k in use.subjects
    )


def _is_called(lexicon: Lexicon, name: str, kind: str) -> bool:
    return not _names(lexicon, name).isdisjoint(_names(lexicon, kind))


def _names(lexicon: Lexicon, iri: str) -> set[Sense]:
    """What the names of a term mean, in all languages; a table is mostly named in the plural."""
    texts = [(form.key, form.lang or FALLBACK) for form in lexicon.of(iri)]
    texts.append((key(local_name(iri).rpartition(".")[2]), FALLBACK))
    return {sense for text, lang in texts if text for sense in senses(text, lang)}


def _is_within(store: Store, name: str, other: str) -> bool:
    """Whether all values of a column are among those of a key, none of which comes twice."""
    values = {quad.object for quad in store.quads(predicate=IRI(name))}
    if len(values) < FEWEST:
        return False
    keys = [quad.object for quad in store.quads(predicate=IRI(other))]
    return len(set(keys)) == len(keys) and values <= set(keys)
