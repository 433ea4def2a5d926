"""Choose what to be told by mail: in one's settings, or from a mail itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.domain.notifications import NotificationKind, read_unsubscribe_token
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.notification_views import NotificationSettings
from kosu.modules.identity.ports import NotificationBook


@dataclass(frozen=True, slots=True)
class ChooseNotifications:
    book: NotificationBook

    async def __call__(self, *, user_id: UserId, wanted: Mapping[NotificationKind, bool]) -> NotificationSettings:
        """Change what is given and leave the rest; holds for mails that are not sent yet."""
        await self.book.choose(user_id, wanted)
        return NotificationSettings.of(await self.book.muted(user_id))


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    book: NotificationBook
    keyring: Keyring

    async def __call__(self, *, token: str) -> NotificationKind:
        """Turn off the kind of mail that the token came with, without signing in. Repeatable.

        Source: RFC 8058.

        Raises:
            LinkInvalid
        """
        user_id, kind = read_unsubscribe_token(self.keyring, token)
        await self.book.choose(user_id, {kind: False})
        return kind
