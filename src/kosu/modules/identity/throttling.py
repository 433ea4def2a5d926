"""Who may try how often: passwords, links and mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from kosu.ids import DeviceId, UserId
from kosu.ports.clock import Clock
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse

PASSWORD_OF_ACCOUNT = Rate(burst=10, every=timedelta(seconds=30))
PASSWORD_FROM_ADDRESS = Rate(burst=100, every=timedelta(seconds=3))
# Generous: a lecture hall registers from one address. What hashing may take is bounded elsewhere.
REGISTRATION_FROM_ADDRESS = Rate(burst=500, every=timedelta(seconds=1))
LINK_FROM_ADDRESS = Rate(burst=60, every=timedelta(seconds=2))
MAIL_TO_ACCOUNT = Rate(burst=3, every=timedelta(minutes=5))
MAIL_FROM_ADDRESS = Rate(burst=60, every=timedelta(seconds=10))


@dataclass(frozen=True, slots=True)
class Throttling:
    throttle: Throttle
    clock: Clock

    async def take(self, buckets: Sequence[Bucket]) -> None:
        """Take one try from each bucket, or none from any.

        Raises:
            TooManyRequests: with the time after which the next try is allowed. Nobody is ever locked out for good.
        """
        told = "Too many attempts; wait a moment."
        await take_or_refuse(self.throttle, buckets, at=self.clock.now(), told=told)

    async def give_back(self, buckets: Sequence[Bucket]) -> None:
        """The try was a right one, which costs nothing."""
        await self.throttle.give_back(buckets, at=self.clock.now())


def log_in_buckets(*, address: str, ip: str, known_device: tuple[UserId, DeviceId] | None) -> Sequence[Bucket]:
    """What a try at a password is counted in.

    A device on which the account was signed in before has a bucket of its own and no other: however many others try,
    from wherever, they cannot lock the owner out of it.
    """
    if known_device is not None:
        user_id, device_id = known_device
        return [Bucket(f"log-in:device:{user_id.hex}:{device_id.hex}", PASSWORD_OF_ACCOUNT)]
    return [
        Bucket(f"log-in:account:{_opaque(address)}", PASSWORD_OF_ACCOUNT),
        Bucket(f"log-in:from:{network_of(ip)}", PASSWORD_FROM_ADDRESS),
    ]


def password_buckets(user_id: UserId) -> Sequence[Bucket]:
    """For the password of somebody who is signed in already."""
    return [Bucket(f"password:{user_id.hex}", PASSWORD_OF_ACCOUNT)]


def registration_buckets(ip: str) -> Sequence[Bucket]:
    return [Bucket(f"register:from:{network_of(ip)}", REGISTRATION_FROM_ADDRESS)]


def link_buckets(ip: str) -> Sequence[Bucket]:
    """For whoever presents the secret of a link or a ticket."""
    return [Bucket(f"link:from:{network_of(ip)}", LINK_FROM_ADDRESS)]


def mail_buckets(*, kind: str, address: str, ip: str) -> Sequence[Bucket]:
    """For whoever makes Kosu send a mail. Alike for addresses with and without an account."""
    return [
        Bucket(f"mail:{kind}:{_opaque(address)}", MAIL_TO_ACCOUNT),
        Bucket(f"mail:from:{network_of(ip)}", MAIL_FROM_ADDRESS),
    ]


def network_of(ip: str) -> str:
    """What one subscriber has: an IPv4 address, or a /64 of IPv6 (RFC 6177)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _opaque(address: str) -> str:
    """Keys are seen in logs and consoles; addresses are people's."""
    return sha256(address.encode()).hexdigest()[:32]
