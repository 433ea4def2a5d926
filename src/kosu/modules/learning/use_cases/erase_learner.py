"""Forget what a person wrote and watched."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity import AccountErased
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class EraseLearner:
    transaction: Transaction[LearningRecords]

    async def __call__(self, event: AccountErased) -> None:
        """Reaction to AccountErased. Notes, progress and certificates go: the code of one is unknown from then on.
        Enrolments stay, for they count and hold an id alone.

        Nothing waits in the buffer any more: the account's sessions ended days ago.
        """
        user_id = UserId(event.user_id)
        async with self.transaction() as records:
            await records.notes.remove_all(user_id)
            await records.progress.remove_all(user_id)
            await records.certificates.forget(user_id)
