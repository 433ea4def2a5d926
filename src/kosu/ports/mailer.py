"""Outgoing e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable


class MailerUnavailable(Unavailable):
    """The mail was not handed over; safe to retry."""

    code = "mailer_unavailable"


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text mail to one person. `key` names the reason for it, so that a repeat can be recognised."""

    to: str
    subject: str
    body: str
    key: str


@runtime_checkable
class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """Hand a mail over for delivery.

        Sending the same `key` again may send a second mail: the transport makes no promise about repeats.

        Raises:
            MailerUnavailable: nothing was handed over.
        """
        ...
