"""/api/v1/webhooks: where payment gateways tell what happened; and what operators see of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.status_codes import HTTP_200_OK

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest
from entrypoints.api.bodies import RAW
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import Limit, QueryText
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.use_cases.receive_webhook import MAX_PAYLOAD_BYTES
from kosu.modules.billing.views import WebhookPage
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.paging import BY_ID, Cursor

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[WebhookState | None, QueryParameter(name="state")]


class Acknowledged(msgspec.Struct, frozen=True):
    """The webhook is stored for good; it is settled later."""


class WebhookController(Controller):
    path = "/api/v1/webhooks"
    tags = ("billing",)

    @post(
        "/{gateway:str}",
        operation_id="receiveWebhook",
        auth=NOBODY,
        body=RAW,
        status_code=HTTP_200_OK,
        request_max_body_size=MAX_PAYLOAD_BYTES,
    )
    async def receive(
        self, gateway: FromPath[str], request: AnyRequest, billing: NamedDependency[Billing]
    ) -> Acknowledged:
        # The bytes as they came: a signature is over nothing else.
        raw = await request.body()
        await billing.receive_webhook()(gateway=gateway, raw=raw, headers=request.headers)
        return Acknowledged()


class OpsWebhookController(Controller):
    path = "/api/v1/ops/webhooks"
    tags = ("ops",)

    @get("/", operation_id="listWebhooks")
    async def webhooks(
        self,
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        in_state: StateQuery = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> WebhookPage:
        """All webhooks or those in one state, newest first, without their bodies."""
        request.user.require(OPERATOR)
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_ID).id
        return await billing.queries().webhooks(state=in_state, before=before, limit=limit)
