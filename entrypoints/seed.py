"""The demo: three accounts to try Kosu with. Running it again changes nothing."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from entrypoints.demo import ACCOUNTS
from kosu.container import Container
from kosu.lifespan import running
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import LEARNER
from kosu.modules.identity.errors import EmailTaken
from kosu.settings import read_settings


async def seed(container: Container) -> None:
    for role, account in ACCOUNTS.items():
        with suppress(EmailTaken):
            admitted = await container.identity.register_user()(
                email=account.email,
                password=account.password,
                display_name=f"Demo {role}",
                device_id=None,
                client=Client(ip="", browser="", os=""),
                roles=frozenset({LEARNER, role}),
            )
            # Registering signs a device in; nobody sits at this one.
            await container.identity.end_all_sessions()(user_id=admitted.user.id, keep=None)


async def _main() -> None:
    async with running(Container(settings=read_settings(os.environ))) as container:
        await seed(container)


def main() -> None:
    asyncio.run(_main())
