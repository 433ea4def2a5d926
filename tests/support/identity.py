"""identity on memory adapters, with builders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

import msgspec
from dependency_injector.providers import Object

from kosu.adapters.memory.clock import MemoryClock, MemoryIds, MemorySecrets
from kosu.adapters.memory.credentials import MemoryAccessTokens, MemoryPasswordHasher
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.identity import MemoryIdentityQueries, MemoryIdentityRecords
from kosu.adapters.memory.mailer import MemoryMailer
from kosu.adapters.memory.notifications import MemoryNotificationBook
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.memory.session_state import MemorySessionCache, MemoryStoredSessions
from kosu.adapters.memory.stream_leases import MemoryStreamLeases
from kosu.adapters.memory.throttle import MemoryThrottle
from kosu.ids import DeviceId, UserId
from kosu.modules.identity import SessionEnded
from kosu.modules.identity.admission import Admitted, Tokens
from kosu.modules.identity.container import IdentityContainer
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.device_policy import DevicePolicy
from kosu.modules.identity.domain.sessions import Client, Session
from kosu.modules.identity.domain.tokens import Keyring, read_device_token
from kosu.modules.identity.domain.viewer import LEARNER

PASSWORD = "correct horse battery"
CLIENT = Client(ip="192.0.2.1", browser="Firefox", os="Linux")


class IdentityWorld:
    """All of identity in memory. The clock stands still until a test moves it."""

    def __init__(
        self,
        device_limit: int = 5,
        *,
        policy: DevicePolicy | None = None,
        keys: Mapping[str, bytes] = MappingProxyType({"k1": b"1" * 32}),
    ) -> None:
        self.clock = MemoryClock()
        self.database = MemoryDatabase()
        self.queue = MemoryQueue()
        self.cache = MemorySessionCache()
        self.mailer = MemoryMailer()
        self.streams = MemoryStreamLeases()
        self.throttle = MemoryThrottle()
        self.keyring = Keyring(keys)
        ids = MemoryIds()
        self.container = IdentityContainer(
            clock=Object(self.clock),
            ids=Object(ids),
            secrets=Object(MemorySecrets()),
            transaction=Object(MemoryTransaction(self.database, self.queue, self.clock, ids, MemoryIdentityRecords)),
            queries=Object(MemoryIdentityQueries(self.database)),
            cache=Object(self.cache),
            passwords=Object(MemoryPasswordHasher()),
            access_tokens=Object(MemoryAccessTokens()),
            mailer=Object(self.mailer),
            keyring=Object(self.keyring),
            stored_sessions=Object(MemoryStoredSessions(self.database)),
            streams=Object(self.streams),
            throttle=Object(self.throttle),
            device_policy=Object(policy or DevicePolicy(limit=device_limit)),
            stream_limit=Object(2),
            access_ttl_seconds=Object(600),
            link_base=Object("https://kosu.test"),
            api_url=Object("https://api.kosu.test"),
            notification_book=Object(MemoryNotificationBook(self.database)),
        )

    async def register(self, email: str = "ada@kosu.test", *, password: str = PASSWORD) -> Admitted:
        return await self.container.register_user()(
            email=email, password=password, display_name="Ada", device_id=None, client=CLIENT
        )

    async def log_in(self, *, device_id: DeviceId | None = None, password: str = PASSWORD) -> Admitted:
        return await self.container.log_in()(
            email="ada@kosu.test", password=password, device_id=device_id, client=CLIENT
        )

    async def refresh(self, tokens: Tokens) -> Tokens:
        return await self.container.refresh_session()(token=tokens.refresh_token, device_id=None)

    async def use(self, tokens: Tokens) -> None:
        """A request with the access token, and the write-behind that notes it."""
        await self.container.authenticate_request()(access_token=tokens.access_token)
        await self.container.activity().flush()

    def later(self, **units: float) -> None:
        self.clock.advance(timedelta(**units))

    def device(self, tokens: Tokens) -> DeviceId:
        return cast(DeviceId, read_device_token(self.keyring, tokens.device_token))

    def session(self, admitted: Admitted) -> Session:
        return cast(Session, self.database.table("identity.sessions")[admitted.session.id])

    async def deliver_session_ends(self) -> None:
        """The worker's part: every SessionEnded that was written, once more."""
        for row in list(self.database.table("messaging.outbox").values()):
            if row.name == "identity.SessionEnded":
                await self.container.bury_session()(msgspec.convert(row.payload, SessionEnded))

    def users(self) -> list[User]:
        return list(self.database.table("identity.users").values())

    def user(self, admitted: Admitted) -> User:
        return cast(User, self.database.table("identity.users")[admitted.user.id])


def a_user(**changes: Any) -> User:
    """An account, with these changes."""
    at = MemoryClock().now()
    user = User(
        id=UserId(UUID(int=1)),
        email="somebody@kosu.test",
        password_hash="none",
        display_name="Somebody",
        roles=frozenset({LEARNER}),
        locale="en",
        cred_epoch=0,
        authz_epoch=0,
        authz_changed_at=at,
        disabled=False,
        email_verified_at=None,
        erase_at=None,
        created_at=at,
    )
    return replace(user, **changes)
