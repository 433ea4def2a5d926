"""CloudFront signed cookies with a custom policy.

Source: Amazon CloudFront Developer Guide, "Use signed cookies"; key types and SHA-256 as of "Create key pairs for your
signers".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kosu.adapters.cloudfront.policy import HASH_ALGORITHM, KEY_PAIR_ID, POLICY, SHA256, SIGNATURE, encode
from kosu.ports.delivery_signer import check_prefix

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class CloudFrontSigner:
    """`media_base_url` is the scheme and host that browsers ask, without a trailing slash."""

    def __init__(self, *, media_base_url: str, key_pair_id: str, private_key_pem: str) -> None:
        self._media_base_url = media_base_url
        self._key_pair_id = key_pair_id
        self._key = load_private_key(private_key_pem)

    def sign(self, prefix: str, *, expires_at: datetime) -> Mapping[str, str]:
        condition = {"DateLessThan": {"AWS:EpochTime": int(expires_at.timestamp())}}
        statement = {"Resource": f"{self._media_base_url}/{check_prefix(prefix)}*", "Condition": condition}
        policy = json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()
        return {
            POLICY: encode(policy),
            SIGNATURE: encode(self._signature(policy)),
            KEY_PAIR_ID: self._key_pair_id,
            HASH_ALGORITHM: SHA256,
        }

    def _signature(self, policy: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(policy, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(policy, ec.ECDSA(hashes.SHA256()))


def load_private_key(pem: str) -> PrivateKey:
    """Raises ValueError unless it is an unencrypted key of a kind that CloudFront takes: RSA-2048 or ECDSA P-256."""
    key = load_pem_private_key(pem.encode(), password=None)
    match key:
        case rsa.RSAPrivateKey(key_size=2048) | ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return key
        case _:
            msg = "CloudFront takes RSA-2048 and ECDSA P-256 keys only"
            raise ValueError(msg)
