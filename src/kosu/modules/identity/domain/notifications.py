"""Mails that people can turn off, kind by kind, and the token by which a mail turns its own kind off.

Mails about the account itself and its security are none of these: they are always sent.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from kosu.ids import UserId
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.errors import InvalidToken, LinkInvalid

UNSUBSCRIBE = "uns1"


class NotificationKind(StrEnum):
    RECEIPT = "receipt"
    ENROLMENT = "enrolment"
    ANSWER = "answer"
    CERTIFICATE = "certificate"


def unsubscribe_token(keyring: Keyring, user_id: UserId, kind: NotificationKind) -> str:
    """The same for every mail of a kind to a person. It has no end: people unsubscribe from old mails, too."""
    return keyring.seal(UNSUBSCRIBE, user_id.bytes + kind.encode())


def read_unsubscribe_token(keyring: Keyring, token: str) -> tuple[UserId, NotificationKind]:
    """Whose mails of which kind are to end.

    Raises:
        LinkInvalid: the token was not made by `unsubscribe_token` with a key that is still in use.
    """
    try:
        body = keyring.open(UNSUBSCRIBE, token)
        return UserId(UUID(bytes=body[:16])), NotificationKind(body[16:].decode())
    except (InvalidToken, ValueError) as error:
        msg = "This link to unsubscribe was not sent by us."
        raise LinkInvalid(msg) from error
