"""The answer to one query of a stranger, as it comes from the process that evaluates it."""

from __future__ import annotations

import json
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, cast

from kg.errors import QueryCrashed
from kg.processes import frames, packets
from kg.workers import verdicts
from kg.workers.limits import GRACE
from kg.workers.tally import QUICK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from kg.workers.channel import Channel
    from kg.workers.limits import Limits

Form = Literal["solutions", "boolean", "graph", "digest", "plan", "checked"]

MOST_QUICK = 1 << 20  # bytes of an answer that are kept until it is whole


class PoolLost(QueryCrashed):
    """The pool has ended without a word of why there is no answer."""


class Evaluation:
    """The answer to one query: an iterator over its bytes, which raises QueryError if it breaks off.

    `form` says whether it is "solutions", a "boolean", a "graph" or the "plan" of a query, and `media_type`
    how it is written; a boolean in CSV or TSV is the one word `true` or `false`. Closing it early ends the
    evaluation.
    """

    def __init__(self, channel: Channel, limits: Limits, media_types: Mapping[str, str]) -> None:
        self._channel, self._limits = channel, limits
        self._deadline = time.monotonic() + limits.deadline + GRACE
        self._arrived: deque[tuple[bytes, bytes]] = deque()
        self._is_open = True
        self.form = cast("Form", json.loads(self._next(frames.HEAD))["form"])
        self.media_type = media_types[self.form]

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if not self._is_open:
            raise StopIteration
        return self._next(frames.DATA)

    def close(self) -> None:
        """End the evaluation; the rest of the answer is lost."""
        self._close(is_whole=self._has_ended())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _close(self, *, is_whole: bool) -> None:
        self._is_open = False
        self._channel.end(is_whole=is_whole)

    def _next(self, wanted: bytes) -> bytes:
        if not self._arrived:
            self._receive()
        kind, payload = self._arrived.popleft()
        if kind == wanted:
            return payload
        said = json.loads(payload) if kind == frames.FAILURE else {}
        self._close(is_whole="verdict" not in said)  # which is the pool's, in the place of an answer
        if said:
            raise verdicts.told(said, self._limits)
        raise StopIteration

    def _receive(self) -> None:
        """Wait for the next frames. Raises QueryError where none come any more."""
        try:
            if not self._channel.is_late and self._is_quick():
                return
            self._channel.connection.settimeout(max(0.001, self._deadline - time.monotonic()))
            self._arrived.extend(packets.received(self._channel.connection))
        except TimeoutError as error:
            self.close()
            raise verdicts.timeout(self._limits) from error
        except (EOFError, OSError) as error:
            if isinstance(error, ConnectionResetError):
                self._channel.was_read = False
            self.close()
            raise PoolLost(str(verdicts.lost())) from error

    def _is_quick(self) -> bool:
        """Whether the whole answer comes before the query is late, of which the pool is asked."""
        while not self._channel.is_late and not self._comes_at_once():
            self._channel.delay(has_begun=bool(self._arrived))
        return bool(self._arrived)

    def _comes_at_once(self) -> bool:
        """Whether the rest of the answer comes within QUICK seconds."""
        until, size = time.monotonic() + QUICK, 0
        with suppress(BlockingIOError):
            while not self._has_ended() and size < MOST_QUICK and time.monotonic() < until:
                found = packets.received(self._channel.connection)
                size += sum(len(payload) for _, payload in found)
                self._arrived.extend(found)
        return self._has_ended()

    def _has_ended(self) -> bool:
        """Whether all has arrived that there is."""
        return bool(self._arrived) and self._arrived[-1][0] in (frames.END, frames.FAILURE)
