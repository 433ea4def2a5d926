"""What handlers may ask for: one module's container each, and never more than one in a handler.

Litestar resolves two or more dependencies in a task group, which costs more than most handlers do.
"""

from __future__ import annotations

from typing import TypeAlias

from litestar.di import Provide
from litestar.params import SkipValidation

from kosu.container import Container
from kosu.modules.billing.container import BillingContainer
from kosu.modules.catalog.container import CatalogContainer
from kosu.modules.identity.container import IdentityContainer
from kosu.modules.learning.container import LearningContainer
from kosu.modules.media.container import MediaContainer

Billing: TypeAlias = SkipValidation[BillingContainer]
Catalog: TypeAlias = SkipValidation[CatalogContainer]
Identity: TypeAlias = SkipValidation[IdentityContainer]
Learning: TypeAlias = SkipValidation[LearningContainer]
Media: TypeAlias = SkipValidation[MediaContainer]
# For what is made of the parts of several modules.
WholeContainer: TypeAlias = SkipValidation[Container]


def dependencies(container: Container) -> dict[str, Provide]:
    return {
        "billing": Provide(lambda: container.billing, sync_to_thread=False),
        "catalog": Provide(lambda: container.catalog, sync_to_thread=False),
        "identity": Provide(lambda: container.identity, sync_to_thread=False),
        "learning": Provide(lambda: container.learning, sync_to_thread=False),
        "media": Provide(lambda: container.media, sync_to_thread=False),
    }
