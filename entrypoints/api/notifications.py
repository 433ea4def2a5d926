"""/api/v1/me/notifications: which mails one wants; and the way out that such a mail carries along."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER
from msgspec import UNSET, UnsetType

from entrypoints.api.authentication import NOBODY, SignedInRequest
from entrypoints.api.bodies import RAW
from entrypoints.api.dependencies import Identity
from kosu.modules.identity.domain.notifications import NotificationKind
from kosu.modules.identity.notification_views import NotificationSettings

Token = Annotated[str, QueryParameter(max_length=1024)]


class NotificationEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is."""

    receipt: bool | UnsetType = UNSET
    enrolment: bool | UnsetType = UNSET
    answer: bool | UnsetType = UNSET
    certificate: bool | UnsetType = UNSET


class Unsubscribed(msgspec.Struct, frozen=True):
    """Mails of this kind come no more, until they are turned on again in the settings."""

    kind: NotificationKind


class NotificationController(Controller):
    path = "/api/v1"
    tags = ("identity",)

    @get("/me/notifications", operation_id="getMyNotifications")
    async def settings(self, request: SignedInRequest, identity: NamedDependency[Identity]) -> NotificationSettings:
        return NotificationSettings.of(await identity.notification_book().muted(request.user.user_id))

    @patch("/me/notifications", operation_id="editMyNotifications")
    async def edit(
        self, data: JSONBody[NotificationEdit], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> NotificationSettings:
        """Mails about the account and its security are sent in any case."""
        wanted = {NotificationKind(name): chosen for name, chosen in msgspec.structs.asdict(data).items()}
        return await identity.choose_notifications()(
            user_id=request.user.user_id,
            wanted={kind: chosen for kind, chosen in wanted.items() if chosen is not UNSET},
        )

    # The body is a form that mail programs send (RFC 8058, 3.2); the token says all there is to say.
    @post("/notifications/unsubscribe", operation_id="unsubscribe", auth=NOBODY, body=RAW, status_code=HTTP_200_OK)
    async def unsubscribe(self, token: Token, identity: NamedDependency[Identity]) -> Unsubscribed:
        """Turn off the kind of mail that the token came with. Repeatable, and without signing in."""
        return Unsubscribed(await identity.unsubscribe()(token=token))

    @get("/notifications/unsubscribe", operation_id="showUnsubscribe", auth=NOBODY, status_code=HTTP_303_SEE_OTHER)
    async def page(self, token: Token, identity: NamedDependency[Identity]) -> Redirect:
        """The page that asks first. Opening a link changes nothing: mail scanners open every link that they find."""
        address = f"{identity.link_base()}/unsubscribe#token={quote(token)}"
        return Redirect(address, status_code=HTTP_303_SEE_OTHER)
