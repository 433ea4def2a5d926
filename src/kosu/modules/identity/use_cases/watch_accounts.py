"""What operators look at: accounts, and the audit log. Looking is audited too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kosu.ids import UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.viewer import OPERATOR, Viewer
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.modules.identity.views import AccountView, AuditEntryView
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class FindAccounts:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    trail: AuditTrail
    clock: Clock

    async def __call__(
        self,
        *,
        viewer: Viewer,
        text: str | None,
        role: str | None,
        before: UserId | None,
        limit: int,
        origin: Origin,
    ) -> Sequence[AccountView]:
        """Accounts, newest first, older than `before`. Raises RoleRequired."""
        viewer.require(OPERATOR)
        at = self.clock.now()
        async with self.transaction() as records:
            await self.trail.record(
                records, Action.ACCOUNTS_VIEWED, None, at=at, origin=origin, text=text or "", role=role or ""
            )
        return await self.queries.accounts(text=text, role=role, before=before, limit=limit, at=at)


@dataclass(frozen=True, slots=True)
class ReadAuditLog:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    trail: AuditTrail
    clock: Clock

    async def __call__(
        self,
        *,
        viewer: Viewer,
        user_id: UserId | None,
        action: str | None,
        before: UUID | None,
        limit: int,
        origin: Origin,
    ) -> Sequence[AuditEntryView]:
        """Entries, newest first, older than `before`. Raises RoleRequired."""
        viewer.require(OPERATOR)
        at = self.clock.now()
        async with self.transaction() as records:
            await self.trail.record(
                records, Action.AUDIT_VIEWED, user_id, at=at, origin=origin, action_filter=action or ""
            )
        entries = await self.queries.audit_entries(user_id=user_id, action=action, before=before, limit=limit)
        return [AuditEntryView.of(entry) for entry in entries]
