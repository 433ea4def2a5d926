"""Who wants to be told what by mail, and what they were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from kosu.ids import UserId
from kosu.modules.identity.domain.notifications import NotificationKind


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to write to."""

    email: str
    display_name: str
    locale: str


@runtime_checkable
class NotificationBook(Protocol):
    """Single statements, each a transaction of its own. `Users.forget` takes an account out of it."""

    async def muted(self, user_id: UserId) -> frozenset[NotificationKind]:
        """The kinds that the account has turned off; none at first."""
        ...

    async def choose(self, user_id: UserId, wanted: Mapping[NotificationKind, bool]) -> None:
        """Turn these kinds on or off, and leave the others. Nothing happens where there is no such account."""
        ...

    async def recipient(self, user_id: UserId, kind: NotificationKind, *, key: str) -> Recipient | None:
        """Whom to send the mail `key` of this kind to, by all that is known now.

        None: the account is closed, disabled, erased or unknown, has turned the kind off, or was sent this mail.
        """
        ...

    async def note_sent(self, user_id: UserId, *, key: str, at: datetime) -> None:
        """Remember that the mail `key` was handed over. Repeatable."""
        ...

    async def purge_sent(self, *, before: datetime) -> int:
        """Forget what was sent earlier; answers how many mails that were."""
        ...
