"""The Stripe gateway's calls, against a stand-in that is as strict as the vendor and serves its own library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import stripe
from stripe.params import RefundCreateParams, WebhookEndpointCreateParams
from stripe.params.checkout import SessionCreateParams

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.stripe.api import API_VERSION, Parameter, flattened
from kosu.adapters.stripe.events import TELLING
from kosu.ids import OrderId
from kosu.modules.billing.domain.orders import PAYMENT_WINDOW, OrderItemId
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Snapshot, Told
from kosu.modules.billing.errors import GatewayUnavailable, PaymentRefused, RefundRefused
from kosu.modules.billing.ports import Checkout, CheckoutRequest, RefundRequest
from kosu.money import Money
from tests.support.stripe_account import StripeAccount
from tests.support.stripe_gateway import API_URL, StripeUnderTest, gateway_at
from tests.support.stripe_rules import REFUND_PARAMETERS, SESSION_PARAMETERS
from tests.support.stripe_server import SECRET_KEY, StripeServer, running_stripe

NOW = MemoryClock().now()
T = int(NOW.timestamp())
PRICE = Money(1_999, "USD")
PART = Money(500, "USD")
ORDER_ID = OrderId(UUID(int=7))


@pytest.fixture
async def server() -> AsyncIterator[StripeServer]:
    async with running_stripe() as running:
        yield running


@pytest.fixture
def vendor(server: StripeServer) -> StripeUnderTest:
    return StripeUnderTest(server)


@pytest.fixture
def account(server: StripeServer) -> StripeAccount:
    return server.account


def wanted(amount: Money = PRICE, **changes: Any) -> CheckoutRequest:
    request = CheckoutRequest(
        order_id=ORDER_ID, order_number="260101-ABCDE-FGHJK", amount=amount, title="강의 & more", placed_at=NOW
    )
    return replace(request, **changes)


async def opened(vendor: StripeUnderTest, amount: Money = PRICE) -> Checkout:
    return await vendor.gateway.create_checkout(wanted(amount))


async def paid(vendor: StripeUnderTest) -> tuple[str, str]:
    """A session and its payment intent."""
    ref = (await opened(vendor)).gateway_ref
    vendor.account.pay(ref)
    return ref, vendor.account.sessions[ref]["payment_intent"]


def refund_of(intent: str, *, amount: Money = PART, key: int = 1, items: int = 1) -> RefundRequest:
    return RefundRequest(
        key=UUID(int=key),
        gateway_ref="cs_1",
        capture_id=intent,
        money=amount,
        item_ids=tuple(OrderItemId(UUID(int=number)) for number in range(items)),
        reason="not what was hoped for",
    )


def told(vendor: StripeUnderTest) -> dict[tuple[FactKind, str], PaymentFact]:
    """What all webhooks since the last call say by themselves."""
    readings = (vendor.gateway.read(raw) for raw, _ in vendor.webhooks())
    facts = [fact for reading in readings if isinstance(reading, Told) for fact in reading.facts]
    return {fact.key: fact for fact in facts}


async def asked(vendor: StripeUnderTest, ref: str) -> dict[tuple[FactKind, str], PaymentFact]:
    document = await vendor.gateway.fetch(ref)
    assert document is not None
    reading = vendor.gateway.read(document)
    assert isinstance(reading, Snapshot)
    assert not reading.reverts
    return {fact.key: fact for fact in reading.facts}


def agree(some: Mapping[Any, PaymentFact], others: Mapping[Any, PaymentFact]) -> bool:
    return some.keys() == others.keys() and all(fact.agrees_with(others[key]) for key, fact in some.items())


async def test_a_checkout_collects_the_order_and_leads_back(vendor: StripeUnderTest, server: StripeServer) -> None:
    checkout = await opened(vendor)
    (request,) = server.requests
    back = f"{API_URL}/api/v1/checkouts/stripe/{{CHECKOUT_SESSION_ID}}/return"
    order = {"order_id": str(ORDER_ID), "order_number": "260101-ABCDE-FGHJK"}
    assert request.parameters == {
        "mode": "payment",
        "client_reference_id": str(ORDER_ID),
        "line_items": {
            0: {
                "quantity": "1",
                "price_data": {"currency": "usd", "unit_amount": "1999", "product_data": {"name": "강의 & more"}},
            }
        },
        "metadata": order,
        "payment_intent_data": {"description": "260101-ABCDE-FGHJK", "metadata": order},
        "adaptive_pricing": {"enabled": "false"},
        "success_url": back,
        "cancel_url": back,
        "expires_at": str(T + 3_600),
    }
    assert request.headers["idempotency-key"] == str(ORDER_ID)
    assert request.headers["stripe-version"] == "2025-03-31.basil"
    assert checkout == Checkout(server.account.sessions[checkout.gateway_ref]["id"], checkout.url)
    assert checkout.url.startswith("https://checkout.stripe.com/")


async def test_a_checkout_can_be_opened_as_long_as_the_order_waits(vendor: StripeUnderTest) -> None:
    """Also when the vendor's clock is a little ahead; the same checkout then as at first."""
    vendor.account.clock.advance(PAYMENT_WINDOW - timedelta(seconds=1))
    late = await opened(vendor)
    vendor.account.clock.advance(seconds=1)
    assert await opened(vendor) == late


