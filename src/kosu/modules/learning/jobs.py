"""Background work that learning asks for."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ports.messages import Job


@dataclass(frozen=True, slots=True)
class FlushProgress(Job):
    """Fold what the progress buffer holds into the records."""
