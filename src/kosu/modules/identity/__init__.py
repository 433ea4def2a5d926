"""identity: accounts, and device-aware sessions that each device holds and its owner can see and end."""

from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.events import SessionEnded, UserRegistered
from kosu.modules.identity.facade import Contact, Identity

__all__ = ["Contact", "Identity", "SessionEnded", "UserRegistered", "Viewer"]
