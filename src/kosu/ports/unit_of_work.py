"""One transaction, owned by the use case that opens it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from kosu.errors import Unavailable
from kosu.ports.outbox import Outbox

R_co = TypeVar("R_co", covariant=True)


class DatabaseUnavailable(Unavailable):
    """The database could not be reached or did not answer in time; the transaction did not commit for certain."""

    code = "database_unavailable"


class OpenTransaction(Protocol):
    """An open transaction, opaque: what one module hands to a sibling's facade when both must commit as one."""

    @property
    def outbox(self) -> Outbox: ...


class Transaction(Protocol[R_co]):
    """Opens transactions over one module's records.

    `async with self.transaction() as records:` commits on a clean exit and rolls back on an exception. Nobody else
    calls commit. Remote calls stay outside of the block.

    Raises:
        DatabaseUnavailable: on entry, inside or at commit.
    """

    def __call__(self) -> AbstractAsyncContextManager[R_co]: ...

    def join(self, open_transaction: OpenTransaction) -> R_co:
        """This module's records inside a transaction that a sibling opened and will commit."""
        ...
