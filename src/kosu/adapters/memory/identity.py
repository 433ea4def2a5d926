"""identity in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, Table, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.sessions import DOUBLE_SUBMIT, Session
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.errors import EmailTaken, InvalidToken, TokenExpired
from kosu.modules.identity.ports import SessionCacheUnavailable, SessionState, SlotTaken, Tombstone
from kosu.modules.identity.views import SessionView, UserView

USERS = "identity.users"
SESSIONS = "identity.sessions"
SLOTS = range(16)


class MemoryUsers:
    def __init__(self, users: Table) -> None:
        self._users = users

    async def add(self, user: User) -> None:
        await self.save(user)

    async def get(self, user_id: UserId) -> User | None:
        return self._users.get(user_id)

    async def with_email(self, email: str) -> User | None:
        return next((user for user in self._users.values() if user.email == email), None)

    async def save(self, user: User) -> None:
        if any(other.email == user.email and other.id != user.id for other in self._users.values()):
            msg = "There is an account with this e-mail address already."
            raise EmailTaken(msg)
        self._users[user.id] = user


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


class MemoryIdentityRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        users = workspace.table(USERS)
        self.users = MemoryUsers(users)
        self.sessions = MemorySessions(workspace.table(SESSIONS), users)


class MemoryIdentityQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def user(self, user_id: UserId) -> UserView | None:
        user = self._database.table(USERS).get(user_id)
        return None if user is None else UserView.of(user)

    async def live_sessions(self, user_id: UserId, *, current: SessionId, at: datetime) -> Sequence[SessionView]:
        live = [s for s in self._database.table(SESSIONS).values() if s.user_id == user_id and s.is_live(at)]
        live.sort(key=lambda s: (s.id != current, -s.last_seen_at.timestamp(), s.id))
        return [SessionView.of(session, current=current) for session in live]

    async def session_state(self, session_id: SessionId) -> SessionState | None:
        session = self._database.table(SESSIONS).get(session_id)
        if session is None:
            return None
        user = self._database.table(USERS)[session.user_id]
        return SessionState(
            user_id=session.user_id,
            session_id=session.id,
            device_id=session.device_id,
            expires_at=min(session.idle_expires_at, session.expires_at),
            roles=user.roles,
            disabled=user.disabled,
            end_reason=None if session.end_reason is None else session.end_reason.value,
        )

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


class MemorySessionCache:
    """Keeps for ever what it is told; `available = False` makes it behave as an unreachable cache."""

    def __init__(self) -> None:
        self.available = True
        self._states: dict[tuple[UserId, SessionId], SessionState | Tombstone] = {}

    async def get(self, user_id: UserId, session_id: SessionId) -> SessionState | Tombstone | None:
        self._check()
        return self._states.get((user_id, session_id))

    async def fill(self, state: SessionState) -> None:
        self._check()
        self._states.setdefault((state.user_id, state.session_id), state)

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        self._check()
        for session_id, reason in ended.items():
            self._states[user_id, session_id] = Tombstone(reason)

    def _check(self) -> None:
        if not self.available:
            msg = "the session cache is away"
            raise SessionCacheUnavailable(msg)


class MemoryPasswordHasher:
    """Quick, and therefore for nothing but memory."""

    async def hash(self, password: str) -> str:
        return sha256(password.encode()).hexdigest()

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return password_hash == await self.hash(password)


class _Token(msgspec.Struct, frozen=True):
    sub: UUID
    sid: UUID
    did: UUID
    gen: int
    exp: float


class MemoryAccessTokens:
    """Readable tokens with a short keyed digest."""

    def __init__(self, key: str = "memory") -> None:
        self._key = key

    def mint(self, claims: AccessClaims, *, at: datetime) -> str:  # noqa: ARG002 - the port's
        body = msgspec.json.encode(
            _Token(claims.user_id, claims.session_id, claims.device_id, claims.gen, claims.expires_at.timestamp())
        ).decode()
        return f"{self._digest(body)}.{body}"

    def verify(self, token: str, *, at: datetime) -> AccessClaims:
        digest, _, body = token.partition(".")
        if digest != self._digest(body):
            msg = "This token was not issued here."
            raise InvalidToken(msg)
        token_claims = msgspec.json.decode(body, type=_Token)
        expires_at = datetime.fromtimestamp(token_claims.exp, tz=UTC)
        if expires_at <= at:
            msg = "This access token is over its time; refresh it."
            raise TokenExpired(msg)
        return AccessClaims(
            user_id=UserId(token_claims.sub),
            session_id=SessionId(token_claims.sid),
            device_id=DeviceId(token_claims.did),
            gen=token_claims.gen,
            expires_at=expires_at,
        )

    def _digest(self, body: str) -> str:
        return sha256(f"{self._key}|{body}".encode()).hexdigest()[:32]
