"""Webhooks and the sandbox gateway over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kosu.adapters.sandbox import SigningKeys
from kosu.adapters.sandbox.events import SandboxMessage, messages_for
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.jobs import DrainInbox
from kosu.money import Money
from tests.support.api import Api, problem
from tests.support.settings import API_URL
from tests.support.shop import open_shop

CAP_BYTES = 65_536


class Gateway:
    """The sandbox's sending side."""

    def __init__(self, api: Api, browser: httpx.AsyncClient) -> None:
        self._api = api
        # No gateway is a browser.
        del browser.headers["Sec-Fetch-Site"]
        self._browser = browser
        self.keys = SigningKeys([api.container.settings().billing.sandbox_webhook_secret])

    async def send(
        self,
        raw: bytes,
        *,
        message_id: str = "msg_1",
        late: timedelta = timedelta(),
        signature: bytes | None = None,
    ) -> httpx.Response:
        signed = self.keys.sign(raw, message_id=message_id, at=self._now() - late)
        headers = {name.encode(): value.encode() for name, value in signed.items()}
        if signature is not None:
            headers[b"webhook-signature"] = signature
        return await self._browser.post("/api/v1/webhooks/sandbox", content=raw, headers=headers)

    async def tell(self, action: SandboxAction, order: dict[str, Any], *, left_minor: int | None = None) -> None:
        """Send all webhooks of an action, which must be acknowledged, and let the worker settle them."""
        for message in self.messages(action, order, left_minor=left_minor):
            answer = await self.send(message.body, message_id=message.id)
            assert (answer.status_code, answer.json()) == (200, {})
        await self._api.container.billing.drain_inbox()()
        await self._api.work()

    def messages(
        self, action: SandboxAction, order: dict[str, Any], *, left_minor: int | None = None
    ) -> Sequence[SandboxMessage]:
        """What an action tells of an order's payment."""
        payment = Payment(
            id=PaymentId(UUID(int=1)),
            order_id=OrderId(UUID(order["id"])),
            gateway="sandbox",
            gateway_ref=order["payment"]["ref"],
            checkout_url="",
            amount=Money(**order["total"]),
            created_at=self._now(),
        )
        left = payment.amount if left_minor is None else Money(left_minor, payment.amount.currency)
        return messages_for(action, payment, left=left, at=self._now())

    def _now(self) -> datetime:
        now: datetime = self._api.container.clock().now()
        return now


@pytest.fixture
async def gateway(api: Api) -> Gateway:
    return Gateway(api, await api.browser())


class Sale:
    """A learner with an order that waits for its payment."""

    def __init__(self, browser: httpx.AsyncClient, course_id: str, order: dict[str, Any]) -> None:
        self.browser = browser
        self.course_id = course_id
        self.order = order

    async def state(self) -> str:
        return str((await self.browser.get(f"/api/v1/orders/{self.order['id']}")).json()["state"])

    async def is_enrolled(self) -> bool:
        body = {"course_ids": [self.course_id], "gateway": "sandbox"}
        answer = await self.browser.post("/api/v1/orders", json=body)
        return bool(answer.json().get("code") == "already_enrolled")


@pytest.fixture
async def sale(api: Api) -> Sale:
    course_id = await open_shop(api)
    browser = await api.learner()
    body = {"course_ids": [course_id], "gateway": "sandbox"}
    return Sale(browser, course_id, (await browser.post("/api/v1/orders", json=body)).json())


async def inbox(api: Api) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await (await api.operator()).get("/api/v1/ops/webhooks")).json()["items"]
    return items


async def test_paying_enrols_and_refunding_ends_it(gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.PAY, sale.order)
    assert await sale.state() == "paid"
    assert await sale.is_enrolled()
    await gateway.tell(SandboxAction.REFUND, sale.order)
    assert await sale.state() == "refunded"
    assert not await sale.is_enrolled()


async def test_one_event_five_times_is_one_webhook(api: Api, gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.DUPLICATE, sale.order)
    assert await sale.state() == "paid"
    assert [webhook["state"] for webhook in await inbox(api)] == ["processed"]


