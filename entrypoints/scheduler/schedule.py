"""When which job is rung for. Cron expressions have a sixth field for seconds."""

from __future__ import annotations

from entrypoints.worker.sweep import SweepOutbox
from kosu.ports.messages import Job

SCHEDULE: dict[type[Job], str] = {
    SweepOutbox: "* * * * * */15",
}
