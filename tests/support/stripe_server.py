"""Stripe's REST API on a socket of its own: as much of it as a shop speaks to, and as strict as the real one.

Source: https://docs.stripe.com/api, https://docs.stripe.com/api/idempotent_requests
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kosu.adapters.memory.clock import MemoryClock
from tests.support.stripe_account import Json, StripeAccount
from tests.support.stripe_rules import (
    EXPANDABLE,
    LIST_PARAMETERS,
    REFUND_PARAMETERS,
    SESSION_PARAMETERS,
    Refusal,
    checked_amount,
    checked_metadata,
    invalid,
    known,
    needed,
    nested,
    page,
    values,
    whole,
)

SECRET_KEY = "sk_test_of_the_stand_in"


@dataclass(slots=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    parameters: Json


@dataclass
class StripeServer:
    """`is_away` hangs up on everybody; `answer`, where set, is the status and body that everybody gets."""

    account: StripeAccount
    url: str = ""
    is_away: bool = False
    answer: tuple[int, bytes] | None = None
    delay_seconds: float = 0
    drip_seconds: float = 0
    """Between the bytes of a body."""
    requests: list[Request] = field(default_factory=list)
    _answered: dict[str, tuple[Any, Json]] = field(default_factory=dict)

    def forget_idempotency_keys(self) -> None:
        """As Stripe does when they are a day old."""
        self._answered.clear()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while not self.is_away and (line := (await reader.readline()).decode().strip()):
                status, body = await self._respond(await _request(line, reader))
                await asyncio.sleep(self.delay_seconds)
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nrequest-id: req_1\r\n"
                    f"content-length: {len(body)}\r\n\r\n".encode()
                )
                step = 1 if self.drip_seconds else max(1, len(body))
                for start in range(0, len(body), step):
                    writer.write(body[start : start + step])
                    await writer.drain()
                    await asyncio.sleep(self.drip_seconds)
        writer.close()

    async def _respond(self, request: Request) -> tuple[int, bytes]:
        self.requests.append(request)
        if self.answer is not None:
            return self.answer
        try:
            return 200, json.dumps(self._handle(request)).encode()
        except Refusal as refusal:
            return refusal.status, json.dumps(refusal.body).encode()

    def _handle(self, request: Request) -> Json:
        if request.headers.get("authorization") != f"Bearer {SECRET_KEY}":
            raise invalid(status=401)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(\.[a-z]+)?", request.headers.get("stripe-version", "")):
            raise invalid(status=400)
        if request.method == "POST":
            return self._once(request)
        return self._read(request.path, request.parameters)

    def _once(self, request: Request) -> Json:
        """The same key and parameters get the same answer; the key with others is refused."""
        if request.headers.get("content-type") != "application/x-www-form-urlencoded":
            raise invalid()
        handlers: Mapping[str, Callable[[Json], Json]] = {
            "/v1/checkout/sessions": self._create_session,
            "/v1/refunds": self._create_refund,
        }
        if request.path not in handlers:
            raise invalid("url_invalid", status=404)
        key, asked = request.headers.get("idempotency-key", ""), (request.path, request.parameters)
        if len(key) > 255:
            raise Refusal(400, "idempotency_error")
        if key and key in self._answered:
            earlier, answer = self._answered[key]
            if earlier != asked:
                raise Refusal(400, "idempotency_error")
            return answer
        answer = deepcopy(handlers[request.path](request.parameters))
        if key:
            self._answered[key] = (asked, answer)
        return answer

    def _create_session(self, parameters: Json) -> Json:
        known(parameters, SESSION_PARAMETERS)
        needed(parameters, "mode", "line_items", "success_url")
        if parameters["mode"] != "payment":
            raise invalid(param="mode")
        line = parameters["line_items"][0]
        known(line, {"price_data", "quantity"})
        price = line["price_data"]
        known(price, {"currency", "product_data", "unit_amount"})
        if not price["product_data"].get("name"):
            raise invalid("parameter_invalid_empty", "line_items[0][price_data][product_data][name]")
        checked_amount(whole(price["unit_amount"]) * whole(line["quantity"]), price["currency"])
        for url in ("success_url", "cancel_url"):
            if urlsplit(parameters.get(url, "https://x")).scheme not in {"http", "https"}:
                raise invalid("url_invalid", url)
        if (
            not 1_800
            <= whole(parameters.get("expires_at", self.account.seconds() + 1_800)) - self.account.seconds()
            <= 86_400
        ):
            raise invalid(param="expires_at")
        if len(parameters.get("client_reference_id", "")) > 200:
            raise invalid(param="client_reference_id")
        if parameters.get("adaptive_pricing", {}).get("enabled", "true") not in {"true", "false"}:
            raise invalid(param="adaptive_pricing[enabled]")
        intent_data = parameters.get("payment_intent_data", {})
        known(intent_data, {"description", "metadata"})
        checked_metadata(intent_data.get("metadata", {}))
        checked_metadata(parameters.get("metadata", {}))
        return self.account.open_session(parameters)

    def _create_refund(self, parameters: Json) -> Json:
        known(parameters, REFUND_PARAMETERS)
        needed(parameters, "payment_intent")
        intent_id = parameters["payment_intent"]
        if intent_id not in self.account.intents:
            raise invalid("resource_missing", "payment_intent", status=404)
        if parameters.get("reason", "duplicate") not in {"duplicate", "fraudulent", "requested_by_customer"}:
            raise invalid(param="reason")
        if any(dispute["payment_intent"] == intent_id for dispute in self.account.disputes.values()):
            raise invalid("charge_disputed")
        left = self.account.left(intent_id)
        if left == 0:
            raise invalid("charge_already_refunded")
        amount = whole(parameters.get("amount", str(left)))
        if not 1 <= amount <= left:
            raise invalid(param="amount")
        metadata = parameters.get("metadata", {})
        checked_metadata(metadata)
        return self.account.refund(intent_id, amount, metadata=metadata)

    def _read(self, path: str, parameters: Json) -> Json:
        account = self.account
        if match := re.fullmatch(r"/v1/checkout/sessions/(\w+)", path):
            known(parameters, {"expand"})
            if match[1] not in account.sessions:
                raise invalid("resource_missing", "session", status=404)
            return self._expanded(account.sessions[match[1]], values(parameters.get("expand", {})))
        match path:
            case "/v1/checkout/sessions":
                return self._list(account.sessions, parameters, prefix="data.")
            case "/v1/refunds":
                return self._list(account.refunds, parameters)
            case "/v1/disputes":
                return self._list(account.disputes, parameters)
            case "/v1/events":
                return self._list_events(parameters)
            case _:
                raise invalid("url_invalid", status=404)

    def _list(self, objects: Mapping[str, Json], parameters: Json, *, prefix: str = "") -> Json:
        known(parameters, LIST_PARAMETERS | {"payment_intent"})
        intent_id = parameters.get("payment_intent")
        if intent_id is not None and intent_id not in self.account.intents:
            raise invalid("resource_missing", "payment_intent")
        expand = [path.removeprefix(prefix) for path in values(parameters.get("expand", {})) if prefix in path]
        chosen = [entry for entry in objects.values() if intent_id in {None, entry["payment_intent"]}]
        return page([self._expanded(entry, expand) for entry in chosen], parameters)

    def _list_events(self, parameters: Json) -> Json:
        known(parameters, LIST_PARAMETERS | {"created", "type", "types"})
        types = values(parameters.get("types", {}))
        if len(types) > 20 or ("type" in parameters and types):
            raise invalid(param="types")
        since = whole(parameters.get("created", {}).get("gte", "0"))
        chosen = [
            event
            for event in self.account.events.values()
            if event["created"] >= since and (not types or event["type"] in types)
        ]
        return page(chosen, parameters)

    def _expanded(self, session: Json, paths: Sequence[str]) -> Json:
        for path in paths:
            if path not in EXPANDABLE:
                raise invalid(param="expand")
        if not paths or session["payment_intent"] is None:
            return session
        intent = dict(self.account.intents[session["payment_intent"]])
        if "payment_intent.latest_charge" in paths and intent["latest_charge"]:
            intent["latest_charge"] = self.account.charges[intent["latest_charge"]]
        return {**session, "payment_intent": intent}


@asynccontextmanager
async def running_stripe(clock: MemoryClock | None = None) -> AsyncIterator[StripeServer]:
    """On a free port of the loopback interface; every connection ends with it."""
    api = StripeServer(StripeAccount(clock))
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await api.talk(reader, writer)
        finally:
            connections.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    api.url = f"http://{host}:{port}"
    try:
        yield api
    finally:
        server.close()
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _request(line: str, reader: asyncio.StreamReader) -> Request:
    method, target, _ = line.split(" ")
    headers: dict[str, str] = {}
    while header := (await reader.readline()).decode().strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
    url = urlsplit(target)
    return Request(method, url.path, headers, nested(body if method == "POST" else url.query))
