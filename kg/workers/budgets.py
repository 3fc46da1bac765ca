"""What each client may have computed: so many seconds a minute, saved up for a minute at most.

A token bucket (RFC 2697 calls it a meter): it fills evenly, and what was used beyond it is owed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MINUTE = 60.0
MOST_CLIENTS = 20_000
UNKNOWN = 0.1  # seconds: whom nothing was answered yet goes behind those who are known to ask little
LEAST = 0.5  # seconds that must be there again before the next query of who had none


@dataclass
class Account:
    """Seconds that a client still has, negative where it owes some, as of a time on the monotonic clock.

    It `is_known` once it was answered something.
    """

    seconds: float
    since: float
    is_known: bool = False


class Budgets:
    """The accounts of all clients, of which the MOST_CLIENTS last seen are kept.

    `allowed` is how many seconds of computing a client may use in a minute; 0 sets no limit, and what each
    has used lately still tells whose turn it is.
    """

    def __init__(self, allowed: float) -> None:
        self._is_limited, self._allowed = allowed > 0, allowed or MINUTE
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """The seconds until a client may ask again; 0 where it may. Who has no name may always."""
        if not self._is_limited or client not in self._accounts:
            return 0.0
        account = self._account(client, now)
        return (LEAST - account.seconds) * MINUTE / self._allowed if account.seconds <= 0 else 0.0

    def cost(self, client: str, now: float) -> float:
        """The seconds that a client's queries took lately, at least UNKNOWN where none was answered."""
        if not client:
            return 0.0
        if client not in self._accounts:
            return UNKNOWN
        account = self._account(client, now)
        return max(0.0 if account.is_known else UNKNOWN, self._allowed - account.seconds)

    def charge(self, client: str, seconds: float, now: float) -> None:
        """Take seconds from what a client has."""
        if client:
            self._account(client, now).seconds -= seconds

    def know(self, client: str, now: float) -> None:
        """Take note that a client was answered something."""
        if client:
            self._account(client, now).is_known = True

    def _account(self, client: str, now: float) -> Account:
        account = self._accounts.setdefault(client, Account(self._allowed, now))
        filled = account.seconds + (now - account.since) * self._allowed / MINUTE
        account.seconds, account.since = min(self._allowed, filled), now
        self._accounts.move_to_end(client)
        if len(self._accounts) > MOST_CLIENTS:
            self._accounts.popitem(last=False)
        return account