async def test_the_vendor_refuses_the_same_key_for_another_request(vendor: StripeUnderTest) -> None:
    """The stand-in is as strict as the vendor: only what is the same each time may go into a request."""
    await opened(vendor)
    with pytest.raises(PaymentRefused, match="idempotency_error"):
        await opened(vendor, Money(2_999, "USD"))


async def test_a_long_title_is_cut(vendor: StripeUnderTest, server: StripeServer) -> None:
    await vendor.gateway.create_checkout(wanted(title="강" * 9_000))
    assert len(server.requests[0].parameters["line_items"][0]["price_data"]["product_data"]["name"]) == 250


@pytest.mark.parametrize(
    "amount",
    [Money(49, "USD"), Money(100_000_000, "USD"), Money(5_125, "KWD"), Money(1_000, "XTS"), Money(150, "MGA")],
)
async def test_an_amount_that_stripe_never_takes_is_refused(vendor: StripeUnderTest, amount: Money) -> None:
    with pytest.raises(PaymentRefused):
        await opened(vendor, amount)


@pytest.mark.parametrize(
    "amount", [Money(5_000, "KRW"), Money(900, "ISK"), Money(5_000, "UGX"), Money(5_120, "KWD"), Money(400_000, "MGA")]
)
async def test_a_payment_keeps_its_amount_in_every_kind_of_currency(vendor: StripeUnderTest, amount: Money) -> None:
    ref = (await opened(vendor, amount)).gateway_ref
    vendor.account.pay(ref)
    facts = told(vendor)
    assert [fact.money for fact in facts.values()] == [amount]
    assert agree(facts, await asked(vendor, ref))


async def test_a_declined_card_leaves_the_checkout_open(vendor: StripeUnderTest) -> None:
    ref = (await opened(vendor)).gateway_ref
    vendor.account.decline(ref)
    assert told(vendor) == await asked(vendor, ref) == {}
    vendor.account.pay(ref)
    assert [kind for kind, _ in told(vendor)] == [FactKind.CAPTURED]


async def test_a_checkout_that_nobody_has_paid_says_nothing(vendor: StripeUnderTest) -> None:
    ref = (await opened(vendor)).gateway_ref
    assert await asked(vendor, ref) == {}
    vendor.account.expire(ref)
    assert told(vendor) == await asked(vendor, ref) == {}


@pytest.mark.parametrize(("succeeded", "kind"), [(True, FactKind.CAPTURED), (False, FactKind.FAILED)])
async def test_a_payment_that_takes_days_is_told_at_its_end(
    vendor: StripeUnderTest, succeeded: bool, kind: FactKind
) -> None:
    ref = (await opened(vendor)).gateway_ref
    vendor.account.pay_later(ref)
    assert told(vendor) == await asked(vendor, ref) == {}
    vendor.account.arrive(ref, succeeded=succeeded)
    facts = told(vendor)
    assert [fact.kind for fact in facts.values()] == [kind]
    assert agree(facts, await asked(vendor, ref))


@pytest.mark.parametrize("outcome", ["won", "lost", "warning_closed", None])
async def test_a_dispute_is_told_and_answered_alike(vendor: StripeUnderTest, outcome: str | None) -> None:
    ref, intent = await paid(vendor)
    dispute = vendor.account.dispute(intent, status="warning_needs_response" if outcome is None else "needs_response")
    if outcome is not None:
        vendor.account.close_dispute(dispute["id"], outcome)
    facts = told(vendor)
    assert len(facts) == (2 if outcome is None else 3)
    assert agree(facts, await asked(vendor, ref))
    assert agree(facts, await asked(vendor, intent))


async def test_an_answer_dates_a_capture_by_its_charge(vendor: StripeUnderTest) -> None:
    ref, _ = await paid(vendor)
    vendor.account.clock.advance(hours=5)
    (capture,) = (await asked(vendor, ref)).values()
    assert capture.occurred_at == NOW


