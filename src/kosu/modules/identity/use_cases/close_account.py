"""Delete an account: closed at once, erased later."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.domain.viewer import OPERATOR, Viewer
from kosu.modules.identity.errors import AccountNotFound, OwnAccount
from kosu.modules.identity.events import AccountClosed, AccountErased
from kosu.modules.identity.password_check import NO_ACCOUNT
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

# As long as a stolen session could delete an account for good, its owner needs time to notice.
REFLECTION = timedelta(days=7)
BATCH = 50


@dataclass(frozen=True, slots=True)
class CloseAccount:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, viewer: Viewer, origin: Origin) -> None:
        """End all sessions, refuse new ones, and have the account erased after REFLECTION. Its owner is told by mail.

        Raises:
            OwnAccount: an operator's account is closed by another operator, once it is none any more.
        """
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(viewer.user_id)
            user = await records.users.lock(viewer.user_id)
            if user is None:
                raise AccountNotFound(NO_ACCOUNT)
            if OPERATOR in user.roles:
                msg = "An operator's account cannot be deleted while it is one."
                raise OwnAccount(msg)
            user = user.awaiting_erasure(at + REFLECTION, at)
            await self.revocation.write_authority(records, user)
            ended = await self.revocation.end_all(records, user.id, EndReason.ACCOUNT_DELETED, at=at, origin=origin)
            await records.outbox.add(AccountClosed(user_id=user.id))
            await self.trail.record(records, Action.DELETION_REQUESTED, user.id, at=at, origin=origin)
        await self.revocation.announce(user.id, ended)
        await self.revocation.announce_authority(user)


@dataclass(frozen=True, slots=True)
class EraseClosedAccounts:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    trail: AuditTrail
    clock: Clock

    async def __call__(self) -> int:
        """Take the person out of every account that is due; answers how many. What others keep are ids."""
        at = self.clock.now()
        erased = 0
        for user_id in await self.queries.due_erasures(at=at, limit=BATCH):
            async with self.transaction() as records:
                user = await records.users.lock(user_id)
                if user is None or user.erase_at is None or user.erase_at > at:
                    continue
                await records.users.save(user.erased(at))
                await records.users.forget(user_id)
                await records.outbox.add(AccountErased(user_id=user_id))
                await self.trail.record(records, Action.ERASED, user_id, at=at)
            erased += 1
        return erased
