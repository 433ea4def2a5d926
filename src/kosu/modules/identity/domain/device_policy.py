"""How many devices an account may be signed in on, and what happens to one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kosu.modules.identity.domain.accounts import User

# The database refuses higher slots, whatever the settings say.
MOST_DEVICES = 64


@dataclass(frozen=True, slots=True)
class DevicePolicy:
    """The limit for everybody; `by_role` has others, of which the most generous of somebody's roles counts.

    `exempt` accounts, by address, have MOST_DEVICES. With `evict_oldest` the device that was not seen for the longest
    time gives way to one more; otherwise the user is asked which.
    """

    limit: int = 5
    by_role: Mapping[str, int] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()
    evict_oldest: bool = False

    def limit_of(self, user: User) -> int:
        if user.email in self.exempt:
            return MOST_DEVICES
        return max((self.by_role[role] for role in user.roles if role in self.by_role), default=self.limit)
