"""Stripe's REST API over HTTP.

Source: https://docs.stripe.com/api
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TypeAlias, TypeVar

import httpx
import msgspec

from kosu.adapters.stripe.shapes import Failure, Identified, Page
from kosu.modules.billing.errors import GatewayUnavailable

# Pinned: what is read and written here has the shapes of this version, whatever the account's own is.
API_VERSION = "2025-03-31.basil"
# One wait on the network, and a whole call, which a buyer may be waiting for.
WAIT_SECONDS = 10.0
CALL_SECONDS = 20.0
PAGE_SIZE = 100

# The request was understood, and never will succeed. All else may pass: limits, outages, and a key that is wrong until
# an operator sets the right one.
_REFUSALS = frozenset({httpx.codes.BAD_REQUEST, httpx.codes.PAYMENT_REQUIRED, httpx.codes.NOT_FOUND})
_MISSING = "resource_missing"
_LIMITED = "rate_limit"

Parameter: TypeAlias = "str | int | bool | Mapping[str, Parameter] | Sequence[Parameter]"
T = TypeVar("T")


class RefusalError(Exception):
    """Stripe took the request for what it is, and refuses it. `code` is Stripe's own name of the reason."""

    def __init__(self, code: str, *, request_id: str) -> None:
        super().__init__(f"Stripe refuses: {code} (request {request_id}).")
        self.code = code


class StripeApi:
    def __init__(
        self, secret_key: str, *, url: str, wait_seconds: float = WAIT_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        self._secret_key = secret_key
        self._url = url
        self._wait_seconds = wait_seconds
        self._call_seconds = call_seconds

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """For a few calls one after another. Nothing is sent before the first of them."""
        # Where the way to the internet leads through a proxy, the environment names it. Plain HTTP is for a stand-in
        # nearby, to which no proxy leads.
        is_remote = self._url.startswith("https:")
        async with httpx.AsyncClient(
            base_url=self._url,
            headers={"Authorization": f"Bearer {self._secret_key}", "Stripe-Version": API_VERSION},
            timeout=self._wait_seconds,
            trust_env=is_remote,
            verify=_trusted(),
        ) as client:
            yield Connection(client, call_seconds=self._call_seconds)


class Connection:
    """All calls raise GatewayUnavailable where asking again is safe."""

    def __init__(self, client: httpx.AsyncClient, *, call_seconds: float) -> None:
        self._client = client
        self._call_seconds = call_seconds

    async def get(self, path: str, kind: type[T], **parameters: Parameter) -> T | None:
        """None where Stripe has no such thing."""
        try:
            return _decoded(await self._call("GET", path, params=dict(flattened(parameters))), kind)
        except RefusalError as error:
            if error.code == _MISSING:
                return None
            raise GatewayUnavailable(str(error)) from error

    async def entries(self, path: str, **parameters: Parameter) -> AsyncIterator[msgspec.Raw]:
        """Those of a list as they come, newest first, over all its pages."""
        behind: dict[str, Parameter] = {}
        while page := await self.get(path, Page, limit=PAGE_SIZE, **parameters, **behind):
            for entry in page.data:
                yield entry
            if not page.has_more or not page.data:
                return
            behind = {"starting_after": _decoded(page.data[-1], Identified).id}

    async def list(self, path: str, kind: type[T], **parameters: Parameter) -> Sequence[T]:
        """A whole list; empty also where Stripe does not know what it is asked about."""
        return [_decoded(entry, kind) async for entry in self.entries(path, **parameters)]

    async def post(self, path: str, kind: type[T], *, idempotency_key: str, **parameters: Parameter) -> T:
        """The same key and parameters are the same request, however often it is sent within a day.

        Raises:
            RefusalError: asking again is useless.
        """
        headers = {"Idempotency-Key": idempotency_key}
        return _decoded(await self._call("POST", path, data=dict(flattened(parameters)), headers=headers), kind)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        try:
            async with asyncio.timeout(self._call_seconds):
                answer = await self._client.request(method, path, params=params, data=data, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            msg = f"Stripe did not answer: {error!r}"
            raise GatewayUnavailable(msg) from error
        if answer.status_code == httpx.codes.OK:
            return answer.content
        raise _refusal(answer)


def flattened(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    """Parameters as a form, nested ones by brackets: `line_items[0][quantity]=1`."""
    for name, value in parameters.items():
        yield from _flattened(name, value)


def _flattened(name: str, value: Parameter) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, int):
        yield name, str(value)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _flattened(f"{name}[{key}]", member)
    else:
        for index, member in enumerate(value):
            yield from _flattened(f"{name}[{index}]", member)


def _decoded(answer: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = f"Stripe's answer makes no sense: {error}"
        raise GatewayUnavailable(msg) from error


def _refusal(answer: httpx.Response) -> RefusalError | GatewayUnavailable:
    request_id = answer.headers.get("request-id", "unknown")
    try:
        error = msgspec.json.decode(answer.content, type=Failure).error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        error = None
    if error is not None and answer.status_code in _REFUSALS and error.code != _LIMITED:
        return RefusalError(error.code or error.type, request_id=request_id)
    msg = f"Stripe answered with {answer.status_code} (request {request_id})."
    return GatewayUnavailable(msg)


@lru_cache
def _trusted() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than the request."""
    return httpx.create_ssl_context()
