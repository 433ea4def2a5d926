"""Work at set times: one scheduler leads, any number stand by, and each time of a cron is rung for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable


class Candidate(Protocol):
    """A scheduler that leads or would like to. Who is silent for longer than the store's patience has ended.

    Every method raises DatabaseUnavailable when the candidacy has ended: then somebody else may lead already.
    """

    async def elected(self) -> bool:
        """Whether this one leads, from now until its candidacy ends; false while another one does."""
        ...

    async def now(self) -> datetime:
        """The time that all schedulers go by, whatever the clocks of their machines say."""
        ...

    async def claim(self, slots: Mapping[str, datetime]) -> Sequence[str]:
        """Take the slots, the times for which crons are to be rung, by name of the cron; answers whose are taken.

        One statement, and it is a fence too: a slot is given once, and none that is earlier than one given already,
        whoever asks. So a leader that slept through its own end can not ring again for what another has rung for.
        """
        ...

    async def give_back(self, name: str, slot: datetime) -> None:
        """Undo a claim of a slot that was not rung for, so that it can be claimed once more."""
        ...


@runtime_checkable
class Crons(Protocol):
    def candidate(self) -> AbstractAsyncContextManager[Candidate]:
        """Stand for election until the block ends, which ends a leadership at once.

        Raises:
            DatabaseUnavailable
        """
        ...
