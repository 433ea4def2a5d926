"""Accounts: who somebody is and how they prove it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from kosu.ids import UserId
from kosu.modules.identity.errors import InvalidDisplayName, InvalidEmail, WeakPassword

EMAIL_CHARACTERS = 254  # RFC 5321, 4.5.3.1.3
DISPLAY_NAME_CHARACTERS = 80
LOCALES = ("en", "ko")
"""What Kosu speaks; the first to who likes none of them."""
PASSWORD_CHARACTERS = range(12, 129)
# The passwords of 12 and more characters that lead every public list of leaked ones.
COMMON_PASSWORDS = frozenset(
    {
        "123456789012", "1234567890123", "12345678901234", "123123123123", "111111111111", "000000000000",
        "password1234", "passwordpassword", "password123456", "qwertyuiop123", "qwertyuiop12", "qwerty123456",
        "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcdefghijkl", "abcd12345678", "iloveyou1234", "letmein12345",
        "administrator", "welcome12345", "changeme1234", "abc123abc123", "aaaaaaaaaaaa", "trustno1trustno1",
    }
)  # fmt: skip
ERASED_DOMAIN = "erased.invalid"  # RFC 2606: nobody can ever have an address there
ERASED_NAME = "Deleted account"
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")


@dataclass(frozen=True, slots=True)
class User:
    """An account.

    `cred_epoch` counts changes of its credentials: a session verified under an older one is not admitted. `authz_epoch`
    counts changes of what it may do (roles, disabled): of two cached authorities the higher one is true. An account
    whose owner asked for its deletion is erased at `erase_at`.
    """

    id: UserId
    email: str
    password_hash: str
    display_name: str
    roles: frozenset[str]
    locale: str
    cred_epoch: int
    authz_epoch: int
    authz_changed_at: datetime
    disabled: bool
    email_verified_at: datetime | None
    erase_at: datetime | None
    created_at: datetime

    def with_password(self, password_hash: str) -> User:
        """Other credentials: tokens and verifications under the old ones are void."""
        return replace(self, password_hash=password_hash, cred_epoch=self.cred_epoch + 1)

    def with_roles(self, roles: frozenset[str], at: datetime) -> User:
        if roles == self.roles:
            return self
        return replace(self, roles=roles, authz_epoch=self.authz_epoch + 1, authz_changed_at=at)

    def with_disabled(self, disabled: bool, at: datetime) -> User:
        """An account that is enabled again is not erased either."""
        if disabled == self.disabled:
            return self
        return replace(
            self,
            disabled=disabled,
            erase_at=self.erase_at if disabled else None,
            authz_epoch=self.authz_epoch + 1,
            authz_changed_at=at,
        )

    def verified(self, at: datetime) -> User:
        return self if self.email_verified_at is not None else replace(self, email_verified_at=at)

    def awaiting_erasure(self, erase_at: datetime, at: datetime) -> User:
        """The account is closed at once and erased later, so that a thief's or a hasty deletion can be undone."""
        return replace(self.with_disabled(True, at), erase_at=erase_at)

    def erased(self, at: datetime) -> User:
        """What is left of a deleted account: an id that others' records may refer to."""
        return replace(
            self.with_disabled(True, at),
            email=f"{self.id}@{ERASED_DOMAIN}",
            password_hash="",
            display_name=ERASED_NAME,
            roles=frozenset(),
            email_verified_at=None,
            erase_at=None,
            cred_epoch=self.cred_epoch + 1,
        )


def normal_email(text: str) -> str:
    """The one spelling under which an address is kept and looked up.

    Raises:
        InvalidEmail
    """
    email = unicodedata.normalize("NFC", text.strip()).casefold()
    if len(email) > EMAIL_CHARACTERS or not _EMAIL.fullmatch(email):
        msg = "This is not an e-mail address."
        raise InvalidEmail(msg)
    return email


def acceptable_password(text: str) -> str:
    """The password in the normal form in which it is hashed.

    Raises:
        WeakPassword: shorter than 12 or longer than 128 characters, or one of the commonly used ones.
    """
    password = normal_password(text)
    if len(password) not in PASSWORD_CHARACTERS:
        msg = f"A password has {PASSWORD_CHARACTERS.start} to {PASSWORD_CHARACTERS.stop - 1} characters."
        raise WeakPassword(msg)
    if password.casefold() in COMMON_PASSWORDS or len(set(password)) == 1:
        msg = "This password is among the first that anybody would try."
        raise WeakPassword(msg)
    return password


def acceptable_display_name(text: str) -> str:
    """The name without surplus space. Raises InvalidDisplayName: empty, too long or with control characters."""
    name = " ".join(text.split())
    if not name or len(name) > DISPLAY_NAME_CHARACTERS or not name.isprintable():
        msg = f"A display name has 1 to {DISPLAY_NAME_CHARACTERS} printable characters."
        raise InvalidDisplayName(msg)
    return name


def normal_password(text: str) -> str:
    """NFC, so that one password typed on two keyboards is one password (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFC", text)
