"""Many devices at once: the limit holds, also where the lock does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.identity import PostgresIdentityRecords
from kosu.adapters.postgres.identity.records import PostgresSessions
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.ids import DeviceId, UserId
from kosu.modules.identity.admission import Admission, Place
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.device_policy import DevicePolicy
from kosu.modules.identity.domain.sessions import Client, Session
from kosu.modules.identity.errors import InvalidCredentials
from kosu.modules.identity.ports import IdentityRecords
from kosu.ports.unit_of_work import Transaction
from tests.support.api import PASSWORD, Api, running_api

LIMIT = 3
CLIENT = Client(ip="192.0.2.1", browser="Firefox", os="Linux")


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    policy = Object(DevicePolicy(limit=LIMIT))
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, device_policy=policy) as running:
        yield running


class WithoutLock(PostgresSessions):
    """The fault that the unique indices are behind: nobody waits for anybody."""

    async def lock_admissions(self, user_id: UserId) -> None:
        """Takes no lock."""


class WithoutGuard(PostgresSessions):
    """The fault that the epoch is against: whoever was verified once is admitted, whatever happened since."""

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        return await super().admit(session, cred_epoch=cred_epoch + 1)


def transaction_with(api: Api, sessions: type[PostgresSessions]) -> Transaction[IdentityRecords]:
    class Records(PostgresIdentityRecords):
        def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
            super().__init__(session, outbox)
            self.sessions = sessions(session)

    container = api.container
    faulty: Any = PostgresTransaction(
        container.sessions(), container.queue(), container.clock(), container.ids(), Records
    )
    made: Transaction[IdentityRecords] = faulty
    return made


async def user_of(api: Api, email: str) -> User:
    async with api.container.identity_transaction()() as records:
        user = await records.users.with_email(email)
    assert user is not None
    return user


async def admitted(
    api: Api, transaction: Transaction[IdentityRecords], *, count: int, device_id: DeviceId | None = None
) -> tuple[list[Any], list[Session]]:
    """`count` admissions at once, by use case and without any throttle: what came of each, and who lives."""
    identity = api.container.identity
    admission: Admission = identity.admission()
    user = await user_of(api, await api.account())

    async def admit() -> object:
        device = device_id or DeviceId(identity.ids().new())
        at = identity.clock().now()
        async with transaction() as records:
            return await admission.admit(records, user, device_id=device, client=CLIENT, at=at)

    outcomes = await asyncio.gather(*(admit() for _ in range(count)))
    async with api.container.identity_transaction()() as records:
        return list(outcomes), await records.sessions.not_ended(user.id)


async def test_a_hundred_devices_at_once_are_as_many_as_the_limit(api: Api) -> None:
    outcomes, live = await admitted(api, api.container.identity_transaction(), count=100)
    assert sum(isinstance(outcome, Place) for outcome in outcomes) == len(live) == LIMIT
    assert sorted(session.slot for session in live) == [0, 1, 2]


async def test_a_hundred_log_ins_at_once_are_as_many_devices_as_the_limit(api: Api) -> None:
    """Over HTTP, where ten passwords of an account are tried at a time."""
    email, browsers = await api.account(), [await api.browser() for _ in range(100)]
    answers = await asyncio.gather(
        *(browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD}) for browser in browsers)
    )
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 409, 429}
    assert statuses.count(200) == LIMIT
    async with api.container.identity_transaction()() as records:
        assert len(await records.sessions.not_ended((await user_of(api, email)).id)) == LIMIT


async def test_fifty_log_ins_on_one_device_leave_one_session(api: Api) -> None:
    device = DeviceId(api.container.ids().new())
    outcomes, live = await admitted(api, api.container.identity_transaction(), count=50, device_id=device)
    assert all(isinstance(outcome, Place) for outcome in outcomes)
    assert len(live) == 1


async def test_without_the_lock_the_indices_hold_the_limit(api: Api) -> None:
    """Whoever forgets the lock gets refusals that need not be, and never a device too many."""
    for _ in range(5):
        outcomes, live = await admitted(api, transaction_with(api, WithoutLock), count=40)
        assert sum(isinstance(outcome, Place) for outcome in outcomes) == len(live) <= LIMIT
        assert len({session.slot for session in live}) == len(live)


async def survivors(api: Api, transaction: Transaction[IdentityRecords]) -> int:
    """How many of sixty log-ins that verified a password just before its change are admitted after it."""
    identity, count = api.container.identity, 0
    user = await user_of(api, await api.account())
    for _ in range(60):
        at = identity.clock().now()
        async with api.container.identity_transaction()() as records:
            locked = await records.users.lock(user.id)
            assert locked is not None
            await records.users.save(locked.with_password("another hash"))
        try:
            async with transaction() as records:
                outcome = await identity.admission().admit(
                    records, locked, device_id=identity.ids().new(), client=CLIENT, at=at
                )
            count += isinstance(outcome, Place)
        except InvalidCredentials:
            pass
    return count


async def test_nobody_is_admitted_by_a_password_that_was_changed_meanwhile(api: Api) -> None:
    assert await survivors(api, api.container.identity_transaction()) == 0


async def test_without_the_guard_of_the_epoch_they_would_be(api: Api) -> None:
    """The check above can see what it is there to see."""
    assert await survivors(api, transaction_with(api, WithoutGuard)) > 0
