"""Whether the service lives and is ready, for those who watch it or put it behind a load balancer.

Plain JSON, which every such program reads: the draft of `application/health+json` has expired.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import Blueprint, Response, current_app, json

from kg.errors import KGError
from web.snapshot import current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from web.snapshot import Current

T = TypeVar("T")

blueprint = Blueprint("health", __name__, url_prefix="/health")

KEY = "kg.probes"
PATIENCE = 2.0  # seconds for each check


class Probe(Generic[T]):
    """Work that may get stuck, done in a thread of its own; all who ask meanwhile wait for one attempt."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._starting = threading.Lock()
        self._attempt: Future[T] | None = None
        self._latest = 0.0

    def begin(self) -> Callable[[], T]:
        """Make an attempt, unless one is being made; what waits for it.

        That gives or raises what the work does, and raises TimeoutError where it takes longer than PATIENCE
        since it began, so that nobody waits once more for what is stuck already.
        """
        with self._starting:
            if self._attempt is None or self._attempt.done():
                self._attempt, self._latest = Future(), time.monotonic() + PATIENCE
                threading.Thread(target=self._make, args=(self._attempt,), daemon=True).start()
            return partial(_result, self._attempt, self._latest)

    def _make(self, attempt: Future[T]) -> None:
        try:
            attempt.set_result(self._work())
        except (KGError, OSError) as error:
            attempt.set_exception(error)
        finally:
            attempt.cancel()  # of effect only where an error that nobody foresaw has left it open


def _result(attempt: Future[T], latest: float) -> T:
    try:
        return attempt.result(max(0.0, latest - time.monotonic()))
    except CancelledError as error:
        raise TimeoutError from error


@dataclass(frozen=True)
class Probes:
    """What has to work: opening the release, which gives its number, and asking the evaluation process."""

    release: Probe[int]
    evaluation: Probe[Mapping[str, Any]]

    @classmethod
    def of(cls, current: Current) -> Probes:
        """The probes of a service."""
        return cls(Probe(partial(_open, current)), Probe(current.state_of_evaluation))


@dataclass(frozen=True)
class Check:
    """What came of a probe: what it gave, or the reason in a sentence why it gave nothing."""

    given: object = None
    reason: str = ""

    @classmethod
    def of(cls, result: Callable[[], object], failure: str, home: Path) -> Check:
        """The check that waits for a result; `failure` is said where that does not say what is wrong."""
        try:
            return cls(given=result())
        except TimeoutError:
            return cls(reason=f"{failure} within {PATIENCE:g} seconds.")
        except KGError as error:
            return cls(reason=str(error).replace(str(home), "KG_HOME"))
        except OSError as error:
            return cls(reason=f"{failure} ({error.strerror or 'input or output failed'}).")

    def as_json(self) -> dict[str, object]:
        """Whether it is passed, and the reason why not."""
        return {"passed": False, "reason": self.reason} if self.reason else {"passed": True}


@blueprint.get("/live")
def live() -> Response:
    """That the service answers."""
    return _response({"live": True})


@blueprint.get("/ready")
def ready() -> Response:
    """Whether the service can answer from the graph: 503 with the reasons where it cannot."""
    return _response(_readiness())


@blueprint.get("")
def health() -> Response:
    """Both."""
    return _response({"live": True, **_readiness()})


def _readiness() -> dict[str, Any]:
    probes: Probes = current_app.extensions[KEY]
    home, release, evaluation = current().releases.home, probes.release.begin(), probes.evaluation.begin()
    opened = Check.of(release, "The release could not be opened", home)
    asked = Check.of(evaluation, "The process that evaluates queries did not answer", home)
    members = {
        "ready": not (opened.reason or asked.reason),
        "checks": {"release": opened.as_json(), "evaluation": asked.as_json()},
    }
    return members if opened.reason else members | {"release": opened.given}


def _response(members: dict[str, Any]) -> Response:
    is_ready = members.get("ready", True)
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    text = json.dumps(members, ensure_ascii=False, sort_keys=False)
    headers = {"Cache-Control": "no-store"}
    return Response(text + "\n", status=status, headers=headers, content_type="application/json")


def _open(current: Current) -> int:
    """The number of the current release, which has been opened."""
    release = current.snapshot().release
    _ = release.store
    return release.version
