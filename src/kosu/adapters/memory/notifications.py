"""Who wants which mails, and what was sent, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.identity import MUTED, SENT, USERS
from kosu.ids import UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.notifications import NotificationKind
from kosu.modules.identity.ports import Recipient


class MemoryNotificationBook:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def muted(self, user_id: UserId) -> frozenset[NotificationKind]:
        return frozenset(kind for owner, kind in self._database.table(MUTED) if owner == user_id)

    async def choose(self, user_id: UserId, wanted: Mapping[NotificationKind, bool]) -> None:
        if user_id not in self._database.table(USERS):
            return
        muted = self._database.tables.setdefault(MUTED, {})
        for kind, is_wanted in wanted.items():
            if is_wanted:
                muted.pop((user_id, kind), None)
            else:
                muted[user_id, kind] = True

    async def recipient(self, user_id: UserId, kind: NotificationKind, *, key: str) -> Recipient | None:
        user: User | None = self._database.table(USERS).get(user_id)
        if user is None or user.disabled or kind in await self.muted(user_id):
            return None
        if (user_id, key) in self._database.table(SENT):
            return None
        return Recipient(email=user.email, display_name=user.display_name, locale=user.locale)

    async def note_sent(self, user_id: UserId, *, key: str, at: datetime) -> None:
        if user_id in self._database.table(USERS):
            self._database.tables.setdefault(SENT, {}).setdefault((user_id, key), at)

    async def purge_sent(self, *, before: datetime) -> int:
        sent = self._database.table(SENT)
        over = [key for key, at in sent.items() if at < before]
        for key in over:
            del sent[key]
        return len(over)
