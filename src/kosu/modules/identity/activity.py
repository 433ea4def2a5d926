"""When sessions were last seen: gathered in the process, written behind."""

from __future__ import annotations

from datetime import datetime

from kosu.ids import SessionId
from kosu.modules.identity.ports import IdentityQueries


class Activity:
    """Holds the newest sighting of each session until `flush`.

    Losing the last few seconds on a crash is harmless: a generation whose use was not noted is merely treated as not
    yet acknowledged, which spares honest users and is corrected by the next request.
    """

    def __init__(self, queries: IdentityQueries) -> None:
        self._queries = queries
        self._seen: dict[SessionId, tuple[datetime, int]] = {}

    def seen(self, session_id: SessionId, *, at: datetime, gen: int) -> None:
        self._seen[session_id] = (at, max(gen, self._seen.get(session_id, (at, 0))[1]))

    async def flush(self) -> None:
        """Write what was gathered. On failure it is kept for the next flush.

        Raises:
            DatabaseUnavailable
        """
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            await self._queries.record_activity(seen)
        except BaseException:
            self._seen = {**seen, **self._seen}
            raise
