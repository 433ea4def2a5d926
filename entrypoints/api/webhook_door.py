"""The way of webhooks past the framework: of all routes theirs has to bear a storm.

What Litestar does around a handler (routing, middlewares, parameters, dependencies, a request, a response) costs more
than all the rest of an acknowledgement: docs/adr/0007. So gateways are answered here, before it, by the same use case
and with the same errors; the route in `webhooks.py` stands in the document, and answers browsers, which no gateway is.
"""

from __future__ import annotations

import msgspec
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Receive, Scope, Send

from entrypoints.api.bodies import plain_headers, raw_body
from entrypoints.api.errors import send_problem
from entrypoints.api.webhooks import PATH, Acknowledged
from kosu.modules.billing.use_cases.receive_webhook import MAX_PAYLOAD_BYTES, ReceiveWebhook

_PREFIX = f"{PATH}/"
_ROUTE = f"{PATH}/{{gateway}}"
_BODY = msgspec.json.encode(Acknowledged())
_HEADERS = ((b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode()))


class WebhookDoor:
    """Answers webhooks as `app` would, and hands all else on to `inner`."""

    def __init__(self, app: Litestar, inner: ASGIApp, receive_webhook: ReceiveWebhook) -> None:
        self._app = app
        self._inner = inner
        self._receive_webhook = receive_webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] == "POST" and scope["path"].startswith(_PREFIX):
            headers = plain_headers(scope)
            gateway = scope["path"][len(_PREFIX) :]
            # Browsers say where they come from, and are judged by it elsewhere.
            if "/" not in gateway and "sec-fetch-site" not in headers and "origin" not in headers:
                # For the metrics, as the application's own routing would.
                scope["path_template"] = _ROUTE
                await self._acknowledge(scope, receive, send, gateway, headers)
                return
        await self._inner(scope, receive, send)

    async def _acknowledge(
        self, scope: Scope, receive: Receive, send: Send, gateway: str, headers: dict[str, str]
    ) -> None:
        try:
            # The bytes as they came: a signature is over nothing else.
            raw = await raw_body(receive, most_bytes=MAX_PAYLOAD_BYTES)
            await self._receive_webhook(gateway=gateway, raw=raw, headers=headers)
        except Exception as error:
            await send_problem(error, self._app, scope, receive, send)
        else:
            # A new message each time: the layer above adds its headers to it.
            await send({"type": "http.response.start", "status": HTTP_200_OK, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": _BODY, "more_body": False})
