"""Who reacts to what: the one table of reactions between modules."""

from __future__ import annotations

from collections.abc import Sequence

from entrypoints.worker.tasks import Doer
from kosu.container import Container
from kosu.modules.identity import SessionEnded, UserRegistered
from kosu.ports.messages import Event


def subscriptions(container: Container) -> dict[type[Event], Sequence[Doer]]:
    """Reactions take the event itself and are idempotent: an event arrives at least once."""
    identity = container.identity
    return {
        SessionEnded: [identity.bury_session()],
        UserRegistered: [identity.welcome_user()],
    }
