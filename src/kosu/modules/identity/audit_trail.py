"""Writing the audit log: in the transaction of what it tells of, so that neither is without the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import UserId
from kosu.modules.identity.domain.audit import NOBODY, Action, AuditEntry, Origin
from kosu.modules.identity.ports import IdentityRecords
from kosu.ports.id_source import IdSource


@dataclass(frozen=True, slots=True)
class AuditTrail:
    ids: IdSource

    async def record(
        self,
        records: IdentityRecords,
        action: Action,
        user_id: UserId | None,
        *,
        at: datetime,
        origin: Origin = NOBODY,
        **detail: str | int | bool | list[str],
    ) -> None:
        """Note that `action` was done to the account `user_id` by `origin`."""
        await records.audit.add(
            AuditEntry(id=self.ids.new(), at=at, action=action, user_id=user_id, origin=origin, detail=detail)
        )
