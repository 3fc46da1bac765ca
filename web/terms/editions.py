"""The versions of the ontology, and which of the releases that are kept have which."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from web.snapshot import current
from web.wording import gettext

if TYPE_CHECKING:
    from kg.release import Release


@dataclass(frozen=True)
class Edition:
    """A version of the ontology in releases that follow each other, the first and the last of those kept."""

    version: str
    first: Release
    last: Release

    @property
    def span(self) -> str:
        """The numbers of its releases."""
        if self.first.version == self.last.version:
            return gettext("release %(version)s", version=self.first.version)
        return gettext("releases %(first)s to %(last)s", first=self.first.version, last=self.last.version)


def editions(iri: str) -> list[Edition]:
    """The versions of an ontology in the releases that are kept, the newest first."""
    kept = [one for one in current().releases.all() if one.manifest.ontology.get("iri") == iri]
    found = []
    for version, group in groupby(kept, key=lambda one: one.manifest.ontology.get("version", "")):
        releases = list(group)
        found.append(Edition(version, releases[0], releases[-1]))
    return found[::-1]


def release_with(iri: str, version: str) -> int | None:
    """The newest release that is kept with a version of an ontology."""
    found = (one.last.version for one in editions(iri) if version and one.version == version)
    return next(found, None)
