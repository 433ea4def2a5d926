"""What identity reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.ports.records import RecentEnds
from kosu.modules.identity.views import AccountView, SessionView, UserView


class IdentityQueries(Protocol):
    """Reads, and the hot writes, each a single statement outside of any transaction block."""

    async def user(self, user_id: UserId) -> UserView | None: ...

    async def live_sessions(self, user_id: UserId, *, current: SessionId | None, at: datetime) -> Sequence[SessionView]:
        """The user's live devices, most recently seen first."""
        ...

    async def rotate(
        self, session_id: SessionId, *, device_id: DeviceId, gen: int, salt: bytes, at: datetime
    ) -> Session | None:
        """Compare and swap: make the next generation current if `gen` is current, settled and the session lives.

        One statement. None when anything differs; nothing was changed then, and the cold path judges why.
        """
        ...

    async def record_activity(self, seen: Mapping[SessionId, tuple[datetime, int]]) -> None:
        """Note when sessions were last seen and which generation they used. Never moves either backwards."""
        ...

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]: ...

    async def ended_since(self, since: datetime) -> RecentEnds:
        """Sessions that ended and authorities that changed at `since` or later."""
        ...

    async def accounts(
        self, *, text: str | None, role: str | None, before: UserId | None, limit: int, at: datetime
    ) -> Sequence[AccountView]:
        """Accounts as operators see them, newest first; `text` is part of an e-mail address or a name."""
        ...

    async def account(self, user_id: UserId, *, at: datetime) -> AccountView | None: ...

    async def audit_entries(
        self, *, user_id: UserId | None, action: str | None, before: UUID | None, limit: int
    ) -> Sequence[AuditEntry]:
        """Entries about an account or by it, newest first; all of them where `user_id` is None."""
        ...

    async def due_erasures(self, *, at: datetime, limit: int) -> Sequence[UserId]:
        """Accounts whose owners asked for deletion and whose time of reflection is over."""
        ...

    async def purge(self, *, sessions_before: datetime, tokens_before: datetime, audit_before: datetime) -> int:
        """Delete rows that nobody needs any more: long ended sessions, one-time tokens, old audit entries.

        Answers how many rows went.
        """
        ...
