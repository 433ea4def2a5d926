"""Delete what nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.identity.ports import IdentityQueries, NotificationBook
from kosu.ports.clock import Clock

# As long as a device is known by its sessions, its owner cannot be locked out of it.
SESSIONS_KEPT = timedelta(days=180)
TOKENS_KEPT = timedelta(days=7)
AUDIT_KEPT = timedelta(days=400)
# Longer than any message is retried.
SENT_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PurgeOldRows:
    queries: IdentityQueries
    book: NotificationBook
    clock: Clock

    async def __call__(self) -> int:
        """What is over its time: sessions, one-time tokens, audit entries, sent mails. Answers how many rows."""
        at = self.clock.now()
        sent = await self.book.purge_sent(before=at - SENT_KEPT)
        return sent + await self.queries.purge(
            sessions_before=at - SESSIONS_KEPT, tokens_before=at - TOKENS_KEPT, audit_before=at - AUDIT_KEPT
        )
