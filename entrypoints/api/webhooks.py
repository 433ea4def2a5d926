"""/api/v1/webhooks: where payment gateways tell what happened; and what operators see of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest
from entrypoints.api.bodies import RAW
from entrypoints.api.dependencies import Billing
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.modules.billing.domain.inbox import WebhookId, WebhookState
from kosu.modules.billing.use_cases.receive_webhook import MAX_PAYLOAD_BYTES
from kosu.modules.billing.views import ReplayDiff, WebhookDetail, WebhookPage
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.paging import BY_ID, Cursor

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[WebhookState | None, QueryParameter(name="state")]

PATH = "/api/v1/webhooks"


class Acknowledged(msgspec.Struct, frozen=True):
    """The webhook is stored for good; it is settled later."""


class Ignoring(msgspec.Struct, frozen=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """`diff` is as of the moment of asking; `webhook` is null in a dry run."""

    dry_run: bool
    diff: ReplayDiff
    webhook: WebhookDetail | None = None


class WebhookController(Controller):
    path = PATH
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
        # Gateways are answered sooner, in webhook_door.py.
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

    @get("/{webhook_id:uuid}", operation_id="getWebhook")
    async def webhook(
        self, webhook_id: FromPath[UUID], request: SignedInRequest, billing: NamedDependency[Billing]
    ) -> WebhookDetail:
        """One webhook, without what is private in its body."""
        request.user.require(OPERATOR)
        return await billing.read_webhook()(webhook_id=WebhookId(webhook_id), origin=origin_of(request))

    @post("/{webhook_id:uuid}/replay", operation_id="replayWebhook", status_code=HTTP_200_OK)
    async def replay(
        self,
        webhook_id: FromPath[UUID],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
        dry_run: FromQuery[bool] = False,
    ) -> Replay:
        """Say what settling a webhook once more changes; and let the workers do it, unless this is a dry run."""
        request.user.require(OPERATOR)
        diff = await billing.preview_replay()(webhook_id=WebhookId(webhook_id))
        if dry_run:
            return Replay(dry_run=True, diff=diff)
        replayed = await billing.replay_webhook()(webhook_id=WebhookId(webhook_id), origin=origin_of(request))
        return Replay(dry_run=False, diff=diff, webhook=replayed)

    @post("/{webhook_id:uuid}/ignore", operation_id="ignoreWebhook", status_code=HTTP_200_OK)
    async def ignore(
        self,
        webhook_id: FromPath[UUID],
        data: JSONBody[Ignoring],
        request: SignedInRequest,
        billing: NamedDependency[Billing],
    ) -> WebhookDetail:
        """Give a webhook up, for a reason that the audit log keeps."""
        request.user.require(OPERATOR)
        return await billing.ignore_webhook()(
            webhook_id=WebhookId(webhook_id), reason=data.reason, origin=origin_of(request)
        )
