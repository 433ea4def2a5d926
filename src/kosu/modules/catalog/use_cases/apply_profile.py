"""Let courses carry the name that their instructor has now."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.catalog.ports import CatalogRecords
from kosu.modules.identity import AccountErased, Identity, ProfileChanged
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ApplyProfile:
    transaction: Transaction[CatalogRecords]
    identity: Identity

    async def __call__(self, event: ProfileChanged | AccountErased) -> None:
        """Reaction to both. The name is asked for and not told, so that a late event brings no old one back."""
        user_id = UserId(event.user_id)
        names = await self.identity.display_names([user_id])
        async with self.transaction() as records:
            await records.courses.rename_instructor(user_id, names.get(user_id, ""))
