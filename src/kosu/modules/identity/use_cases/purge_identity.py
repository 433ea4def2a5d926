"""Delete what nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.identity.ports import IdentityQueries
from kosu.ports.clock import Clock

# As long as a device is known by its sessions, its owner cannot be locked out of it.
SESSIONS_KEPT = timedelta(days=180)
TOKENS_KEPT = timedelta(days=7)
AUDIT_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class PurgeOldRows:
    queries: IdentityQueries
    clock: Clock

    async def __call__(self) -> int:
        """Sessions, one-time tokens and audit entries over their time; answers how many rows went."""
        at = self.clock.now()
        return await self.queries.purge(
            sessions_before=at - SESSIONS_KEPT, tokens_before=at - TOKENS_KEPT, audit_before=at - AUDIT_KEPT
        )
