"""A mailer that keeps what it was given."""

from __future__ import annotations

from kosu.ports.mailer import Mail, MailerUnavailable


class MemoryMailer:
    """`sent` holds the mails in order. `available = False` makes it behave as a mail server that is away."""

    def __init__(self) -> None:
        self.available = True
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        if any(set("\r\n") & set(text) for text in (mail.to, mail.subject, mail.key, mail.unsubscribe_url)):
            msg = "a header holds no line break"
            raise ValueError(msg)
        if not self.available:
            msg = "the mail server is away"
            raise MailerUnavailable(msg)
        self.sent.append(mail)
