"""Pages of a release as they were made: to the same request goes the same page.

A release never changes, so what was made of it stays right as long as it is held; each holds its own pages.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Key: TypeAlias = tuple[object, ...]

ROOM = 16 << 20  # bytes of all pages of one release in one process
LARGEST = 4 << 20  # bytes of one page that is kept
OVERHEAD = 1 << 10  # bytes that an entry takes beside its page and its key


class Printed:
    """The pages asked for last; any number of threads may ask."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._pages: OrderedDict[Key, tuple[bytes, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def page(self, key: Key, make: Callable[[], tuple[str, bool]]) -> bytes:
        """The page of a key, made where it is not kept; what was asked for longest ago goes.

        `make` tells with a page whether it is whole, and so to be kept.
        """
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key][0]
        text, is_whole = make()
        page = text.encode()
        if is_whole and len(page) <= LARGEST:
            self._keep(key, page)
        return page

    def _keep(self, key: Key, page: bytes) -> None:
        size = len(page) + len(repr(key)) + OVERHEAD
        with self._lock:
            self._size -= self._pages.pop(key, (b"", 0))[1]
            self._pages[key] = (page, size)
            self._size += size
            while self._size > self._room:
                _, (_, freed) = self._pages.popitem(last=False)
                self._size -= freed
