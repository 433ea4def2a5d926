"""Toss: what its webhooks and payments mean, against a strict server of its shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Snapshot
from kosu.modules.billing.errors import (
    BadSignature,
    GatewayUnavailable,
    MalformedEvent,
)
from kosu.money import Money
from tests.support.billing import PRICE
from tests.support.checkout_pages import a_checkout, policy_of, shown_request
from tests.support.toss import (
    A_PAYMENT,
    CLIENT_KEY,
    NESTED,
    NOW,
    OUR_API,
    REQUEST,
    TossUnderTest,
    a_gateway,
    a_payment,
    about,
    opened,
    paid,
    reading,
    running_toss,
)
from tests.support.toss_server import SECRET_KEY


@pytest.fixture
def toss() -> Iterator[TossUnderTest]:
    with running_toss() as running:
        yield running


# Webhooks


@pytest.mark.parametrize(
    ("body", "event_type"),
    [
        (about(orderId="order-1", status="DONE", paymentKey="k", totalAmount=1), "PAYMENT_STATUS_CHANGED"),
        (
            b'{"createdAt":"2026-01-01T12:00:00.0","secret":"ps","status":"DONE","transactionKey":"t","orderId":"order-1"}',
            "DEPOSIT_CALLBACK",
        ),
    ],
)
def test_a_webhook_hints_at_an_order_and_says_nothing(body: bytes, event_type: str) -> None:
    envelope = a_gateway().verify(body, {}, now=NOW)
    assert envelope == Envelope(envelope.dedup_key, event_type, "order-1", "", is_hint=True)
    assert a_gateway().read(body) == Hint()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        NESTED,
        about(),
        about(orderId=7),
        about(orderId="short"),
        about(orderId="x" * 65),
        about(orderId="order 1"),
        about(orderId="order-1\n"),
        about(orderId="order-1\0"),
        json.dumps({"eventType": "a\0b", "data": {"orderId": "order-1"}}).encode(),
        # In the shape of what Toss answers when it is asked, which would be believed.
        json.dumps(A_PAYMENT).encode(),
        json.dumps({**A_PAYMENT, "paymentKey": None}).encode(),
        json.dumps({**A_PAYMENT, "paymentKey": ["k"]}).encode(),
        json.dumps({**A_PAYMENT, "eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": "order-1"}}).encode(),
    ],
)
def test_a_body_that_names_no_plausible_order_is_taken_for_nothing(body: bytes) -> None:
    with pytest.raises(BadSignature):
        a_gateway().verify(body, {}, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"totalAmount": -1},
        {"totalAmount": 49_000.5},
        {"totalAmount": 1e300},
        {"totalAmount": "much"},
        {"currency": "krw"},
        {"approvedAt": "2026-01-01T21:00:00"},
        {"approvedAt": None},
        {"paymentKey": "k@1"},
        {"cancels": [{"transactionKey": "t", "cancelAmount": 0.5, "canceledAt": A_PAYMENT["approvedAt"]}]},
    ],
)
def test_a_payment_that_makes_no_sense_is_malformed(changes: dict[str, object]) -> None:
    a_gateway().read(json.dumps(A_PAYMENT).encode())
    with pytest.raises(MalformedEvent):
        a_gateway().read(json.dumps({**A_PAYMENT, **changes}).encode())


# Payments


async def test_the_same_request_opens_the_same_checkout(toss: TossUnderTest) -> None:
    checkout = await toss.gateway.create_checkout(REQUEST)
    assert checkout == await toss.gateway.create_checkout(REQUEST)
    assert checkout.url == f"{OUR_API}/api/v1/checkouts/toss/{checkout.gateway_ref}"
    assert await toss.gateway.fetch(checkout.gateway_ref) is None


@pytest.mark.parametrize("money", [Money(49_000, "KRW"), Money(1_999, "USD"), Money(2_000, "USD"), Money(500, "JPY")])
async def test_amounts_are_exact_in_both_directions(toss: TossUnderTest, money: Money) -> None:
    """Toss counts dollars and not cents."""
    ref = await paid(toss, money)
    assert [fact.money for fact in (await reading(toss.gateway, ref)).facts] == [money]
    (asked,) = toss.server.asked_to("POST", "/confirm")
    assert asked.body["amount"] == float(money.units)


async def test_a_payment_tells_its_capture_and_what_went_back(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    await toss.give_back(ref, Money(9_000, "KRW"))
    await toss.give_back(ref, Money(40_000, "KRW"))
    said = await reading(toss.gateway, ref)
    assert [(fact.kind, fact.money.amount_minor) for fact in said.facts] == [
        (FactKind.CAPTURED, 49_000),
        (FactKind.REFUND, 9_000),
        (FactKind.REFUND, 40_000),
    ]
    assert {fact.capture_id for fact in said.facts} == {said.facts[0].object_id}
    assert len({fact.object_id for fact in said.facts}) == 3


@pytest.mark.parametrize(
    ("status", "kinds"),
    [("IN_PROGRESS", []), ("ABORTED", [FactKind.REFUND_FAILED]), ("DONE", [FactKind.REFUND])],
)
async def test_a_refund_counts_once_the_bank_has_done_it(
    toss: TossUnderTest, status: str, kinds: list[FactKind]
) -> None:
    ref = await paid(toss)
    toss.server.cancel(toss.paid(ref), 1_000, "slow", status)
    assert [fact.kind for fact in (await reading(toss.gateway, ref)).facts[1:]] == kinds


@pytest.mark.parametrize("status", ["ABORTED", "EXPIRED"])
async def test_a_try_that_fails_is_a_failure_of_its_own(toss: TossUnderTest, status: str) -> None:
    ref = await opened(toss)
    failures: list[PaymentFact] = []
    for _ in range(2):
        toss.server.try_to_pay(ref, PRICE)["status"] = status
        first = await reading(toss.gateway, ref)
        assert first == await reading(toss.gateway, ref)
        failures += first.facts
    assert [fact.kind for fact in failures] == [FactKind.FAILED] * 2
    assert len({fact.object_id for fact in failures}) == 2


@pytest.mark.parametrize("status", ["READY", "IN_PROGRESS", "NEW"])
async def test_a_payment_that_nothing_was_paid_into_tells_nothing(toss: TossUnderTest, status: str) -> None:
    ref = await opened(toss)
    payment = toss.server.try_to_pay(ref, PRICE)
    payment["status"] = status
    assert await reading(toss.gateway, ref) == Snapshot()


async def test_a_virtual_account_that_is_given_up_was_never_paid_into(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    await toss.gateway.confirm(a_payment(ref), await toss.pay(ref, "가상계좌"))
    toss.server.cancel(toss.paid(ref), 49_000, "given up")
    assert (await reading(toss.gateway, ref)).facts == ()


async def test_a_second_deposit_is_a_second_capture(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    await toss.gateway.confirm(a_payment(ref), await toss.pay(ref, "가상계좌"))
    assert await reading(toss.gateway, ref) == Snapshot(reverts=True)
    captures: list[PaymentFact] = []
    for _ in range(2):
        toss.server.clock.advance(seconds=1)
        toss.deposit(ref)
        captures += (await reading(toss.gateway, ref)).facts
        toss.take_deposit_back(ref)
        assert await reading(toss.gateway, ref) == Snapshot(reverts=True)
    assert len({capture.object_id for capture in captures}) == 2


async def test_an_answer_about_another_order_is_none(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    document = json.dumps({**toss.paid(ref), "orderId": "another"}).encode()
    toss.server.garbled = (200, document)
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.fetch(ref)


# Lists


async def test_all_that_changed_is_listed_over_many_pages(toss: TossUnderTest) -> None:
    server = toss.server
    refs = [f"kosu{number:032x}" for number in range(104)]
    for number, ref in enumerate([*refs, "of-another-shop"]):
        if number == 1:
            server.clock.advance(seconds=10)
            since = toss.now
        server.change(server.try_to_pay(ref, PRICE), "DONE", approvedAt=server.at())
        await toss.give_back(ref, Money(100, "KRW"))
    changes = [change async for change in toss.gateway.changed_since(since)]
    assert [change.payment_ref for change in changes] == refs[1:]
    assert all(isinstance(toss.gateway.read(change.document), Snapshot) for change in changes)
    assert len(server.asked_to("GET", "/transactions")) == 3


# The page


def test_the_page_asks_the_sdk_for_what_was_ordered() -> None:
    page = a_gateway().checkout_page(a_checkout(amount=Money(1_999, "USD"), titles=["</script>"]))
    came_back = f"{OUR_API}/api/v1/checkouts/toss/ref/return"
    assert shown_request(page.html) == {
        "clientKey": CLIENT_KEY,
        "payment": {
            "method": "CARD",
            "amount": {"currency": "USD", "value": 19.99},
            "orderId": "ref",
            "orderName": "</script>",
            "successUrl": came_back,
            "failUrl": came_back,
        },
    }
    assert SECRET_KEY not in page.html


def test_the_page_lets_in_the_sdk_and_nobody_else() -> None:
    policy = policy_of(a_gateway().checkout_page(a_checkout()))
    assert policy["script-src"][1:] == ["https://js.tosspayments.com"]
    assert policy["frame-src"] == policy["connect-src"] == ["https://*.tosspayments.com", "https://*.toss.im"]
