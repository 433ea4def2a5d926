"""Who is asking: reads the token of each request before its handler runs.

A handler says what it needs by `auth=`: SIGNED_IN (the default), ANYBODY (a viewer if a token was sent) or NOBODY (the
token is not looked at). A token that was sent and does not hold is refused everywhere but at NOBODY: a client that
thinks it is signed in must be told, so that it can refresh.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Scope, Send

from entrypoints import logs
from entrypoints.api.cookies import CrossSiteRequest, SessionCookies
from kosu.ids import DeviceId
from kosu.modules.identity import Viewer
from kosu.modules.identity.errors import SignInRequired
from kosu.modules.identity.use_cases.authenticate_request import AuthenticateRequest, Presumed

SIGNED_IN = "signed_in"
ANYBODY = "anybody"
NOBODY = "nobody"

SignedInRequest: TypeAlias = Request[Viewer, SessionCookies, State]
AnyRequest: TypeAlias = Request[Viewer | None, SessionCookies, State]


class Authentication:
    """Middleware: sets `request.user` to the Viewer or None, and `request.auth` to the cookies of the session."""

    def __init__(self, authenticate: AuthenticateRequest, cookies: SessionCookies) -> None:
        self._authenticate = authenticate
        self._cookies = cookies

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def authenticated(scope: Scope, receive: Receive, send: Send) -> None:
            await self._authenticate_scope(scope)
            await app(scope, receive, send)

        return authenticated

    async def _authenticate_scope(self, scope: Scope) -> None:
        needed = scope["route_handler"].opt.get("auth", SIGNED_IN)
        scope["auth"] = self._cookies
        scope["user"] = None
        self._cookies.refuse_cross_site(scope)
        if needed != NOBODY:
            scope["user"] = await self._viewer(scope)
            if scope["user"] is not None:
                logs.know_viewer(scope["user"].user_id, scope["user"].session_id)
            elif needed == SIGNED_IN:
                msg = "Sign in first."
                raise SignInRequired(msg)

    def presumed(self, scope: Scope) -> Presumed | None:
        """Who asks by what this process saw last, without any IO; None where only asking can tell, or refuse."""
        try:
            self._cookies.refuse_cross_site(scope)
            token, device_id = self._credentials(scope)
        except CrossSiteRequest:
            return None
        return None if token is None else self._authenticate.presumed(access_token=token, device_id=device_id)

    def confirmed(self, presumed: Presumed) -> None:
        """The presumption was right."""
        logs.know_viewer(presumed.viewer.user_id, presumed.viewer.session_id)
        self._authenticate.confirmed(presumed)

    async def _viewer(self, scope: Scope) -> Viewer | None:
        token, device_id = self._credentials(scope)
        return None if token is None else await self._authenticate(access_token=token, device_id=device_id)

    def _credentials(self, scope: Scope) -> tuple[str | None, DeviceId | None]:
        """The token that was sent, and with a browser's the device that it must be of. Raises CrossSiteRequest."""
        bearer = bearer_token(scope)
        if bearer is not None:
            return bearer, None
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        token = self._cookies.access_token(connection)
        return token, None if token is None else self._cookies.device_id(connection)


def bearer_token(scope: Scope) -> str | None:
    """The token of the Authorization header, which clients without cookies send (RFC 6750, 2.1)."""
    # Who sends one needs no other header parsed.
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else None
    return None
