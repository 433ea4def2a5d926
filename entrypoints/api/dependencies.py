"""What handlers may ask for: one module's container each, and never more than one in a handler.

Litestar resolves two or more dependencies in a task group, which costs more than most handlers do.
"""

from __future__ import annotations

from typing import TypeAlias

from litestar.di import Provide
from litestar.params import SkipValidation

from kosu.container import Container
from kosu.modules.identity.container import IdentityContainer

Identity: TypeAlias = SkipValidation[IdentityContainer]


def dependencies(container: Container) -> dict[str, Provide]:
    return {
        "identity": Provide(lambda: container.identity, sync_to_thread=False),
    }
