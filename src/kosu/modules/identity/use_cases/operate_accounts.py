"""What operators do to accounts and sessions. Each of these is audited with who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.sessions import EndReason, Session, lifetime
from kosu.modules.identity.domain.viewer import INSTRUCTOR, LEARNER, OPERATOR, Viewer
from kosu.modules.identity.errors import AccountNotFound, OwnAccount, UnknownRole
from kosu.modules.identity.password_check import NO_ACCOUNT
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.views import AccountView
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

ROLES = frozenset({LEARNER, INSTRUCTOR, OPERATOR})


@dataclass(frozen=True, slots=True)
class DisableAccount:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    revocation: Revocation
    trail: AuditTrail
    clock: Clock

    async def __call__(
        self, *, viewer: Viewer, user_id: UserId, disabled: bool, reason: str, origin: Origin
    ) -> AccountView:
        """Close an account, ending its sessions, or open it again. Its next request, log-in or refresh is refused.

        Raises:
            RoleRequired, AccountNotFound, OwnAccount
        """
        viewer.require(OPERATOR)
        if disabled and user_id == viewer.user_id:
            msg = "You cannot disable your own account."
            raise OwnAccount(msg)
        at = self.clock.now()
        ended: list[Session] = []
        async with self.transaction() as records:
            await records.sessions.lock_admissions(user_id)
            user = (await locked(records, user_id)).with_disabled(disabled, at)
            await self.revocation.write_authority(records, user)
            if disabled:
                ended = await self.revocation.end_all(
                    records, user_id, EndReason.ACCOUNT_DISABLED, at=at, origin=origin
                )
            action = Action.DISABLED if disabled else Action.ENABLED
            await self.trail.record(records, action, user_id, at=at, origin=origin, reason=reason)
        await self.revocation.announce(user_id, ended)
        await self.revocation.announce_authority(user)
        return await account(self.queries, user_id, at)


@dataclass(frozen=True, slots=True)
class ChangeRoles:
    transaction: Transaction[IdentityRecords]
    queries: IdentityQueries
    revocation: Revocation
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, viewer: Viewer, user_id: UserId, roles: frozenset[str], origin: Origin) -> AccountView:
        """Replace the roles of an account; everybody stays a learner. The next request sees it.

        Sessions of somebody who becomes an operator are shortened to an operator's.

        Raises:
            RoleRequired, UnknownRole, AccountNotFound, OwnAccount
        """
        viewer.require(OPERATOR)
        unknown = roles - ROLES
        if unknown:
            msg = f"There are the roles {', '.join(sorted(ROLES))}; not {', '.join(sorted(unknown))}."
            raise UnknownRole(msg)
        if user_id == viewer.user_id and OPERATOR not in roles:
            msg = "You cannot take the role of an operator from yourself."
            raise OwnAccount(msg)
        roles |= {LEARNER}
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(user_id)
            before = await locked(records, user_id)
            user = before.with_roles(roles, at)
            await self.revocation.write_authority(records, user)
            for session in await records.sessions.not_ended(user_id):
                limited = session.limited(lifetime(roles), at)
                if limited != session:
                    await records.sessions.save(limited)
            await self.trail.record(
                records,
                Action.ROLES_CHANGED,
                user_id,
                at=at,
                origin=origin,
                before=sorted(before.roles),
                after=sorted(roles),
            )
        await self.revocation.announce_authority(user)
        return await account(self.queries, user_id, at)


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, viewer: Viewer, user_id: UserId, reason: str, origin: Origin) -> None:
        """End every session of an account, by the rows of the database and never by a cache's list of them.

        Raises:
            RoleRequired, AccountNotFound
        """
        viewer.require(OPERATOR)
        at = self.clock.now()
        async with self.transaction() as records:
            await records.sessions.lock_admissions(user_id)
            await locked(records, user_id)
            ended = await self.revocation.end_all(records, user_id, EndReason.ENDED_BY_OPERATOR, at=at, origin=origin)
            await self.trail.record(records, Action.SESSIONS_REVOKED, user_id, at=at, origin=origin, reason=reason)
        await self.revocation.announce(user_id, ended)


async def locked(records: IdentityRecords, user_id: UserId) -> User:
    user = await records.users.lock(user_id)
    if user is None:
        raise AccountNotFound(NO_ACCOUNT)
    return user


async def account(queries: IdentityQueries, user_id: UserId, at: datetime) -> AccountView:
    """The account as it stands now. Raises AccountNotFound."""
    view = await queries.account(user_id, at=at)
    if view is None:
        raise AccountNotFound(NO_ACCOUNT)
    return view
