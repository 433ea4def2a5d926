"""identity's reads and hot writes: single statements on the psycopg pool."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.identity.rows import SessionRow, session_of
from kosu.adapters.postgres.search import containing
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.audit import Action, AuditEntry, Origin
from kosu.modules.identity.domain.sessions import DOUBLE_SUBMIT, Client, Session
from kosu.modules.identity.ports import Authority, RecentEnds, SessionState
from kosu.modules.identity.views import AccountView, SessionView, UserView

_ACCOUNTS = """
    SELECT u.id, u.email, u.email_verified_at IS NOT NULL, u.display_name, u.roles, u.disabled, u.erase_at,
           count(s.id) FILTER (WHERE s.ended_at IS NULL AND s.idle_expires_at > %(at)s AND s.expires_at > %(at)s),
           max(s.last_seen_at), u.created_at
    FROM identity.users u LEFT JOIN identity.sessions s ON s.user_id = u.id
"""


class PostgresIdentityQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def user(self, user_id: UserId) -> UserView | None:
        rows = await self._fetch(
            """SELECT id, email, email_verified_at IS NOT NULL, display_name, roles, locale, created_at
               FROM identity.users WHERE id = %(user_id)s""",
            {"user_id": user_id},
        )
        return UserView(*rows[0]) if rows else None

    async def live_sessions(self, user_id: UserId, *, current: SessionId | None, at: datetime) -> Sequence[SessionView]:
        rows = await self._fetch(
            """SELECT id, device_id, label, browser, os, ip, created_at, last_seen_at,
                      id IS NOT DISTINCT FROM %(current)s::uuid
               FROM identity.sessions
               WHERE user_id = %(user_id)s AND ended_at IS NULL
                 AND idle_expires_at > %(at)s AND expires_at > %(at)s
               ORDER BY 9 DESC, last_seen_at DESC, id""",
            {"user_id": user_id, "current": current, "at": at},
        )
        return [SessionView(*row) for row in rows]

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
        return None if row is None else session_of(SessionRow(**row))

    async def record_activity(self, seen: Mapping[SessionId, tuple[datetime, int]]) -> None:
        sightings = list(seen.items())
        async with connection(self._pool) as conn:
            await conn.execute(
                # Locked by id first: two processes that flush the same sessions, or one and somebody who ends
                # several, must not wait for each other crosswise.
                """WITH seen AS MATERIALIZED (
                     SELECT s.id, seen.at, seen.gen
                     FROM identity.sessions s
                     JOIN unnest(%s::uuid[], %s::timestamptz[], %s::bigint[]) AS seen (id, at, gen) ON seen.id = s.id
                     WHERE s.ended_at IS NULL ORDER BY s.id FOR NO KEY UPDATE OF s
                   )
                   UPDATE identity.sessions s
                   SET last_seen_at = greatest(s.last_seen_at, seen.at), acked_gen = greatest(s.acked_gen, seen.gen)
                   FROM seen WHERE s.id = seen.id""",
                (
                    [session_id for session_id, _ in sightings],
                    [at for _, (at, _) in sightings],
                    [gen for _, (_, gen) in sightings],
                ),
            )

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]:
        rows = await self._fetch(
            "SELECT id, display_name FROM identity.users WHERE id = ANY(%(user_ids)s)", {"user_ids": list(user_ids)}
        )
        return {UserId(row[0]): row[1] for row in rows}

    async def ended_since(self, since: datetime) -> RecentEnds:
        rows = await self._fetch(
            """SELECT id, end_reason, NULL FROM identity.sessions WHERE ended_at >= %(since)s
               UNION ALL
               SELECT id, NULL, authz_epoch FROM identity.users WHERE authz_changed_at >= %(since)s""",
            {"since": since},
        )
        return RecentEnds(
            sessions={SessionId(row[0]): row[1] for row in rows if row[1] is not None},
            authz_epochs={UserId(row[0]): row[2] for row in rows if row[2] is not None},
        )

    async def accounts(
        self, *, text: str | None, role: str | None, before: UserId | None, limit: int, at: datetime
    ) -> Sequence[AccountView]:
        rows = await self._fetch(
            _ACCOUNTS
            + """WHERE (%(pattern)s::text IS NULL OR u.email ILIKE %(pattern)s OR u.display_name ILIKE %(pattern)s)
                   AND (%(role)s::text IS NULL OR %(role)s = ANY(u.roles))
                   AND (%(before)s::uuid IS NULL OR u.id < %(before)s)
                 GROUP BY u.id ORDER BY u.id DESC LIMIT %(limit)s""",
            {
                "pattern": containing(text) if text else None,
                "role": role,
                "before": before,
                "limit": limit,
                "at": at,
            },
        )
        return [AccountView(*row) for row in rows]

    async def account(self, user_id: UserId, *, at: datetime) -> AccountView | None:
        rows = await self._fetch(_ACCOUNTS + "WHERE u.id = %(user_id)s GROUP BY u.id", {"user_id": user_id, "at": at})
        return AccountView(*rows[0]) if rows else None

    async def audit_entries(
        self, *, user_id: UserId | None, action: str | None, before: UUID | None, limit: int
    ) -> Sequence[AuditEntry]:
        rows = await self._fetch(
            """SELECT id, at, action, user_id, actor_id, session_id, device_id, ip, browser, os, detail
               FROM identity.audit_log
               WHERE (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s OR actor_id = %(user_id)s)
                 AND (%(action)s::text IS NULL OR action = %(action)s)
                 AND (%(before)s::uuid IS NULL OR id < %(before)s)
               ORDER BY id DESC LIMIT %(limit)s""",
            {"user_id": user_id, "action": action, "before": before, "limit": limit},
        )
        return [_entry(row) for row in rows]

    async def due_erasures(self, *, at: datetime, limit: int) -> Sequence[UserId]:
        rows = await self._fetch(
            "SELECT id FROM identity.users WHERE erase_at <= %(at)s ORDER BY erase_at LIMIT %(limit)s",
            {"at": at, "limit": limit},
        )
        return [UserId(row[0]) for row in rows]

    async def purge(self, *, sessions_before: datetime, tokens_before: datetime, audit_before: datetime) -> int:
        rows = await self._fetch(
            """WITH ended AS (
                 DELETE FROM identity.sessions
                 WHERE ended_at < %(sessions)s OR (ended_at IS NULL AND expires_at < %(sessions)s) RETURNING 1
               ), tokens AS (
                 DELETE FROM identity.one_time_tokens WHERE expires_at < %(tokens)s RETURNING 1
               ), entries AS (
                 DELETE FROM identity.audit_log WHERE at < %(audit)s RETURNING 1
               )
               SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM tokens) + (SELECT count(*) FROM entries)""",
            {"sessions": sessions_before, "tokens": tokens_before, "audit": audit_before},
        )
        return int(rows[0][0])

    async def _fetch(self, statement: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(statement, values)
            return await cursor.fetchall()


class PostgresStoredSessions:
    """On a pool of its own, so that requests which other work has made wait do not hold up authentication."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def state(self, session_id: SessionId) -> SessionState | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT s.user_id, s.id, s.device_id, least(s.idle_expires_at, s.expires_at), u.roles, u.disabled,
                          u.authz_epoch, s.end_reason
                   FROM identity.sessions s JOIN identity.users u ON u.id = s.user_id WHERE s.id = %s""",
                (session_id,),
            )
            row = await cursor.fetchone()
        if row is None:
            return None
        user_id, found_id, device_id, expires_at, roles, disabled, authz_epoch, end_reason = row
        authority = Authority(roles=frozenset(roles), disabled=disabled, authz_epoch=authz_epoch)
        return SessionState(user_id, found_id, device_id, expires_at, authority, end_reason)


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    entry_id, at, action, user_id, actor_id, session_id, device_id, ip, browser, os, detail = row
    client = None if ip is None else Client(ip=ip, browser=browser or "", os=os or "")
    origin = Origin(actor_id=actor_id, session_id=session_id, device_id=device_id, client=client)
    return AuditEntry(id=entry_id, at=at, action=Action(action), user_id=user_id, origin=origin, detail=detail)
