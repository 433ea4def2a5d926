"""Greet a new learner by mail."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.events import UserRegistered
from kosu.modules.identity.ports import IdentityQueries
from kosu.ports.mailer import Mail, Mailer

GREETINGS = {
    "en": ("Welcome to Kosu", "Hello {name},\n\nyour account is ready. Happy learning!\n\nKosu\n"),
    "ko": (
        "Kosu에 오신 것을 환영합니다",
        "{name}님, 안녕하세요.\n\n계정이 준비되었습니다. 즐겁게 배워 보세요!\n\nKosu\n",
    ),
}


@dataclass(frozen=True, slots=True)
class WelcomeUser:
    queries: IdentityQueries
    mailer: Mailer

    async def __call__(self, event: UserRegistered) -> None:
        """Reaction to UserRegistered. Raises MailerUnavailable: the outbox tries again."""
        user = await self.queries.user(UserId(event.user_id))
        if user is None:
            return
        subject, body = GREETINGS.get(user.locale, GREETINGS["en"])
        await self.mailer.send(
            Mail(to=user.email, subject=subject, body=body.format(name=user.display_name), key=f"welcome:{user.id}")
        )
