"""Mails handed to an SMTP server, one connection each, in a thread.

Source: RFC 5321; RFC 3207 for STARTTLS.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

from kosu.ports.clock import Clock
from kosu.ports.mailer import Mail, MailerUnavailable, message_of


class SmtpMailer:
    """An empty `user` means no login. `tls` replaces the system's trust, for a server with a private certificate."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        clock: Clock,
        user: str = "",
        password: str = "",
        starttls: bool = True,
        timeout_seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._clock = clock
        self._user = user
        self._password = password
        self._starttls = starttls
        self._timeout_seconds = timeout_seconds
        self._tls = tls

    async def send(self, mail: Mail) -> None:
        message = message_of(mail, sender=self._sender, at=self._clock.now())
        try:
            await asyncio.to_thread(self._hand_over, message, mail.to)
        except (smtplib.SMTPException, OSError) as error:
            # The class only: a server's answer may repeat the address or the login.
            raise MailerUnavailable(f"the mail server did not take the mail: {type(error).__name__}") from error

    def _hand_over(self, message: EmailMessage, to: str) -> None:
        with smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds) as server:
            if self._starttls:
                server.starttls(context=self._tls or ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            # Named here, so that no trick in the address can add a second recipient.
            server.send_message(message, to_addrs=[to])
