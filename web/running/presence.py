"""Whether a client is there still, seen by the messages of ASGI."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.workers.caller import Ending
    from web.running.gateway import Receive


class Presence:
    """Whether a client is there still, and what is to be ended when it goes.

    The application says what that is from its own thread; the ending is done in the event loop.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._endings: list[Ending] = []
        self._watching: asyncio.Task[None] | None = None
        self.has_gone = False

    def leaving(self, ending: Ending) -> None:
        """Have something ended when the client goes, or at once where it has gone."""
        self._endings.append(ending)
        if self.has_gone:
            ending()

    def watch(self) -> None:
        """Begin to look, once the request has been read; the server tells of the end by a message."""
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._watch())

    def end(self) -> None:
        """Look no more."""
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the end of a request that has no body
        self.has_gone = True
        for ending in self._endings:
            ending()
