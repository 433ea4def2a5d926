"""Tell people by mail what happened to their account."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ids import UserId
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.events import AccountClosed, PasswordChanged, SessionEnded
from kosu.modules.identity.mails import ACCOUNT_CLOSED, PASSWORD_CHANGED, SESSION_STOLEN, Texts, mail_of
from kosu.modules.identity.ports import IdentityQueries
from kosu.modules.identity.use_cases.close_account import REFLECTION
from kosu.ports.mailer import Mailer


@dataclass(frozen=True, slots=True)
class NotifyOwner:
    """Reactions. Each raises MailerUnavailable: the outbox tries again."""

    queries: IdentityQueries
    mailer: Mailer
    link_base: str

    async def password_changed(self, event: PasswordChanged) -> None:
        await self._send(PASSWORD_CHANGED, event.user_id, key=f"password-changed:{event.user_id}")

    async def session_ended(self, event: SessionEnded) -> None:
        """Only where somebody else may have had the session."""
        if event.reason == EndReason.REPLAYED:
            await self._send(SESSION_STOLEN, event.user_id, key=f"stolen:{event.session_id}")

    async def account_closed(self, event: AccountClosed) -> None:
        await self._send(ACCOUNT_CLOSED, event.user_id, key=f"account-closed:{event.user_id}", days=REFLECTION.days)

    async def _send(self, texts: Texts, user_id: UUID, *, key: str, **values: object) -> None:
        user = await self.queries.user(UserId(user_id))
        if user is not None:
            link = f"{self.link_base}/reset"
            await self.mailer.send(mail_of(texts, user, key=key, link=link, **values))
