"""What a monitoring system reads: counts of requests, and the state of evaluation, release and index.

The names follow https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

import ipaddress
import time
from datetime import datetime
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from kg.errors import KGError, NotPermitted, ReleaseError
from search.index import STEP
from web import access
from web.running import health, observing
from web.snapshot import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client.core import Metric

    from kg.release import Release, Releases
    from web.running.health import Probes
    from web.running.observing import Observer

blueprint = Blueprint("metrics", __name__)

# Reasons that are there before they occur for the first time, so that an increase from none can be seen.
ENDED = ("deadline", "memory", "size", "crashed", "cancelled", "disconnected", "overload", "queue", "store")
REFUSED = ("budget", "queue")
BY_A_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


class Read(Collector):
    """Metrics that were read for one answer."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        return self._families


@blueprint.get("/metrics")
def metrics() -> Response:
    """The metrics, for programs on this machine and for whoever has a token for admin."""
    if not _is_of_this_machine():
        access.authorise("admin")
    observer: Observer = current_app.extensions[observing.KEY]
    probes: Probes = current_app.extensions[health.KEY]
    traffic = observer.traffic
    registry = CollectorRegistry()
    registry.register(
        Read(
            chain(
                traffic.families(),
                traffic.processes(),
                _evaluation(probes),
                _release(current().releases, time.time()),
            )
        )
    )
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})


def unindexed(releases: Releases, current: Release) -> list[Release]:
    """The releases that the search index does not know yet, the newest first, as far as they are kept."""
    indexed = current.manifest.steps_of
    if not indexed:
        return []
    kept = [release for release in releases.all() if release.version <= current.version]
    return list(takewhile(lambda release: release.tag != indexed, reversed(kept)))


def _is_of_this_machine() -> bool:
    """Whether a program on this machine asks, by no proxy, and no page of another site has it ask."""
    try:
        access.check_own_origin()
        is_near = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except (NotPermitted, ValueError):
        return False
    return is_near and not any(name in request.headers for name in BY_A_PROXY)


def _evaluation(probes: Probes) -> Iterator[Metric]:
    """The state of the process that evaluates queries; only that it is down where it does not answer."""
    up = GaugeMetricFamily("kg_evaluation_up", "Whether the process that evaluates queries answers.")
    try:
        state = probes.evaluation.begin()()
    except (KGError, OSError):
        up.add_metric([], 0)
        yield up
        return
    up.add_metric([], 1)
    yield up
    yield from _gauges(state)
    yield from _counters(state)


def _gauges(state: Mapping[str, Any]) -> Iterator[Metric]:
    yield GaugeMetricFamily("kg_evaluation_waiting", "Queries that wait for a worker.", state["waiting"])
    yield GaugeMetricFamily("kg_evaluation_running", "Queries being evaluated.", state["running"])
    yield GaugeMetricFamily("kg_evaluation_idle_workers", "Workers without a query.", state["idle"])
    yield GaugeMetricFamily("kg_evaluation_lent_workers", "Workers for quick queries.", state["lent"])
    yield GaugeMetricFamily(
        "kg_evaluation_longest_seconds", "Age of the oldest query being evaluated.", state["longest"]
    )


def _counters(state: Mapping[str, Any]) -> Iterator[Metric]:
    yield CounterMetricFamily("kg_evaluation_answered", "Queries that were answered.", state["answered"])
    yield CounterMetricFamily("kg_evaluation_seconds", "Compute time of all queries.", state["seconds"])
    yield CounterMetricFamily("kg_evaluation_restarts", "Times the process was replaced.", state["restarts"])
    ended = dict.fromkeys(ENDED, 0) | state["ended"]
    yield _by_reason("kg_evaluation_ended", "Queries without a whole answer.", ended)
    refused = dict.fromkeys(REFUSED, 0) | state["refused"]
    yield _by_reason("kg_evaluation_refused", "Queries that were not begun.", refused)


def _by_reason(name: str, told: str, counts: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, told, labels=["reason"])
    for reason, count in counts.items():
        family.add_metric([reason], count)
    return family


def _release(releases: Releases, now: float) -> Iterator[Metric]:
    """Which release is current, and how far its search index is behind; nothing without a release."""
    try:
        current = releases.current()
    except ReleaseError:
        return
    yield GaugeMetricFamily("kg_release_version", "Number of the current release.", current.version)
    if current.manifest.created:
        yield GaugeMetricFamily("kg_release_age_seconds", "Since it was made.", _age(current, now))
    if STEP in current.manifest.steps:
        behind = unindexed(releases, current)
        yield GaugeMetricFamily(
            "kg_index_lag_releases", "Releases that the search index does not know yet.", len(behind)
        )
        yield GaugeMetricFamily(
            "kg_index_lag_seconds",
            "Age of the oldest release that the search index does not know.",
            _age(behind[-1], now) if behind else 0,
        )


def _age(release: Release, now: float) -> float:
    """Seconds since a release was made."""
    return max(0.0, now - datetime.fromisoformat(release.manifest.created).timestamp())
