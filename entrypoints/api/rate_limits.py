"""How often somebody may ask: an account, or where nobody is signed in the address.

Nearly all requests are counted in this process alone and cost no round trip: only who has used up a quarter of what is
allowed in this process is counted with all others, in Redis (in memory while that is away). So what really passes is up
to a quarter more for each process. Heartbeats, webhooks and kept pages do not come by here: they are answered before,
and have limits of their own.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Receive, Scope, Send

from entrypoints.api.client_info import address_of
from kosu.adapters.memory.throttle import MemoryThrottle
from kosu.modules.identity import Viewer
from kosu.modules.identity.throttling import network_of
from kosu.ports.clock import Clock
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse
from kosu.settings import HttpSettings

UNLIMITED = "unlimited"
"""`rate=UNLIMITED` on a route: it is not counted."""

_SHARE = 4
_MINUTE = timedelta(minutes=1)
_TOLD = "Too many requests; wait a moment."


class RateLimits:
    """The limits of one process."""

    def __init__(self, throttle: Throttle, clock: Clock, settings: HttpSettings) -> None:
        self._shared = throttle
        self._here = MemoryThrottle()
        self._clock = clock
        self._hops = settings.trusted_proxy_hops
        self._of_account = _Allowance.of(settings.account_requests_per_minute)
        self._of_address = _Allowance.of(settings.address_requests_per_minute)
        networks = settings.networks()
        self._is_unlimited = lru_cache(maxsize=4_096)(lambda address: _is_in(address, networks))

    async def take(self, scope: Scope, viewer: Viewer | None) -> None:
        """Count a request.

        Raises:
            TooManyRequests
        """
        allowance = self._of_address if viewer is None else self._of_account
        if allowance is None:
            return
        if viewer is not None:
            key = f"requests:account:{viewer.user_id.hex}"
        else:
            address = address_of(ASGIConnection(scope), hops=self._hops)
            if self._is_unlimited(address):
                return
            key = f"requests:from:{network_of(address)}"
        at = self._clock.now()
        if await self._here.take([Bucket(key, allowance.here)], at=at) is not None:
            await take_or_refuse(self._shared, [Bucket(key, allowance.shared)], at=at, told=_TOLD)

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """Counts what comes to the application; to be put after authentication."""

        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["route_handler"].opt.get("rate") != UNLIMITED:
                await self.take(scope, scope["user"])
            await app(scope, receive, send)

        return limited


class _Allowance:
    """What is allowed of one account or address: `here` without asking anybody, beyond that `shared` by all."""

    def __init__(self, per_minute: int) -> None:
        self.shared = Rate(burst=2 * per_minute, every=_MINUTE / per_minute)
        self.here = Rate(burst=max(1, per_minute // _SHARE), every=_SHARE * _MINUTE / per_minute)

    @classmethod
    def of(cls, per_minute: int) -> _Allowance | None:
        return cls(per_minute) if per_minute else None


def _is_in(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        return any(ip_address(address) in network for network in networks)
    except ValueError:
        # Whoever has none speaks through a socket of this machine.
        return address == ""
