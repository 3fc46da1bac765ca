"""What each client may have computed: so many seconds a minute, saved up for a minute at most.

A token bucket (RFC 2697 calls it a meter): it fills evenly, and what was used beyond it is owed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MINUTE = 60.0
MOST_CLIENTS = 20_000
UNKNOWN = 0.1  # seconds: who comes for the first time goes behind those who are known to ask little
LEAST = 0.5  # seconds that must be there again before the next query of who had none


@dataclass
class Account:
    """Seconds that a client still has, negative where it owes some, as of a time on the monotonic clock."""

    seconds: float
    since: float


class Budgets:
    """The accounts of all clients, of which the MOST_CLIENTS last seen are kept.

    `allowed` is how many seconds of computing a client may use in a minute; 0 sets no limit.
    """

    def __init__(self, allowed: float) -> None:
        self._allowed = allowed
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """The seconds until a client may ask again; 0 where it may. Who has no name may always."""
        if not self._allowed or not client or client not in self._accounts:
            return 0.0
        account = self._account(client, now)
        return (LEAST - account.seconds) * MINUTE / self._allowed if account.seconds <= 0 else 0.0

    def cost(self, client: str, now: float) -> float:
        """The seconds that a client's queries took lately, as UNKNOWN where nothing is known of it."""
        if not self._allowed or not client:
            return 0.0
        if client not in self._accounts:
            return UNKNOWN
        return max(0.0, self._allowed - self._account(client, now).seconds)

    def charge(self, client: str, seconds: float, now: float) -> None:
        """Take seconds from what a client has."""
        if self._allowed and client:
            self._account(client, now).seconds -= seconds

    def _account(self, client: str, now: float) -> Account:
        account = self._accounts.setdefault(client, Account(self._allowed, now))
        filled = account.seconds + (now - account.since) * self._allowed / MINUTE
        account.seconds, account.since = min(self._allowed, filled), now
        self._accounts.move_to_end(client)
        if len(self._accounts) > MOST_CLIENTS:
            self._accounts.popitem(last=False)
        return account
