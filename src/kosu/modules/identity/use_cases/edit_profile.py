"""Change what an account says of its owner, or what a device is called."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kosu.ids import SessionId, UserId
from kosu.modules.identity.domain.accounts import LOCALES, acceptable_display_name
from kosu.modules.identity.errors import AccountNotFound, SessionNotFound, UnknownLocale
from kosu.modules.identity.events import ProfileChanged
from kosu.modules.identity.password_check import NO_ACCOUNT
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.views import SessionView, UserView
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EditProfile:
    transaction: Transaction[IdentityRecords]

    async def __call__(
        self, *, user_id: UserId, display_name: str | None = None, locale: str | None = None
    ) -> UserView:
        """Change what is given and leave the rest. Raises InvalidDisplayName, UnknownLocale."""
        if locale is not None and locale not in LOCALES:
            msg = f"Kosu speaks {', '.join(LOCALES)}."
            raise UnknownLocale(msg)
        async with self.transaction() as records:
            before = await records.users.lock(user_id)
            if before is None:
                raise AccountNotFound(NO_ACCOUNT)
            user = replace(
                before,
                display_name=before.display_name if display_name is None else acceptable_display_name(display_name),
                locale=locale or before.locale,
            )
            await records.users.save(user)
            if user.display_name != before.display_name:
                await records.outbox.add(ProfileChanged(user_id=user_id))
        return UserView.of(user)


@dataclass(frozen=True, slots=True)
class NameDevice:
    transaction: Transaction[IdentityRecords]

    async def __call__(self, *, user_id: UserId, session_id: SessionId, label: str, current: SessionId) -> SessionView:
        """Give a device a name of one's own. Raises SessionNotFound, InvalidDisplayName."""
        async with self.transaction() as records:
            session = await records.sessions.lock(session_id)
            if session is None or session.user_id != user_id or session.ended_at is not None:
                msg = "There is no such device on your account."
                raise SessionNotFound(msg)
            session = replace(session, label=acceptable_display_name(label))
            await records.sessions.save(session)
        return SessionView.of(session, current=current)
