"""What signer and verifier share: the cookies' names and CloudFront's own base64.

Source: Amazon CloudFront Developer Guide, "Set signed cookies using a custom policy".
"""

from __future__ import annotations

from base64 import b64decode, b64encode

POLICY = "CloudFront-Policy"
SIGNATURE = "CloudFront-Signature"
KEY_PAIR_ID = "CloudFront-Key-Pair-Id"
HASH_ALGORITHM = "CloudFront-Hash-Algorithm"
SHA256 = "SHA256"

_TO_CLOUDFRONT = bytes.maketrans(b"+=/", b"-_~")
_FROM_CLOUDFRONT = bytes.maketrans(b"-_~", b"+=/")


def encode(data: bytes) -> str:
    return b64encode(data).translate(_TO_CLOUDFRONT).decode()


def decode(text: str) -> bytes:
    """Raises ValueError for what is not CloudFront's base64."""
    return b64decode(text.encode("ascii").translate(_FROM_CLOUDFRONT), validate=True)
