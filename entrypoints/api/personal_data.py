"""All that Kosu keeps about a person, gathered from the modules that keep it."""

from __future__ import annotations

import msgspec

from kosu.container import Container
from kosu.modules.identity import Viewer
from kosu.modules.identity.domain.audit import Origin
from kosu.modules.identity.views import AccountExport


class Export(msgspec.Struct, frozen=True):
    identity: AccountExport


async def export_of(container: Container, viewer: Viewer, origin: Origin) -> Export:
    """Source: GDPR, articles 15 and 20."""
    return Export(identity=await container.identity.export_account()(viewer=viewer, origin=origin))
