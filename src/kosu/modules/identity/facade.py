"""What sibling modules may ask of identity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.identity.ports import IdentityQueries


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    display_name: str
    locale: str


class Identity:
    def __init__(self, queries: IdentityQueries) -> None:
        self._queries = queries

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]:
        """Names by account; accounts that do not exist are left out."""
        return await self._queries.display_names(user_ids)

    async def contact(self, user_id: UserId) -> Contact | None:
        user = await self._queries.user(user_id)
        if user is None:
            return None
        return Contact(email=user.email, display_name=user.display_name, locale=user.locale)
