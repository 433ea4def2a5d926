"""Give people all that Kosu keeps about them."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import AccountNotFound
from kosu.modules.identity.password_check import NO_ACCOUNT
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.modules.identity.views import AccountExport, AuditEntryView
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

# What a person has done over years fits; a runaway does not.
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class ExportAccount:
    """Identity's part of an export; `entrypoints/api/personal_data.py` gathers the parts of the other modules."""

    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, viewer: Viewer, origin: Origin) -> AccountExport:
        """The account, its devices and its security events. Source: GDPR, articles 15 and 20."""
        at = self.clock.now()
        async with self.transaction() as records:
            await self.trail.record(records, Action.EXPORTED, viewer.user_id, at=at, origin=origin)
        user = await self.queries.user(viewer.user_id)
        if user is None:
            raise AccountNotFound(NO_ACCOUNT)
        return AccountExport(
            exported_at=at,
            account=user,
            devices=list(await self.queries.live_sessions(viewer.user_id, current=viewer.session_id, at=at)),
            security_events=await self._events(viewer.user_id),
        )

    async def _events(self, user_id: UserId) -> list[AuditEntryView]:
        entries = await self.queries.audit_entries(user_id=user_id, action=None, before=None, limit=MOST_ENTRIES)
        # Who of the staff did something is not the person's own data.
        return [AuditEntryView.of(entry, for_user=user_id) for entry in entries]
