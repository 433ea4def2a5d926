"""A mail server that keeps what it is given: as much of RFC 5321, 3207 and 4954 as smtplib speaks to it."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class SmtpSink:
    """`mails` holds what arrived, `recipients` the envelope of each, `logins` the name and password of each login."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    """Offered by STARTTLS; mails are then taken over TLS only."""
    refused: str = ""
    """A recipient that is answered with 550."""
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    """The same mails, as they came over the wire."""
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end, which a client that does not trust us makes early."""
        with suppress(ssl.SSLError, ConnectionError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure, envelope = False, list[str]()
        writer.write(b"220 sink\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(" ")[0].upper()
            match verb:
                case "EHLO":
                    writer.write(b"250-sink\r\n250-AUTH PLAIN\r\n250-STARTTLS\r\n250 8BITMIME\r\n")
                case "STARTTLS" if self.tls:
                    writer.write(b"220 go ahead\r\n")
                    await writer.start_tls(self.tls)
                    secure = True
                case "AUTH":
                    _, name, password = b64decode(line.split(" ")[2]).decode().split("\0")
                    self.logins.append((name, password))
                    writer.write(b"235 welcome\r\n")
                case "MAIL" if self.tls and not secure:
                    writer.write(b"530 STARTTLS first\r\n")
                case "RCPT" if self.refused and self.refused in line:
                    writer.write(b"550 no such user\r\n")
                case "RCPT":
                    envelope.append(line.partition("<")[2].rpartition(">")[0])
                    writer.write(b"250 ok\r\n")
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    self.raw.append(data[:-3].replace(b"\r\n..", b"\r\n."))
                    self.mails.append(message_from_bytes(self.raw[-1], policy=policy.default))
                    self.recipients.append(envelope)
                    writer.write(b"250 kept\r\n")
                case "MAIL" | "RSET" | "NOOP":
                    writer.write(b"250 ok\r\n")
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"502 not here\r\n")
            await writer.drain()


@asynccontextmanager
async def running_smtp_sink(*, tls: ssl.SSLContext | None = None, refused: str = "") -> AsyncIterator[SmtpSink]:
    """A sink on a free port of the loopback interface."""
    sink = SmtpSink(tls=tls, refused=refused)
    server = await asyncio.start_server(sink.talk, "127.0.0.1", 0)
    async with server:
        sink.port = server.sockets[0].getsockname()[1]
        yield sink
