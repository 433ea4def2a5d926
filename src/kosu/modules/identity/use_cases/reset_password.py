"""A forgotten password: ask for a link, and use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.accounts import acceptable_password, normal_email
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.one_time_tokens import SECRET_BYTES, OneTimeToken, Purpose, digest_of, issue
from kosu.modules.identity.domain.sessions import Client, EndReason
from kosu.modules.identity.errors import LinkInvalid
from kosu.modules.identity.events import PasswordChanged
from kosu.modules.identity.jobs import SendPasswordReset
from kosu.modules.identity.mails import RESET_PASSWORD, mail_of
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.throttling import Throttling, link_buckets, mail_buckets
from kosu.modules.identity.views import UserView
from kosu.ports.clock import Clock
from kosu.ports.id_source import SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RequestPasswordReset:
    transaction: Transaction[IdentityRecords]
    throttling: Throttling

    async def __call__(self, *, email: str, client: Client) -> None:
        """Have a link mailed, if the address is an account's. Nothing here looks that up, so nothing here tells.

        Raises:
            InvalidEmail, TooManyRequests
        """
        address = normal_email(email)
        await self.throttling.take(mail_buckets(kind="reset", address=address, ip=client.ip))
        async with self.transaction() as records:
            await records.outbox.add(SendPasswordReset(email=address))


@dataclass(frozen=True, slots=True)
class MailPasswordReset:
    transaction: Transaction[IdentityRecords]
    trail: AuditTrail
    mailer: Mailer
    clock: Clock
    secrets: SecretSource
    link_base: str

    async def __call__(self, job: SendPasswordReset) -> None:
        """Does the job. Raises MailerUnavailable: tried again, with a link of its own."""
        at = self.clock.now()
        async with self.transaction() as records:
            user = await records.users.with_email(job.email)
            if user is None or user.disabled:
                return
            text, token = issue(Purpose.RESET_PASSWORD, user, secret=self.secrets.token(SECRET_BYTES), at=at)
            await records.one_time_tokens.add(token)
            await self.trail.record(records, Action.PASSWORD_RESET_REQUESTED, user.id, at=at)
        # Behind the #: what is there is sent to no server, and so stands in no log and no Referer.
        link = f"{self.link_base}/reset#token={text}"
        await self.mailer.send(mail_of(RESET_PASSWORD, UserView.of(user), key=f"reset:{token.digest.hex()}", link=link))


@dataclass(frozen=True, slots=True)
class ResetPassword:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    revocation: Revocation
    throttling: Throttling
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, token: str, password: str, client: Client) -> None:
        """Set a new password by the secret of a mailed link, and end every session.

        Raises:
            WeakPassword: the link still holds.
            LinkInvalid, TooManyRequests
        """
        at = self.clock.now()
        acceptable = acceptable_password(password)
        digest = digest_of(token)
        buckets = link_buckets(client.ip)
        await self.throttling.take(buckets)
        sent = await self._find(digest, at)
        password_hash = await self.passwords.hash(acceptable)
        async with self.transaction() as records:
            await records.sessions.lock_admissions(sent.user_id)
            user = await records.users.lock(sent.user_id)
            used = await records.one_time_tokens.use(digest, Purpose.RESET_PASSWORD, at=at)
            if used is None or user is None or not used.fits(user):
                raise LinkInvalid(INVALID_LINK)
            # Whoever can read the mail has shown that the address is theirs.
            await records.users.save(user.with_password(password_hash).verified(at))
            origin = Origin(actor_id=user.id, client=client)
            ended = await self.revocation.end_all(records, user.id, EndReason.PASSWORD_CHANGED, at=at, origin=origin)
            await records.outbox.add(PasswordChanged(user_id=user.id))
            await self.trail.record(records, Action.PASSWORD_RESET, user.id, at=at, origin=origin)
        await self.throttling.give_back(buckets)
        await self.revocation.announce(user.id, ended)

    async def _find(self, digest: bytes, at: datetime) -> OneTimeToken:
        """A look before anything is hashed: made-up tokens cost a read and no more."""
        async with self.transaction() as records:
            sent = await records.one_time_tokens.find(digest, Purpose.RESET_PASSWORD, at=at)
        if sent is None:
            raise LinkInvalid(INVALID_LINK)
        return sent


INVALID_LINK = "This link was used already or is over its time; ask for a new one."
