"""Outgoing e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable


class MailerUnavailable(Unavailable):
    """The mail was not handed over; safe to retry."""

    code = "mailer_unavailable"


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text mail to one person. `key` names the reason for it, so that a repeat can be recognised.

    `unsubscribe_url` takes a POST that turns such mails off; empty for a mail that cannot be turned off.
    """

    to: str
    subject: str
    body: str
    key: str
    unsubscribe_url: str = ""


@runtime_checkable
class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Hand a mail over for delivery.

        Sending the same `key` again may send a second mail: the transport makes no promise about repeats.

        Raises:
            MailerUnavailable: nothing was handed over.
        """
        ...


def message_of(mail: Mail, *, sender: str, at: datetime) -> EmailMessage:
    """The mail as a message for any transport.

    Source: RFC 5322; RFC 8058 for unsubscribing by one click.

    Raises:
        ValueError: a header would hold a line break.
    """
    message = EmailMessage(_WholeUrls())
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    # The same for a repeat: many servers and readers show one of the two.
    message["Message-ID"] = f"<{sha256(mail.key.encode()).hexdigest()[:32]}@kosu>"
    if mail.unsubscribe_url:
        message[_UNSUBSCRIBE] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    return message


_UNSUBSCRIBE = "List-Unsubscribe"


class _WholeUrls(EmailPolicy):
    """Leaves a long URL as it is: folded as an encoded word, it would not be one for any reader (RFC 2047, 5)."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == _UNSUBSCRIBE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name == _UNSUBSCRIBE else super().fold_binary(name, value)
