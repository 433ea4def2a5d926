"""Who is asking: what every request of a signed-in person carries."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.errors import RoleRequired

LEARNER = "learner"
INSTRUCTOR = "instructor"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person on one device. Roles are as of this request, not as of the token."""

    user_id: UserId
    session_id: SessionId
    device_id: DeviceId
    roles: frozenset[str]

    @property
    def is_operator(self) -> bool:
        return OPERATOR in self.roles

    def require(self, role: str) -> None:
        """Raises RoleRequired unless the viewer has the role; an operator has every role."""
        if role not in self.roles and not self.is_operator:
            raise RoleRequired(role)