async def test_a_refund_that_failed_later_is_told_and_answered_alike(vendor: StripeUnderTest) -> None:
    ref, intent = await paid(vendor)
    refund = vendor.account.refund(intent, 500)
    assert (FactKind.REFUND, refund["id"]) in told(vendor)
    vendor.account.move_refund(refund["id"], "failed")
    failed = told(vendor)
    assert list(failed) == [(FactKind.REFUND_FAILED, refund["id"])]
    answered = await asked(vendor, ref)
    assert answered[FactKind.REFUND_FAILED, refund["id"]].agrees_with(failed[FactKind.REFUND_FAILED, refund["id"]])
    assert (FactKind.REFUND, refund["id"]) not in answered


async def test_a_refund_that_is_pending_is_told_once_it_succeeds(vendor: StripeUnderTest) -> None:
    ref, intent = await paid(vendor)
    told(vendor)
    refund = vendor.account.refund(intent, 500, status="pending")
    assert told(vendor) == {}
    vendor.account.move_refund(refund["id"], "succeeded")
    facts = told(vendor)
    assert list(facts) == [(FactKind.REFUND, refund["id"])]
    assert (await asked(vendor, ref))[FactKind.REFUND, refund["id"]] == facts[FactKind.REFUND, refund["id"]]


async def test_an_answer_holds_all_refunds_however_many(vendor: StripeUnderTest) -> None:
    ref, intent = await paid(vendor)
    for _ in range(203):
        vendor.account.refund(intent, 1)
    assert agree(told(vendor), await asked(vendor, ref))


async def test_an_answer_holds_nothing_about_people(vendor: StripeUnderTest) -> None:
    ref, intent = await paid(vendor)
    vendor.account.refund(intent, 500)
    vendor.account.dispute(intent)
    document = await vendor.gateway.fetch(ref)
    assert document is not None
    for private in (b"somebody@example.com", b"Some Body", b"4242", b"visa"):
        assert private not in document


@pytest.mark.parametrize("ref", ["cs_test_unknown", "pi_unknown", "ch_1", "cs_../x", "cs_1?x=1", "cs_1\n"])
async def test_what_stripe_does_not_know_is_none(vendor: StripeUnderTest, ref: str) -> None:
    assert await vendor.gateway.fetch(ref) is None


async def test_a_payment_that_no_checkout_opened_is_none(vendor: StripeUnderTest, account: StripeAccount) -> None:
    account.intents["pi_foreign"] = {"id": "pi_foreign"}
    assert await vendor.gateway.fetch("pi_foreign") is None


async def test_a_list_of_changes_is_read_to_its_end(vendor: StripeUnderTest, server: StripeServer) -> None:
    ref, intent = await paid(vendor)
    for _ in range(230):
        vendor.account.refund(intent, 1)
    server.requests.clear()
    changes = [change async for change in vendor.gateway.changed_since(NOW - timedelta(hours=1))]
    assert len(changes) == 231
    assert changes[-1].payment_ref == ref
    assert {change.payment_ref for change in changes[:-1]} == {intent}
    assert len(server.requests) == 3
    facts = {fact.key: fact for change in changes for fact in read_facts(vendor, change.document)}
    assert agree(facts, await asked(vendor, ref))


def read_facts(vendor: StripeUnderTest, document: bytes) -> tuple[PaymentFact, ...]:
    reading = vendor.gateway.read(document)
    assert isinstance(reading, Told)
    return reading.facts


async def test_what_happened_before_is_not_listed(vendor: StripeUnderTest) -> None:
    await paid(vendor)
    vendor.account.clock.advance(hours=2)
    assert [change async for change in vendor.gateway.changed_since(NOW + timedelta(hours=1))] == []


async def test_a_refund_says_which_one_it_is(vendor: StripeUnderTest, server: StripeServer) -> None:
    _, intent = await paid(vendor)
    object_id = await vendor.gateway.refund(refund_of(intent, items=50))
    request = server.requests[-1]
    metadata = request.parameters["metadata"]
    assert request.headers["idempotency-key"] == metadata["refund_id"] == str(UUID(int=1))
    assert (request.parameters["payment_intent"], request.parameters["amount"]) == (intent, "500")
    items = ",".join(metadata[f"item_ids_{number}"] for number in range(1, 5)).split(",")
    assert items == [str(UUID(int=number)) for number in range(50)]
    assert server.account.refunds[object_id]["metadata"]["reason"] == "not what was hoped for"


