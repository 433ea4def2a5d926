"""Change one's password."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.accounts import acceptable_password
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.events import PasswordChanged
from kosu.modules.identity.password_check import PasswordCheck
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.revocation import Revocation
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ChangePassword:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    check: PasswordCheck
    revocation: Revocation
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, viewer: Viewer, current: str, password: str, origin: Origin) -> None:
        """Set a new password and end every other session; log-ins under the old one that are under way fail.

        Raises:
            WeakPassword, WrongPassword, TooManyRequests
        """
        acceptable = acceptable_password(password)
        verified = await self.check(viewer.user_id, current)
        password_hash = await self.passwords.hash(acceptable)
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(viewer.user_id)
            user = await self.check.still(records, verified)
            await records.users.save(user.with_password(password_hash))
            ended = await self.revocation.end_all(
                records, user.id, EndReason.PASSWORD_CHANGED, at=at, origin=origin, but=viewer.session_id
            )
            await records.outbox.add(PasswordChanged(user_id=user.id))
            await self.trail.record(records, Action.PASSWORD_CHANGED, user.id, at=at, origin=origin)
        await self.revocation.announce(user.id, ended)
