"""Turns for long requests, so that short ones need not wait for many of them.

In one process Python works on one thing at a time. A hundred texts of a megabyte that come and are read at
once would each have a hundredth of it, and so would the short question that comes meanwhile.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

PATIENCE = 5.0  # seconds after which a request goes on without its turn, so that no slow one stops all others


class Turns:
    """Turns of one event loop, so many at once, in the order in which they are asked for.

    After `longest` seconds a turn is another's, and who had it goes on without one.
    """

    def __init__(self, most: int, longest: float = math.inf) -> None:
        self._free, self._longest = asyncio.Semaphore(most), longest

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Callable[[], object]]:
        """A turn, which any thread may end by what it gives before the context does."""
        is_taken, loop = await self._acquired(), asyncio.get_running_loop()

        def end() -> None:
            nonlocal is_taken
            if is_taken:
                is_taken = False
                self._free.release()

        timer = loop.call_later(self._longest, end) if self._longest < math.inf else None
        try:
            yield partial(loop.call_soon_threadsafe, end)
        finally:
            end()
            if timer:
                timer.cancel()

    async def _acquired(self) -> bool:
        """Wait for a turn; whether there was one in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                return await self._free.acquire()
        return False
