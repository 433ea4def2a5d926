"""Sign a device in with e-mail and password."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId
from kosu.modules.identity.admission import Admission, Admitted, TokenMint
from kosu.modules.identity.domain.accounts import PASSWORD_CHARACTERS, User, normal_email, normal_password
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.errors import InvalidCredentials, InvalidEmail
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.views import SessionView, UserView
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class LogIn:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    admission: Admission
    revocation: Revocation
    mint: TokenMint
    clock: Clock

    async def __call__(self, *, email: str, password: str, device_id: DeviceId | None, client: Client) -> Admitted:
        """Signing in again on one device replaces its session and takes no further place under the device limit.

        Raises:
            InvalidCredentials: the same, and as slow, for an unknown account, a wrong password or a disabled account.
            DeviceLimitReached
        """
        user = await self._verified(email, password)
        at = self.clock.now()
        async with self.transaction() as records:
            session, replaced = await self.admission.admit(records, user, device_id=device_id, client=client, at=at)
        await self.revocation.announce(user.id, replaced)
        return Admitted(
            user=UserView.of(user),
            session=SessionView.of(session, current=session.id),
            tokens=self.mint.tokens(session, at),
        )

    async def _verified(self, email: str, password: str) -> User:
        # Hashing takes its time and happens outside of any transaction.
        try:
            address = normal_email(email)
        except InvalidEmail:
            address = ""
        async with self.transaction() as records:
            user = await records.users.with_email(address)
        candidate = normal_password(password)
        if len(candidate) >= PASSWORD_CHARACTERS.stop:
            candidate = ""
        fits = await self.passwords.verify(candidate, user.password_hash if user else None)
        if user is None or not fits or user.disabled:
            msg = "The e-mail address or the password is wrong."
            raise InvalidCredentials(msg)
        return user
