"""/api/v1/auth: register, log in, refresh, log out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest, require_same_origin
from entrypoints.api.client_info import client_of
from entrypoints.api.cookies import SessionCookies
from kosu.modules.identity.admission import Admitted
from kosu.modules.identity.container import IdentityContainer
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.errors import SignInRequired
from kosu.modules.identity.views import SessionView, UserView

Text = Annotated[str, msgspec.Meta(max_length=1024)]


class Registration(msgspec.Struct, frozen=True):
    email: Text
    password: Text
    display_name: Text


class Credentials(msgspec.Struct, frozen=True):
    email: Text
    password: Text


class RefreshRequest(msgspec.Struct, frozen=True):
    refresh_token: Text | None = None


class SignedIn(msgspec.Struct, frozen=True):
    """`refresh_token` is for clients without cookies; browsers have it in a cookie that scripts cannot read."""

    user: UserView
    session: SessionView
    access_token: str
    refresh_token: str
    expires_in: int


class Refreshed(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int
    refresh_token: str | None = None


class AuthController(Controller):
    path = "/api/v1/auth"
    tags = ["identity"]  # noqa: RUF012 - Litestar's own class attribute

    @post("/register", operation_id="register", auth=NOBODY)
    async def register(
        self, data: JSONBody[Registration], request: AnyRequest, auth: NamedDependency[SkipValidation[Auth]]
    ) -> Response[SignedIn]:
        admitted = await auth.identity.register_user()(
            email=data.email,
            password=data.password,
            display_name=data.display_name,
            device_id=auth.cookies.device_id(request),
            client=client_of(request),
        )
        return _signed_in(admitted, auth.cookies, status_code=201)
