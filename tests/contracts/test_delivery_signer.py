"""Signed delivery: what every signer promises, and CloudFront's form of it against botocore as the oracle."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from botocore.signers import CloudFrontSigner as BotocoreSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kosu.adapters.cloudfront.delivery_signer import CloudFrontSigner, PrivateKey
from kosu.adapters.cloudfront.policy import encode
from kosu.adapters.cloudfront.verifier import Refusal, verify_cookies
from kosu.adapters.memory.delivery_signer import MemorySigner
from kosu.ports.delivery_signer import DeliverySigner

BASE = "https://media.kosu.test"
PREFIX = "media/v/asset/revision/"
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
KEYS: dict[str, PrivateKey] = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A signer, and the question that its delivery network asks: do these cookies open this path at that moment?"""

    signer: DeliverySigner
    opens: Callable[[Mapping[str, str], str, datetime], bool]


def cloudfront_signer(key: PrivateKey) -> CloudFrontSigner:
    return CloudFrontSigner(media_base_url=BASE, key_pair_id="K1", private_key_pem=pem(key))


def pem(key: PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def verdict(
    cookies: Mapping[str, str], *, key: PrivateKey, path: str = PREFIX + "v.m3u8", now: datetime = NOW
) -> Refusal | None:
    return verify_cookies(cookies, url=f"{BASE}/{path}", public_key=key.public_key(), key_pair_id="K1", now=now)


@pytest.fixture(params=["memory", "rsa", "ecdsa"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "memory":
        memory = MemorySigner()
        return Case(memory, lambda cookies, path, at: memory.opens(cookies, path, at=at))
    key = KEYS[request.param]
    return Case(cloudfront_signer(key), lambda cookies, path, at: verdict(cookies, key=key, path=path, now=at) is None)


@pytest.fixture(params=["rsa", "ecdsa"])
def key(request: pytest.FixtureRequest) -> PrivateKey:
    return KEYS[request.param]


def test_cookies_open_everything_below_the_prefix_and_nothing_else(case: Case) -> None:
    cookies = case.signer.sign(PREFIX, expires_at=LATER)

    assert case.opens(cookies, PREFIX + "master.m3u8", NOW)
    assert case.opens(cookies, PREFIX + "1080p/seg 1 한글.m4s", NOW)
    for other in ("media/v/asset/other/v.m3u8", PREFIX.rstrip("/"), PREFIX[1:] + "v.m3u8", "x/" + PREFIX + "v.m3u8"):
        assert not case.opens(cookies, other, NOW)


def test_cookies_open_until_they_expire(case: Case) -> None:
    cookies = case.signer.sign(PREFIX, expires_at=LATER)

    assert case.opens(cookies, PREFIX + "a", LATER - timedelta(seconds=1))
    assert not case.opens(cookies, PREFIX + "a", LATER)


def test_without_every_cookie_nothing_opens(case: Case) -> None:
    cookies = case.signer.sign(PREFIX, expires_at=LATER)

    assert not case.opens({}, PREFIX + "a", NOW)
    for name in cookies:
        assert not case.opens({other: value for other, value in cookies.items() if other != name}, PREFIX + "a", NOW)


def test_any_change_to_any_cookie_closes_it(case: Case) -> None:
    cookies = case.signer.sign(PREFIX, expires_at=LATER)

    for name, value in cookies.items():
        middle = len(value) // 2
        swapped = value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
        for changed in (swapped, value[:-1], value + "A", "", "한글", "\0", value + "\ud800"):
            assert not case.opens({**cookies, name: changed}, PREFIX + "a", NOW), (name, changed)


@pytest.mark.parametrize("prefix", ["", "media/v/asset", "/media/v/asset/", "media/*/", "media/v/?/"])
def test_what_could_open_more_than_a_folder_is_not_signed(case: Case, prefix: str) -> None:
    with pytest.raises(ValueError, match="path"):
        case.signer.sign(prefix, expires_at=LATER)


def test_the_policy_is_what_botocore_makes_and_the_encoding_is_too(key: PrivateKey) -> None:
    oracle = BotocoreSigner("K1", bytes)
    policy = oracle.build_policy(f"{BASE}/{PREFIX}*", LATER)
    signed_url = oracle.generate_presigned_url(f"{BASE}/{PREFIX}", policy=policy)

    cookies = cloudfront_signer(key).sign(PREFIX, expires_at=LATER)

    assert f"Policy={cookies['CloudFront-Policy']}&" in signed_url
    assert set(cookies) == {
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
        "CloudFront-Hash-Algorithm",
    }
    assert (cookies["CloudFront-Key-Pair-Id"], cookies["CloudFront-Hash-Algorithm"]) == ("K1", "SHA256")


def test_the_signature_holds_by_the_public_key_alone(key: PrivateKey) -> None:
    cookies = cloudfront_signer(key).sign(PREFIX, expires_at=LATER)
    policy, signature = (
        base64.b64decode(cookies[name].replace("-", "+").replace("_", "=").replace("~", "/"))
        for name in ("CloudFront-Policy", "CloudFront-Signature")
    )

    if isinstance(key, rsa.RSAPrivateKey):
        key.public_key().verify(signature, policy, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.public_key().verify(signature, policy, ec.ECDSA(hashes.SHA256()))
    assert json.loads(policy)["Statement"][0]["Condition"]["DateLessThan"]["AWS:EpochTime"] == LATER.timestamp()


def test_each_refusal_has_its_reason(key: PrivateKey) -> None:
    cookies = dict(cloudfront_signer(key).sign(PREFIX, expires_at=LATER))
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert verdict(cookies, key=key) is None
    assert verdict({}, key=key) == "missing_cookie"
    assert verdict({**cookies, "CloudFront-Key-Pair-Id": "K2"}, key=key) == "bad_signature"
    assert verdict({**cookies, "CloudFront-Hash-Algorithm": "SHA1"}, key=key) == "bad_signature"
    assert verdict(cookies, key=stranger) == "bad_signature"
    assert verdict(cookies, key=key, path="media/v/asset/other/a") == "wrong_resource"
    assert verdict(cookies, key=key, now=LATER) == "expired"


def test_a_dot_in_the_host_is_a_dot(key: PrivateKey) -> None:
    """Only `*` and `?` are wildcards; another host must not pass for the media host."""
    cookies = cloudfront_signer(key).sign(PREFIX, expires_at=LATER)
    url = f"{BASE}/{PREFIX}v.m3u8".replace("media.kosu", "mediaxkosu")

    refusal = verify_cookies(cookies, url=url, public_key=key.public_key(), key_pair_id="K1", now=NOW)

    assert refusal == "wrong_resource"


@pytest.mark.parametrize(
    "policy",
    [b"", b"[]", b"nonsense", b"\xff", b'{"Statement": []}', b'{"Statement": [{"Resource": "*", "Condition": {}}]}'],
)
def test_even_a_signed_policy_of_another_form_opens_nothing(policy: bytes) -> None:
    key = KEYS["rsa"]
    assert isinstance(key, rsa.RSAPrivateKey)
    cookies = {
        "CloudFront-Policy": encode(policy),
        "CloudFront-Signature": encode(key.sign(policy, padding.PKCS1v15(), hashes.SHA256())),
        "CloudFront-Key-Pair-Id": "K1",
        "CloudFront-Hash-Algorithm": "SHA256",
    }

    assert verdict(cookies, key=key) == "bad_signature"


def test_a_key_that_cloudfront_does_not_take_is_refused_at_the_start() -> None:
    for refused in (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 3072)):
        with pytest.raises(ValueError, match="P-256"):
            cloudfront_signer(refused)
    with pytest.raises(ValueError, match="PEM"):
        CloudFrontSigner(media_base_url=BASE, key_pair_id="K1", private_key_pem="no key")
