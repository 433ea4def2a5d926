"""Mails written to a folder, one `.eml` file each, for any mail program to open."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import uuid4

from kosu.ports.clock import Clock
from kosu.ports.mailer import Mail, MailerUnavailable, message_of


class FileMailer:
    """File names sort by time. A repeat of the same `key` is a second file with the same Message-ID."""

    def __init__(self, *, directory: Path, sender: str, clock: Clock) -> None:
        self._directory = directory
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        at = self._clock.now()
        name = f"{at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        message = message_of(mail, sender=self._sender, at=at)
        message["X-Kosu-Key"] = mail.key
        try:
            await asyncio.to_thread(_write, self._directory / name, bytes(message))
        except OSError as error:
            raise MailerUnavailable(str(error)) from error


def _write(path: Path, content: bytes) -> None:
    """A reader of the folder sees the whole mail or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
