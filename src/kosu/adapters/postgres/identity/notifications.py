"""Who wants which mails, and what was sent: single statements on the psycopg pool."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import LiteralString

from kosu.adapters.postgres.connections import Pool, connection
from kosu.ids import UserId
from kosu.modules.identity.domain.notifications import NotificationKind
from kosu.modules.identity.ports import Recipient


class PostgresNotificationBook:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def muted(self, user_id: UserId) -> frozenset[NotificationKind]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute("SELECT kind FROM identity.muted_notifications WHERE user_id = %s", (user_id,))
            return frozenset(NotificationKind(kind) for (kind,) in await cursor.fetchall())

    async def choose(self, user_id: UserId, wanted: Mapping[NotificationKind, bool]) -> None:
        await self._execute(
            """WITH wanted AS (
                 DELETE FROM identity.muted_notifications
                 WHERE user_id = %(user_id)s AND kind = ANY(%(wanted)s::text[])
               )
               INSERT INTO identity.muted_notifications (user_id, kind)
               SELECT users.id, muted.kind FROM identity.users, unnest(%(muted)s::text[]) AS muted (kind)
               WHERE users.id = %(user_id)s
               ON CONFLICT DO NOTHING""",
            {
                "user_id": user_id,
                "wanted": [kind.value for kind, is_wanted in wanted.items() if is_wanted],
                "muted": [kind.value for kind, is_wanted in wanted.items() if not is_wanted],
            },
        )

    async def recipient(self, user_id: UserId, kind: NotificationKind, *, key: str) -> Recipient | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT email, display_name, locale FROM identity.users
                   WHERE id = %(user_id)s AND NOT disabled
                     AND NOT EXISTS (
                       SELECT FROM identity.muted_notifications WHERE user_id = %(user_id)s AND kind = %(kind)s)
                     AND NOT EXISTS (
                       SELECT FROM identity.sent_notifications WHERE user_id = %(user_id)s AND key = %(key)s)""",
                {"user_id": user_id, "kind": kind.value, "key": key},
            )
            row = await cursor.fetchone()
        return None if row is None else Recipient(*row)

    async def note_sent(self, user_id: UserId, *, key: str, at: datetime) -> None:
        await self._execute(
            """INSERT INTO identity.sent_notifications (user_id, key, sent_at)
               SELECT id, %(key)s, %(at)s FROM identity.users WHERE id = %(user_id)s
               ON CONFLICT DO NOTHING""",
            {"user_id": user_id, "key": key, "at": at},
        )

    async def purge_sent(self, *, before: datetime) -> int:
        return await self._execute(
            "DELETE FROM identity.sent_notifications WHERE sent_at < %(before)s", {"before": before}
        )

    async def _execute(self, statement: LiteralString, values: Mapping[str, object]) -> int:
        """How many rows it touched."""
        async with connection(self._pool) as conn:
            cursor = await conn.execute(statement, values)
            return cursor.rowcount
