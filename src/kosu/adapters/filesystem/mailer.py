"""Mails written to a folder, one `.eml` file each, for any mail program to open."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from kosu.ports.clock import Clock
from kosu.ports.mailer import Mail, MailerUnavailable


class FileMailer:
    """File names sort by time. A repeat of the same `key` is a second file with the same Message-ID."""

    def __init__(self, *, directory: Path, sender: str, clock: Clock) -> None:
        self._directory = directory
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        at = self._clock.now()
        name = f"{at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        content = bytes(_message(mail, self._sender, at))
        try:
            await asyncio.to_thread(_write, self._directory / name, content)
        except OSError as error:
            raise MailerUnavailable(str(error)) from error


def _message(mail: Mail, sender: str, at: datetime) -> EmailMessage:
    """Raises ValueError when a header would hold a line break."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256(mail.key.encode()).hexdigest()[:32]}@kosu>"
    message["X-Kosu-Key"] = mail.key
    message.set_content(mail.body)
    return message


def _write(path: Path, content: bytes) -> None:
    """A reader of the folder sees the whole mail or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
