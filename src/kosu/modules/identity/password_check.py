"""Asking somebody who is signed in for the password once more, before something grave."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.domain.accounts import PASSWORD_CHARACTERS, User, normal_password
from kosu.modules.identity.errors import AccountNotFound, WrongPassword
from kosu.modules.identity.ports import IdentityRecords, PasswordHasher
from kosu.modules.identity.throttling import Throttling, password_buckets
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    transaction: Transaction[IdentityRecords]
    passwords: PasswordHasher
    throttling: Throttling

    async def __call__(self, user_id: UserId, password: str) -> User:
        """The account whose password this is.

        Raises:
            WrongPassword, TooManyRequests, AccountNotFound
        """
        async with self.transaction() as records:
            user = await records.users.get(user_id)
        if user is None:
            raise AccountNotFound(NO_ACCOUNT)
        buckets = password_buckets(user_id)
        await self.throttling.take(buckets)
        candidate = normal_password(password)
        if len(candidate) >= PASSWORD_CHARACTERS.stop or not await self.passwords.verify(candidate, user.password_hash):
            raise WrongPassword(_WRONG)
        await self.throttling.give_back(buckets)
        return user

    @staticmethod
    async def still(records: IdentityRecords, verified: User) -> User:
        """The account, locked, if its password is still the verified one.

        Raises:
            WrongPassword: it was changed in the meantime.
        """
        user = await records.users.lock(verified.id)
        if user is None or user.cred_epoch != verified.cred_epoch:
            raise WrongPassword(_WRONG)
        return user


NO_ACCOUNT = "There is no such account."
_WRONG = "This is not your current password."
