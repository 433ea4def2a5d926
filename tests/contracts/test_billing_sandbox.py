"""The sandbox gateway: its signatures against the official library, its events against the domain."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
import standardwebhooks

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.sandbox import HttpSandboxDelivery, SandboxGateway, SigningKeys
from kosu.adapters.sandbox.events import messages_for
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact, refundable
from kosu.modules.billing.domain.readings import Told
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.errors import BadSignature, MalformedEvent
from kosu.modules.billing.ports import CheckoutRequest
from kosu.money import Money

SECRET = "whsec_" + b64encode(b"first secret of the sandbox").decode()
OTHER = "whsec_" + b64encode(b"another secret, 24 bytes").decode()
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
RAW = '{"type":"payment.captured","data":{"payment_ref":"sbx_1"},"title":"강의"}'.encode()
PAYMENT = Payment(
    id=PaymentId(UUID(int=1)),
    order_id=OrderId(UUID(int=2)),
    gateway="sandbox",
    gateway_ref="sbx_1",
    checkout_url="https://pay.test/sbx_1",
    amount=Money(10_000, "KRW"),
    created_at=NOW,
)


def keys(*secrets: str) -> SigningKeys:
    return SigningKeys(secrets or (SECRET,))


def signed(raw: bytes = RAW, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    return dict(keys(secret).sign(raw, message_id="msg_1", at=at))


def gateway(*secrets: str) -> SandboxGateway:
    signing = keys(*secrets)
    delivery = HttpSandboxDelivery(signing, api_url="https://api.test", clock=MemoryClock())
    return SandboxGateway(signing, api_url="https://api.test", delivery=delivery)


def test_the_official_library_verifies_what_we_sign() -> None:
    at = datetime.now(UTC)
    standardwebhooks.Webhook(SECRET).verify(RAW, signed(at=at))
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(OTHER).verify(RAW, signed(at=at))


def test_we_verify_what_the_official_library_signs() -> None:
    signature = standardwebhooks.Webhook(SECRET).sign("msg_1", NOW, RAW.decode())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(NOW.timestamp())),
        "webhook-signature": signature,
    }
    envelope = gateway().verify(RAW, headers, now=NOW)
    assert (envelope.dedup_key, envelope.event_type, envelope.payment_ref) == ("msg_1", "payment.captured", "sbx_1")


@pytest.mark.parametrize(("seconds", "fits"), [(299, True), (-299, True), (301, False), (-301, False)])
def test_a_signature_holds_for_five_minutes(seconds: int, fits: bool) -> None:
    headers = signed(at=NOW + timedelta(seconds=seconds))
    if fits:
        keys().verify(RAW, headers, now=NOW)
    else:
        with pytest.raises(BadSignature):
            keys().verify(RAW, headers, now=NOW)


def test_every_live_secret_verifies_and_the_one_that_fitted_is_told() -> None:
    both = keys(OTHER, SECRET)
    _, by_old = both.verify(RAW, signed(secret=SECRET), now=NOW)
    _, by_new = both.verify(RAW, signed(secret=OTHER), now=NOW)
    assert by_old != by_new
    assert both.sign(RAW, message_id="msg_1", at=NOW) == signed(secret=OTHER)
    with pytest.raises(BadSignature):
        keys(OTHER).verify(RAW, signed(secret=SECRET), now=NOW)


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed()
    headers["webhook-signature"] = (
        f"v1a,AAAA v1,!!! v1, {signed(secret=OTHER)['webhook-signature']} " + headers["webhook-signature"]
    )
    keys().verify(RAW, headers, now=NOW)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", None),
        ("webhook-id", ""),
        ("webhook-id", "msg_2"),
        ("webhook-id", "msg 1"),
        ("webhook-id", "msg_é"),
        ("webhook-id", "x" * 201),
        ("webhook-timestamp", None),
        ("webhook-timestamp", "now"),
        ("webhook-timestamp", "-1"),
        ("webhook-timestamp", "1e9"),
        ("webhook-timestamp", "１７６７２６８８００"),
        ("webhook-timestamp", "9" * 400),
        ("webhook-timestamp", f"{int(NOW.timestamp())}.0"),
        ("webhook-timestamp", f"0{int(NOW.timestamp())}"),
        ("webhook-signature", None),
        ("webhook-signature", ""),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,é"),
        ("webhook-signature", "v1,\x00\xff"),
        ("webhook-signature", "v1,A"),
        ("webhook-signature", "v1,AAAA=AAAA"),
        ("webhook-signature", signed()["webhook-signature"].replace("v1,", "v2,")),
        ("webhook-signature", signed(b"other body")["webhook-signature"]),
        ("webhook-signature", signed(secret=OTHER)["webhook-signature"]),
        ("webhook-signature", "v1, " * 2_000),
    ],
)
def test_what_is_malformed_or_forged_is_a_bad_signature_and_nothing_else(header: str, value: str | None) -> None:
    headers = signed()
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    with pytest.raises(BadSignature):
        keys().verify(RAW, headers, now=NOW)


@pytest.mark.parametrize("body", [RAW[:-1], RAW + b"\n", b"", b"\xff"])
def test_another_body_is_a_bad_signature(body: bytes) -> None:
    with pytest.raises(BadSignature):
        keys().verify(body, signed(), now=NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!", "c2VjcmV0", SECRET.removeprefix("whsec_")])
def test_a_secret_that_is_none_stops_the_start(secret: str) -> None:
    with pytest.raises(ValueError, match=r"secret|base64"):
        keys(secret)
    with pytest.raises(ValueError, match="secret"):
        SigningKeys([])


def test_a_secret_never_shows_itself() -> None:
    key_id = keys().verify(RAW, signed(), now=NOW)[1]
    assert b64decode(SECRET.removeprefix("whsec_")) not in bytes.fromhex(key_id)
    assert "secret" not in repr(keys().__dict__)


@pytest.mark.parametrize(
    ("body", "event_type", "payment_ref"),
    [
        (b"\xff\xfe", "", None),
        (b"not json", "", None),
        (b"[]", "", None),
        (b'{"a":' * 12_000, "", None),
        (b'{"type":7}', "", None),
        (b'{"type":"a\\u0000b","data":{"payment_ref":"a\\u0000b"}}', "", None),
        (b'{"type":"weather.changed","data":{"payment_ref":"r"}}', "weather.changed", "r"),
    ],
)
def test_a_signed_body_of_any_kind_has_an_envelope_that_can_be_stored(
    body: bytes, event_type: str, payment_ref: str | None
) -> None:
    envelope = gateway().verify(body, signed(body), now=NOW)
    assert (envelope.event_type, envelope.payment_ref) == (event_type, payment_ref)


def event(**changes: object) -> bytes:
    data: dict[str, object] = {"payment_ref": "sbx_1", "object_id": "cap", "amount_minor": 10_000, "currency": "KRW"}
    document: dict[str, object] = {"type": "payment.captured", "timestamp": "2026-01-01T12:00:00Z", "data": data}
    for name, value in changes.items():
        (document if name in document else data)[name] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b"not json",
        b"{}",
        event(amount_minor=-1),
        event(amount_minor=2**63),
        event(amount_minor=100.5),
        event(amount_minor="10000"),
        event(currency="krw"),
        event(currency="KRW\n"),
        event(object_id="cap\n"),
        event(object_id=""),
        event(object_id="a\0b"),
        event(timestamp="2026-01-01T12:00:00"),
        event(timestamp="yesterday"),
    ],
)
def test_an_event_that_makes_no_sense_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        gateway().read(body)


def test_an_event_of_a_type_that_means_nothing_says_nothing() -> None:
    assert gateway().read(event(type="weather.changed")) == Told()


def told(action: SandboxAction, *, left: int = 10_000, at: datetime = NOW) -> list[PaymentFact]:
    """What the webhooks of an action say."""
    messages = messages_for(action, PAYMENT, left=Money(left, "KRW"), at=at)
    for message in messages:
        assert msgspec.json.decode(message.body)["data"]["payment_ref"] == PAYMENT.gateway_ref
    return [fact for message in messages for fact in gateway().read(message.body).facts]


@pytest.mark.parametrize(
    ("action", "kinds", "money"),
    [
        ("pay", [FactKind.CAPTURED], Money(10_000, "KRW")),
        ("duplicate", [FactKind.CAPTURED] * 5, Money(10_000, "KRW")),
        ("fail", [FactKind.FAILED], Money(10_000, "KRW")),
        ("reorder", [FactKind.CAPTURED, FactKind.FAILED], Money(10_000, "KRW")),
        ("delay", [FactKind.CAPTURED], Money(10_000, "KRW")),
        ("refund", [FactKind.REFUND], Money(10_000, "KRW")),
        ("refund_partially", [FactKind.REFUND], Money(5_000, "KRW")),
        ("dispute", [FactKind.DISPUTE_OPEN], Money(10_000, "KRW")),
        ("win_dispute", [FactKind.DISPUTE_OPEN, FactKind.DISPUTE_WON], Money(10_000, "KRW")),
        ("lose_dispute", [FactKind.DISPUTE_OPEN, FactKind.DISPUTE_LOST], Money(10_000, "KRW")),
        ("wrong_amount", [FactKind.CAPTURED], Money(100, "KRW")),
        ("wrong_currency", [FactKind.CAPTURED], Money(10_000, "USD")),
        ("revert_deposit", [FactKind.CAPTURE_REVERSED], Money(10_000, "KRW")),
    ],
)
def test_an_action_says_what_it_means(action: str, kinds: list[FactKind], money: Money) -> None:
    facts = told(SandboxAction(action))
    assert [fact.kind for fact in facts] == kinds
    assert {fact.money for fact in facts} == {money}


def test_every_action_is_told_in_that_table() -> None:
    mark = next(mark for mark in test_an_action_says_what_it_means.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert {row[0] for row in mark.args[1]} == set(SandboxAction)


def test_what_follows_a_payment_names_its_capture() -> None:
    (paid,) = told(SandboxAction.PAY)
    for action in ("refund", "refund_partially", "dispute", "win_dispute", "lose_dispute", "revert_deposit"):
        assert {fact.capture_id for fact in told(SandboxAction(action))} == {paid.object_id}
    assert told(SandboxAction.REVERT_DEPOSIT)[0].object_id == paid.object_id


def test_the_same_choice_is_told_again_under_the_same_ids() -> None:
    later = NOW + timedelta(seconds=9)
    for action in SandboxAction:
        first = [message.id for message in messages_for(action, PAYMENT, left=PAYMENT.amount, at=NOW)]
        again = [message.id for message in messages_for(action, PAYMENT, left=PAYMENT.amount, at=NOW)]
        other = [message.id for message in messages_for(action, PAYMENT, left=PAYMENT.amount, at=later)]
        assert first == again
        # Half can be given back twice, everything else happens once.
        assert (first == other) is (action is not SandboxAction.REFUND_PARTIALLY)


def test_no_more_is_refunded_than_is_left() -> None:
    assert told(SandboxAction.REFUND, left=3_000)[0].money == Money(3_000, "KRW")
    assert told(SandboxAction.REFUND_PARTIALLY, left=3_000)[0].money == Money(3_000, "KRW")
    assert told(SandboxAction.REFUND, left=0) == told(SandboxAction.REFUND_PARTIALLY, left=0) == []


def test_what_is_left_counts_only_refunds_that_did_not_fail() -> None:
    half = told(SandboxAction.REFUND_PARTIALLY)[0]
    assert refundable(PAYMENT, []) == Money(10_000, "KRW")
    assert refundable(PAYMENT, [half]) == Money(5_000, "KRW")
    assert refundable(PAYMENT, [half, replace(half, kind=FactKind.REFUND_FAILED)]) == Money(10_000, "KRW")
    assert refundable(PAYMENT, [replace(half, money=Money(99_000, "KRW"))]) == Money(0, "KRW")


async def test_the_same_request_opens_the_same_checkout() -> None:
    request = CheckoutRequest(
        order_id=PAYMENT.order_id, order_number="n", amount=PAYMENT.amount, title="Course", placed_at=NOW
    )
    checkout = await gateway().create_checkout(request)
    assert checkout == await gateway().create_checkout(request)
    assert checkout.url == f"https://api.test/api/v1/sandbox/checkouts/{checkout.gateway_ref}"
