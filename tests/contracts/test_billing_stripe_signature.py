"""Stripe's signatures, with the official library as the judge, in both directions."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.stripe import StripeSecrets
from kosu.adapters.stripe.signature import signature
from kosu.modules.billing.errors import BadSignature
from tests.support.stripe_account import WEBHOOK_SECRET

OTHER_SECRET = "whsec_another_secret_of_the_endpoint"
NOW = MemoryClock().now()
T = int(NOW.timestamp())
RAW = '{"id":"evt_1","type":"checkout.session.completed","title":"강의"}'.encode()


def header(raw: bytes = RAW, *, secret: str = WEBHOOK_SECRET, at: datetime = NOW) -> str:
    """As the official library signs."""
    return str(stripe.WebhookSignature.generate_signature_header(raw.decode(), secret, int(at.timestamp())))


def v1(raw: bytes = RAW, *, secret: str = WEBHOOK_SECRET, at: datetime = NOW) -> str:
    return header(raw, secret=secret, at=at).partition("v1=")[2]


def verified(sent: str | None, *, raw: bytes = RAW, secrets: tuple[str, ...] = (WEBHOOK_SECRET,)) -> str:
    return StripeSecrets(secrets).verify(raw, {} if sent is None else {"stripe-signature": sent}, now=NOW)


def test_the_official_library_verifies_what_we_sign() -> None:
    timestamp = str(int(time.time()))
    ours = f"t={timestamp},v1={signature(RAW, secret=WEBHOOK_SECRET, timestamp=timestamp)}"
    assert stripe.Webhook.construct_event(RAW, ours, WEBHOOK_SECRET).id == "evt_1"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(RAW, ours, OTHER_SECRET)


def test_we_verify_what_the_official_library_signs() -> None:
    assert verified(header())
    with pytest.raises(BadSignature):
        verified(header(secret=OTHER_SECRET))


@pytest.mark.parametrize(("seconds", "fits"), [(299, True), (-299, True), (301, False), (-301, False)])
def test_a_signature_holds_for_five_minutes(seconds: int, fits: bool) -> None:
    sent = header(at=NOW + timedelta(seconds=seconds))
    if fits:
        verified(sent)
    else:
        with pytest.raises(BadSignature):
            verified(sent)


def test_every_live_secret_verifies_and_the_one_that_fitted_is_told() -> None:
    both = (OTHER_SECRET, WEBHOOK_SECRET)
    by_new, by_old = verified(header(secret=OTHER_SECRET), secrets=both), verified(header(), secrets=both)
    assert by_new != by_old
    assert by_old == verified(header())
    with pytest.raises(BadSignature):
        verified(header(), secrets=(OTHER_SECRET,))


def test_one_of_several_signatures_is_enough() -> None:
    """While a secret is exchanged, Stripe signs with both."""
    timestamp = int(NOW.timestamp())
    verified(f"t={timestamp},v1={v1(secret=OTHER_SECRET)},v1={v1()},v0={v1(secret='test')}")
    verified(f"v0=x,v1=é,v1={v1()},t={timestamp},unknown,=,t2=9")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        ",,,",
        "=",
        f"t={T}",
        f"v1={v1()}",
        f"t={T},v1=",
        f"t={T},v0={v1()}",
        f"t={T},V1={v1()}",
        f"t={T} ,v1={v1()}",
        f"t={T},v1= {v1()}",
        f"t={T},v1={v1()} ",
        f"t={T},v1={v1().upper()}",
        f"t={T},v1={v1()[:-1]}",
        f"t={T},v1={v1()}0",
        f"t={T},v1={'g' * 64}",
        f"t={T},v1={'é' * 64}",
        f"t={T},v1={chr(0x660) * 64}",
        f"t={T},v1=\x00\udcff",
        f"t={T},t={T},v1={v1()}",
        f"t={T + 1},v1={v1()}",
        f"t=0{T},v1={signature(RAW, secret=WEBHOOK_SECRET, timestamp=f'0{T}')}",
        f"t=+{T},v1={v1()}",
        f"t={T}.0,v1={v1()}",
        f"t=1e9,v1={v1()}",
        f"t=-{T},v1={v1()}",
        f"t={'9' * 4_000},v1={v1()}",
        "t=１７６７２６８８００,v1=" + v1(),
        f"t={T},v1={v1(b'another body')}",
        f"t={T};v1={v1()}",
        f"t={T}," + "v1=é," * 50_000,
    ],
)
def test_what_is_malformed_or_forged_is_a_bad_signature_and_nothing_else(sent: str | None) -> None:
    with pytest.raises(BadSignature):
        verified(sent)


@pytest.mark.parametrize("body", [RAW[:-1], RAW + b"\n", b"", b"\xff"])
def test_another_body_is_a_bad_signature(body: bytes) -> None:
    with pytest.raises(BadSignature):
        verified(header(), raw=body)


def test_a_body_is_signed_by_its_bytes_whatever_they_are() -> None:
    raw = b"\xff\xfe not text"
    assert verified(f"t={T},v1={signature(raw, secret=WEBHOOK_SECRET, timestamp=str(T))}", raw=raw)


WORDS = st.text("tv01=, é", max_size=8)
PARTS = st.sampled_from(
    [f"t={T}", f"t={T + 1}", f"t=0{T}", "t=", "t", f"v1={v1()}", f"v1={v1(secret=OTHER_SECRET)}", "v1=", f"v0={v1()}"]
)


@settings(deadline=None)
@given(st.lists(PARTS | WORDS, max_size=5).map(",".join))
def test_nothing_is_let_in_that_the_official_library_refuses(sent: str) -> None:
    try:
        verified(sent)
    except BadSignature:
        return
    assert stripe.WebhookSignature.verify_header(RAW.decode(), sent, WEBHOOK_SECRET)


def test_a_secret_never_shows_itself() -> None:
    secrets = StripeSecrets([WEBHOOK_SECRET])
    assert WEBHOOK_SECRET[6:14] not in f"{secrets!r} {verified(header())}"
    with pytest.raises(ValueError, match="secret"):
        StripeSecrets([])
