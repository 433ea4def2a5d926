"""When sessions were last seen: gathered in the process, written behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from kosu.ids import SessionId
from kosu.modules.identity.ports import IdentityQueries

# A session is noted at most this often, but for the first use of a new generation.
INTERVAL = timedelta(minutes=1)


class Activity:
    """Holds sightings of sessions until `flush`.

    Losing the last few seconds on a crash is harmless: a generation whose use was not noted is merely treated as not
    yet acknowledged, which spares honest users and is corrected by the next request.
    """

    def __init__(self, queries: IdentityQueries) -> None:
        self._queries = queries
        self._due: dict[SessionId, tuple[datetime, int]] = {}
        self._noted: dict[SessionId, tuple[datetime, int]] = {}

    def seen(self, session_id: SessionId, *, at: datetime, gen: int) -> None:
        noted = self._noted.get(session_id)
        if noted is not None and gen <= noted[1] and at - noted[0] < INTERVAL:
            return
        sighting = (at, gen if noted is None else max(gen, noted[1]))
        self._noted[session_id] = sighting
        self._due[session_id] = sighting

    async def flush(self) -> None:
        """Write what was gathered. On failure it is kept for the next flush.

        Raises:
            DatabaseUnavailable
        """
        due, self._due = self._due, {}
        if not due:
            return
        try:
            await self._queries.record_activity(due)
        except BaseException:
            self._due = {**due, **self._due}
            raise
        newest = max(at for at, _ in due.values())
        self._noted = {
            session_id: sighting for session_id, sighting in self._noted.items() if newest - sighting[0] < INTERVAL
        }
