"""Telling people by mail what they can also ask not to be told; sibling modules bring the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from kosu.ids import UserId
from kosu.modules.identity.domain.notifications import NotificationKind, unsubscribe_token
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.mails import UNSUBSCRIBE, mail_of
from kosu.modules.identity.ports import NotificationBook
from kosu.ports.clock import Clock
from kosu.ports.mailer import Mailer

UNSUBSCRIBE_PATH = "/api/v1/notifications/unsubscribe"


@dataclass(frozen=True, slots=True)
class Notifications:
    """Addresses stay in here. `link_base` is where links for people lead, `api_url` where the API is reached."""

    book: NotificationBook
    mailer: Mailer
    keyring: Keyring
    clock: Clock
    api_url: str
    link_base: str

    async def send(
        self,
        user_id: UserId,
        kind: NotificationKind,
        texts: Mapping[str, tuple[str, str]],
        *,
        key: str,
        **values: object,
    ) -> None:
        """Mail this person, if they want this kind of mail now and were not sent this very one.

        `texts` holds subject and body by language, with {name}, {link_base} and `values` to fill in. A mail is known
        by its `key`: it goes out once, and a second time only where its sender died between handing it over and
        writing that down.

        Raises:
            MailerUnavailable: nothing was handed over; safe to retry.
        """
        recipient = await self.book.recipient(user_id, kind, key=key)
        if recipient is None:
            return
        token = quote(unsubscribe_token(self.keyring, user_id, kind))
        mail = mail_of(texts, recipient, key=key, link_base=self.link_base, **values)
        way_out = UNSUBSCRIBE.get(recipient.locale, UNSUBSCRIBE["en"])
        await self.mailer.send(
            replace(
                mail,
                body=mail.body + way_out.format(link=f"{self.link_base}/unsubscribe#token={token}"),
                unsubscribe_url=f"{self.api_url}{UNSUBSCRIBE_PATH}?token={token}",
            )
        )
        await self.book.note_sent(user_id, key=key, at=self.clock.now())
