"""Mails: what every mailer promises, read back from where each of them puts it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kosu.adapters.filesystem.mailer import FileMailer
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.mailer import MemoryMailer
from kosu.adapters.smtp.mailer import SmtpMailer
from kosu.ports.mailer import Mail, Mailer, MailerUnavailable
from tests.support.smtp_sink import SmtpSink, running_smtp_sink

SENDER = "Kosu <no-reply@kosu.test>"
MAIL = Mail(to="kim@kosu.test", subject="비밀번호 재설정", body="안녕하세요,\n.\n..two dots\nlast\n", key="reset:1")

Arrived = tuple[str, str, str]
"""Recipient, subject and body of a mail."""


@dataclass(frozen=True, slots=True)
class Case:
    mailer: Mailer
    arrived: Callable[[], list[Arrived]]


@pytest.fixture(params=["memory", "filesystem", "smtp"])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    """Each mailer in turn, with the way to see what it handed over."""
    match request.param:
        case "memory":
            memory = MemoryMailer()
            yield Case(memory, lambda: [(mail.to, mail.subject, mail.body) for mail in memory.sent])
        case "filesystem":
            folder = tmp_path / "mail"
            yield Case(
                FileMailer(directory=folder, sender=SENDER, clock=MemoryClock()),
                lambda: [_read(path.read_bytes()) for path in sorted(folder.iterdir())],
            )
        case "smtp":
            async with running_smtp_sink() as sink:
                yield Case(smtp_mailer(sink), lambda: [_read(bytes(mail)) for mail in sink.mails])


def smtp_mailer(
    sink: SmtpSink, *, user: str = "", starttls: bool = False, tls: ssl.SSLContext | None = None
) -> SmtpMailer:
    return SmtpMailer(
        host="127.0.0.1",
        port=sink.port,
        sender=SENDER,
        clock=MemoryClock(),
        user=user,
        password="secret",
        starttls=starttls,
        tls=tls,
    )


def _read(content: bytes) -> Arrived:
    message = message_from_bytes(content, policy=policy.default)
    body: str = message.get_content()
    return str(message["To"]), str(message["Subject"]), body.replace("\r\n", "\n")


def _mails_in(folder: Path) -> list[EmailMessage]:
    paths = sorted(folder.iterdir())
    assert all(path.suffix == ".eml" for path in paths)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


async def test_a_mail_arrives_as_it_was_written(case: Case) -> None:
    assert isinstance(case.mailer, Mailer)
    await case.mailer.send(MAIL)

    assert case.arrived() == [(MAIL.to, MAIL.subject, MAIL.body)]


async def test_every_mail_arrives_also_a_repeat(case: Case) -> None:
    for _ in range(3):
        await case.mailer.send(MAIL)

    assert len(case.arrived()) == 3


@pytest.mark.parametrize("field", ["to", "subject", "unsubscribe_url"])
async def test_no_text_can_add_a_header(case: Case, field: str) -> None:
    texts = {"to": MAIL.to, "subject": MAIL.subject, field: "innocent\r\nBcc: everyone@kosu.test"}

    with pytest.raises(ValueError, match=r"line"):
        await case.mailer.send(Mail(**texts, body="x", key="k"))


async def test_a_mail_that_can_be_turned_off_says_by_which_address(tmp_path: Path) -> None:
    """Whole and on one line: mail programs take nothing else for an address (RFC 8058)."""
    url = f"https://api.kosu.test/unsubscribe?token={'x' * 300}"
    mail, plain = Mail(to="a@kosu.test", subject="s", body="x", key="k", unsubscribe_url=url), MAIL
    folder = tmp_path / "mail"
    async with running_smtp_sink() as sink:
        for mailer in (FileMailer(directory=folder, sender=SENDER, clock=MemoryClock()), smtp_mailer(sink)):
            await mailer.send(mail)
            await mailer.send(plain)
        arrived = [path.read_bytes() for path in folder.iterdir()] + sink.raw
    assert len(arrived) == 4
    for content in arrived:
        headers = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode().splitlines()
        found = [line for line in headers if line.startswith("List-Unsubscribe")]
        turned_off = [f"List-Unsubscribe: <{url}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        assert found == (turned_off if "Subject: s" in headers else [])


async def test_a_mailer_that_is_away_says_so(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_bytes(b"")
    memory = MemoryMailer()
    memory.available = False
    nobody = SmtpSink(port=1)
    mailers: list[Mailer] = [
        memory,
        FileMailer(directory=occupied, sender=SENDER, clock=MemoryClock()),
        smtp_mailer(nobody),
    ]

    for mailer in mailers:
        with pytest.raises(MailerUnavailable):
            await mailer.send(MAIL)


async def test_files_sort_by_time_and_say_from_whom_when_and_why(tmp_path: Path) -> None:
    clock = MemoryClock(datetime(2026, 1, 1, 12, tzinfo=UTC))
    mailer = FileMailer(directory=tmp_path, sender=SENDER, clock=clock)
    for number in range(3):
        await mailer.send(Mail(to="a@kosu.test", subject=str(number), body="x", key=f"k{number % 2}"))
        clock.advance(timedelta(milliseconds=1))

    mails = _mails_in(tmp_path)
    assert [mail["Subject"] for mail in mails] == ["0", "1", "2"]
    assert mails[0]["From"] == SENDER
    assert mails[0]["Date"].datetime == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert mails[0]["Message-ID"] == mails[2]["Message-ID"] != mails[1]["Message-ID"]


async def test_smtp_names_one_recipient_whatever_the_address_says() -> None:
    async with running_smtp_sink() as sink:
        await smtp_mailer(sink).send(Mail(to="a@kosu.test, b@kosu.test", subject="s", body="x", key="k"))

    assert [len(recipients) for recipients in sink.recipients] == [1]


async def test_a_refused_recipient_is_a_mail_not_handed_over() -> None:
    async with running_smtp_sink(refused="kim@") as sink:
        with pytest.raises(MailerUnavailable):
            await smtp_mailer(sink).send(MAIL)

    assert sink.mails == []


async def test_login_and_mail_go_over_tls(tmp_path: Path) -> None:
    server, client = tls_contexts(tmp_path)
    async with running_smtp_sink(tls=server) as sink:
        await smtp_mailer(sink, user="kosu", starttls=True, tls=client).send(MAIL)

    assert sink.logins == [("kosu", "secret")]
    assert len(sink.mails) == 1


async def test_nothing_is_sent_to_a_server_that_cannot_prove_its_name(tmp_path: Path) -> None:
    server, _ = tls_contexts(tmp_path)
    async with running_smtp_sink(tls=server) as sink:
        with pytest.raises(MailerUnavailable):
            await smtp_mailer(sink, user="kosu", starttls=True).send(MAIL)

    assert sink.logins == []
    assert sink.mails == []


def tls_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for 127.0.0.1, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)
