"""What hits must be: their kind, class, links, years and sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.entries import StoredEntry
    from search.profile import Profile


@dataclass(frozen=True)
class Filters:
    """What is allowed; where nothing is named, everything is.

    A hit is of one of the kinds and classes, linked with all of the things, has a date in one of the years,
    and one of the sources says something of it. Classes, things and sources are IRIs.
    """

    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.kinds, self.classes, self.linked, self.years, self.sources))

    def widened(self, profile: Profile) -> Filters:
        """The same, where a member of a narrower class is one of the class."""
        return replace(self, classes=tuple(profile.with_narrower(self.classes)))

    def allow(self, entry: StoredEntry) -> bool:
        """Whether an entry passes."""
        ties = {tie[0] for tie in entry.ties}.union(entry.classes)
        choices = (
            (self.kinds, (entry.kind,)),
            (self.classes, entry.classes),
            (self.years, entry.years),
            (self.sources, entry.sources),
        )
        is_chosen = all(not wanted or not set(wanted).isdisjoint(own) for wanted, own in choices)
        return is_chosen and ties.issuperset(self.linked)


ALL = Filters()
