"""Who wants which mails and what was sent, in memory and in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kosu.adapters.memory.identity import MemoryIdentityRecords
from kosu.adapters.memory.notifications import MemoryNotificationBook
from kosu.adapters.postgres.identity import PostgresIdentityRecords, PostgresNotificationBook
from kosu.ids import UserId
from kosu.modules.identity import NotificationKind
from kosu.modules.identity.ports import NotificationBook, Recipient
from tests.support.databases import Database
from tests.support.identity import a_user

AT = datetime(2026, 1, 1, tzinfo=UTC)
ADA, KIM, NOBODY = (UserId(UUID(int=number)) for number in (1, 2, 3))
RECEIPT, ANSWER = NotificationKind.RECEIPT, NotificationKind.ANSWER


async def account(db: Database, user_id: UserId = ADA, **changes: Any) -> None:
    async with db.transaction(MemoryIdentityRecords, PostgresIdentityRecords)() as records:
        await records.users.save(a_user(**{"id": user_id, "email": f"{user_id.int}@kosu.test", **changes}))


@pytest.fixture
async def book(db: Database) -> NotificationBook:
    """With two accounts."""
    await account(db, locale="ko")
    await account(db, KIM)
    made: NotificationBook = db.queries(MemoryNotificationBook, PostgresNotificationBook)
    assert isinstance(made, NotificationBook)
    return made


async def test_everything_is_wanted_until_it_is_turned_off(book: NotificationBook) -> None:
    assert await book.muted(ADA) == frozenset()
    for _ in range(2):
        await book.choose(ADA, {RECEIPT: False, ANSWER: False})
    assert await book.muted(ADA) == {RECEIPT, ANSWER}
    await book.choose(ADA, {RECEIPT: True, NotificationKind.CERTIFICATE: True})
    assert await book.muted(ADA) == {ANSWER}
    await book.choose(ADA, {})
    assert await book.muted(ADA) == {ANSWER}
    assert await book.muted(KIM) == frozenset()


async def test_who_has_no_account_chooses_nothing(book: NotificationBook) -> None:
    await book.choose(NOBODY, {RECEIPT: False})
    await book.note_sent(NOBODY, key="k", at=AT)
    assert await book.muted(NOBODY) == frozenset()
    assert await book.recipient(NOBODY, RECEIPT, key="k") is None


async def test_a_recipient_is_who_wants_this_kind(book: NotificationBook) -> None:
    ada = Recipient(email="1@kosu.test", display_name="Somebody", locale="ko")
    assert await book.recipient(ADA, RECEIPT, key="k") == ada
    await book.choose(ADA, {RECEIPT: False})
    assert await book.recipient(ADA, RECEIPT, key="k") is None
    assert await book.recipient(ADA, ANSWER, key="k") == ada


async def test_a_closed_account_is_no_recipient(db: Database, book: NotificationBook) -> None:
    await account(db, disabled=True)
    assert await book.recipient(ADA, RECEIPT, key="k") is None


async def test_a_mail_that_was_sent_has_no_recipient_any_more(book: NotificationBook) -> None:
    for _ in range(2):
        await book.note_sent(ADA, key="k", at=AT)
    assert await book.recipient(ADA, RECEIPT, key="k") is None
    assert await book.recipient(ADA, RECEIPT, key="another") is not None
    assert await book.recipient(KIM, RECEIPT, key="k") is not None


async def test_what_was_sent_long_ago_is_forgotten(book: NotificationBook) -> None:
    for number in range(3):
        await book.note_sent(ADA, key=str(number), at=AT + timedelta(days=number))
    assert await book.purge_sent(before=AT + timedelta(days=2)) == 2
    assert [await book.recipient(ADA, RECEIPT, key=str(number)) is None for number in range(3)] == [False, False, True]


async def test_a_forgotten_account_leaves_nothing(db: Database, book: NotificationBook) -> None:
    for user_id in (ADA, KIM):
        await book.choose(user_id, {RECEIPT: False})
        await book.note_sent(user_id, key="k", at=AT)
    async with db.transaction(MemoryIdentityRecords, PostgresIdentityRecords)() as records:
        await records.users.forget(ADA)
    assert await book.muted(ADA) == frozenset()
    assert await book.recipient(ADA, RECEIPT, key="k") is not None
    assert await book.muted(KIM) == {RECEIPT}
    assert await book.purge_sent(before=AT + timedelta(days=1)) == 1
