"""Events told to every api process as soon as they are committed: what none of them may go on believing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An event as it travels: its wire name, and its fields as JSON values."""

    name: str
    payload: Mapping[str, object]


@runtime_checkable
class Broadcasts(Protocol):
    """The hearing side. Telling is the outbox's part: it tells of every event whose class says `broadcast`."""

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[Broadcast]]:
        """Hear all that is committed from the moment at which the block is entered, in the order of commits.

        Nothing that was committed before is repeated: whoever begins to listen reads the present state once.

        Raises:
            DatabaseUnavailable: also later, out of the iterator; what came since then is missed.
        """
        ...


class OwnBroadcasts:
    """What this process tells all of them, heard by itself as soon as it is committed.

    The database repeats it to this process as to all others, a moment later: by then an answer may have gone out to
    somebody whose next request must not meet what was believed before.
    """

    def __init__(self) -> None:
        self._hear: Callable[[Event], None] | None = None

    def hear_with(self, hear: Callable[[Event], None]) -> None:
        self._hear = hear

    def __call__(self, events: Sequence[Event]) -> None:
        if self._hear is not None:
            for event in events:
                self._hear(event)
