"""Mails that can be turned off: to whom they go, and by which ways they end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from kosu.ids import UserId
from kosu.modules.identity import NotificationKind
from kosu.modules.identity.admission import Admitted
from kosu.modules.identity.domain.audit import NOBODY
from kosu.modules.identity.domain.notifications import unsubscribe_token
from kosu.modules.identity.domain.tokens import Keyring, device_token
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import LinkInvalid
from kosu.ports.mailer import Mail, MailerUnavailable
from tests.support.identity import IdentityWorld

TEXTS = {
    "en": ("Enrolled: {course}", "Hello {name},\n\n{course}: {link_base}/x\n"),
    "ko": ("등록: {course}", "{name}님, {course}\n"),
}
ENROLMENT = NotificationKind.ENROLMENT


@pytest.fixture
def world() -> IdentityWorld:
    return IdentityWorld()


@pytest.fixture
async def ada(world: IdentityWorld) -> Admitted:
    return await world.register()


async def send(world: IdentityWorld, user_id: UserId, *, key: str = "k", course: str = "Data") -> None:
    await world.container.notifications().send(user_id, ENROLMENT, TEXTS, key=key, course=course)


async def choose(world: IdentityWorld, user_id: UserId, **wanted: bool) -> Any:
    return await world.container.choose_notifications()(
        user_id=user_id, wanted={NotificationKind(name): chosen for name, chosen in wanted.items()}
    )


def viewer_of(admitted: Admitted) -> Viewer:
    session = admitted.session
    return Viewer(admitted.user.id, session.id, session.device_id, frozenset(admitted.user.roles))


async def test_a_mail_is_in_the_persons_language_and_says_how_to_end_it(world: IdentityWorld, ada: Admitted) -> None:
    await send(world, ada.user.id)
    await world.container.edit_profile()(user_id=ada.user.id, locale="ko")
    await send(world, ada.user.id, key="another")
    english, korean = world.mailer.sent
    assert (english.to, english.subject, english.key) == ("ada@kosu.test", "Enrolled: Data", "k")
    assert english.body.startswith("Hello Ada,\n\nData: https://kosu.test/x\n")
    assert "No more mails of this kind: https://kosu.test/unsubscribe#token=uns1." in english.body
    assert english.unsubscribe_url.startswith("https://api.kosu.test/api/v1/notifications/unsubscribe?token=uns1.")
    assert (korean.subject, korean.body[:4]) == ("등록: Data", "Ada님")
    assert "더 이상 받지 않으려면: https://kosu.test/unsubscribe#token=" in korean.body


async def test_a_mail_goes_out_once_however_often_it_is_asked_for(world: IdentityWorld, ada: Admitted) -> None:
    for _ in range(3):
        await send(world, ada.user.id)
    assert len(world.mailer.sent) == 1


async def test_a_mail_that_was_not_handed_over_is_sent_later(world: IdentityWorld, ada: Admitted) -> None:
    world.mailer.available = False
    with pytest.raises(MailerUnavailable):
        await send(world, ada.user.id)
    world.mailer.available = True
    await send(world, ada.user.id)
    assert len(world.mailer.sent) == 1


async def test_what_somebody_wants_is_asked_when_the_mail_is_sent(world: IdentityWorld, ada: Admitted) -> None:
    settings = await choose(world, ada.user.id, enrolment=False)
    assert (settings.enrolment, settings.receipt, settings.answer, settings.certificate) == (False, True, True, True)
    await send(world, ada.user.id)
    assert world.mailer.sent == []
    assert (await choose(world, ada.user.id, receipt=False, enrolment=True)).enrolment
    await send(world, ada.user.id)
    assert len(world.mailer.sent) == 1


async def test_a_closed_or_erased_account_is_sent_nothing(world: IdentityWorld, ada: Admitted) -> None:
    await world.container.close_account()(viewer=viewer_of(ada), origin=NOBODY)
    await send(world, ada.user.id)
    world.later(days=8)
    assert await world.container.erase_closed_accounts()() == 1
    await send(world, ada.user.id)
    await send(world, UserId(UUID(int=404)))
    assert world.mailer.sent == []


@pytest.mark.parametrize(
    "text", ["Data\r\nBcc: everyone@kosu.test", "Data\nBcc: x", "Data\u2028Bcc: x", "Data\x00\x85Bcc: x", "\u202eData"]
)
async def test_no_title_and_no_name_begins_a_line(world: IdentityWorld, ada: Admitted, text: str) -> None:
    user = world.user(ada)
    async with world.container.transaction()() as records:
        await records.users.save(replace(user, display_name=text))
    await send(world, ada.user.id, course=text)
    (mail,) = world.mailer.sent
    shown = " ".join(text.replace("\x00", " ").replace("\u202e", "").split())
    assert mail.subject == f"Enrolled: {shown}"
    assert mail.body.splitlines()[0] == f"Hello {shown},"


async def test_braces_of_a_title_are_no_placeholders(world: IdentityWorld, ada: Admitted) -> None:
    await send(world, ada.user.id, course="{name} {link_base} {0} }{")
    assert world.mailer.sent[0].subject == "Enrolled: {name} {link_base} {0} }{"


def token_of(mail: Mail) -> str:
    return parse_qs(urlsplit(mail.unsubscribe_url).query)["token"][0]


async def test_one_click_ends_one_kind_of_mail_to_one_person(world: IdentityWorld, ada: Admitted) -> None:
    kim = await world.register("kim@kosu.test")
    await send(world, ada.user.id)
    token = token_of(world.mailer.sent[0])
    assert f"unsubscribe#token={token}" in world.mailer.sent[0].body
    for _ in range(2):
        assert await world.container.unsubscribe()(token=token) is ENROLMENT
    book = world.container.notification_book()
    assert await book.muted(ada.user.id) == {ENROLMENT}
    assert await book.muted(kim.user.id) == frozenset()


async def test_only_what_was_signed_for_this_unsubscribes(world: IdentityWorld, ada: Admitted) -> None:
    keyring, other_keyring = world.keyring, Keyring({"k1": b"2" * 32})
    token = unsubscribe_token(keyring, ada.user.id, ENROLMENT)
    purpose, kid, body, mac = token.split(".")
    kims = unsubscribe_token(keyring, UserId(UUID(int=2)), ENROLMENT).split(".")[2]
    forged = [
        unsubscribe_token(other_keyring, ada.user.id, ENROLMENT),
        f"{purpose}.{kid}.{kims}.{mac}",
        f"{purpose}.k9.{body}.{mac}",
        f"did1.{kid}.{body}.{mac}",
        device_token(keyring, ada.session.device_id),
        keyring.seal("uns1", ada.user.id.bytes + b"everything"),
        keyring.seal("uns1", b"short"),
        keyring.seal("uns1", ada.user.id.bytes + b"\xff"),
        "",
        "...",
        "a\0b.c.d.e",
        "한글.k1.x.y",
        "\ud800.k1.x.y",
        "x" * 100_000,
    ]
    for each in forged:
        with pytest.raises(LinkInvalid):
            await world.container.unsubscribe()(token=each)
    assert await world.container.notification_book().muted(ada.user.id) == frozenset()


async def test_what_was_sent_is_forgotten_after_a_month(world: IdentityWorld, ada: Admitted) -> None:
    await send(world, ada.user.id)
    world.later(days=29)
    await world.container.purge_old_rows()()
    await send(world, ada.user.id)
    assert len(world.mailer.sent) == 1
    world.later(days=2)
    assert await world.container.purge_old_rows()() >= 1
