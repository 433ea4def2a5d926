"""/api/v1/auth: register, log in, refresh, log out, passwords and the verification of addresses."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest, bearer_token
from entrypoints.api.client_info import client_of
from entrypoints.api.cookies import SessionCookies
from entrypoints.api.dependencies import Identity
from entrypoints.api.errors import domain_error
from entrypoints.api.negotiation import preferred_language
from entrypoints.api.origin import origin_of
from kosu.ids import SessionId
from kosu.modules.identity.admission import Admitted
from kosu.modules.identity.domain.accounts import LOCALES
from kosu.modules.identity.errors import DeviceLimitReached, SignInRequired
from kosu.modules.identity.views import SessionView, UserView

Text = Annotated[str, msgspec.Meta(max_length=1024)]


class Registration(msgspec.Struct, frozen=True):
    email: Text
    password: Text
    display_name: Text


class Credentials(msgspec.Struct, frozen=True):
    email: Text
    password: Text


class Admittance(msgspec.Struct, frozen=True):
    """Which of the account's devices gives way for this one; `ticket` came with `device_limit`."""

    ticket: Text
    revoke_session_id: UUID


class ForgottenPassword(msgspec.Struct, frozen=True):
    email: Text


class PasswordReset(msgspec.Struct, frozen=True):
    token: Text
    password: Text


class PasswordChange(msgspec.Struct, frozen=True):
    current: Text
    password: Text


class Verification(msgspec.Struct, frozen=True):
    token: Text


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


def _device_limit(request: AnyRequest, error: DeviceLimitReached) -> Response[bytes]:
    """The refusal, with the name of the device that its ticket is made for."""
    answer = domain_error(request, error)
    answer.set_cookie(request.auth.device_cookie(error.device_token))
    return answer


class AuthController(Controller):
    path = "/api/v1/auth"
    tags = ("identity",)
    exception_handlers = {DeviceLimitReached: _device_limit}  # noqa: RUF012 - Litestar's own class attribute

    @post("/register", operation_id="register", auth=NOBODY)
    async def register(
        self, data: JSONBody[Registration], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> Response[SignedIn]:
        """The account speaks the language that Accept-Language likes best, of those that Kosu speaks."""
        wanted = preferred_language(request.headers.get("accept-language"), LOCALES)
        admitted = await identity.register_user()(
            email=data.email,
            password=data.password,
            display_name=data.display_name,
            device_id=request.auth.device_id(request),
            client=client_of(request),
            locale=wanted or LOCALES[0],
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

    @post("/admit", operation_id="admitDevice", auth=NOBODY, status_code=HTTP_200_OK)
    async def admit(
        self, data: JSONBody[Admittance], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> Response[SignedIn]:
        """Sign this device in for the chosen one, which is ended."""
        admitted = await identity.admit_device()(
            ticket=data.ticket,
            revoke_session_id=SessionId(data.revoke_session_id),
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
        tokens = await identity.refresh_session()(token=token, device_id=device_id, client=client_of(request))
        answer = Refreshed(
            access_token=tokens.access_token,
            expires_in=tokens.access_ttl_seconds,
            refresh_token=tokens.refresh_token if sent else None,
        )
        return Response(answer, cookies=request.auth.issue(tokens))

    @post("/logout", operation_id="logOut", auth=NOBODY, status_code=HTTP_204_NO_CONTENT)
    async def log_out(self, request: AnyRequest, identity: NamedDependency[Identity]) -> Response[None]:
        """By whatever is left of the session: an access token that has run out does not keep anybody signed in."""
        bearer = bearer_token(request.scope)
        await identity.log_out()(
            refresh_token=None if bearer else request.auth.refresh_token(request),
            access_token=bearer or request.auth.access_token(request),
            client=client_of(request),
        )
        return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=request.auth.clear())

    @post("/password/forgot", operation_id="forgotPassword", auth=NOBODY, status_code=HTTP_202_ACCEPTED)
    async def forgot_password(
        self, data: JSONBody[ForgottenPassword], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> None:
        """Have a link mailed. The answer does not tell whether there is such an account."""
        await identity.request_password_reset()(email=data.email, client=client_of(request))

    @post("/password/reset", operation_id="resetPassword", auth=NOBODY, status_code=HTTP_204_NO_CONTENT)
    async def reset_password(
        self, data: JSONBody[PasswordReset], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> None:
        """Set a new password by a mailed link's token; every device has to sign in again."""
        await identity.reset_password()(token=data.token, password=data.password, client=client_of(request))

    @post("/password/change", operation_id="changePassword", status_code=HTTP_204_NO_CONTENT)
    async def change_password(
        self, data: JSONBody[PasswordChange], request: SignedInRequest, identity: NamedDependency[Identity]
    ) -> None:
        """Every other device has to sign in again."""
        await identity.change_password()(
            viewer=request.user, current=data.current, password=data.password, origin=origin_of(request)
        )

    @post("/email/verify", operation_id="verifyEmail", auth=NOBODY, status_code=HTTP_204_NO_CONTENT)
    async def verify_email(
        self, data: JSONBody[Verification], request: AnyRequest, identity: NamedDependency[Identity]
    ) -> None:
        """Take a mailed link's token. Opening the link itself changes nothing."""
        await identity.verify_email()(token=data.token, client=client_of(request))

    @post("/email/resend", operation_id="resendVerification", status_code=HTTP_202_ACCEPTED)
    async def resend_verification(self, request: SignedInRequest, identity: NamedDependency[Identity]) -> None:
        """Have the verification mailed once more."""
        await identity.request_email_verification()(user_id=request.user.user_id, client=client_of(request))


def _signed_in(admitted: Admitted, cookies: SessionCookies, *, status_code: int) -> Response[SignedIn]:
    tokens = admitted.tokens
    answer = SignedIn(
        user=admitted.user,
        session=admitted.session,
        access_token=tokens.access_token,
        expires_in=tokens.access_ttl_seconds,
    )
    return Response(answer, status_code=status_code, cookies=cookies.issue(tokens))
