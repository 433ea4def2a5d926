"""Calls of Toss Payments' API: what it answers, or why there is no answer.

Source: https://docs.tosspayments.com/reference and /reference/error-codes
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from kosu.adapters.toss.documents import UNREADABLE
from kosu.modules.billing.errors import GatewayUnavailable

READ_SECONDS = 10.0
# Toss itself waits for a bank.
MOVE_SECONDS = 60.0

# Codes that come with a status of 4xx and yet may be another at the next attempt; 5xx always may.
_ASK_AGAIN_CODES = frozenset(
    {
        "PROVIDER_ERROR",
        "FAILED_INTERNAL_SYSTEM_PROCESSING",
        "IDEMPOTENT_REQUEST_PROCESSING",
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "NOT_AVAILABLE_BANK",
        # A key that is wrong is for an operator to put right; the request itself is sound.
        "INVALID_API_KEY",
        "INCORRECT_BASIC_AUTH_FORMAT",
    }
)
_ASK_AGAIN = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.TOO_MANY_REQUESTS})


class TossError(Exception):
    """The API understood the request and says no; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Toss says {code}.")
        self.code = code


class _Error(msgspec.Struct):
    code: str


class TossClient:
    """Raises GatewayUnavailable wherever asking again may help."""

    def __init__(self, *, secret_key: str, api_url: str) -> None:
        self._api_url = api_url
        # The secret is the name, and there is no password.
        self._auth = httpx.BasicAuth(secret_key, "")

    async def payment_of_order(self, order_id: str) -> bytes:
        return await self._call("GET", f"/v1/payments/orders/{quote(order_id, safe='')}")

    async def transactions(self, params: Mapping[str, str]) -> bytes:
        return await self._call("GET", "/v1/transactions", params=params)

    async def confirm(self, body: Mapping[str, Any], *, key: str) -> bytes:
        return await self._call("POST", "/v1/payments/confirm", body=body, key=key)

    async def cancel(self, payment_key: str, body: Mapping[str, Any], *, key: str) -> bytes:
        """The same key is answered with the same document; Toss remembers it for fifteen days."""
        return await self._call("POST", f"/v1/payments/{quote(payment_key, safe='')}/cancel", body=body, key=key)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> bytes:
        headers = {} if key is None else {"Content-Type": "application/json", "Idempotency-Key": key}
        timeout = READ_SECONDS if key is None else MOVE_SECONDS
        try:
            async with httpx.AsyncClient(auth=self._auth, timeout=timeout, verify=_tls()) as client:
                answer = await client.request(
                    method,
                    f"{self._api_url}{path}",
                    params=params,
                    content=None if body is None else msgspec.json.encode(body),
                    headers=headers,
                )
        except httpx.HTTPError as error:
            msg = f"Toss did not answer: {error!r}"
            raise GatewayUnavailable(msg) from error
        if answer.is_success:
            return answer.content
        code = _error_code(answer.content)
        undecided = answer.is_server_error or answer.status_code in _ASK_AGAIN or code in _ASK_AGAIN_CODES
        if code is None or undecided:
            msg = f"Toss answered {answer.status_code} ({code})."
            raise GatewayUnavailable(msg)
        raise TossError(code)


def _error_code(body: bytes) -> str | None:
    try:
        return msgspec.json.decode(body, type=_Error).code
    except UNREADABLE:
        return None


@lru_cache
def _tls() -> ssl.SSLContext:
    """Loading the certificates costs more than a call."""
    return httpx.create_ssl_context()