async def test_a_refund_is_counted_as_stripe_counts(vendor: StripeUnderTest, server: StripeServer) -> None:
    ref = (await opened(vendor, Money(900, "ISK"))).gateway_ref
    vendor.account.pay(ref)
    object_id = await vendor.gateway.refund(
        refund_of(vendor.account.sessions[ref]["payment_intent"], amount=Money(300, "ISK"))
    )
    assert server.account.refunds[object_id]["amount"] == 30_000


async def test_a_refund_is_found_again_when_its_key_is_forgotten(vendor: StripeUnderTest, server: StripeServer) -> None:
    """Stripe keeps keys for a day; a refund that could not be written down may be asked for again after that."""
    _, intent = await paid(vendor)
    object_id = await vendor.gateway.refund(refund_of(intent))
    server.forget_idempotency_keys()
    assert await vendor.gateway.refund(refund_of(intent)) == object_id
    assert len(server.account.refunds) == 1


async def test_what_stripe_never_sends_back_is_refused(vendor: StripeUnderTest) -> None:
    _, intent = await paid(vendor)
    with pytest.raises(RefundRefused):
        await vendor.gateway.refund(refund_of(intent, amount=Money(2_000, "USD")))
    with pytest.raises(RefundRefused, match="resource_missing"):
        await vendor.gateway.refund(refund_of("pi_unknown", key=2))
    vendor.account.refund(intent, PRICE.amount_minor)
    with pytest.raises(RefundRefused, match="charge_already_refunded"):
        await vendor.gateway.refund(refund_of(intent, key=3))
    with pytest.raises(RefundRefused):
        await vendor.gateway.refund(refund_of(intent, amount=Money(150, "MGA"), key=4))


ERROR = b'{"error":{"type":"invalid_request_error","code":"parameter_unknown","message":"for sk_test_..."}}'


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"error":{"type":"invalid_request_error","code":"rate_limit"}}'),
        (400, b"<html>a proxy</html>"),
        (401, ERROR),
        (403, ERROR),
        (404, b"<html>not Stripe</html>"),
        (409, b'{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}'),
        (429, ERROR),
        (500, b"\xff"),
        (502, b""),
        (503, b"{}"),
        (301, b""),
        (200, b"<html>welcome to this wireless network</html>"),
        (200, b"{}"),
        (200, b"\xff"),
    ],
)
async def test_what_may_pass_is_unavailable(
    vendor: StripeUnderTest, server: StripeServer, status: int, body: bytes
) -> None:
    ref, intent = await paid(vendor)
    server.answer = (status, body)
    with pytest.raises(GatewayUnavailable):
        await opened(vendor)
    with pytest.raises(GatewayUnavailable):
        await vendor.gateway.fetch(ref)
    with pytest.raises(GatewayUnavailable):
        await vendor.gateway.fetch(intent)
    with pytest.raises(GatewayUnavailable):
        await vendor.gateway.refund(refund_of(intent))
    with pytest.raises(GatewayUnavailable):
        async for _ in vendor.gateway.changed_since(NOW):
            pass


async def test_a_question_that_stripe_does_not_understand_is_no_answer(
    vendor: StripeUnderTest, server: StripeServer
) -> None:
    """Only what is missing is None; a payment is not forgotten because the question was wrong."""
    ref, _ = await paid(vendor)
    server.answer = (400, ERROR)
    with pytest.raises(GatewayUnavailable, match="parameter_unknown") as refused:
        await vendor.gateway.fetch(ref)
    assert "sk_test" not in str(refused.value)


async def test_a_wrong_key_is_unavailable_and_not_shown(server: StripeServer) -> None:
    with pytest.raises(GatewayUnavailable) as refused:
        await gateway_at(server, key="sk_test_wrong").create_checkout(wanted())
    assert "sk_test_wrong" not in str(refused.value)


async def test_who_does_not_answer_in_time_is_unavailable(server: StripeServer) -> None:
    server.delay_seconds = 0.3
    with pytest.raises(GatewayUnavailable):
        await gateway_at(server, wait_seconds=0.05).create_checkout(wanted())


async def test_who_answers_byte_by_byte_is_not_waited_for(server: StripeServer) -> None:
    """No wait between two bytes is too long, all of them together are."""
    server.drip_seconds = 0.05
    with pytest.raises(GatewayUnavailable):
        await gateway_at(server, call_seconds=0.3).create_checkout(wanted())


