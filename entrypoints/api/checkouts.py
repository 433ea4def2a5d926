"""/api/v1/checkouts: where a buyer meets a payment gateway, and comes back from it."""

from __future__ import annotations

from typing import Any

from litestar import Controller, MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from entrypoints.api.authentication import NOBODY
from entrypoints.api.dependencies import WholeContainer
from entrypoints.api.pages import no_store, returned_page
from kosu.modules.billing.errors import PaymentNotFound


class CheckoutController(Controller):
    """Whoever knows a payment's reference may pay it; nothing else is shown of it than its buyer ordered."""

    path = "/api/v1/checkouts"
    tags = ("billing",)

    @get("/{gateway:str}/{payment_ref:str}", operation_id="getCheckout", auth=NOBODY, media_type=MediaType.HTML)
    async def page(
        self, gateway: FromPath[str], payment_ref: FromPath[str], container: NamedDependency[WholeContainer]
    ) -> Response[str]:
        """A page for people that shows the checkout of a gateway which has no page of its own."""
        billing = container.billing
        checkout = await billing.queries().checkout(gateway, payment_ref)
        shown_by = billing.gateways().get(gateway)
        page = shown_by.checkout_page(checkout) if shown_by and checkout else None
        if page is None:
            msg = "There is no such checkout."
            raise PaymentNotFound(msg)
        return Response(page.html, media_type=MediaType.HTML, headers=no_store(page.content_security_policy))

    @get(
        "/{gateway:str}/{payment_ref:str}/return",
        operation_id="returnFromCheckout",
        auth=NOBODY,
        media_type=MediaType.HTML,
        status_code=HTTP_303_SEE_OTHER,
    )
    async def come_back(
        self,
        gateway: FromPath[str],
        payment_ref: FromPath[str],
        request: Request[None, None, State],
        container: NamedDependency[WholeContainer],
    ) -> Response[Any]:
        """Where a gateway sends the buyer's browser. A worker confirms the payment; the order tells what came of it."""
        order_id = await container.billing.return_from_checkout()(
            gateway=gateway, payment_ref=payment_ref, answers=dict(request.query_params)
        )
        if web_url := container.settings().http.web_url:
            return Redirect(f"{web_url}/checkout/{order_id}", status_code=HTTP_303_SEE_OTHER)
        return Response(returned_page(), status_code=200, media_type=MediaType.HTML, headers=no_store())
