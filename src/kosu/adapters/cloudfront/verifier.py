"""The check that CloudFront makes on signed cookies, for the embedded edge. Anything odd is refused, nothing raises."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kosu.adapters.cloudfront.policy import HASH_ALGORITHM, KEY_PAIR_ID, POLICY, SHA256, SIGNATURE, decode

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
Refusal = Literal["missing_cookie", "bad_signature", "wrong_resource", "expired"]


def verify_cookies(
    cookies: Mapping[str, str], *, url: str, public_key: PublicKey, key_pair_id: str, now: datetime
) -> Refusal | None:
    """Why these cookies do not open `url`, or None when they do.

    `url` is absolute, decoded and without a query. Only the form that CloudFrontSigner makes is known: a custom policy
    of one statement, limited by DateLessThan, over SHA-256.
    """
    if any(name not in cookies for name in (POLICY, SIGNATURE, KEY_PAIR_ID, HASH_ALGORITHM)):
        return "missing_cookie"
    if cookies[KEY_PAIR_ID] != key_pair_id or cookies[HASH_ALGORITHM] != SHA256:
        return "bad_signature"
    try:
        policy = decode(cookies[POLICY])
        _check_signature(public_key, decode(cookies[SIGNATURE]), policy)
        statement = json.loads(policy)
    except (InvalidSignature, ValueError):
        return "bad_signature"
    match statement:
        case {"Statement": [{"Resource": str(resource), "Condition": {"DateLessThan": {"AWS:EpochTime": int(until)}}}]}:
            if not _matches(resource, url):
                return "wrong_resource"
            return "expired" if now.timestamp() >= until else None
        case _:
            return "bad_signature"


def _check_signature(key: PublicKey, signature: bytes, policy: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, policy, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, policy, ec.ECDSA(hashes.SHA256()))


def _matches(resource: str, url: str) -> bool:
    """`*` stands for any text, slashes included, and `?` for one character."""
    pattern = "".join({"*": ".*", "?": "."}.get(character) or re.escape(character) for character in resource)
    return re.fullmatch(pattern, url, re.DOTALL) is not None
