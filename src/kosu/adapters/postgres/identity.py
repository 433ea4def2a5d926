"""identity in PostgreSQL: accounts and sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy import CheckConstraint, ForeignKey, Index, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError as ConstraintViolated
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.rows import Row, SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.sessions import DOUBLE_SUBMIT, Client, EndReason, Session
from kosu.modules.identity.errors import EmailTaken
from kosu.modules.identity.ports import SessionState, SlotTaken
from kosu.modules.identity.views import SessionView, UserView

NOT_ENDED = text("ended_at IS NULL")


class UserRow(Row):
    __tablename__ = "users"
    __table_args__ = ({"schema": "identity"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    display_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    locale: Mapped[str]
    cred_epoch: Mapped[int]
    disabled: Mapped[bool]
    email_verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SessionRow(Row):
    """The unique indices hold the device limit even if the advisory lock were forgotten."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("uq_sessions_live_device", "user_id", "device_id", unique=True, postgresql_where=NOT_ENDED),
        Index("uq_sessions_live_slot", "user_id", "slot", unique=True, postgresql_where=NOT_ENDED),
        CheckConstraint("slot BETWEEN 0 AND 15", name="slot_in_range"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"))
    device_id: Mapped[UUID]
    slot: Mapped[int]
    gen: Mapped[int]
    acked_gen: Mapped[int]
    salt: Mapped[bytes]
    label: Mapped[str]
    ip: Mapped[str]
    browser: Mapped[str]
    os: Mapped[str]
    idle_seconds: Mapped[int]
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_expires_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


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
            .values(_user_values(user))
            .on_conflict_do_nothing(index_elements=["email"])
            .returning(UserRow.id)
        )
        if added.first() is None:
            raise EmailTaken(_EMAIL_TAKEN)

    async def get(self, user_id: UserId) -> User | None:
        return _user(await self._rows.get_one_or_none(id=user_id))

    async def with_email(self, email: str) -> User | None:
        return _user(await self._rows.get_one_or_none(email=email))

    async def save(self, user: User) -> None:
        await self._session.merge(UserRow(**_user_values(user)))
        try:
            await self._session.flush()
        except ConstraintViolated as error:
            raise EmailTaken(_EMAIL_TAKEN) from error


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
        return [_session(row) for row in rows]

    async def lock(self, session_id: SessionId) -> Session | None:
        row = await self._rows.get_one_or_none(id=session_id, with_for_update=True)
        return None if row is None else _session(row)

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        values = _session_values(session)
        columns = SessionRow.__table__.columns
        # INSERT … SELECT from the account, so that the check of its epoch and the insert are one statement.
        allowed = select(*(literal(values[column.name], column.type) for column in columns)).where(
            select(UserRow.id)
            .where(UserRow.id == session.user_id, UserRow.cred_epoch == cred_epoch, UserRow.disabled.is_(False))
            .exists()
        )
        try:
            inserted = await self._session.execute(
                insert(SessionRow).from_select([column.name for column in columns], allowed).returning(SessionRow.id)
            )
        except ConstraintViolated as error:
            raise SlotTaken from error
        return inserted.first() is not None

    async def save(self, session: Session) -> None:
        await self._session.merge(SessionRow(**_session_values(session)))
        await self._session.flush()


class PostgresIdentityRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.users = PostgresUsers(session)
        self.sessions = PostgresSessions(session)


class PostgresIdentityQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def user(self, user_id: UserId) -> UserView | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT id, email, email_verified_at IS NOT NULL, display_name, roles, locale, created_at
                   FROM identity.users WHERE id = %s""",
                (user_id,),
            )
            row = await cursor.fetchone()
        return None if row is None else UserView(*row)

    async def live_sessions(self, user_id: UserId, *, current: SessionId, at: datetime) -> Sequence[SessionView]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT id, device_id, label, browser, os, ip, created_at, last_seen_at, id = %(current)s
                   FROM identity.sessions
                   WHERE user_id = %(user_id)s AND ended_at IS NULL
                     AND idle_expires_at > %(at)s AND expires_at > %(at)s
                   ORDER BY id = %(current)s DESC, last_seen_at DESC, id""",
                {"user_id": user_id, "current": current, "at": at},
            )
            return [SessionView(*row) for row in await cursor.fetchall()]

    async def session_state(self, session_id: SessionId) -> SessionState | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT s.user_id, s.id, s.device_id, least(s.idle_expires_at, s.expires_at), u.roles, u.disabled,
                          s.end_reason
                   FROM identity.sessions s JOIN identity.users u ON u.id = s.user_id WHERE s.id = %s""",
                (session_id,),
            )
            row = await cursor.fetchone()
        if row is None:
            return None
        user_id, found_id, device_id, expires_at, roles, disabled, end_reason = row
        return SessionState(user_id, found_id, device_id, expires_at, frozenset(roles), disabled, end_reason)

    async def rotate(
        self, session_id: SessionId, *, device_id: DeviceId, gen: int, salt: bytes, at: datetime
    ) -> Session | None:
        async with connection(self._pool) as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                """UPDATE identity.sessions
                   SET gen = gen + 1, acked_gen = gen, rotated_at = %(at)s, last_seen_at = %(at)s,
                       idle_expires_at = %(at)s + make_interval(secs => idle_seconds)
                   WHERE id = %(id)s AND device_id = %(device_id)s AND gen = %(gen)s AND salt = %(salt)s
                     AND ended_at IS NULL AND idle_expires_at > %(at)s AND expires_at > %(at)s
                     AND (gen = 1 OR rotated_at <= %(settled)s)
                   RETURNING *""",
                {
                    "id": session_id,
                    "device_id": device_id,
                    "gen": gen,
                    "salt": salt,
                    "at": at,
                    "settled": at - DOUBLE_SUBMIT,
                },
            )
            row = await cursor.fetchone()
        return None if row is None else _session(SessionRow(**row))

    async def record_activity(self, seen: Mapping[SessionId, tuple[datetime, int]]) -> None:
        # Ordered by id: two processes that flush the same sessions must not lock them crosswise.
        sightings = sorted(seen.items())
        async with connection(self._pool) as conn:
            await conn.execute(
                """UPDATE identity.sessions s
                   SET last_seen_at = greatest(s.last_seen_at, seen.at), acked_gen = greatest(s.acked_gen, seen.gen)
                   FROM unnest(%s::uuid[], %s::timestamptz[], %s::bigint[]) AS seen (id, at, gen)
                   WHERE s.id = seen.id AND s.ended_at IS NULL""",
                (
                    [session_id for session_id, _ in sightings],
                    [at for _, (at, _) in sightings],
                    [gen for _, (_, gen) in sightings],
                ),
            )

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                "SELECT id, display_name FROM identity.users WHERE id = ANY(%s)", (list(user_ids),)
            )
            return {UserId(row[0]): row[1] for row in await cursor.fetchall()}


_EMAIL_TAKEN = "There is an account with this e-mail address already."


def _user_values(user: User) -> dict[str, Any]:
    return {**asdict(user), "roles": sorted(user.roles)}


def _user(row: UserRow | None) -> User | None:
    return None if row is None else User(**{**row.to_dict(), "roles": frozenset(row.roles)})


def _session_values(session: Session) -> dict[str, Any]:
    values = asdict(session)
    client = values.pop("client")
    idle = values.pop("idle")
    return {**values, **client, "idle_seconds": int(idle.total_seconds())}


def _session(row: SessionRow) -> Session:
    values = row.to_dict()
    client = Client(**{name: values.pop(name) for name in ("ip", "browser", "os")})
    idle = timedelta(seconds=values.pop("idle_seconds"))
    end_reason = values.pop("end_reason")
    return Session(**values, client=client, idle=idle, end_reason=None if end_reason is None else EndReason(end_reason))
