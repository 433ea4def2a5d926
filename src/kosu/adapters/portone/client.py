"""Calls of PortOne's REST API: what it answers, or why there is no answer.

Source: https://developers.portone.io/api/rest-v2
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from kosu.adapters.portone.documents import UNREADABLE
from kosu.modules.billing.errors import GatewayUnavailable

READ_SECONDS = 10.0
# PortOne itself waits for a bank, and asks for this much patience.
CANCEL_SECONDS = 60.0

# A secret that is wrong or may not do this is for an operator to put right; the request itself is sound.
_ASK_AGAIN = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS})
_UNDER_WAY = "IDEMPOTENCY_OUTSTANDING_REQUEST"


class PortOneError(Exception):
    """The API understood the request and says no; `type` says why."""

    def __init__(self, error_type: str) -> None:
        super().__init__(f"PortOne says {error_type}.")
        self.type = error_type


class _Error(msgspec.Struct):
    type: str


class PortOneClient:
    """Raises GatewayUnavailable wherever asking again may help."""

    def __init__(self, *, api_secret: str, api_url: str) -> None:
        self._api_url = api_url
        self._headers = {"Authorization": f"PortOne {api_secret}", "Content-Type": "application/json"}

    async def payment(self, payment_id: str, *, store_id: str) -> bytes:
        return await self._call("GET", f"/payments/{quote(payment_id, safe='')}", params={"storeId": store_id})

    async def payments(self, wanted: Mapping[str, Any]) -> bytes:
        """A page of payments. A GET has no body here: what it would hold stands in the query."""
        return await self._call("GET", "/payments", params={"requestBody": msgspec.json.encode(wanted).decode()})

    async def pre_register(self, payment_id: str, body: Mapping[str, Any]) -> None:
        await self._call("POST", f"/payments/{quote(payment_id, safe='')}/pre-register", body=body)

    async def cancel(self, payment_id: str, body: Mapping[str, Any], *, key: str) -> bytes:
        """The same key is answered with the same cancellation; PortOne remembers it for three hours."""
        return await self._call(
            "POST",
            f"/payments/{quote(payment_id, safe='')}/cancel",
            body=body,
            headers={"Idempotency-Key": f'"{key}"'},
            timeout=CANCEL_SECONDS,
        )

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = READ_SECONDS,
    ) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        sent = {**self._headers, **(headers or {})}
        try:
            async with httpx.AsyncClient(timeout=timeout, verify=_tls()) as client:
                answer = await client.request(
                    method, f"{self._api_url}{path}", params=params, content=content, headers=sent
                )
        except httpx.HTTPError as error:
            msg = f"PortOne did not answer: {error!r}"
            raise GatewayUnavailable(msg) from error
        if answer.is_success:
            return answer.content
        error_type = _error_type(answer.content)
        # 502 is an error of the provider behind PortOne, which may have done what was asked.
        undecided = answer.is_server_error or answer.status_code in _ASK_AGAIN or error_type == _UNDER_WAY
        if error_type is None or undecided:
            msg = f"PortOne answered {answer.status_code} ({error_type})."
            raise GatewayUnavailable(msg)
        raise PortOneError(error_type)


def _error_type(body: bytes) -> str | None:
    try:
        return msgspec.json.decode(body, type=_Error).type
    except UNREADABLE:
        return None


@lru_cache
def _tls() -> ssl.SSLContext:
    """Loading the certificates costs more than a call."""
    return httpx.create_ssl_context()
