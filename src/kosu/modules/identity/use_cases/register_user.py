"""Open an account and sign its first device in."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, UserId
from kosu.modules.identity.admission import Admission, Admitted, Place, TokenMint
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.accounts import User, acceptable_display_name, acceptable_password, normal_email
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import LEARNER
from kosu.modules.identity.events import UserRegistered
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.throttling import Throttling, registration_buckets
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RegisterUser:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    admission: Admission
    throttling: Throttling
    trail: AuditTrail
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
            InvalidEmail, WeakPassword, InvalidDisplayName, EmailTaken, TooManyRequests
        """
        address, name = normal_email(email), acceptable_display_name(display_name)
        acceptable = acceptable_password(password)
        await self.throttling.take(registration_buckets(client.ip))
        password_hash = await self.passwords.hash(acceptable)
        at = self.clock.now()
        user = User(
            id=UserId(self.ids.new()),
            email=address,
            password_hash=password_hash,
            display_name=name,
            roles=roles,
            locale=locale,
            cred_epoch=1,
            authz_epoch=1,
            authz_changed_at=at,
            disabled=False,
            email_verified_at=None,
            erase_at=None,
            created_at=at,
        )
        async with self.transaction() as records:
            await records.users.add(user)
            device_id = device_id or DeviceId(self.ids.new())
            outcome = await self.admission.admit(records, user, device_id=device_id, client=client, at=at)
            # A new account has no device yet, and every limit is one or more.
            assert isinstance(outcome, Place)  # noqa: S101
            await records.outbox.add(UserRegistered(user_id=user.id))
            origin = Origin(actor_id=user.id, session_id=outcome.session.id, device_id=device_id, client=client)
            await self.trail.record(
                records, Action.REGISTERED, user.id, at=at, origin=origin, label=outcome.session.label
            )
        return Admitted.of(user, outcome.session, self.mint.tokens(outcome.session, at))
