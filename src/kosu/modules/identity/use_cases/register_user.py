"""Open an account and sign its first device in."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, UserId
from kosu.modules.identity.admission import Admission, Admitted, TokenMint
from kosu.modules.identity.domain.accounts import User, acceptable_display_name, acceptable_password, normal_email
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import LEARNER
from kosu.modules.identity.events import UserRegistered
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.views import SessionView, UserView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RegisterUser:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    admission: Admission
    mint: TokenMint
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        email: str,
        password: str,
        display_name: str,
        device_id: DeviceId | None,
        client: Client,
        locale: str = "en",
        roles: frozenset[str] = frozenset({LEARNER}),
    ) -> Admitted:
        """Everybody registers as a learner; other `roles` are given by the demo seed and by operators.

        Raises:
            InvalidEmail, WeakPassword, InvalidDisplayName, EmailTaken
        """
        at = self.clock.now()
        user = User(
            id=UserId(self.ids.new()),
            email=normal_email(email),
            password_hash=await self.passwords.hash(acceptable_password(password)),
            display_name=acceptable_display_name(display_name),
            roles=roles,
            locale=locale,
            cred_epoch=1,
            disabled=False,
            email_verified_at=None,
            created_at=at,
        )
        async with self.transaction() as records:
            await records.users.add(user)
            session, _ = await self.admission.admit(records, user, device_id=device_id, client=client, at=at)
            await records.outbox.add(UserRegistered(user_id=user.id))
        return Admitted(
            user=UserView.of(user),
            session=SessionView.of(session, current=session.id),
            tokens=self.mint.tokens(session, at),
        )
