"""What one process holds of the graph: a release opened for answering, replaced when another is published."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING

from flask import current_app, g

from kg.aspects.arrangement import Arrangement
from kg.aspects.collection import Collection
from kg.aspects.geography import Geography
from kg.aspects.referring import referring
from kg.release import Releases
from kg.workers.evaluator import Evaluator
from kg.workers.line import Line, Own
from web.entrance.examples import Example, examples
from web.exploring.sights import sights
from web.links import Links
from web.printed import Printed
from web.querying.hints import vocabulary
from web.things.census import census

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from kg.aspects.referring import Referring
    from kg.labels import Label
    from kg.network import Linkage, Network
    from kg.network.study import Studies
    from kg.release import Release
    from kg.settings import Settings
    from kg.store import IRI
    from kg.workers.limits import Limits
    from search.answer import Answerer
    from search.encoder import Encoder
    from search.ranking import Finder
    from search.reconciliation import Reconciler
    from web.rdf.context import Context
    from web.terms.glossary import Glossary

KEY = "kg.current"
MOST_LABELS, MOST_LANGUAGES = 50_000, 16
MOST_COUNTED = 4096  # things of which is known what refers to them
MOST_COLLECTED = 24  # collections of members
MOST_OLDER = 4
QUIET = 3.0  # seconds that a release must have been in use before it is loaded into memory
OLDER = {"workers": 2, "idle": 1, "lent": 0, "held": 0}  # the limits of a release that is not current


@dataclass
class Snapshot:
    """One release with all that answers from it; each part is opened when it is first asked for.

    `made` is for what takes long and is the same each time.
    """

    release: Release
    encoder: Encoder | None
    limits: Limits
    line: Line
    evaluator: Evaluator = field(init=False, repr=False)
    made: dict[Any, Any] = field(default_factory=dict, repr=False)
    _labels: dict[tuple[str, ...], dict[IRI, Label]] = field(default_factory=dict, repr=False)
    _opening: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _labelling: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        release = self.release
        self.evaluator = Evaluator(
            release.store_path,
            release.prefixes,
            release.iris.base,
            self.limits,
            quads_file=release.quads_file,
            apart=[release.iris.statistics_graph.value],
            hold=QUIET if 0 < release.manifest.counts.get("quads", 0) <= self.limits.held else None,
            title=f"release {release.version}",
            line=self.line,
        )

    @property
    def finder(self) -> Finder:
        """Finds things by words and meaning. Raises ReleaseError where the release has no index."""
        if "_finder" in vars(self):  # it need not wait while answers, which take longer, are made ready
            return self._finder
        with self._opening:
            return self._finder

    @property
    def ready_finder(self) -> Finder | None:
        """The finder, or None while another thread opens it; see `finder`."""
        if "_finder" in vars(self):
            return self._finder
        if not self._opening.acquire(blocking=False):
            return None
        try:
            return self._finder
        finally:
            self._opening.release()

    @property
    def answerer(self) -> Answerer:
        """Answers questions. Raises ReleaseError where the release has no index."""
        with self._opening:
            return self._answerer

    @property
    def network(self) -> Network:
        """What links two entities. Raises NetworkRefused where too much does."""
        with self._opening:
            return self._network

    @cached_property
    def reconciler(self) -> Reconciler:
        """Finds what names of a table mean. Raises ReleaseError where the release has no index."""
        from search.reconciliation import Reconciler

        return Reconciler.of(self.finder)

    @cached_property
    def linkage(self) -> Linkage:
        """Which statements link entities."""
        from kg.network import Linkage

        return Linkage(self.release)

    @cached_property
    def studies(self) -> Studies:
        """The networks that were asked for."""
        from kg.network.study import Studies

        return Studies(self.linkage)

    @cached_property
    def arrangement(self) -> Arrangement:
        """In which order properties are shown."""
        return Arrangement.of(self.release)

    @cached_property
    def geography(self) -> Geography:
        """Where things are."""
        return Geography(self.release.store)

    @cached_property
    def collected(self) -> Callable[[tuple[IRI, ...]], Collection]:
        """The members of some classes with what is said of them, which takes a moment to be read."""
        return lru_cache(MOST_COLLECTED)(partial(Collection.of, self.release, self.linkage))

    @cached_property
    def sights(self) -> tuple[IRI, ...]:
        """The classes that there is most to see of on a map or a timeline."""
        return sights(self.geography, self.linkage, [kind for kind, _ in self.census])

    @cached_property
    def referring(self) -> Callable[[IRI], Referring]:
        """What refers to a thing; counting what refers to many takes a moment, so it is kept."""
        return lru_cache(MOST_COUNTED)(partial(referring, self.release))

    @cached_property
    def printed(self) -> Printed:
        """The pages about things and terms that were made."""
        return Printed()

    @cached_property
    def census(self) -> list[tuple[IRI, int]]:
        """How many things there are of each kind."""
        return census(self.release)

    @cached_property
    def vocabulary(self) -> dict[str, frozenset[str]]:
        """Local names of the properties and classes in use, by namespace; empty where nothing was counted."""
        return vocabulary(self.release)

    @cached_property
    def context(self) -> Context:
        """The words of JSON-LD."""
        from web.rdf.context import Context

        return Context.of(self.release.prefixes, self.release)

    @cached_property
    def examples(self) -> list[Example]:
        """The questions that the graph says it can answer."""
        return examples(self.release)

    @cached_property
    def glossary(self) -> Glossary:
        """What its ontology says of its terms, and how they are used."""
        from web.terms.glossary import Glossary

        return Glossary(self)

    def links(self, langs: Sequence[str]) -> Links:
        """Links with labels in these languages; what one page looks up, the next one knows."""
        key = tuple(langs)
        with self._labelling:
            known = self._labels.pop(key, None)
            if known is None or len(known) > MOST_LABELS:
                known = {}
            self._labels[key] = known  # at the end: the first one is that not asked for longest
            while len(self._labels) > MOST_LANGUAGES:
                del self._labels[next(iter(self._labels))]
        return Links(self.release, langs, known)

    def open(self) -> None:
        """Open what takes a moment, so that the first question need not wait."""
        with self.evaluator.evaluate("ASK {}") as evaluation:
            _ = list(evaluation)
        _ = self.release.store, self.answerer

    def close(self) -> None:
        """End the workers that are idle now, and those that are not after their query."""
        self.evaluator.close()

    @cached_property
    def _finder(self) -> Finder:
        from search.ranking import Finder

        return Finder.open(self.release, self.encoder)

    @cached_property
    def _network(self) -> Network:
        from kg.network import network

        return network(self.release, self.linkage)

    @cached_property
    def _answerer(self) -> Answerer:
        from search.answer import Answerer

        return Answerer.open(self.release, self._finder)


class Current:
    """The snapshot of whichever release is current; any number of threads may ask for it.

    Queries are evaluated by the pool to which `line` leads; without one this process has its own.
    """

    def __init__(
        self, settings: Settings, encoder: Encoder | None, limits: Limits, line: Line | None = None
    ) -> None:
        self.releases = Releases(settings.home)
        self.line = line or Line(Own(limits).connect)
        self._encoder, self._limits = encoder, limits
        self._lock = threading.Lock()
        self._older: dict[int, Snapshot] = {}
        self._state: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The current snapshot, at the price of one `stat`. Raises ReleaseError when there is no release.

        Requests that still work with the one before finish with it.
        """
        state = self.releases.state()
        held = self._snapshot
        if held is not None and state is not None and state == self._state:
            return held
        with self._lock:
            if self._snapshot is None or state is None or state != self._state:
                self._replace(state)
            assert self._snapshot is not None
            return self._snapshot

    def at(self, version: int) -> Snapshot:
        """The snapshot of a release that is kept, current or not. Raises ReleaseError where it is none."""
        current = self.snapshot()
        if current.release.version == version:
            return current
        with self._lock:
            found = self._older.pop(version, None)
            if found is not None and not found.release.path.exists():
                found.close()
                found = None
            if found is None:
                limits = replace(self._limits, **OLDER)
                found = Snapshot(self.releases.get(version), self._encoder, limits, self.line)
            self._older[version] = found  # at the end: the first one is that not asked for longest
            while len(self._older) > MOST_OLDER:
                self._older.pop(next(iter(self._older))).close()
        return found

    def close(self) -> None:
        """End what works for the snapshots."""
        with self._lock:
            for held in (self._snapshot, *self._older.values()):
                if held is not None:
                    held.close()
        self.line.close()

    def state_of_evaluation(self) -> dict[str, Any]:
        """How much the pool of workers has to do (`kg.workers.pool.Pool.state`). Raises QueryCrashed."""
        return self.line.ask({"state": True})

    def _replace(self, state: tuple[int, int] | None) -> None:
        fresh = Snapshot(self.releases.current(), self._encoder, self._limits, self.line)
        old, self._snapshot, self._state = self._snapshot, fresh, state
        if old is not None:
            old.close()


def current() -> Current:
    """What this process serves."""
    held: Current = current_app.extensions[KEY]
    return held


def snapshot() -> Snapshot:
    """The snapshot that answers this request, from its beginning to its end."""
    if "snapshot" not in g:
        g.snapshot = current().snapshot()
    held: Snapshot = g.snapshot
    return held
