"""What this process knows to be over, whatever a cache says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from kosu.ids import SessionId, UserId
from kosu.modules.identity.ports import Authority

# Longer than any access token lives and any cached state lasts.
MEMORY = timedelta(minutes=15)

K = TypeVar("K")
V = TypeVar("V")


class Denials:
    """Ended sessions and the newest known authority epochs, told by the database to every api process.

    A revocation holds by this even while the session cache cannot be written to, or kept an old state. Entries are
    forgotten after MEMORY, when no cache can contradict them any more.
    """

    def __init__(self) -> None:
        self._ended: dict[SessionId, tuple[str, datetime]] = {}
        self._epochs: dict[UserId, tuple[int, datetime]] = {}

    def session_ended(self, session_id: SessionId, reason: str, *, at: datetime) -> None:
        _forget(self._ended, at)
        self._ended.setdefault(session_id, (reason, at + MEMORY))

    def authority_changed(self, user_id: UserId, authz_epoch: int, *, at: datetime) -> None:
        _forget(self._epochs, at)
        known, _ = self._epochs.pop(user_id, (0, at))
        self._epochs[user_id] = (max(known, authz_epoch), at + MEMORY)

    def end_reason(self, session_id: SessionId) -> str | None:
        """Why the session ended, if this process has heard of it."""
        ended = self._ended.get(session_id)
        return None if ended is None else ended[0]

    def is_current(self, user_id: UserId, authority: Authority) -> bool:
        """False when a newer authority of the account is known to exist."""
        epoch, _ = self._epochs.get(user_id, (0, None))
        return authority.authz_epoch >= epoch


def _forget(entries: dict[K, tuple[V, datetime]], at: datetime) -> None:
    """Drop what is over; the entries are in the order of their times."""
    while entries:
        oldest, (_, until) = next(iter(entries.items()))
        if until > at:
            return
        del entries[oldest]
