"""Take a certificate back."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.learning.certificate_errors import CertificateNotFound
from kosu.modules.learning.certificate_views import OwnCertificate
from kosu.modules.learning.domain.certificate_codes import read_code
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    transaction: Transaction[LearningRecords]
    audit: AuditLog
    clock: Clock
    link_base: str

    async def __call__(self, *, code: str, reason: str, origin: Origin) -> OwnCertificate:
        """Only operators do this, and nothing does it by itself: money that goes back takes no knowledge back.

        Revoking again changes nothing, and the first reason stays. The learner is shown the reason, others are not.

        Raises:
            MistypedCode, CertificateNotFound
        """
        at = self.clock.now()
        async with self.transaction() as records:
            before = await records.certificates.lock(read_code(code))
            if before is None:
                raise CertificateNotFound
            certificate = before.revoked(reason=reason, at=at)
            await records.certificates.save(certificate)
            if certificate != before:
                await self.audit.record(
                    records,
                    Action.CERTIFICATE_REVOKED,
                    certificate.user_id,
                    at=at,
                    origin=origin,
                    code=certificate.code,
                    reason=reason,
                )
        return OwnCertificate.of(certificate, link_base=self.link_base)