async def test_a_wrong_amount_opens_nothing(gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.WRONG_AMOUNT, sale.order)
    assert await sale.state() == "review"
    assert not await sale.is_enrolled()


async def test_a_declined_payment_may_be_tried_again(gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.FAIL, sale.order)
    assert await sale.state() == "failed"
    await gateway.tell(SandboxAction.PAY, sale.order)
    assert await sale.state() == "paid"


@pytest.mark.parametrize(
    ("actions", "state", "enrolled"),
    [
        (["reorder"], "paid", True),
        (["delay"], "paid", True),
        (["wrong_currency"], "review", False),
        (["pay", "revert_deposit"], "pending", False),
        (["pay", "dispute"], "disputed", True),
        (["pay", "win_dispute"], "paid", True),
        (["pay", "dispute", "lose_dispute"], "charged_back", False),
        (["lose_dispute", "pay"], "charged_back", False),
        (["refund", "pay"], "refunded", False),
        (["pay", "refund_partially"], "partially_refunded", True),
    ],
)
async def test_every_mischief_ends_in_the_right_state(
    gateway: Gateway, sale: Sale, actions: list[str], state: str, enrolled: bool
) -> None:
    for action in actions:
        await gateway.tell(SandboxAction(action), sale.order)
    assert (await sale.state(), await sale.is_enrolled()) == (state, enrolled)


