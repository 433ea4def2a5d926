"""What sibling modules may ask of identity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.ports.unit_of_work import OpenTransaction, Transaction


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    display_name: str
    locale: str


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The platform's audit log, for what operators do in other modules."""

    transaction: Transaction[IdentityRecords]
    trail: AuditTrail

    async def record(
        self,
        open_transaction: OpenTransaction,
        action: Action,
        about: UserId | None,
        *,
        at: datetime,
        origin: Origin,
        **detail: str | int | bool | list[str],
    ) -> None:
        """Note within the asker's transaction that `action` was done by `origin`, to what belongs to `about`."""
        records = self.transaction.join(open_transaction)
        await self.trail.record(records, action, about, at=at, origin=origin, **detail)


class Identity:
    def __init__(self, queries: IdentityQueries) -> None:
        self._queries = queries

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]:
        """Names by account; accounts that do not exist are left out."""
        return await self._queries.display_names(user_ids)

    async def contact(self, user_id: UserId) -> Contact | None:
        user = await self._queries.user(user_id)
        if user is None:
            return None
        return Contact(email=user.email, display_name=user.display_name, locale=user.locale)
