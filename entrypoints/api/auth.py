"""/api/v1/auth: register, log in, refresh, log out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import NOBODY, AnyRequest, bearer_token
from entrypoints.api.client_info import client_of
from entrypoints.api.cookies import SessionCookies
from entrypoints.api.dependencies import Identity
from kosu.modules.identity.admission import Admitted
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
    """The refresh token comes as a cookie alone, which scripts cannot read."""

    user: UserView
    session: SessionView
    access_token: str
    expires_in: int


class Refreshed(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int
    refresh_token: str | None = None


class AuthController(Controller):
    path = "/api/v1/auth"
    tags = ("identity",)

    @post("/register", operation_id="register", auth=NOBODY)
    async def register(
        self, data: JSONBody[Registration], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> Response[SignedIn]:
        admitted = await identity.register_user()(
            email=data.email,
            password=data.password,
            display_name=data.display_name,
            device_id=request.auth.device_id(request),
            client=client_of(request),
        )
        return _signed_in(admitted, request.auth, status_code=HTTP_201_CREATED)

    @post("/login", operation_id="logIn", auth=NOBODY, status_code=HTTP_200_OK)
    async def log_in(
        self, data: JSONBody[Credentials], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> Response[SignedIn]:
        admitted = await identity.log_in()(
            email=data.email,
            password=data.password,
            device_id=request.auth.device_id(request),
            client=client_of(request),
        )
        return _signed_in(admitted, request.auth, status_code=HTTP_200_OK)

    @post("/refresh", operation_id="refresh", auth=NOBODY, status_code=HTTP_200_OK)
    async def refresh(
        self,
        request: AnyRequest,
        identity: NamedDependency[Identity],
        data: JSONBody[RefreshRequest | None] = None,
    ) -> Response[Refreshed]:
        """By the refresh cookie, or by a refresh token in the body for clients without cookies."""
        sent = data.refresh_token if data is not None else None
        token = sent or request.auth.refresh_token(request)
        if token is None:
            msg = "There is no refresh token to exchange."
            raise SignInRequired(msg)
        device_id = None if sent else request.auth.device_id(request)
        tokens = await identity.refresh_session()(token=token, device_id=device_id)
        answer = Refreshed(
            access_token=tokens.access_token,
            expires_in=tokens.access_ttl_seconds,
            refresh_token=tokens.refresh_token if sent else None,
        )
        return Response(answer, cookies=request.auth.issue(tokens))

    @post("/logout", operation_id="logOut", auth=NOBODY, status_code=HTTP_204_NO_CONTENT)
    async def log_out(self, request: AnyRequest, identity: NamedDependency[Identity]) -> Response[None]:
        """By whatever is left of the session: an access token that has run out does not keep anybody signed in."""
        bearer = bearer_token(request)
        await identity.log_out()(
            refresh_token=None if bearer else request.auth.refresh_token(request),
            access_token=bearer or request.auth.access_token(request),
        )
        return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=request.auth.clear())


def _signed_in(admitted: Admitted, cookies: SessionCookies, *, status_code: int) -> Response[SignedIn]:
    tokens = admitted.tokens
    answer = SignedIn(
        user=admitted.user,
        session=admitted.session,
        access_token=tokens.access_token,
        expires_in=tokens.access_ttl_seconds,
    )
    return Response(answer, status_code=status_code, cookies=cookies.issue(tokens))
