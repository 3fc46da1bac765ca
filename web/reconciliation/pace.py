"""How long one request may work where it stands, so that others need not wait for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from werkzeug.exceptions import ServiceUnavailable

MOST_SECONDS = 3.0


@dataclass(frozen=True)
class Pace:
    """The work that a request has made: what its thread has reckoned, however many others did besides."""

    begun: float = field(default_factory=time.thread_time)

    def check(self) -> None:
        """Raise ServiceUnavailable where it is too long."""
        if time.thread_time() - self.begun > MOST_SECONDS:
            message = f"This takes more than {MOST_SECONDS:.0f} seconds of work; ask for less at once."
            raise ServiceUnavailable(message)
