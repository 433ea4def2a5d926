"""Secrets that work once: links in mails, and the ticket of a device that waits for a place.

Only the digest is stored, so a copy of the database opens nothing. A token is bound to the credentials and the address
that the account had when it was made: a changed password voids all of them.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from kosu.ids import DeviceId, UserId
from kosu.modules.identity.domain.accounts import User

SECRET_BYTES = 32


class Purpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    ADMIT_DEVICE = "admit_device"


LIFE = {
    Purpose.VERIFY_EMAIL: timedelta(days=3),
    Purpose.RESET_PASSWORD: timedelta(minutes=30),
    Purpose.ADMIT_DEVICE: timedelta(minutes=5),
}


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    digest: bytes
    purpose: Purpose
    user_id: UserId
    email: str
    cred_epoch: int
    device_id: DeviceId | None
    expires_at: datetime

    def fits(self, user: User | None) -> bool:
        """Whether the account still is what it was when the token was made."""
        return (
            user is not None
            and not user.disabled
            and (user.id, user.email, user.cred_epoch) == (self.user_id, self.email, self.cred_epoch)
        )


def issue(
    purpose: Purpose, user: User, *, secret: bytes, at: datetime, device_id: DeviceId | None = None
) -> tuple[str, OneTimeToken]:
    """The text to hand out, made of `secret` (32 random bytes), and what to store of it."""
    text = urlsafe_b64encode(secret).rstrip(b"=").decode()
    token = OneTimeToken(
        digest=digest_of(text),
        purpose=purpose,
        user_id=user.id,
        email=user.email,
        cred_epoch=user.cred_epoch,
        device_id=device_id,
        expires_at=at + LIFE[purpose],
    )
    return text, token


def digest_of(text: str) -> bytes:
    """What a token is found by. Any text has one; a made-up one is found nowhere."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
