"""Sign a device in with e-mail and password."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, UserId
from kosu.modules.identity.admission import Admission, Admitted, NoPlace, TokenMint
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.accounts import PASSWORD_CHARACTERS, User, normal_email, normal_password
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.one_time_tokens import SECRET_BYTES, Purpose, issue
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.tokens import device_token
from kosu.modules.identity.errors import DeviceLimitReached, InvalidCredentials, InvalidEmail
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.throttling import Throttling, log_in_buckets
from kosu.modules.identity.views import SessionView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class LogIn:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    admission: Admission
    revocation: Revocation
    throttling: Throttling
    trail: AuditTrail
    mint: TokenMint
    clock: Clock
    ids: IdSource
    secrets: SecretSource

    async def __call__(self, *, email: str, password: str, device_id: DeviceId | None, client: Client) -> Admitted:
        """Signing in again on one device replaces its session and takes no further place under the device limit.

        Raises:
            InvalidCredentials: the same, and as slow, for an unknown account, a wrong password or a disabled account.
            TooManyRequests: before anything is hashed.
            DeviceLimitReached: with a ticket by which `AdmitDevice` lets the device in for another one.
        """
        user = await self._verified(email, password, device_id, client)
        device_id = device_id or DeviceId(self.ids.new())
        outdated = self.passwords.needs_rehash(user.password_hash)
        password_hash = await self.passwords.hash(normal_password(password)) if outdated else None
        origin = Origin(actor_id=user.id, device_id=device_id, client=client)
        at = self.clock.now()
        async with self.transaction() as records:
            outcome = await self.admission.admit(records, user, device_id=device_id, client=client, at=at)
            if password_hash is not None:
                await records.users.replace_hash(user, password_hash)
            if isinstance(outcome, NoPlace):
                ticket, token = issue(
                    Purpose.ADMIT_DEVICE, user, secret=self.secrets.token(SECRET_BYTES), at=at, device_id=device_id
                )
                await records.one_time_tokens.add(token)
                await self.trail.record(
                    records, Action.DEVICE_LIMIT_REACHED, user.id, at=at, origin=origin, limit=outcome.limit
                )
            else:
                await self.trail.record(
                    records,
                    Action.LOGGED_IN,
                    user.id,
                    at=at,
                    origin=origin,
                    session_id=str(outcome.session.id),
                    label=outcome.session.label,
                )
        if isinstance(outcome, NoPlace):
            # Behind the block: the ticket must be committed.
            raise DeviceLimitReached(
                outcome.limit,
                [SessionView.of(session) for session in outcome.live],
                ticket=ticket,
                device_token=device_token(self.mint.keyring, device_id),
            )
        await self.revocation.announce(user.id, outcome.ended)
        return Admitted.of(user, outcome.session, self.mint.tokens(outcome.session, at))

    async def _verified(self, email: str, password: str, device_id: DeviceId | None, client: Client) -> User:
        # Hashing takes its time and happens outside of any transaction.
        try:
            address = normal_email(email)
        except InvalidEmail:
            address = ""
        known_device: tuple[UserId, DeviceId] | None = None
        async with self.transaction() as records:
            user = await records.users.with_email(address)
            if user is not None and device_id is not None and await records.sessions.knows(user.id, device_id):
                known_device = (user.id, device_id)
        buckets = log_in_buckets(address=address, ip=client.ip, known_device=known_device)
        await self.throttling.take(buckets)
        candidate = normal_password(password)
        if len(candidate) >= PASSWORD_CHARACTERS.stop:
            candidate = ""
        fits = await self.passwords.verify(candidate, user.password_hash if user else None)
        if user is None or not fits or user.disabled:
            async with self.transaction() as records:
                await self.trail.record(
                    records,
                    Action.LOG_IN_FAILED,
                    user.id if user else None,
                    at=self.clock.now(),
                    origin=Origin(device_id=device_id, client=client),
                )
            msg = "The e-mail address or the password is wrong."
            raise InvalidCredentials(msg)
        await self.throttling.give_back(buckets)
        return user
