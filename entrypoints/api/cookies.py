"""The session's cookies: access, refresh and device."""

from __future__ import annotations

from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.types import Scope

from kosu.errors import Forbidden
from kosu.ids import DeviceId
from kosu.modules.identity.admission import Tokens
from kosu.modules.identity.domain.tokens import Keyring, read_device_token

REFRESH_SECONDS = 30 * 24 * 3600
DEVICE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CrossSiteRequest(Forbidden):
    """A browser sent the session's cookies along on behalf of another site."""

    code = "csrf_rejected"


_CROSS_SITE = "This request does not come from Kosu's own pages."


class SessionCookies:
    """Names carry the `__Host-` prefix wherever the cookies are Secure (RFC 6265bis, 4.1.3.2)."""

    def __init__(self, keyring: Keyring, *, secure: bool, own_origins: frozenset[str]) -> None:
        self._keyring = keyring
        self._own_origins = own_origins
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self._access_name = f"{prefix}kosu_at".encode()
        self._access, self._refresh, self._device = f"{prefix}kosu_at", f"{prefix}kosu_rt", f"{prefix}kosu_did"

    def access_token(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        """The token of the browser that asks. Raises CrossSiteRequest."""
        return self._credential(connection, self._access)

    def refresh_token(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        """The token of the browser that asks. Raises CrossSiteRequest."""
        return self._credential(connection, self._refresh)

    def refuse_cross_site(self, scope: Scope) -> None:
        """Refuse what another site has a browser do, with cookies or without: signing somebody in is harm, too.

        Who is no browser says nothing of sites, and passes.

        Raises:
            CrossSiteRequest
        """
        if scope.get("method") in _SAFE_METHODS:
            return
        # Every request comes by here, and hardly any needs more of its headers parsed than this.
        for name, value in scope["headers"]:
            if name == b"sec-fetch-site" and value == b"cross-site":
                connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
                if connection.headers.get("origin") not in self._own_origins:
                    raise CrossSiteRequest(_CROSS_SITE)

    def name_somebody(self, scope: Scope) -> bool:
        """Whether the request says on whose behalf it is made, truly or not; found without parsing anything."""
        for name, value in scope["headers"]:
            if name == b"authorization" or (name == b"cookie" and self._access_name in value):
                return True
        return False

    def device_id(self, connection: ASGIConnection[Any, Any, Any, Any]) -> DeviceId | None:
        """The device that the browser is known as; None where it has no cookie, or a forged one."""
        return read_device_token(self._keyring, connection.cookies.get(self._device))

    def issue(self, tokens: Tokens) -> list[Cookie]:
        return [
            self._cookie(self._access, tokens.access_token, tokens.access_ttl_seconds, "lax"),
            self._cookie(self._refresh, tokens.refresh_token, REFRESH_SECONDS, "strict"),
            self.device_cookie(tokens.device_token),
        ]

    def device_cookie(self, device_token: str) -> Cookie:
        """The name alone, for a device that is not signed in."""
        return self._cookie(self._device, device_token, DEVICE_SECONDS, "lax")

    def clear(self) -> list[Cookie]:
        """Forget the session, and keep the device's name."""
        return [self._cookie(self._access, "", 0, "lax"), self._cookie(self._refresh, "", 0, "strict")]

    def _credential(self, connection: ASGIConnection[Any, Any, Any, Any], name: str) -> str | None:
        token = connection.cookies.get(name)
        if token is not None and connection.scope.get("method") not in _SAFE_METHODS:
            self._require_same_origin(connection)
        return token

    def _require_same_origin(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Browsers send cookies for other sites' pages too; only our own pages may act by them.

        Source: Fetch Metadata Request Headers (W3C), and OWASP's CSRF Prevention Cheat Sheet, "Verifying origin".
        """
        if connection.headers.get("sec-fetch-site") == "same-origin":
            return
        here = f"{connection.url.scheme}://{connection.url.netloc}"
        if connection.headers.get("origin") in self._own_origins | {here}:
            return
        raise CrossSiteRequest(_CROSS_SITE)

    def _cookie(self, key: str, value: str, max_age: int, samesite: Literal["lax", "strict"]) -> Cookie:
        return Cookie(
            key=key, value=value, max_age=max_age, path="/", httponly=True, secure=self._secure, samesite=samesite
        )
