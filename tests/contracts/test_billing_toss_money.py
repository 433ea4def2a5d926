"""Toss: payments that we confirm and refunds that we ask for, each of them once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from uuid import UUID

import pytest

from kosu.modules.billing.errors import (
    GatewayUnavailable,
    PaymentRefused,
    RefundRefused,
)
from kosu.money import Money
from tests.support.toss import (
    NESTED,
    TossUnderTest,
    a_gateway,
    a_payment,
    a_refund,
    opened,
    paid,
    reading,
    running_toss,
)
from tests.support.toss_server import Answer, TossServer, refusal


@pytest.fixture
def toss() -> Iterator[TossUnderTest]:
    with running_toss() as running:
        yield running


@pytest.fixture
def server(toss: TossUnderTest) -> TossServer:
    return toss.server


# Confirming


async def test_confirming_twice_is_confirming_once(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    answers = await toss.pay(ref)
    await asyncio.gather(*(toss.gateway.confirm(a_payment(ref), answers) for _ in range(3)))
    await toss.gateway.confirm(a_payment(ref), answers)
    assert [transaction["status"] for transaction in toss.server.transactions] == ["DONE"]
    keys = {asked.headers["idempotency-key"] for asked in toss.server.asked_to("POST", "/confirm")}
    assert len(keys) == 1


async def test_a_payment_that_is_confirmed_already_is_fine(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    answers = await toss.pay(ref)
    toss.server.change(toss.paid(ref), "DONE", approvedAt=toss.server.at())
    await toss.gateway.confirm(a_payment(ref), answers)


async def test_another_try_is_confirmed_under_a_key_of_its_own(toss: TossUnderTest) -> None:
    """Else it would be answered with the failure of the first."""
    ref = await opened(toss)
    toss.server.refuses = refusal(403, "REJECT_CARD_PAYMENT")
    with pytest.raises(PaymentRefused):
        await toss.gateway.confirm(a_payment(ref), await toss.pay(ref))
    toss.server.refuses = None
    await toss.gateway.confirm(a_payment(ref), await toss.pay(ref))
    assert toss.paid(ref)["status"] == "DONE"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "100"},
        {"amount": "49000.01"},
        {"amount": ""},
        {"amount": "4.9e4"},
        {"amount": "NaN"},
        {"orderId": "another"},
        {"orderId": ""},
        {"paymentKey": ""},
        {"paymentKey": "../confirm"},
        {"paymentKey": "k@1"},
    ],
)
async def test_what_was_changed_on_the_way_back_is_refused_without_asking(
    toss: TossUnderTest, changes: dict[str, str]
) -> None:
    ref = await opened(toss)
    answers = {**await toss.pay(ref), **changes}
    with pytest.raises(PaymentRefused):
        await toss.gateway.confirm(a_payment(ref), answers)
    assert toss.server.requests == []


async def test_a_page_that_asked_for_less_is_refused(toss: TossUnderTest) -> None:
    """The buyer changed the amount on the page, and the way back to hide it."""
    ref = await opened(toss)
    answers = await toss.pay(ref, money=Money(100, "KRW"))
    with pytest.raises(PaymentRefused):
        await toss.gateway.confirm(a_payment(ref), answers)
    with pytest.raises(PaymentRefused):
        await toss.gateway.confirm(a_payment(ref), {**answers, "amount": "49000"})
    assert toss.paid(ref)["status"] == "IN_PROGRESS"


async def test_a_buyer_who_gave_up_confirms_nothing(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    answers = {"code": "PAY_PROCESS_CANCELED", "message": "취소", "orderId": ref}
    await toss.gateway.confirm(a_payment(ref), answers)
    assert toss.server.requests == []


async def test_a_payment_is_confirmed_within_ten_minutes(toss: TossUnderTest) -> None:
    ref = await opened(toss)
    answers = await toss.pay(ref)
    toss.server.clock.advance(minutes=11)
    with pytest.raises(PaymentRefused, match="NOT_FOUND_PAYMENT_SESSION"):
        await toss.gateway.confirm(a_payment(ref), answers)


# Trouble

ASK_AGAIN = [
    refusal(400, "PROVIDER_ERROR"),
    refusal(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"),
    refusal(409, "IDEMPOTENT_REQUEST_PROCESSING"),
    refusal(403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
    refusal(403, "NOT_AVAILABLE_BANK"),
    refusal(400, "INVALID_API_KEY"),
    refusal(401, "UNAUTHORIZED_KEY"),
    refusal(403, "INCORRECT_BASIC_AUTH_FORMAT"),
    refusal(429, "TOO_MANY_REQUESTS"),
    refusal(502, "ANYTHING"),
]


@pytest.mark.parametrize("answer", ASK_AGAIN)
async def test_what_may_have_been_done_is_tried_again(toss: TossUnderTest, answer: Answer) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    toss.server.refuses = answer
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.refund(request)
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.confirm(a_payment(ref), await toss.pay(ref))


@pytest.mark.parametrize(
    "garbled", [(200, b"<html>"), (200, b"{}"), (200, NESTED), (302, b""), (400, b"<html>"), (503, b"")]
)
async def test_an_answer_that_is_none_is_asked_for_again(toss: TossUnderTest, garbled: tuple[int, bytes]) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    toss.server.garbled = garbled
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.fetch(ref)
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.refund(request)
    with pytest.raises(GatewayUnavailable):
        _ = [change async for change in toss.gateway.changed_since(toss.now)]


async def test_nobody_there_and_a_wrong_key_are_to_be_tried_again(server: TossServer) -> None:
    for gateway in (a_gateway(), a_gateway(server.url, secret_key="old")):
        with pytest.raises(GatewayUnavailable):
            await gateway.fetch("order-1")


# Refunds


async def test_a_refund_is_named_as_its_fact_will_be(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    await toss.give_back(ref, Money(1_000, "KRW"))
    object_id = await toss.gateway.refund(await a_refund(toss, ref))
    assert [fact.object_id for fact in (await reading(toss.gateway, ref)).facts[2:]] == [object_id]


async def test_two_requests_are_two_refunds_and_one_request_is_one(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    first, second = [await toss.gateway.refund(await a_refund(toss, ref, key=key)) for key in (1, 2)]
    assert first != second
    assert first == await toss.gateway.refund(await a_refund(toss, ref, key=1))
    assert toss.paid(ref)["balanceAmount"] == 47_000


async def test_a_refund_whose_answer_was_lost_is_not_done_twice(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    toss.server.lost = 1
    with pytest.raises(GatewayUnavailable):
        await toss.gateway.refund(request)
    await toss.give_back(ref, Money(500, "KRW"))
    object_id = await toss.gateway.refund(request)
    assert toss.paid(ref)["cancels"][0]["transactionKey"] == object_id
    assert toss.paid(ref)["balanceAmount"] == 47_500
    keys = {asked.headers["idempotency-key"] for asked in toss.server.asked_to("POST", "/cancel")}
    assert keys == {str(UUID(int=1))}


async def test_a_refund_is_found_by_its_mark_where_another_came_since(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    object_id = await toss.gateway.refund(request)
    await toss.give_back(ref, Money(500, "KRW"))
    toss.server.garbled = (200, json.dumps(toss.paid(ref)).encode())
    assert await toss.gateway.refund(request) == object_id


async def test_a_refund_without_our_mark_is_the_latest_one(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    for amount in (100, 200):
        toss.server.cancel(toss.paid(ref), amount, "cut off")
    toss.server.garbled = (200, json.dumps(toss.paid(ref)).encode())
    assert await toss.gateway.refund(request) == toss.paid(ref)["cancels"][1]["transactionKey"]


@pytest.mark.parametrize(
    "code",
    ["ALREADY_CANCELED_PAYMENT", "NOT_CANCELABLE_AMOUNT", "NOT_CANCELABLE_PAYMENT", "INVALID_REFUND_ACCOUNT_INFO"],
)
async def test_a_refund_that_never_will_be_is_refused(toss: TossUnderTest, code: str) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    toss.server.refuses = refusal(403, code)
    with pytest.raises(RefundRefused):
        await toss.gateway.refund(request)


async def test_a_refund_that_the_bank_gave_up_is_refused(toss: TossUnderTest) -> None:
    ref = await paid(toss)
    request = await a_refund(toss, ref)
    toss.server.cancel(toss.paid(ref), 1_000, request.key.hex, "ABORTED")
    toss.server.garbled = (200, json.dumps(toss.paid(ref)).encode())
    with pytest.raises(RefundRefused):
        await toss.gateway.refund(request)
