"""The machine's own clock and randomness."""

from kosu.adapters.system.clock import SystemClock
from kosu.adapters.system.ids import SystemIds, SystemSecrets

__all__ = ["SystemClock", "SystemIds", "SystemSecrets"]
