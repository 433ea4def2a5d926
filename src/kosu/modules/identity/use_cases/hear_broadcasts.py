"""What an api process does with what the database tells all of them."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import SessionId, UserId
from kosu.modules.identity.denials import MEMORY, Denials
from kosu.modules.identity.events import AuthorityChanged, SessionEnded
from kosu.modules.identity.ports import IdentityQueries
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class HearBroadcasts:
    queries: IdentityQueries
    denials: Denials
    clock: Clock

    async def catch_up(self) -> None:
        """Learn what was told while nobody listened. Call after listening has begun.

        Raises:
            DatabaseUnavailable
        """
        at = self.clock.now()
        missed = await self.queries.ended_since(at - MEMORY)
        for session_id, reason in missed.sessions.items():
            self.denials.session_ended(session_id, reason, at=at)
        for user_id, authz_epoch in missed.authz_epochs.items():
            self.denials.authority_changed(user_id, authz_epoch, at=at)

    def session_ended(self, event: SessionEnded) -> None:
        self.denials.session_ended(SessionId(event.session_id), event.reason, at=self.clock.now())

    def authority_changed(self, event: AuthorityChanged) -> None:
        self.denials.authority_changed(UserId(event.user_id), event.authz_epoch, at=self.clock.now())
