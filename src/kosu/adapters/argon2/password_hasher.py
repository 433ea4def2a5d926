"""Argon2id on a bounded pool. Source: RFC 9106 and OWASP's Password Storage Cheat Sheet (t=2, m=19 MiB, p=1)."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from kosu.modules.identity.ports import PasswordHashingBusy

THREADS = 2

T = TypeVar("T")


class Argon2PasswordHasher:
    """Hashes `threads` passwords at a time; `waiting` more may stand in line, and the next is turned away."""

    def __init__(
        self,
        *,
        time_cost: int = 2,
        memory_kib: int = 19 * 1024,
        parallelism: int = 1,
        threads: int = THREADS,
        waiting: int = 256,
    ) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
        # Bounded: hashing on the default executor stalled everything else for seconds under a rush of log-ins.
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._places = threads + waiting
        self._nobody = self._hash_of_nobody()

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return await self._run(lambda: self._verify(password, password_hash))

    def needs_rehash(self, password_hash: str) -> bool:
        try:
            return self._hasher.check_needs_rehash(password_hash)
        except InvalidHashError:
            return True

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._places <= 0:
            msg = "too many passwords are being hashed"
            raise PasswordHashingBusy(msg)
        self._places -= 1
        try:
            # A waiter that is cancelled leaves the line with its future.
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._places += 1

    def _verify(self, password: str, password_hash: str | None) -> bool:
        try:
            self._hasher.verify(password_hash or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def _hash_of_nobody(self) -> str:
        """A hash that no password has, and that takes as long to find out as anybody's."""
        hasher = self._hasher
        parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        salt, digest = _unpadded(bytes(hasher.salt_len)), _unpadded(bytes(hasher.hash_len))
        return f"$argon2id$v={ARGON2_VERSION}${parameters}${salt}${digest}"


def _bytes(password: str) -> bytes:
    # JSON may hold half of a surrogate pair, which strict UTF-8 has no bytes for.
    return password.encode("utf-8", "surrogatepass")


def _unpadded(data: bytes) -> str:
    return b64encode(data).rstrip(b"=").decode()
