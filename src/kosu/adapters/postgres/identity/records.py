"""identity's writing side: accounts, sessions, one-time tokens and the audit log in one SQLAlchemy transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, exists, literal, select, text, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError as ConstraintViolated
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.identity.rows import (
    AuditRow,
    MutedNotificationRow,
    OneTimeTokenRow,
    SentNotificationRow,
    SessionRow,
    UserRow,
    audit_values,
    session_of,
    session_values,
    token_of,
    user_of,
    user_values,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.modules.identity.domain.one_time_tokens import OneTimeToken, Purpose
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.errors import EmailTaken
from kosu.modules.identity.ports import SlotTaken


class _UserRepository(SQLAlchemyAsyncRepository[UserRow]):
    model_type = UserRow


class _SessionRepository(SQLAlchemyAsyncRepository[SessionRow]):
    model_type = SessionRow


class PostgresUsers:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _UserRepository(session=session)

    async def add(self, user: User) -> None:
        # Not by a violated constraint: PostgreSQL would write the address into its log.
        added = await self._session.execute(
            insert(UserRow)
            .values(user_values(user))
            .on_conflict_do_nothing(index_elements=["email"])
            .returning(UserRow.id)
        )
        if added.first() is None:
            raise EmailTaken(_EMAIL_TAKEN)

    async def get(self, user_id: UserId) -> User | None:
        return user_of(await self._rows.get_one_or_none(id=user_id))

    async def lock(self, user_id: UserId) -> User | None:
        # FOR NO KEY UPDATE: a plain FOR UPDATE would block every insert that refers to the account.
        found = await self._session.execute(
            select(UserRow)
            .where(UserRow.id == user_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return user_of(found.scalar_one_or_none())

    async def with_email(self, email: str) -> User | None:
        return user_of(await self._rows.get_one_or_none(email=email))

    async def save(self, user: User) -> None:
        await self._session.merge(UserRow(**user_values(user)))
        try:
            await self._session.flush()
        except ConstraintViolated as error:
            raise EmailTaken(_EMAIL_TAKEN) from error

    async def replace_hash(self, user: User, password_hash: str) -> None:
        await self._session.execute(
            update(UserRow)
            .where(UserRow.id == user.id, UserRow.password_hash == user.password_hash)
            .values(password_hash=password_hash)
        )

    async def forget(self, user_id: UserId) -> None:
        await self._session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
        for row in (OneTimeTokenRow, MutedNotificationRow, SentNotificationRow):
            await self._session.execute(delete(row).where(row.user_id == user_id))
        await self._session.execute(
            update(AuditRow)
            .where((AuditRow.user_id == user_id) | (AuditRow.actor_id == user_id))
            .values(ip=None, browser=None, os=None, detail=AuditRow.detail.op("-")("label"))
        )


class PostgresSessions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _SessionRepository(session=session)

    async def lock_admissions(self, user_id: UserId) -> None:
        # Not FOR UPDATE on the account's row: that would block every insert that refers to it.
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('kosu.identity.device-limit:' || :user_id, 0))"),
            {"user_id": str(user_id)},
        )

    async def not_ended(self, user_id: UserId) -> list[Session]:
        rows = await self._rows.get_many(
            SessionRow.user_id == user_id, SessionRow.ended_at.is_(None), order_by=("created_at", False)
        )
        return [session_of(row) for row in rows]

    async def lock(self, session_id: SessionId) -> Session | None:
        row = await self._rows.get_one_or_none(id=session_id, with_for_update=True)
        return None if row is None else session_of(row)

    async def knows(self, user_id: UserId, device_id: DeviceId) -> bool:
        known = exists().where(SessionRow.user_id == user_id, SessionRow.device_id == device_id)
        return bool(await self._session.scalar(select(known)))

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        values = session_values(session)
        columns = SessionRow.__table__.columns
        entitled = (
            select(UserRow.id)
            .where(UserRow.id == session.user_id, UserRow.cred_epoch == cred_epoch, UserRow.disabled.is_(False))
            .exists()
        )
        # INSERT … SELECT from the account, so that the check of its epoch and the insert are one statement.
        allowed = select(*(literal(values[column.name], column.type) for column in columns)).where(entitled)
        statement = (
            insert(SessionRow)
            .from_select([column.name for column in columns], allowed)
            # A violated constraint would end the transaction, which has a ticket to write yet.
            .on_conflict_do_nothing()
            .returning(SessionRow.id)
        )
        try:
            inserted = await self._session.execute(statement)
        except ConstraintViolated as error:
            # Out of range: that is no conflict to do nothing about.
            raise SlotTaken from error
        if inserted.first() is not None:
            return True
        if await self._session.scalar(select(entitled)):
            raise SlotTaken
        return False

    async def save(self, session: Session) -> None:
        await self._session.merge(SessionRow(**session_values(session)))
        await self._session.flush()


class PostgresOneTimeTokens:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, token: OneTimeToken) -> None:
        await self._session.execute(plain_insert(OneTimeTokenRow).values({**asdict(token), "used_at": None}))

    async def find(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        found = await self._session.execute(
            select(OneTimeTokenRow).where(
                OneTimeTokenRow.digest == digest,
                OneTimeTokenRow.purpose == purpose,
                OneTimeTokenRow.used_at.is_(None),
                OneTimeTokenRow.expires_at > at,
            )
        )
        row = found.scalar_one_or_none()
        return None if row is None else token_of(row)

    async def use(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        used = await self._session.execute(
            update(OneTimeTokenRow)
            .where(
                OneTimeTokenRow.digest == digest,
                OneTimeTokenRow.purpose == purpose,
                OneTimeTokenRow.used_at.is_(None),
                OneTimeTokenRow.expires_at > at,
            )
            .values(used_at=at)
            .returning(OneTimeTokenRow)
        )
        row = used.scalar_one_or_none()
        return None if row is None else token_of(row)


class PostgresAuditLog:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, entry: AuditEntry) -> None:
        await self._session.execute(plain_insert(AuditRow).values(audit_values(entry)))


class PostgresIdentityRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.users = PostgresUsers(session)
        self.sessions = PostgresSessions(session)
        self.one_time_tokens = PostgresOneTimeTokens(session)
        self.audit = PostgresAuditLog(session)


_EMAIL_TAKEN = "There is an account with this e-mail address already."