async def test_the_answer_to_a_request_that_was_lost_is_given_again(
    vendor: StripeUnderTest, server: StripeServer
) -> None:
    """The request arrived, its answer did not: asking again opens nothing new."""
    server.delay_seconds = 0.3
    with pytest.raises(GatewayUnavailable):
        await gateway_at(server, wait_seconds=0.05).create_checkout(wanted())
    server.delay_seconds = 0
    checkout = await opened(vendor)
    assert list(server.account.sessions) == [checkout.gateway_ref]


async def test_the_proxies_of_the_environment_are_for_the_internet(
    server: StripeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in over plain HTTP is reached directly, Stripe itself by the way that the environment names."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with running_stripe() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        await gateway_at(server).create_checkout(wanted())
        assert (len(server.requests), proxy.requests) == (1, [])
        server.url = "https://stripe.invalid"
        with pytest.raises(GatewayUnavailable):
            await gateway_at(server).create_checkout(wanted())
        assert [request.method for request in proxy.requests] == ["CONNECT"]


def test_parameters_are_encoded_with_brackets() -> None:
    nested: dict[str, Parameter] = {"a": {"b": ["x", {"c": True}]}, "n": 1, "empty": []}
    assert list(flattened(nested)) == [("a[b][0]", "x"), ("a[b][1][c]", "true"), ("n", "1")]


# The stand-in, judged by the official library.


def official(server: StripeServer) -> stripe.StripeClient:
    return stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": server.url}, stripe_version=API_VERSION, max_network_retries=0
    )


async def test_the_official_library_sends_the_same_requests(vendor: StripeUnderTest, server: StripeServer) -> None:
    _, intent = await paid(vendor)
    await vendor.gateway.refund(refund_of(intent))
    [_ async for _ in vendor.gateway.changed_since(NOW)]
    ours, server.requests = server.requests, []
    client = official(server).v1

    def send() -> None:
        order = {"order_id": str(ORDER_ID), "order_number": "260101-ABCDE-FGHJK"}
        back = f"{API_URL}/api/v1/checkouts/stripe/{{CHECKOUT_SESSION_ID}}/return"
        client.checkout.sessions.create(
            {
                "mode": "payment",
                "client_reference_id": str(ORDER_ID),
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": "usd",
                            "unit_amount": 1_999,
                            "product_data": {"name": "강의 & more"},
                        },
                    }
                ],
                "metadata": order,
                "payment_intent_data": {"description": "260101-ABCDE-FGHJK", "metadata": order},
                "adaptive_pricing": {"enabled": False},
                "success_url": back,
                "cancel_url": back,
                "expires_at": T + 3_600,
            },
            {"idempotency_key": str(ORDER_ID)},
        )
        client.refunds.list({"limit": 100, "payment_intent": intent})
        client.refunds.create(
            {
                "payment_intent": intent,
                "amount": 500,
                "metadata": {
                    "refund_id": str(UUID(int=1)),
                    "reason": "not what was hoped for",
                    "item_ids_1": str(UUID(int=0)),
                },
            },
            {"idempotency_key": str(UUID(int=1))},
        )
        client.events.list({"limit": 100, "types": list(TELLING), "created": {"gte": T}})

    await asyncio.to_thread(send)
    for our, their in zip(ours, server.requests, strict=True):
        assert (our.method, our.path, our.parameters) == (their.method, their.path, their.parameters)
        for name in ("authorization", "stripe-version", "content-type", "idempotency-key"):
            if our.method == "POST" or name.startswith(("auth", "stripe")):
                assert our.headers[name] == their.headers[name]


async def test_the_official_library_understands_the_stand_in(vendor: StripeUnderTest, server: StripeServer) -> None:
    ref, intent = await paid(vendor)
    client = official(server).v1
    session = await asyncio.to_thread(client.checkout.sessions.retrieve, ref)
    assert (session.id, session.payment_intent, session.amount_total) == (ref, intent, 1_999)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await asyncio.to_thread(client.checkout.sessions.retrieve, "cs_unknown")
    assert refused.value.code == "resource_missing"
    with pytest.raises(stripe.IdempotencyError):
        await asyncio.to_thread(client.refunds.create, {"payment_intent": intent}, {"idempotency_key": str(ORDER_ID)})


def test_names_are_those_of_the_official_library() -> None:
    """A parameter or an event that the vendor does not know would be an error that only the real one tells."""
    assert SessionCreateParams.__annotations__.keys() >= SESSION_PARAMETERS
    assert RefundCreateParams.__annotations__.keys() >= REFUND_PARAMETERS
    known = str(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    assert [kind for kind in TELLING if repr(kind) not in known] == []
