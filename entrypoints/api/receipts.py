"""/api/v1/orders/{id}/receipt: a document for people, as HTML or PDF."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.status_codes import HTTP_406_NOT_ACCEPTABLE

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Billing
from entrypoints.api.negotiation import preferred_language, preferred_type
from entrypoints.api.printing import printed
from entrypoints.api.receipt_html import CONTENT_SECURITY_POLICY, receipt_html
from entrypoints.api.receipt_words import LANGUAGES, Page, page
from kosu.ids import OrderId
from kosu.modules.billing.book_views import ReceiptView

HTML, PDF = "text/html", "application/pdf"


class ReceiptController(Controller):
    path = "/api/v1/orders"
    tags = ("billing",)

    @get("/{order_id:uuid}/receipt", operation_id="getReceipt", media_type=MediaType.HTML)
    async def receipt(
        self,
        order_id: FromPath[UUID],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
    ) -> Response[bytes]:
        """The receipt of a paid order, `text/html` or `application/pdf` by Accept.

        In English or Korean by Accept-Language, or else in the language of the buyer's account.
        """
        media_type = preferred_type(request.headers.get("accept"), (HTML, PDF))
        if media_type is None:
            raise HTTPException(detail=f"A receipt is {HTML} or {PDF}.", status_code=HTTP_406_NOT_ACCEPTABLE)
        receipt = await billing.read_receipt()(user_id=request.user.user_id, order_id=OrderId(order_id))
        wanted = preferred_language(request.headers.get("accept-language"), LANGUAGES)
        language = wanted or receipt.language or LANGUAGES[0]
        content = page(receipt, language)
        headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
        if media_type == PDF:
            headers["Content-Disposition"] = f'inline; filename="receipt-{receipt.number}.pdf"'
            return Response(await _printed(content, receipt), media_type=PDF, headers=headers)
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return Response(receipt_html(content).encode(), media_type=MediaType.HTML, headers=headers)


async def _printed(content: Page, receipt: ReceiptView) -> bytes:
    def print_receipt() -> bytes:
        # Imported where it is needed: the library takes a second and a half.
        from entrypoints.api.receipt_pdf import receipt_pdf  # noqa: PLC0415

        return receipt_pdf(content, issued_at=receipt.issued_at)

    return await printed(print_receipt)
