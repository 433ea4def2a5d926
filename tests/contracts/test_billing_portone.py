"""PortOne: what its webhooks and payments mean, against a strict server of its shapes and the official library."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from kosu.adapters.portone import PortOneClient, PortOneGateway, SigningKeys
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Reading, Snapshot, Told
from kosu.modules.billing.errors import BadSignature, GatewayUnavailable, MalformedEvent
from kosu.money import Money
from tests.support.billing import PRICE
from tests.support.checkout_pages import a_checkout, policy_of, shown_request
from tests.support.portone import (
    NESTED,
    OUR_API,
    REQUEST,
    PortOneUnderTest,
    a_gateway,
    event,
    paid,
    reading,
    running_portone,
)
from tests.support.portone_server import API_SECRET, CHANNEL, STORE, WEBHOOK_SECRET, PortOneServer

OTHER_SECRET = "whsec_" + b64encode(b"the secret that comes next").decode()


@pytest.fixture
def portone() -> Iterator[PortOneUnderTest]:
    with running_portone() as running:
        yield running


@pytest.fixture
def server(portone: PortOneUnderTest) -> PortOneServer:
    return portone.server


# Webhooks


async def test_what_portone_signs_by_the_official_library_is_verified(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    ((raw, headers),) = portone.webhooks()
    envelope = portone.gateway.verify(raw, headers, now=portone.now)
    assert (envelope.event_type, envelope.payment_ref, envelope.is_hint) == ("Transaction.Paid", ref, False)
    assert envelope.dedup_key == headers["webhook-id"]
    with pytest.raises(BadSignature):
        portone.gateway.verify(raw + b" ", headers, now=portone.now)
    with pytest.raises(BadSignature):
        portone.gateway.verify(raw, headers, now=portone.now + timedelta(seconds=302))


def test_while_a_secret_is_exchanged_both_verify_and_then_the_old_one_no_more(server: PortOneServer) -> None:
    for secret in (WEBHOOK_SECRET, OTHER_SECRET):
        server.send({"type": "Transaction.Ready"}, secret=secret)
    both, new = a_gateway("", OTHER_SECRET, WEBHOOK_SECRET), a_gateway("", OTHER_SECRET)
    (old_one, new_one), now = server.webhooks, server.clock.now()
    assert both.verify(*old_one, now=now).key_id != both.verify(*new_one, now=now).key_id
    new.verify(*new_one, now=now)
    with pytest.raises(BadSignature):
        new.verify(*old_one, now=now)


@pytest.mark.parametrize(
    ("body", "event_type", "ref"),
    [
        (b"\xff", "", None),
        (b"[]", "", None),
        (NESTED, "", None),
        (event(7), "", "pay-1"),
        (event("a\0b"), "", "pay-1"),
        (event(paymentId="a\0b"), "Transaction.Paid", None),
        (event(paymentId="a b"), "Transaction.Paid", None),
        (event(paymentId="x" * 201), "Transaction.Paid", None),
        (b'{"type":"BillingKey.Issued","data":{"storeId":"s","billingKey":"k"}}', "BillingKey.Issued", None),
    ],
)
def test_a_signed_body_of_any_kind_has_an_envelope_that_can_be_stored(
    body: bytes, event_type: str, ref: str | None
) -> None:
    headers = SigningKeys([WEBHOOK_SECRET]).sign(body, message_id="m", at=datetime(2026, 1, 1, tzinfo=UTC))
    envelope = a_gateway().verify(body, headers, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert (envelope.event_type, envelope.payment_ref) == (event_type, ref)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (event("Transaction.Paid"), Hint()),
        (event("Transaction.Failed"), Hint()),
        (event("Transaction.PartialCancelled", cancellationId="c"), Hint()),
        (event("Transaction.Cancelled", cancellationId="c", new={"member": [1]}), Hint()),
        (event("Transaction.Ready"), Told()),
        (event("Transaction.CancelPending", cancellationId="c"), Told()),
        (event("Transaction.DisputeCreated"), Told()),
        (event("Transaction.NobodyKnows"), Told()),
        (event("BillingKey.Issued"), Told()),
        (event("Transaction.Paid", storeId="store-2"), Told()),
    ],
)
def test_a_webhook_tells_no_more_than_that_it_is_worth_asking(body: bytes, said: Reading) -> None:
    assert a_gateway().read(body) == said


@pytest.mark.parametrize("body", [b"\xff", b"[]", b"{}", NESTED, event(7), event(paymentId=7), event(storeId=None)])
def test_a_body_that_makes_no_sense_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        a_gateway().read(body)


# Payments


async def test_the_same_request_registers_the_same_payment(portone: PortOneUnderTest, server: PortOneServer) -> None:
    checkout = await portone.gateway.create_checkout(REQUEST)
    assert checkout == await portone.gateway.create_checkout(REQUEST)
    assert checkout.gateway_ref.isalnum()
    assert len(checkout.gateway_ref) <= 40
    assert checkout.url == f"{OUR_API}/api/v1/checkouts/portone/{checkout.gateway_ref}"
    assert server.registered == {checkout.gateway_ref: PRICE}
    await portone.pay(checkout.gateway_ref)
    assert checkout == await portone.gateway.create_checkout(REQUEST)


@pytest.mark.parametrize("money", [Money(49_000, "KRW"), Money(1_999, "USD"), Money(500, "JPY")])
async def test_amounts_are_in_minor_units(portone: PortOneUnderTest, money: Money) -> None:
    ref = await paid(portone, money=money)
    said = await reading(portone.gateway, ref)
    assert [fact.money for fact in said.facts] == [money]


async def test_a_payment_that_nobody_tried_is_not_known(portone: PortOneUnderTest) -> None:
    checkout = await portone.gateway.create_checkout(REQUEST)
    assert await portone.gateway.fetch(checkout.gateway_ref) is None


async def test_a_payment_tells_its_capture_and_what_went_back(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    await portone.give_back(ref, Money(9_000, "KRW"))
    await portone.give_back(ref, Money(40_000, "KRW"))
    said = await reading(portone.gateway, ref)
    assert not said.reverts
    assert [(fact.kind, fact.money.amount_minor) for fact in said.facts] == [
        (FactKind.CAPTURED, 49_000),
        (FactKind.REFUND, 9_000),
        (FactKind.REFUND, 40_000),
    ]
    assert {fact.capture_id for fact in said.facts} == {said.facts[0].object_id}
    assert len({fact.object_id for fact in said.facts}) == 3


async def test_each_try_that_fails_is_a_failure_of_its_own(portone: PortOneUnderTest) -> None:
    ref = (await portone.gateway.create_checkout(REQUEST)).gateway_ref
    tries: list[PaymentFact] = []
    for _ in range(2):
        await portone.decline(ref)
        first, again = await reading(portone.gateway, ref), await reading(portone.gateway, ref)
        assert first == again
        tries += first.facts
    assert [fact.kind for fact in tries] == [FactKind.FAILED] * 2
    assert len({fact.object_id for fact in tries}) == 2


@pytest.mark.parametrize("status", ["READY", "PENDING", "PAY_PENDING", "VIRTUAL_ACCOUNT_ISSUED", "CANCELLED", "NEW"])
async def test_a_payment_that_nothing_was_paid_into_tells_nothing(portone: PortOneUnderTest, status: str) -> None:
    """A virtual account can be cancelled before anybody pays into it."""
    ref = (await portone.gateway.create_checkout(REQUEST)).gateway_ref
    portone.server.try_to_pay(ref, status)
    assert await reading(portone.gateway, ref) == Snapshot()


async def test_a_cancellation_counts_once_the_provider_has_done_it(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    portone.server.cancels_at_once = False
    cancellation = portone.server.cancel(ref, 1_000, "slow")
    assert len((await reading(portone.gateway, ref)).facts) == 1
    cancellation["status"] = "FAILED"
    assert (await reading(portone.gateway, ref)).facts[1].kind is FactKind.REFUND_FAILED


async def test_an_answer_about_another_payment_is_none(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    for changed in ({"id": "another"}, {"storeId": "store-2"}):
        before = dict(portone.server.payments[ref])
        portone.server.payments[ref].update(changed)
        with pytest.raises(GatewayUnavailable):
            await portone.gateway.fetch(ref)
        portone.server.payments[ref] = before


async def test_a_payment_that_is_paid_at_no_time_makes_no_sense(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    del portone.server.payments[ref]["paidAt"]
    with pytest.raises(MalformedEvent):
        await reading(portone.gateway, ref)


# Lists


async def test_all_that_changed_is_listed_over_many_pages(portone: PortOneUnderTest) -> None:
    server, since = portone.server, portone.now
    server.registered = {f"pay-{number}": PRICE for number in range(203)}
    server.try_to_pay("pay-0", "PAID", paidAt=server.at())
    server.clock.advance(seconds=10)
    since = portone.now
    for number in range(1, 203):
        server.try_to_pay(f"pay-{number}", "PAID", paidAt=server.at())
    server.payments["pay-1"]["storeId"] = "store-2"
    server.payments["pay-2"].pop("transactionId")
    changes = [change async for change in portone.gateway.changed_since(since)]
    assert {change.payment_ref for change in changes} == {f"pay-{number}" for number in range(3, 203)}
    assert all(len(portone.gateway.read(change.document).facts) == 1 for change in changes)  # type: ignore[union-attr]
    assert len(server.asked_to("GET", "/payments")) == 3


# The page


def test_the_page_asks_the_sdk_for_what_was_ordered() -> None:
    page = a_gateway().checkout_page(a_checkout(titles=["A" * 60, "Another"]))
    request = shown_request(page.html)
    assert request == {
        "storeId": STORE,
        "channelKey": CHANNEL,
        "paymentId": "ref",
        "orderName": "A" * 36 + "… +1",
        "totalAmount": 49_000,
        "currency": "CURRENCY_KRW",
        "payMethod": "CARD",
        "redirectUrl": f"{OUR_API}/api/v1/checkouts/portone/ref/return",
    }
    assert API_SECRET not in page.html


def test_the_page_lets_in_the_sdk_and_the_provider_of_the_channel_and_nobody_else() -> None:
    policy = policy_of(a_gateway().checkout_page(a_checkout()))
    assert policy["script-src"][1:] == ["https://cdn.portone.io"]
    assert policy["frame-src"] == policy["connect-src"] == ["https://*.portone.io", "https://*.iamport.co"]
    gateway = PortOneGateway(
        PortOneClient(api_secret=API_SECRET, api_url="http://127.0.0.1:1"),
        SigningKeys([WEBHOOK_SECRET]),
        store_id=STORE,
        channel_key=CHANNEL,
        api_url=OUR_API,
        pg_origins=["https://*.pg.test"],
    )
    policy = policy_of(gateway.checkout_page(a_checkout()))
    assert policy["script-src"][2:] == policy["frame-src"][2:] == policy["form-action"][2:] == ["https://*.pg.test"]
