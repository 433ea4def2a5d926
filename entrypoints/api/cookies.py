"""The session's cookies: access, refresh and device."""

from __future__ import annotations

from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from kosu.ids import DeviceId
from kosu.modules.identity.admission import Tokens
from kosu.modules.identity.domain.tokens import Keyring, read_device_token

REFRESH_SECONDS = 30 * 24 * 3600
DEVICE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie


class SessionCookies:
    """Names carry the `__Host-` prefix wherever the cookies are Secure (RFC 6265bis, 4.1.3.2)."""

    def __init__(self, keyring: Keyring, *, secure: bool) -> None:
        self._keyring = keyring
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self._access, self._refresh, self._device = f"{prefix}kosu_at", f"{prefix}kosu_rt", f"{prefix}kosu_did"

    def access_token(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        return connection.cookies.get(self._access)

    def refresh_token(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        return connection.cookies.get(self._refresh)

    def device_id(self, connection: ASGIConnection[Any, Any, Any, Any]) -> DeviceId | None:
        """The device that the browser is known as; None where it has no cookie, or a forged one."""
        return read_device_token(self._keyring, connection.cookies.get(self._device))

    def issue(self, tokens: Tokens) -> list[Cookie]:
        return [
            self._cookie(self._access, tokens.access_token, tokens.access_ttl_seconds, "lax"),
            self._cookie(self._refresh, tokens.refresh_token, REFRESH_SECONDS, "strict"),
            self._cookie(self._device, tokens.device_token, DEVICE_SECONDS, "lax"),
        ]

    def clear(self) -> list[Cookie]:
        """Forget the session, and keep the device's name."""
        return [self._cookie(self._access, "", 0, "lax"), self._cookie(self._refresh, "", 0, "strict")]

    def _cookie(self, key: str, value: str, max_age: int, samesite: Literal["lax", "strict"]) -> Cookie:
        return Cookie(
            key=key, value=value, max_age=max_age, path="/", httponly=True, secure=self._secure, samesite=samesite
        )
