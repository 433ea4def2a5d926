"""Identifiers and secrets from the machine's randomness."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


class SystemIds:
    def new(self) -> UUID:
        # The compat function returns the standard library's UUID; uuid-utils' own class is refused by some codecs.
        return uuid7()


class SystemSecrets:
    def token(self, size_bytes: int) -> bytes:
        return secrets.token_bytes(size_bytes)
