"""Look at certificates: anybody at one by its code, learners at their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.ids import UserId
from kosu.modules.learning.certificate_errors import CertificateNotFound, CertificateRevoked
from kosu.modules.learning.certificate_ports import BY_ISSUE, CertificateQueries
from kosu.modules.learning.certificate_views import CertificatePage, CertificateView, OwnCertificate
from kosu.modules.learning.domain.certificate_codes import read_code
from kosu.paging import Cursor
from kosu.ports.clock import Clock
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse

# About as fast as one processor prints them.
PRINTS = Bucket("certificates:prints", Rate(burst=30, every=timedelta(seconds=1)))


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    queries: CertificateQueries
    link_base: str

    async def __call__(self, *, code: str) -> CertificateView:
        """Also a revoked one, which says so.

        Raises:
            MistypedCode, CertificateNotFound
        """
        certificate = await self.queries.certificate(read_code(code))
        if certificate is None:
            raise CertificateNotFound
        return CertificateView.of(certificate, link_base=self.link_base)


@dataclass(frozen=True, slots=True)
class PrintCertificate:
    read: ReadCertificate
    throttle: Throttle
    clock: Clock

    async def __call__(self, *, code: str) -> CertificateView:
        """What is to stand on paper. Whoever asks is unknown, and print is dear: so all have one limit together.

        Raises:
            MistypedCode, CertificateNotFound, CertificateRevoked
            TooManyRequests: with the time after which the next one can be printed.
        """
        certificate = await self.read(code=code)
        if certificate.revoked_at is not None:
            raise CertificateRevoked
        told = "Many certificates are being printed; wait a moment."
        await take_or_refuse(self.throttle, [PRINTS], at=self.clock.now(), told=told)
        return certificate


@dataclass(frozen=True, slots=True)
class ListCertificates:
    queries: CertificateQueries
    link_base: str

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> CertificatePage:
        """The learner's own, the newest first. Raises InvalidCursor."""
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ISSUE)
        found, following = await self.queries.certificates(user_id, before=before, limit=limit)
        items = [OwnCertificate.of(certificate, link_base=self.link_base) for certificate in found]
        return CertificatePage(items, following and following.encode())
