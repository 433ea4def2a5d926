"""identity in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, Table, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.modules.identity.domain.device_policy import MOST_DEVICES
from kosu.modules.identity.domain.one_time_tokens import OneTimeToken, Purpose
from kosu.modules.identity.domain.sessions import DOUBLE_SUBMIT, Session
from kosu.modules.identity.errors import EmailTaken
from kosu.modules.identity.ports import (
    RecentEnds,
    SlotTaken,
)
from kosu.modules.identity.views import AccountView, SessionView, UserView

USERS = "identity.users"
SESSIONS = "identity.sessions"
TOKENS = "identity.one_time_tokens"
AUDIT = "identity.audit_log"
# By account first; `MemoryNotificationBook` fills them.
MUTED = "identity.muted_notifications"
SENT = "identity.sent_notifications"
SLOTS = range(MOST_DEVICES)


class MemoryUsers:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._users = workspace.table(USERS)

    async def add(self, user: User) -> None:
        await self.save(user)

    async def get(self, user_id: UserId) -> User | None:
        return self._users.get(user_id)

    async def lock(self, user_id: UserId) -> User | None:
        """Transactions in memory are serial: there is nothing to wait for."""
        return self._users.get(user_id)

    async def with_email(self, email: str) -> User | None:
        return next((user for user in self._users.values() if user.email == email), None)

    async def save(self, user: User) -> None:
        if any(other.email == user.email and other.id != user.id for other in self._users.values()):
            msg = "There is an account with this e-mail address already."
            raise EmailTaken(msg)
        self._users[user.id] = user

    async def replace_hash(self, user: User, password_hash: str) -> None:
        stored: User | None = self._users.get(user.id)
        if stored is not None and stored.password_hash == user.password_hash:
            self._users[user.id] = replace(stored, password_hash=password_hash)

    async def forget(self, user_id: UserId) -> None:
        for name in (SENT, MUTED):
            rows = self._workspace.table(name)
            for key in [key for key in rows if key[0] == user_id]:
                del rows[key]
        for name in (SESSIONS, TOKENS):
            table = self._workspace.table(name)
            for key in [key for key, value in table.items() if _stored(value).user_id == user_id]:
                del table[key]
        entries = self._workspace.table(AUDIT)
        for key, entry in list(entries.items()):
            if user_id in {entry.user_id, entry.origin.actor_id}:
                detail = {name: value for name, value in entry.detail.items() if name != "label"}
                entries[key] = replace(entry, origin=replace(entry.origin, client=None), detail=detail)


class MemorySessions:
    def __init__(self, sessions: Table, users: Table) -> None:
        self._sessions = sessions
        self._users = users

    async def lock_admissions(self, user_id: UserId) -> None:
        """Transactions in memory are serial: there is nothing to wait for."""

    async def not_ended(self, user_id: UserId) -> list[Session]:
        return sorted(
            (session for session in self._sessions.values() if session.user_id == user_id and session.ended_at is None),
            key=lambda session: session.created_at,
        )

    async def lock(self, session_id: SessionId) -> Session | None:
        return self._sessions.get(session_id)

    async def knows(self, user_id: UserId, device_id: DeviceId) -> bool:
        return any((s.user_id, s.device_id) == (user_id, device_id) for s in self._sessions.values())

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        user = self._users.get(session.user_id)
        if user is None or user.cred_epoch != cred_epoch or user.disabled:
            return False
        rivals = await self.not_ended(session.user_id)
        if session.slot not in SLOTS or any(
            rival.slot == session.slot or rival.device_id == session.device_id for rival in rivals
        ):
            raise SlotTaken
        self._sessions[session.id] = session
        return True

    async def save(self, session: Session) -> None:
        self._sessions[session.id] = session


@dataclass(frozen=True, slots=True)
class _StoredToken:
    token: OneTimeToken
    used_at: datetime | None = None


def _stored(value: Session | _StoredToken) -> Session | OneTimeToken:
    return value.token if isinstance(value, _StoredToken) else value


class MemoryOneTimeTokens:
    def __init__(self, tokens: Table) -> None:
        self._tokens = tokens

    async def add(self, token: OneTimeToken) -> None:
        self._tokens[token.digest] = _StoredToken(token)

    async def find(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        stored: _StoredToken | None = self._tokens.get(digest)
        if stored is None or stored.used_at is not None:
            return None
        token = stored.token
        return token if token.purpose is purpose and token.expires_at > at else None

    async def use(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        token = await self.find(digest, purpose, at=at)
        if token is not None:
            self._tokens[digest] = _StoredToken(token, used_at=at)
        return token


class MemoryAuditLog:
    def __init__(self, entries: Table) -> None:
        self._entries = entries

    async def add(self, entry: AuditEntry) -> None:
        self._entries[entry.id] = entry


class MemoryIdentityRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        self.users = MemoryUsers(workspace)
        self.sessions = MemorySessions(workspace.table(SESSIONS), workspace.table(USERS))
        self.one_time_tokens = MemoryOneTimeTokens(workspace.table(TOKENS))
        self.audit = MemoryAuditLog(workspace.table(AUDIT))


class MemoryIdentityQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def user(self, user_id: UserId) -> UserView | None:
        user = self._database.table(USERS).get(user_id)
        return None if user is None else UserView.of(user)

    async def live_sessions(self, user_id: UserId, *, current: SessionId | None, at: datetime) -> Sequence[SessionView]:
        live = [s for s in self._database.table(SESSIONS).values() if s.user_id == user_id and s.is_live(at)]
        live.sort(key=lambda s: (s.id != current, -s.last_seen_at.timestamp(), s.id))
        return [SessionView.of(session, current=current) for session in live]

    async def rotate(
        self, session_id: SessionId, *, device_id: DeviceId, gen: int, salt: bytes, at: datetime
    ) -> Session | None:
        session: Session | None = self._database.table(SESSIONS).get(session_id)
        if session is None or (session.device_id, session.gen, session.salt) != (device_id, gen, salt):
            return None
        if not session.is_live(at) or (gen > 1 and session.rotated_at > at - DOUBLE_SUBMIT):
            return None
        rotated = session.rotated(at)
        self._database.tables[SESSIONS][session_id] = rotated
        return rotated

    async def record_activity(self, seen: Mapping[SessionId, tuple[datetime, int]]) -> None:
        sessions = self._database.table(SESSIONS)
        for session_id, (at, gen) in seen.items():
            session = sessions.get(session_id)
            if session is not None and session.ended_at is None:
                sessions[session_id] = replace(
                    session, last_seen_at=max(session.last_seen_at, at), acked_gen=max(session.acked_gen, gen)
                )

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]:
        users = self._database.table(USERS)
        return {user_id: users[user_id].display_name for user_id in user_ids if user_id in users}

    async def ended_since(self, since: datetime) -> RecentEnds:
        sessions = self._database.table(SESSIONS).values()
        users = self._database.table(USERS).values()
        return RecentEnds(
            sessions={s.id: str(s.end_reason) for s in sessions if s.ended_at is not None and s.ended_at >= since},
            authz_epochs={user.id: user.authz_epoch for user in users if user.authz_changed_at >= since},
        )

    async def accounts(
        self, *, text: str | None, role: str | None, before: UserId | None, limit: int, at: datetime
    ) -> Sequence[AccountView]:
        word = (text or "").casefold()
        users = [
            user
            for user in self._database.table(USERS).values()
            if (word in user.email.casefold() or word in user.display_name.casefold())
            and (role is None or role in user.roles)
            and (before is None or user.id < before)
        ]
        users.sort(key=lambda user: user.id, reverse=True)
        return [self._account(user, at) for user in users[:limit]]

    async def account(self, user_id: UserId, *, at: datetime) -> AccountView | None:
        user = self._database.table(USERS).get(user_id)
        return None if user is None else self._account(user, at)

    async def audit_entries(
        self, *, user_id: UserId | None, action: str | None, before: UUID | None, limit: int
    ) -> Sequence[AuditEntry]:
        entries = [
            entry
            for entry in self._database.table(AUDIT).values()
            if (user_id is None or user_id in {entry.user_id, entry.origin.actor_id})
            and (action is None or entry.action == action)
            and (before is None or entry.id < before)
        ]
        entries.sort(key=lambda entry: entry.id, reverse=True)
        return entries[:limit]

    async def due_erasures(self, *, at: datetime, limit: int) -> Sequence[UserId]:
        due = [u for u in self._database.table(USERS).values() if u.erase_at is not None and u.erase_at <= at]
        due.sort(key=lambda user: user.erase_at)
        return [user.id for user in due[:limit]]

    async def purge(self, *, sessions_before: datetime, tokens_before: datetime, audit_before: datetime) -> int:
        over: dict[str, Callable[[Any], bool]] = {
            SESSIONS: lambda s: (s.ended_at or s.expires_at) < sessions_before,
            TOKENS: lambda stored: stored.token.expires_at < tokens_before,
            AUDIT: lambda entry: entry.at < audit_before,
        }
        removed = 0
        for name, is_over in over.items():
            table = self._database.table(name)
            for key in [key for key, value in table.items() if is_over(value)]:
                del table[key]
                removed += 1
        return removed

    def _account(self, user: User, at: datetime) -> AccountView:
        sessions = [s for s in self._database.table(SESSIONS).values() if s.user_id == user.id]
        return AccountView(
            id=user.id,
            email=user.email,
            email_verified=user.email_verified_at is not None,
            display_name=user.display_name,
            roles=sorted(user.roles),
            disabled=user.disabled,
            erase_at=user.erase_at,
            live_sessions=sum(session.is_live(at) for session in sessions),
            last_seen_at=max((session.last_seen_at for session in sessions), default=None),
            created_at=user.created_at,
        )
