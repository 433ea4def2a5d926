"""The sandbox's sending side, over real HTTP, read by the official library."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
import standardwebhooks

from kosu.adapters.sandbox import HttpSandboxDelivery, SandboxGateway, SigningKeys
from kosu.adapters.system import SystemClock
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.errors import GatewayUnavailable
from kosu.modules.billing.ports import RefundRequest
from kosu.money import Money

SECRET = "whsec_" + b64encode(b"secret of the sandbox").decode()
PAYMENT = Payment(
    id=PaymentId(UUID(int=1)),
    order_id=OrderId(UUID(int=2)),
    gateway="sandbox",
    gateway_ref="sbx_1",
    checkout_url="",
    amount=Money(49_000, "KRW"),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
CHOSEN = datetime(2026, 1, 1, tzinfo=UTC)


class Endpoint:
    """A public webhook endpoint that keeps what it is sent and answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                endpoint.received.append((self.path, headers, body))
                self.send_response(endpoint.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    thread = threading.Thread(target=endpoint.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield endpoint
    endpoint.server.shutdown()
    thread.join()
    endpoint.server.server_close()


def delivery(url: str, *, delay_seconds: float = 0.2) -> HttpSandboxDelivery:
    return HttpSandboxDelivery(SigningKeys([SECRET]), api_url=url, clock=SystemClock(), delay_seconds=delay_seconds)


def gateway_at(url: str) -> SandboxGateway:
    return SandboxGateway(SigningKeys([SECRET]), api_url=url, delivery=delivery(url))


async def test_a_webhook_is_posted_to_the_public_endpoint_and_signed_as_of_now(endpoint: Endpoint) -> None:
    await delivery(endpoint.url).deliver(SandboxAction.PAY, PAYMENT, left=PAYMENT.amount, at=CHOSEN)
    ((path, headers, body),) = endpoint.received
    assert path == "/api/v1/webhooks/sandbox"
    assert headers["content-type"] == "application/json"
    standardwebhooks.Webhook(SECRET).verify(body, headers)
    gateway = gateway_at(endpoint.url)
    (fact,) = gateway.read(body).facts
    assert (fact.money, fact.occurred_at) == (PAYMENT.amount, CHOSEN)


async def test_the_same_event_five_times_keeps_its_id_and_body(endpoint: Endpoint) -> None:
    await delivery(endpoint.url).deliver(SandboxAction.DUPLICATE, PAYMENT, left=PAYMENT.amount, at=CHOSEN)
    assert len(endpoint.received) == 5
    assert len({(headers["webhook-id"], body) for _, headers, body in endpoint.received}) == 1


async def test_what_is_told_in_reverse_arrives_in_reverse(endpoint: Endpoint) -> None:
    await delivery(endpoint.url).deliver(SandboxAction.REORDER, PAYMENT, left=PAYMENT.amount, at=CHOSEN)
    gateway = gateway_at(endpoint.url)
    told = [fact for _, _, body in endpoint.received for fact in gateway.read(body).facts]
    assert [fact.kind for fact in told] == ["captured", "failed"]
    assert told[1].occurred_at < told[0].occurred_at


async def test_a_delayed_webhook_keeps_the_order_waiting(endpoint: Endpoint) -> None:
    waiting = asyncio.create_task(
        delivery(endpoint.url).deliver(SandboxAction.DELAY, PAYMENT, left=PAYMENT.amount, at=CHOSEN)
    )
    await asyncio.sleep(0.05)
    assert endpoint.received == []
    await waiting
    assert len(endpoint.received) == 1


async def test_a_refund_that_is_asked_for_is_told_by_a_webhook(endpoint: Endpoint) -> None:
    request = RefundRequest(
        key=UUID(int=7),
        gateway_ref=PAYMENT.gateway_ref,
        capture_id="cap",
        money=Money(1_000, "KRW"),
        item_ids=(OrderItemId(UUID(int=8)),),
        reason="asked",
    )
    gateway = gateway_at(endpoint.url)
    object_id = await gateway.refund(request)
    assert object_id == await gateway.refund(request)
    (_, first, body), (_, again, _) = endpoint.received
    assert first["webhook-id"] == again["webhook-id"]
    (told,) = gateway.read(body).facts
    assert (told.kind, told.object_id, told.capture_id) == ("refund", object_id, "cap")
    assert (told.money, told.item_ids) == (request.money, request.item_ids)


@pytest.mark.parametrize("status", [500, 503, 401, 302])
async def test_what_is_not_acknowledged_is_to_be_sent_again(endpoint: Endpoint, status: int) -> None:
    endpoint.status = status
    with pytest.raises(GatewayUnavailable):
        await delivery(endpoint.url).deliver(SandboxAction.PAY, PAYMENT, left=PAYMENT.amount, at=CHOSEN)


async def test_an_endpoint_that_is_away_is_to_be_tried_again(endpoint: Endpoint) -> None:
    endpoint.server.server_close()
    with pytest.raises(GatewayUnavailable):
        await delivery(endpoint.url).deliver(SandboxAction.PAY, PAYMENT, left=PAYMENT.amount, at=CHOSEN)
