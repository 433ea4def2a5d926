"""New identifiers and secrets, as ports: the domain itself is free of randomness."""

from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class IdSource(Protocol):
    def new(self) -> UUID:
        """A new UUIDv7. Ids of one process are strictly increasing."""
        ...


@runtime_checkable
class SecretSource(Protocol):
    def token(self, size_bytes: int) -> bytes:
        """`size_bytes` unguessable bytes."""
        ...
