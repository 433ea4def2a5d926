"""Sign a device in for another one, which its owner chose to end."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, SessionId
from kosu.modules.identity.admission import Admission, Admitted, NoPlace, TokenMint
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.one_time_tokens import Purpose, digest_of
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.errors import InvalidCredentials, SessionNotOffered, TicketInvalid
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.throttling import Throttling, link_buckets
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AdmitDevice:
    transaction: Transaction[IdentityRecords]
    admission: Admission
    revocation: Revocation
    throttling: Throttling
    trail: AuditTrail
    mint: TokenMint
    clock: Clock

    async def __call__(
        self, *, ticket: str, revoke_session_id: SessionId, device_id: DeviceId | None, client: Client
    ) -> Admitted:
        """End the chosen session and admit this device, both or neither.

        `device_id` is what the device's own cookie says, None where it keeps no cookies.

        Raises:
            TicketInvalid
            SessionNotOffered: the ticket was not used up.
            TooManyRequests
        """
        at = self.clock.now()
        digest = digest_of(ticket)
        buckets = link_buckets(client.ip)
        await self.throttling.take(buckets)
        async with self.transaction() as records:
            offered = await records.one_time_tokens.find(digest, Purpose.ADMIT_DEVICE, at=at)
            if offered is None or offered.device_id is None or device_id not in {None, offered.device_id}:
                raise TicketInvalid(_INVALID)
            # Before the ticket: everything that waits for the account's admissions waits in one order.
            await records.sessions.lock_admissions(offered.user_id)
            used = await records.one_time_tokens.use(digest, Purpose.ADMIT_DEVICE, at=at)
            user = await records.users.get(offered.user_id)
            if used is None or user is None or not used.fits(user):
                raise TicketInvalid(_INVALID)
            try:
                outcome = await self.admission.admit(
                    records, user, device_id=offered.device_id, client=client, at=at, instead_of=revoke_session_id
                )
            except InvalidCredentials as error:
                raise TicketInvalid(_INVALID) from error
            if isinstance(outcome, NoPlace):
                msg = "Ending this device is not enough; choose again."
                raise SessionNotOffered(msg)
            await self.trail.record(
                records,
                Action.DEVICE_ADMITTED,
                user.id,
                at=at,
                origin=Origin(actor_id=user.id, device_id=offered.device_id, client=client),
                session_id=str(outcome.session.id),
                label=outcome.session.label,
                ended_session_id=str(revoke_session_id),
            )
        await self.throttling.give_back(buckets)
        await self.revocation.announce(user.id, outcome.ended)
        return Admitted.of(user, outcome.session, self.mint.tokens(outcome.session, at))


_INVALID = "This choice is over its time or was made already; sign in again."
