"""What `kosu doctor` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence; `fine` unless it needs attention."""

    fine: bool
    text: str
