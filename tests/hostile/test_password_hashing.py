"""Hashing under a rush, and passwords that no keyboard types."""

from __future__ import annotations

import asyncio
import statistics
import threading
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dependency_injector.providers import Object

from kosu.adapters.argon2 import Argon2PasswordHasher
from kosu.modules.identity.ports import PasswordHashingBusy
from tests.support.api import PASSWORD, Api, problem, running_api

LOG_INS = 60


class WatchedHasher(Argon2PasswordHasher):
    """Counts verifications and how many ran at the same time, and notes in which threads."""

    def __init__(self) -> None:
        super().__init__()
        self.verified = self.most_at_once = self._running = 0
        self.threads: set[int] = set()
        self._lock = threading.Lock()

    def _verify(self, password: str, password_hash: str | None) -> bool:
        with self._lock:
            self.verified += 1
            self.threads.add(threading.get_ident())
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            return super()._verify(password, password_hash)
        finally:
            with self._lock:
                self._running -= 1


@pytest.fixture
def hasher() -> WatchedHasher:
    return WatchedHasher()


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, hasher: WatchedHasher) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, passwords=Object(hasher)) as running:
        yield running


async def test_sixty_log_ins_at_once_do_not_stall_the_loop(api: Api, hasher: WatchedHasher) -> None:
    """Hashing leaves the loop its thread, and others a core. What they notice: `python -m benchmarks.sessions`."""
    emails = [await api.account() for _ in range(LOG_INS)]
    browsers = [await api.browser() for _ in emails]
    before = hasher.verified
    answers = await asyncio.gather(
        *(
            browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
            for browser, email in zip(browsers, emails, strict=True)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert hasher.verified == before + LOG_INS
    assert hasher.most_at_once <= 2
    assert threading.get_ident() not in hasher.threads


async def test_an_unknown_account_looks_like_a_wrong_password(api: Api, hasher: WatchedHasher) -> None:
    """In the answer, in the work done, and in the time that it takes."""
    email = await api.account()
    seconds: dict[str, list[float]] = {email: [], "nobody@kosu.test": []}
    bodies: dict[str, set[str]] = {email: set(), "nobody@kosu.test": set()}
    loop = asyncio.get_running_loop()
    for number in range(9):
        for address, measured in seconds.items():
            browser, before = await api.browser(**{"X-Request-ID": "same"}), hasher.verified
            started = loop.time()
            answer = await browser.post("/api/v1/auth/login", json={"email": address, "password": f"guess {number} it"})
            measured.append(loop.time() - started)
            assert answer.status_code == 401
            assert hasher.verified == before + 1
            bodies[address].add(answer.text)
    known, unknown = (statistics.median(measured) for measured in seconds.values())
    print(f"\nwrong password {known * 1000:.1f} ms, unknown account {unknown * 1000:.1f} ms")
    assert bodies[email] == bodies["nobody@kosu.test"]
    assert 0.5 < known / unknown < 2


async def test_one_more_than_may_wait_is_turned_away(api: Api) -> None:
    """A queue without an end would make everybody wait for what nobody waits for any more."""
    hasher = Argon2PasswordHasher(waiting=3)
    answers = await asyncio.gather(*(hasher.verify("x", None) for _ in range(9)), return_exceptions=True)
    assert [isinstance(answer, PasswordHashingBusy) for answer in answers] == [False] * 5 + [True] * 4
    assert await hasher.verify("x", None) is False
    hasher.close()


async def test_who_left_the_line_makes_room(api: Api) -> None:
    hasher = Argon2PasswordHasher(waiting=1)
    waiting = [asyncio.create_task(hasher.verify("x", None)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await asyncio.gather(*(hasher.verify("x", None) for _ in range(3))) == [False] * 3
    hasher.close()


async def test_a_composed_and_a_decomposed_password_are_one(api: Api) -> None:
    password = "café é 비밀번호 12자"
    browser = await api.browser()
    registration = {"email": "ada@kosu.test", "password": password, "display_name": "Ada"}
    assert (await browser.post("/api/v1/auth/register", json=registration)).status_code == 201
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, password)
        answer = await browser.post("/api/v1/auth/login", json={"email": "ada@kosu.test", "password": typed})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "ada@kosu.test", "password": "' + b"x" * 1_000_000 + b'"}',
        b'{"email": "ada@kosu.test", "password": "' + b"x" * 2_000_000 + b'"}',
        b'{"email": "ada@kosu.test", "password": "a\\u0000bcdefghijklm"}',
        b'{"email": "ada@kosu.test", "password": "\\ud800 half a pair"}',
        b'{"email": "ada@kosu.test", "password": "\xff\xfe not utf-8"}',
        b'{"email": "ada@kosu.test", "password": ""}',
        b'{"email": "ada@kosu.test\\u0000", "password": "long enough a password"}',
    ],
)
async def test_a_password_that_nobody_has_is_refused_and_breaks_nothing(api: Api, body: bytes) -> None:
    browser = await api.browser()
    answer = await browser.post("/api/v1/auth/login", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 401, 413}
    problem(answer, answer.status_code, answer.json()["code"])


async def test_a_password_with_a_nul_is_a_password(api: Api) -> None:
    """Not cut off at the NUL, as C libraries have done."""
    browser = await api.browser()
    registration = {"email": "ada@kosu.test", "password": "twelve chars\x00and more", "display_name": "Ada"}
    assert (await browser.post("/api/v1/auth/register", json=registration)).status_code == 201
    for password, status in (("twelve chars", 401), ("twelve chars\x00and more", 200)):
        answer = await browser.post("/api/v1/auth/login", json={"email": "ada@kosu.test", "password": password})
        assert answer.status_code == status
