"""The Stripe gateway: what it makes of events, in the shapes that the vendor publishes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.stripe import StripeApi, StripeGateway, StripeSecrets
from kosu.adapters.stripe.amounts import from_stripe, to_stripe
from kosu.adapters.stripe.events import TELLING
from kosu.adapters.stripe.signature import signature
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Told
from kosu.modules.billing.errors import MalformedEvent
from kosu.money import Money
from tests.support.stripe_account import WEBHOOK_SECRET

NOW = MemoryClock().now()
T = int(NOW.timestamp())
PRICE = Money(1_999, "USD")


def a_gateway() -> StripeGateway:
    """Without a vendor: nothing here is sent anywhere."""
    api = StripeApi("sk_test_1", url="http://nowhere.invalid")
    return StripeGateway(api, StripeSecrets([WEBHOOK_SECRET]), api_url="https://api.test", clock=MemoryClock())


def event(kind: str, subject: Mapping[str, Any], **more: Any) -> bytes:
    document = {"id": "evt_1", "object": "event", "created": T, "type": kind, "data": {"object": subject}, **more}
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("body", "event_type", "payment_ref"),
    [
        (b"\xff\xfe", "", None),
        (b"not json", "", None),
        (b"[]", "", None),
        (b'{"a":' * 12_000, "", None),
        (b'{"type":7}', "", None),
        (event("a\0b", {"object": "checkout.session", "id": "a\0b"}), "", None),
        (event("weather.changed", {"id": "w"}), "weather.changed", None),
        (
            event("some.type", {"object": "checkout.session", "id": "cs_1", "payment_intent": "pi_1"}),
            "some.type",
            "cs_1",
        ),
        (event("some.type", {"object": "payment_intent", "id": "pi_1"}), "some.type", "pi_1"),
        (event("some.type", {"object": "refund", "id": "re_1", "payment_intent": "pi_1"}), "some.type", "pi_1"),
        (event("some.type", {"object": "dispute", "id": "du_1", "payment_intent": "pi_1"}), "some.type", "pi_1"),
        (event("some.type", {"object": "charge", "id": "ch_1", "payment_intent": None}), "some.type", None),
    ],
)
def test_a_signed_body_of_any_kind_has_an_envelope_that_can_be_stored(
    body: bytes, event_type: str, payment_ref: str | None
) -> None:
    sent = {"stripe-signature": f"t={T},v1={signature(body, secret=WEBHOOK_SECRET, timestamp=str(T))}"}
    envelope = a_gateway().verify(body, sent, now=NOW)
    assert (envelope.event_type, envelope.payment_ref, envelope.is_hint) == (event_type, payment_ref, False)
    assert envelope.dedup_key.isprintable()
    assert envelope == a_gateway().verify(body, sent, now=NOW)


SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "amount_total": 1_999,
    "currency": "usd",
    "mode": "payment",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "status": "complete",
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 500,
    "created": T - 60,
    "currency": "usd",
    "payment_intent": "pi_1",
    "status": "succeeded",
}
DISPUTE = {
    "id": "du_1",
    "object": "dispute",
    "amount": 1_999,
    "created": T - 60,
    "currency": "usd",
    "payment_intent": "pi_1",
    "status": "needs_response",
}
CHARGE = {"id": "ch_1", "object": "charge", "created": T - 90, "payment_intent": "pi_1"}
UNPAID = {**SESSION, "payment_status": "unpaid"}


def facts_of(kind: str, subject: Mapping[str, Any]) -> tuple[PaymentFact, ...]:
    reading = a_gateway().read(event(kind, subject))
    assert isinstance(reading, Told)
    return reading.facts


def said(kind: str, subject: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(fact.kind, fact.object_id) for fact in facts_of(kind, subject)]


@pytest.mark.parametrize(
    ("kind", "subject", "facts"),
    [
        ("checkout.session.completed", SESSION, [("captured", "pi_1")]),
        ("checkout.session.completed", UNPAID, []),
        ("checkout.session.completed", {**SESSION, "mode": "subscription", "payment_intent": None}, []),
        ("checkout.session.completed", {**SESSION, "payment_status": "no_payment_required"}, []),
        ("checkout.session.async_payment_succeeded", SESSION, [("captured", "pi_1")]),
        ("checkout.session.async_payment_failed", UNPAID, [("failed", "cs_1")]),
        ("checkout.session.expired", {**UNPAID, "status": "expired", "payment_intent": None}, []),
        ("payment_intent.payment_failed", {"id": "pi_1", "object": "payment_intent"}, []),
        ("refund.created", REFUND, [("refund", "re_1")]),
        ("refund.created", {**REFUND, "status": "pending"}, []),
        ("refund.created", {**REFUND, "status": "requires_action"}, []),
        ("refund.created", {**REFUND, "status": None}, []),
        ("refund.created", {**REFUND, "payment_intent": None}, []),
        ("refund.updated", REFUND, [("refund", "re_1")]),
        ("refund.updated", {**REFUND, "status": "canceled"}, [("refund_failed", "re_1")]),
        ("refund.failed", {**REFUND, "status": "failed"}, [("refund_failed", "re_1")]),
        ("charge.refund.updated", {**REFUND, "status": "failed"}, [("refund_failed", "re_1")]),
        ("charge.refunded", {**CHARGE, "payment_intent": None}, []),
        ("charge.refunded", {**CHARGE, "refunds": {"data": [REFUND], "has_more": False}}, [("refund", "re_1")]),
        ("charge.dispute.created", DISPUTE, [("dispute_open", "du_1")]),
        ("charge.dispute.created", {**DISPUTE, "payment_intent": None}, []),
        ("charge.dispute.created", {**DISPUTE, "status": "warning_needs_response"}, [("dispute_open", "du_1")]),
        ("charge.dispute.updated", {**DISPUTE, "status": "under_review"}, [("dispute_open", "du_1")]),
        ("charge.dispute.closed", {**DISPUTE, "status": "won"}, [("dispute_open", "du_1"), ("dispute_won", "du_1")]),
        (
            "charge.dispute.closed",
            {**DISPUTE, "status": "warning_closed"},
            [("dispute_open", "du_1"), ("dispute_won", "du_1")],
        ),
        ("charge.dispute.closed", {**DISPUTE, "status": "lost"}, [("dispute_open", "du_1"), ("dispute_lost", "du_1")]),
        ("charge.dispute.closed", {**DISPUTE, "status": "prevented"}, [("dispute_open", "du_1")]),
        ("invoice.paid", {"anything": ["else"]}, []),
    ],
)
def test_an_event_says_what_it_means(kind: str, subject: Mapping[str, Any], facts: list[tuple[str, str]]) -> None:
    assert said(kind, subject) == facts


def test_every_event_that_tells_is_in_that_table() -> None:
    mark = next(mark for mark in test_an_event_says_what_it_means.pytestmark if mark.name == "parametrize")
    assert {row[0] for row in mark.args[1] if row[2]} == {*TELLING, "charge.refunded"}


def test_what_follows_a_payment_names_its_capture() -> None:
    assert facts_of("checkout.session.completed", SESSION) == (
        PaymentFact(FactKind.CAPTURED, "pi_1", "pi_1", PRICE, NOW),
    )
    assert facts_of("refund.created", REFUND) == (
        PaymentFact(FactKind.REFUND, "re_1", "pi_1", Money(500, "USD"), NOW - timedelta(minutes=1)),
    )
    assert facts_of("charge.dispute.closed", {**DISPUTE, "status": "lost"}) == (
        PaymentFact(FactKind.DISPUTE_OPEN, "du_1", "pi_1", PRICE, NOW - timedelta(minutes=1)),
        PaymentFact(FactKind.DISPUTE_LOST, "du_1", "pi_1", PRICE, NOW),
    )
    assert facts_of("checkout.session.async_payment_failed", UNPAID) == (
        PaymentFact(FactKind.FAILED, "cs_1", "", PRICE, NOW),
    )


@pytest.mark.parametrize("refunds", [None, {"data": [REFUND], "has_more": True}])
def test_a_refunded_charge_that_does_not_show_all_its_refunds_is_asked_about(refunds: object) -> None:
    assert a_gateway().read(event("charge.refunded", {**CHARGE, "refunds": refunds})) == Hint()


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":7}',
        event("refund.created", {**REFUND, "amount": -1}),
        event("refund.created", {**REFUND, "amount": 2**63}),
        event("refund.created", {**REFUND, "amount": 5.5}),
        event("refund.created", {**REFUND, "amount": "500"}),
        event("refund.created", {**REFUND, "currency": "USD"}),
        event("refund.created", {**REFUND, "currency": "usd\n"}),
        event("refund.created", {**REFUND, "currency": "isk", "amount": 550}),
        event("refund.created", {**REFUND, "id": ""}),
        event("refund.created", {**REFUND, "id": "a\0b"}),
        event("refund.created", {**REFUND, "id": "re_1\n"}),
        event("refund.created", {**REFUND, "created": 10**12}),
        event("refund.created", REFUND, created=-1),
        event("refund.created", REFUND, created="now"),
        event("refund.created", REFUND, data=None),
        event("charge.dispute.created", {**DISPUTE, "status": None}),
        event("checkout.session.completed", {**SESSION, "payment_intent": None}),
        event("checkout.session.completed", {**SESSION, "amount_total": None}),
        event("checkout.session.completed", {**SESSION, "currency": None}),
        event("charge.refunded", {**CHARGE, "refunds": [REFUND]}),
        json.dumps({"object": "kosu.payment", "at": T, "session": {}}).encode(),
    ],
)
def test_an_event_that_makes_no_sense_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        a_gateway().read(body)


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(49_000, "KRW"), 49_000),
        (Money(500, "JPY"), 500),
        (Money(1_999, "USD"), 1_999),
        (Money(5, "ISK"), 500),
        (Money(1_000, "UGX"), 100_000),
        (Money(5_120, "KWD"), 5_120),
        (Money(200_000, "MGA"), 2_000),
        (Money(1_000, "XPF"), 1_000),
    ],
)
def test_amounts_are_counted_as_stripe_counts_them(money: Money, amount: int) -> None:
    assert to_stripe(money) == amount
    assert from_stripe(amount, money.currency.lower()) == money


def test_a_fraction_that_stripe_does_not_have_is_none() -> None:
    with pytest.raises(ValueError, match="MGA"):
        to_stripe(Money(150, "MGA"))
    with pytest.raises(ValueError, match="ISK"):
        from_stripe(150, "isk")
