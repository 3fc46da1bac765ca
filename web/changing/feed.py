"""The feed of changes: which activities are in it, on which pages, and what is said of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for

from kg.history import CREATE, DELETE, UPDATE
from kg.history.steps import RETURN, ROLLBACK
from kg.store import IRI
from web import languages
from web.snapshot import snapshot
from web.wording import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.history import Activity, History, Selection, Step
    from web.links import Links

PER_PAGE = 100
WORDS = {CREATE: N_("new"), UPDATE: N_("changed"), DELETE: N_("removed")}
PLAINLY = N_("Release %(new)s")
HOW = {
    ROLLBACK: N_("Release %(new)s, back from release %(old)s"),
    RETURN: N_("Release %(new)s, again after release %(old)s"),
}
# Of steps, and of what became of a statement, as they are noted.
KINDS = (N_("build"), N_("import"), N_("write"), N_("rollback"), N_("return"), N_("came"), N_("went"))


@dataclass(frozen=True)
class Feed:
    """The activities that were asked for, and the addresses of the feed; `named` are the parameters."""

    history: History
    steps: Sequence[Step]
    selection: Selection
    named: tuple[tuple[str, str], ...]

    @cached_property
    def total(self) -> int:
        """How many activities there are."""
        return self.history.ledger.count(self.selection)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PER_PAGE))

    def page(self, number: int) -> list[Activity]:
        """The activities of a page, the oldest first."""
        return self.history.ledger.activities(self.selection, self.start(number), PER_PAGE)

    def newest(self) -> list[Activity]:
        """As many activities as a page has, the newest first."""
        return self.history.ledger.activities(self.selection, 0, PER_PAGE, newest_first=True)

    def start(self, number: int) -> int:
        """How many activities are on the pages before."""
        return (number - 1) * PER_PAGE

    def address(self, page: int | None = None, *, suffix: str | None = None) -> str:
        """The full address of the feed, or of one of its pages, in the format of a suffix."""
        parameters = urlencode([*self.named, *([("page", str(page))] if page else [])])
        place = url_for("changes.page", suffix=suffix, _external=True)
        return f"{place}?{parameters}" if parameters else place

    @property
    def updated(self) -> datetime:
        """When the last step was made."""
        return datetime.fromisoformat(self.steps[-1].at).astimezone(UTC)

    @property
    def subject(self) -> str:
        """What the changes are of."""
        asked = dict(self.named)
        names = [self._name(IRI(asked[name])) for name in ("class", "entity") if name in asked]
        return ", ".join(names) or self.graph

    @property
    def graph(self) -> str:
        """What the graph is called."""
        title = snapshot().release.manifest.title
        return title.get("en") or next(iter(title.values()), gettext("the graph"))

    def _name(self, iri: IRI) -> str:
        """What something is called; of what was removed, as it was called last."""
        held = snapshot()
        is_there = any(True for _ in held.release.store.quads(subject=iri))
        last = {} if is_there else self.history.ledger.names([iri.value])
        return last.get(iri.value) or held.links(languages.wanted()).label(iri).text


@dataclass(frozen=True)
class Row:
    """An activity with what its entity is called, and the addresses of what is said of it."""

    activity: Activity
    name: str
    lang: str
    page: str
    history: str

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing more to be said of the entity."""
        return self.activity.kind == DELETE

    @property
    def word(self) -> str:
        """What was done, in a word."""
        return WORDS[self.activity.kind]

    @property
    def summary(self) -> str:
        """What was done, in a sentence."""
        came, went = self.activity.came, self.activity.went
        parts = [
            *([ngettext("%(num)s statement came", "%(num)s statements came", came)] if came else []),
            *([ngettext("%(num)s statement went", "%(num)s statements went", went)] if went else []),
        ]
        return f"{', '.join(parts)}."


@dataclass
class Names:
    """Knows what entities are called in the languages of the reader, and where they are shown."""

    history: History
    links: Links = field(default_factory=lambda: snapshot().links(languages.wanted()))

    def rows(self, activities: Sequence[Activity]) -> list[Row]:
        """The activities, each with its entity named; one that is gone as it was called last."""
        store = self.links.release.store
        entities = {one.entity for one in activities}
        self.links.prepare(map(IRI, entities))
        lost = {iri for iri in entities if not any(True for _ in store.quads(subject=IRI(iri)))}
        names = self.history.ledger.names(lost)
        return [self._row(one, names.get(one.entity, "")) for one in activities]

    def _row(self, one: Activity, last: str) -> Row:
        iri = IRI(one.entity)
        label = self.links.label(iri)
        text, lang = (last, "") if last else (label.text, label.lang)
        return Row(one, text, lang, page_of(iri), history_of(iri))


def page_of(iri: IRI, release: int | None = None) -> str:
    """The full address of the page about an entity, now or as of a release."""
    slug = snapshot().release.iris.slug(iri)
    if slug:
        return url_for("entity.page", slug=slug, release=release, _external=True)
    return url_for("entity.describe", iri=iri.value, release=release, _external=True)


def history_of(iri: IRI) -> str:
    """The full address of the history of an entity."""
    slug = snapshot().release.iris.slug(iri)
    if slug:
        return url_for("history.page", slug=slug, _external=True)
    return url_for("history.of", iri=iri.value, _external=True)


def told(steps: Sequence[Step]) -> str:
    """What the history does not know, in words; '' where it knows all."""
    first, *later = steps
    said = [
        gettext(
            "What changed from release %(old)s to release %(new)s was not kept.", old=step.old, new=step.new
        )
        for step in later
        if not step.known
    ]
    if not first.known:
        begun = gettext(
            "The history begins with release %(release)s. The releases before it were deleted before changes "
            "were kept; what it held already is not listed.",
            release=first.new,
        )
        said.insert(0, begun)
    return " ".join(said)


def named(step: Step) -> str:
    """What a step is called: by the release that it led to."""
    return gettext(HOW.get(step.kind, PLAINLY), new=step.new, old=step.old)


def moment(step: Step) -> str:
    """When a step was made, as XML Schema and RFC 3339 have it."""
    return step.at.replace("+00:00", "Z")


def identifier(one: Activity) -> str:
    """What tells an activity from all others, for ever."""
    step = one.step
    name = f"{snapshot().release.iris.base}\n{step.old}\n{step.new}\n{step.at}\n{one.entity}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"