async def test_two_partial_refunds_that_make_the_whole_end_access(gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.PAY, sale.order)
    await gateway.tell(SandboxAction.REFUND_PARTIALLY, sale.order)
    assert await sale.is_enrolled()
    await gateway.tell(SandboxAction.REFUND, sale.order, left_minor=sale.order["total"]["amount_minor"] // 2)
    assert (await sale.state(), await sale.is_enrolled()) == ("refunded", False)


async def test_an_operator_refunds_an_order(api: Api, gateway: Gateway, sale: Sale) -> None:
    await gateway.tell(SandboxAction.PAY, sale.order)
    path = f"/api/v1/ops/orders/{sale.order['id']}/refunds"
    body = {"reason": "asked", "amount_minor": 1_000}
    operator = await api.operator()
    first = await operator.post(path, json=body, headers={"Idempotency-Key": "k"})
    assert (first.status_code, first.json()["items"][0]["amount"]["amount_minor"]) == (201, 1_000)
    assert (await operator.post(path, json=body, headers={"Idempotency-Key": "k"})).json() == first.json()
    too_much = problem(await operator.post(path, json={**body, "amount_minor": 49_000}), 422, "refund_too_large")
    assert too_much["left"] == {"amount_minor": 48_000, "currency": "KRW"}
    problem(await operator.post(path, json={"reason": ""}), 400, "validation_failed")
    problem(await operator.post(path, json={**body, "amount_minor": 0}), 400, "validation_failed")
    problem(await sale.browser.post(path, json=body), 403, "role_required")
    problem(await (await api.browser()).post(path, json=body), 401, "sign_in_required")


async def test_a_webhook_is_acknowledged_while_the_queue_is_away(api: Api, gateway: Gateway) -> None:
    api.queue.available = False
    assert (await gateway.send(b"{}")).status_code == 200
    assert [webhook["state"] for webhook in await inbox(api)] == ["received"]


async def test_what_is_forged_or_late_is_stored_nowhere(api: Api, gateway: Gateway) -> None:
    browser = await api.browser()
    forged = await browser.post("/api/v1/webhooks/sandbox", content=b"{}")
    problem(forged, 401, "bad_signature")
    problem(await gateway.send(b"{}", late=timedelta(seconds=302)), 401, "bad_signature")
    problem(await gateway.send(b"{}", signature=b"v1,\xff\xe9"), 401, "bad_signature")
    assert (await gateway.send(b"{}", late=timedelta(seconds=298))).status_code == 200
    assert len(await inbox(api)) == 1


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_cap_is_refused_however_it_is_sent(api: Api, gateway: Gateway, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * (CAP_BYTES // 4)

    browser = await api.browser()
    content = chunks() if chunked else b" " * (CAP_BYTES + 1)
    problem(await browser.post("/api/v1/webhooks/sandbox", content=content), 413, "payload_too_large")
    assert (await gateway.send(b" " * CAP_BYTES)).status_code == 200


async def test_another_sites_page_cannot_send_webhooks_by_a_browser(api: Api) -> None:
    browser = await api.browser(**{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.test"})
    problem(await browser.post("/api/v1/webhooks/sandbox", content=b"{}"), 403, "csrf_rejected")


async def test_the_route_knows_its_methods_and_is_told_apart_in_metrics(api: Api, gateway: Gateway) -> None:
    browser = await api.browser()
    assert (await browser.options("/api/v1/webhooks/sandbox")).headers["allow"] == "OPTIONS, POST"
    problem(await browser.get("/api/v1/webhooks/sandbox"), 405, "method_not_allowed")
    await gateway.send(b"{}")
    text = (await browser.get("/metrics")).text
    assert 'kosu_requests_total{app_name="kosu_api",method="POST",path="/api/v1/webhooks/{gateway}"' in text


async def test_a_signed_body_that_makes_no_sense_is_acknowledged_and_dead(api: Api, gateway: Gateway) -> None:
    assert (await gateway.send(b"\xff\x00 not json")).status_code == 200
    assert api.queue.take() == [DrainInbox()]
    await api.container.billing.drain_inbox()()
    (webhook,) = await inbox(api)
    assert (webhook["state"], webhook["error_code"]) == ("dead", "malformed_event")


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        ("sandbox", b"{}", 401, "bad_signature"),
        ("nobody", b"{}", 404, "unknown_gateway"),
        ("sandbox", b" " * (CAP_BYTES + 1), 413, "payload_too_large"),
    ],
)
async def test_gateways_and_browsers_get_the_same_answers(
    api: Api, path: str, content: bytes, status: int, code: str
) -> None:
    """Gateways are answered before the framework: no other errors, no other headers, no series of their own."""
    browser = await api.browser()
    sent = [
        await browser.post(f"/api/v1/webhooks/{path}", content=content, headers=headers)
        for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": API_URL})
    ]
    del browser.headers["Sec-Fetch-Site"]
    sent.append(await browser.post(f"/api/v1/webhooks/{path}", content=content))
    for answer in sent:
        problem(answer, status, code)
    names = [sorted(name for name in answer.headers if name not in {"date", "server"}) for answer in sent]
    assert names == [names[0]] * 3
    counted = (await browser.get("/metrics")).text
    lines = [line for line in counted.splitlines() if "requests_total" in line and "/api/v1/webhooks" in line]
    assert {line.partition('path="')[2].partition('"')[0] for line in lines} == {"/api/v1/webhooks/{gateway}"}


@pytest.mark.parametrize("name", ["stripe", "nobody", "sandbox%00"])
async def test_a_gateway_that_is_not_set_up_is_unknown(api: Api, name: str) -> None:
    problem(await (await api.browser()).post(f"/api/v1/webhooks/{name}", content=b"{}"), 404, "unknown_gateway")


async def test_webhooks_are_listed_for_operators_only(api: Api, gateway: Gateway) -> None:
    await gateway.send(b"{}")
    operator = await api.operator()
    received = (await operator.get("/api/v1/ops/webhooks?state=received")).json()
    assert [webhook["gateway"] for webhook in received["items"]] == ["sandbox"]
    assert (await operator.get("/api/v1/ops/webhooks?state=dead")).json() == {"items": [], "next_cursor": None}
    problem(await operator.get("/api/v1/ops/webhooks?state=lost"), 400, "validation_failed")
    problem(await (await api.learner()).get("/api/v1/ops/webhooks"), 403, "role_required")


async def test_operators_read_try_out_replay_and_ignore_webhooks(api: Api, gateway: Gateway) -> None:
    await gateway.send(b"{}")
    operator = await api.operator()
    (listed,) = (await operator.get("/api/v1/ops/webhooks")).json()["items"]
    path = f"/api/v1/ops/webhooks/{listed['id']}"
    detail = (await operator.get(path)).json()
    assert (detail["payload"], detail["payload_sha256"]) == ({}, sha256(b"{}").hexdigest())
    tried = (await operator.post(f"{path}/replay?dry_run=true")).json()
    assert (tried["dry_run"], tried["webhook"], tried["diff"]["error_code"]) == (True, None, "malformed_event")
    problem(await operator.post(f"{path}/ignore", json={"reason": ""}), 400, "validation_failed")
    ignored = (await operator.post(f"{path}/ignore", json={"reason": "nonsense"})).json()
    assert ignored["state"] == "ignored"
    replayed = (await operator.post(f"{path}/replay")).json()
    assert (replayed["dry_run"], replayed["webhook"]["state"]) == (False, "received")
    audit = (await operator.get("/api/v1/ops/audit?limit=100")).json()["items"]
    actions = {entry["action"] for entry in audit}
    assert {"webhook_viewed", "webhook_ignored", "webhook_replayed"} <= actions
    problem(await operator.get(f"/api/v1/ops/webhooks/{uuid4()}"), 404, "webhook_not_found")
    learner = await api.learner()
    problem(await learner.get(path), 403, "role_required")
    problem(await learner.post(f"{path}/replay"), 403, "role_required")
    problem(await learner.post(f"{path}/ignore", json={"reason": "mine"}), 403, "role_required")


async def test_a_buyer_who_comes_back_is_thanked_and_the_gateway_is_asked(api: Api, sale: Sale) -> None:
    path = f"/api/v1/checkouts/sandbox/{sale.order['payment']['ref']}"
    browser = await api.browser()
    api.queue.take()
    page = await browser.get(f"{path}/return?paymentKey=k")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert len(api.queue.take()) == 1
    problem(await browser.get("/api/v1/checkouts/sandbox/nobody/return"), 404, "payment_not_found")
    # The sandbox has pages of its own.
    problem(await browser.get(path), 404, "payment_not_found")


async def test_the_checkout_page_shows_what_is_paid_for_and_no_markup_of_others(api: Api, sale: Sale) -> None:
    page = await (await api.browser()).get(sale.order["checkout_url"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "49,000 KRW" in page.text
    assert sale.order["number"] in page.text
    assert f'action="/api/v1/sandbox/checkouts/{sale.order["payment"]["ref"]}/pay"' in page.text
    assert "<script" not in page.text
    for action in SandboxAction:
        assert f'/{action}"' in page.text


async def test_an_action_is_accepted_and_asks_the_worker(api: Api, sale: Sale) -> None:
    api.queue.take()
    browser = await api.browser()
    path = f"/api/v1/sandbox/checkouts/{sale.order['payment']['ref']}"
    answer = await browser.post(f"{path}/pay")
    assert (answer.status_code, answer.json()["action"]) == (202, "pay")
    assert len(api.queue.take()) == 1


async def test_a_person_who_pressed_a_button_is_sent_back_as_by_a_gateway(api: Api, sale: Sale) -> None:
    api.queue.take()
    ref = sale.order["payment"]["ref"]
    back = await (await api.browser()).post(
        f"/api/v1/sandbox/checkouts/{ref}/pay", headers={"Accept": "text/html,*/*;q=0.8"}
    )
    assert (back.status_code, back.headers["location"]) == (303, f"/api/v1/checkouts/sandbox/{ref}/return")
    assert len(api.queue.take()) == 1


async def test_an_action_or_a_payment_that_is_none_is_refused(api: Api, sale: Sale) -> None:
    browser = await api.browser()
    refused = await browser.post(f"/api/v1/sandbox/checkouts/{sale.order['payment']['ref']}/steal")
    assert "pay" in problem(refused, 404, "unknown_action")["actions"]
    problem(await browser.post("/api/v1/sandbox/checkouts/nothing/pay"), 404, "payment_not_found")
    problem(await browser.get("/api/v1/sandbox/checkouts/nothing"), 404, "payment_not_found")
