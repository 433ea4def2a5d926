"""Show that an e-mail address is one's own."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.one_time_tokens import SECRET_BYTES, Purpose, digest_of, issue
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.errors import AccountNotFound, LinkInvalid
from kosu.modules.identity.events import UserRegistered
from kosu.modules.identity.jobs import SendEmailVerification
from kosu.modules.identity.mails import VERIFY_EMAIL, WELCOME, mail_of
from kosu.modules.identity.password_check import NO_ACCOUNT
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.throttling import Throttling, link_buckets, mail_buckets
from kosu.modules.identity.use_cases.reset_password import INVALID_LINK
from kosu.modules.identity.views import UserView
from kosu.ports.clock import Clock
from kosu.ports.id_source import SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RequestEmailVerification:
    transaction: Transaction[IdentityRecords]
    throttling: Throttling

    async def __call__(self, *, user_id: UserId, client: Client) -> None:
        """Have the link mailed once more; nothing happens where the address is verified already.

        Raises:
            TooManyRequests, AccountNotFound
        """
        async with self.transaction() as records:
            user = await records.users.get(user_id)
            if user is None:
                raise AccountNotFound(NO_ACCOUNT)
            if user.email_verified_at is not None:
                return
            await self.throttling.take(mail_buckets(kind="verify", address=user.email, ip=client.ip))
            await records.outbox.add(SendEmailVerification(user_id=user_id))


@dataclass(frozen=True, slots=True)
class MailEmailVerification:
    transaction: Transaction[IdentityRecords]
    mailer: Mailer
    clock: Clock
    secrets: SecretSource
    link_base: str

    async def __call__(self, message: SendEmailVerification | UserRegistered) -> None:
        """Does the job, and greets whoever registered. Raises MailerUnavailable: tried again, with another link."""
        async with self.transaction() as records:
            user = await records.users.get(UserId(message.user_id))
            if user is None or user.disabled or user.email_verified_at is not None:
                return
            text, token = issue(
                Purpose.VERIFY_EMAIL, user, secret=self.secrets.token(SECRET_BYTES), at=self.clock.now()
            )
            await records.one_time_tokens.add(token)
        link = f"{self.link_base}/verify-email#token={text}"
        texts = WELCOME if isinstance(message, UserRegistered) else VERIFY_EMAIL
        await self.mailer.send(mail_of(texts, UserView.of(user), key=f"verify:{token.digest.hex()}", link=link))


@dataclass(frozen=True, slots=True)
class VerifyEmail:
    transaction: Transaction[IdentityRecords]
    throttling: Throttling
    trail: AuditTrail
    clock: Clock

    async def __call__(self, *, token: str, client: Client) -> None:
        """Take the secret of a mailed link. Only by POST: mail scanners open every link that they find.

        Raises:
            LinkInvalid, TooManyRequests
        """
        at = self.clock.now()
        buckets = link_buckets(client.ip)
        await self.throttling.take(buckets)
        async with self.transaction() as records:
            used = await records.one_time_tokens.use(digest_of(token), Purpose.VERIFY_EMAIL, at=at)
            user = None if used is None else await records.users.lock(used.user_id)
            if used is None or user is None or not used.fits(user):
                raise LinkInvalid(INVALID_LINK)
            await records.users.save(user.verified(at))
            origin = Origin(actor_id=user.id, client=client)
            await self.trail.record(records, Action.EMAIL_VERIFIED, user.id, at=at, origin=origin)
        await self.throttling.give_back(buckets)
