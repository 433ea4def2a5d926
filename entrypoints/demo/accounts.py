"""The people of the demo, made where they are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from entrypoints.demo import PASSWORD
from entrypoints.demo.content import Person
from kosu.container import Container
from kosu.ids import UserId
from kosu.modules.identity.admission import Admitted
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import LEARNER

_NOWHERE = Client(ip="", browser="", os="")

UserIds = Mapping[str, UserId]
"""Accounts by the key of the person."""


async def make_accounts(container: Container, people: Sequence[Person]) -> UserIds:
    return MappingProxyType({person.key: await _account(container, person) for person in people})


async def _account(container: Container, person: Person) -> UserId:
    existing = await _existing(container, person.email)
    if existing is not None:
        return existing
    admitted: Admitted = await container.identity.register_user()(
        email=person.email,
        password=PASSWORD,
        display_name=person.name,
        device_id=None,
        client=_NOWHERE,
        locale=person.locale,
        roles=frozenset({LEARNER, person.role}),
    )
    # Registering signs a device in; nobody sits at this one.
    await container.identity.end_all_sessions()(user_id=admitted.user.id, keep=None)
    return admitted.user.id


async def _existing(container: Container, email: str) -> UserId | None:
    async with container.identity_transaction()() as records:
        user = await records.users.with_email(email)
    return None if user is None else user.id
