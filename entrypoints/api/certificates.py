"""/api/v1: certificates, which learners are given and anybody can look at who has the code."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_406_NOT_ACCEPTABLE

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest
from entrypoints.api.certificate_words import LANGUAGES, sheet
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.negotiation import preferred_language, preferred_type
from entrypoints.api.origin import origin_of
from entrypoints.api.printing import printed
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.modules.learning.certificate_views import CertificatePage, CertificateView, OwnCertificate

JSON, PDF = "application/json", "application/pdf"
# What goes into a column: PostgreSQL takes no NUL.
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern="^[^\\x00]*$")]


class Revocation(msgspec.Struct, frozen=True):
    """The learner is shown the reason, and it is kept in the audit log."""

    reason: Reason


class CertificateController(Controller):
    path = "/api/v1"
    tags = ("learning",)

    @post("/courses/{slug:str}/certificate", operation_id="issueCertificate", status_code=HTTP_201_CREATED)
    async def issue(
        self, slug: FromPath[str], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> Response[CertificateView]:
        """One's certificate of a course of which every lesson is complete; 200 where it was there already."""
        issued = await learning.issue_certificate()(user_id=request.user.user_id, slug=slug)
        return Response(issued.view, status_code=HTTP_201_CREATED if issued.is_new else HTTP_200_OK)

    @get("/me/certificates", operation_id="listMyCertificates")
    async def mine(
        self,
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> CertificatePage:
        """One's own, the newest first."""
        return await learning.list_certificates()(user_id=request.user.user_id, cursor=cursor, limit=limit)

    @get("/certificates/{code:str}", operation_id="getCertificate", auth=NOBODY)
    async def certificate(
        self, code: FromPath[str], request: AnyRequest, learning: NamedDependency[Learning]
    ) -> Response[CertificateView]:
        """What a certificate says, for anybody; `application/pdf` by Accept. Case and dashes of the code do not matter.

        The PDF is in English or Korean by Accept-Language, or else in the learner's language.
        """
        media_type = preferred_type(request.headers.get("accept"), (JSON, PDF))
        if media_type is None:
            raise HTTPException(detail=f"A certificate is {JSON} or {PDF}.", status_code=HTTP_406_NOT_ACCEPTABLE)
        if media_type == JSON:
            return Response(await learning.read_certificate()(code=code), headers={"Vary": "Accept"})
        certificate = await learning.print_certificate()(code=code)
        wanted = preferred_language(request.headers.get("accept-language"), LANGUAGES)
        language = wanted or certificate.language

        def print_certificate() -> bytes:
            # Imported where it is needed: the library takes a second and a half.
            from entrypoints.api.certificate_pdf import certificate_pdf  # noqa: PLC0415

            return certificate_pdf(sheet(certificate, language), issued_at=certificate.issued_at)

        return Response(
            # The document shows the JSON.
            await printed(print_certificate),  # type: ignore[arg-type]
            media_type=PDF,
            headers={
                "Content-Language": language,
                "Vary": "Accept, Accept-Language",
                "Content-Disposition": f'inline; filename="certificate-{certificate.code}.pdf"',
            },
        )


class OpsCertificateController(Controller):
    path = "/api/v1/ops/certificates"
    tags = ("ops",)

    @post("/{code:str}/revoke", operation_id="revokeCertificate", status_code=HTTP_200_OK)
    async def revoke(
        self,
        code: FromPath[str],
        data: JSONBody[Revocation],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> OwnCertificate:
        """Take a certificate back, for good; its page says so. Audited, and repeatable."""
        request.user.require(OPERATOR)
        return await learning.revoke_certificate()(code=code, reason=data.reason, origin=origin_of(request))
