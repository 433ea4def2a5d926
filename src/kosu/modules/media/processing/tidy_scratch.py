"""Removing what runs left on this machine's disk."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from kosu.errors import Unavailable
from kosu.modules.media.ports import MediaQueries, Scratch
from kosu.ports.clock import Clock

log = logging.getLogger(__name__)

# So long a retry of a failed run finds the finished steps of the run before it.
FOLDERS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TidyScratch:
    queries: MediaQueries
    scratch: Scratch
    clock: Clock

    async def __call__(self) -> None:
        """Remove the folders of runs that are over for a while. Best effort: the next run tries again."""
        try:
            present = await self.scratch.run_ids()
            needed = await self.queries.runs_in_use(present, ended_after=self.clock.now() - FOLDERS_KEPT)
            for run_id in set(present) - needed:
                await self.scratch.remove(run_id)
        except (Unavailable, OSError) as error:
            log.warning("scratch space was not tidied: %s", error)
