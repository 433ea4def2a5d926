"""Sign this device out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from kosu.ids import SessionId
from kosu.modules.identity.admission import TokenMint
from kosu.modules.identity.domain.audit import Origin
from kosu.modules.identity.domain.sessions import Client, EndReason
from kosu.modules.identity.domain.tokens import read_refresh_token
from kosu.modules.identity.errors import InvalidToken, TokenExpired
from kosu.modules.identity.ports import IdentityRecords
from kosu.modules.identity.revocation import Revocation
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class LogOut:
    transaction: Transaction[IdentityRecords]
    revocation: Revocation
    mint: TokenMint
    clock: Clock

    async def __call__(
        self, *, refresh_token: str | None, access_token: str | None, client: Client | None = None
    ) -> None:
        """End the session that either genuine token is of. With nothing to end, nothing happens.

        The refresh token counts first: a browser whose access token has run out must be able to log out too.
        """
        at = self.clock.now()
        session_id = self._session_of(refresh_token, access_token)
        if session_id is None:
            return
        async with self.transaction() as records:
            session = await records.sessions.lock(session_id)
            if session is None or session.ended_at is not None:
                return
            session = session.ended(EndReason.LOGGED_OUT, at)
            origin = Origin(actor_id=session.user_id, session_id=session.id, device_id=session.device_id, client=client)
            await self.revocation.write(records, [session], origin=origin)
        await self.revocation.announce(session.user_id, [session])

    def _session_of(self, refresh_token: str | None, access_token: str | None) -> SessionId | None:
        if refresh_token is not None:
            with suppress(InvalidToken):
                return read_refresh_token(self.mint.keyring, refresh_token).session_id
        if access_token is not None:
            with suppress(InvalidToken, TokenExpired):
                return self.mint.access_tokens.verify(access_token, at=self.clock.now()).session_id
        return None
