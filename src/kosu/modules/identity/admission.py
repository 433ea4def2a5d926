"""Admitting a device: the part that registering and logging in share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import DeviceId, SessionId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.sessions import Client, EndReason, Session, free_slot, lifetime
from kosu.modules.identity.domain.tokens import SALT_BYTES, AccessClaims, Keyring, device_token, refresh_token
from kosu.modules.identity.errors import DeviceLimitReached, InvalidCredentials
from kosu.modules.identity.ports import AccessTokens, IdentityRecords, SlotTaken
from kosu.modules.identity.revocation import Revocation
from kosu.modules.identity.views import SessionView, UserView
from kosu.ports.id_source import IdSource, SecretSource


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device is handed: to authenticate, to refresh, and to be recognised by."""

    access_token: str
    access_ttl_seconds: int
    refresh_token: str
    device_token: str


@dataclass(frozen=True, slots=True)
class Admitted:
    user: UserView
    session: SessionView
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class TokenMint:
    """Makes the tokens of a session's current generation."""

    keyring: Keyring
    access_tokens: AccessTokens
    access_ttl_seconds: int

    def tokens(self, session: Session, at: datetime) -> Tokens:
        claims = AccessClaims(
            user_id=session.user_id,
            session_id=session.id,
            device_id=session.device_id,
            gen=session.gen,
            expires_at=datetime.fromtimestamp(int(at.timestamp()) + self.access_ttl_seconds, tz=at.tzinfo),
        )
        return Tokens(
            access_token=self.access_tokens.mint(claims, at=at),
            access_ttl_seconds=self.access_ttl_seconds,
            refresh_token=refresh_token(self.keyring, session),
            device_token=device_token(self.keyring, session.device_id),
        )


@dataclass(frozen=True, slots=True)
class Admission:
    """Gives a device its session, within the account's device limit."""

    ids: IdSource
    secrets: SecretSource
    device_limit: int

    async def admit(
        self, records: IdentityRecords, user: User, *, device_id: DeviceId | None, client: Client, at: datetime
    ) -> tuple[Session, list[Session]]:
        """The new session, and those that it replaced: expired ones and the device's own earlier one.

        The statements are separate on purpose: locking and counting in one would count in a snapshot that is older
        than the lock. `user` was verified before the transaction; if its credentials changed since, nobody is admitted.

        Raises:
            DeviceLimitReached
            InvalidCredentials
        """
        await records.sessions.lock_admissions(user.id)
        live: list[Session] = []
        replaced: list[Session] = []
        for session in await records.sessions.not_ended(user.id):
            if not session.is_live(at):
                replaced.append(session.ended(EndReason.EXPIRED, at))
            elif session.device_id == device_id:
                replaced.append(session.ended(EndReason.REPLACED, at))
            else:
                live.append(session)
        slot = free_slot(live, self.device_limit)
        if slot is None:
            raise self._limit_reached(live)
        await Revocation.write(records, replaced)
        session = self._new_session(user, device_id or DeviceId(self.ids.new()), slot, client, at)
        try:
            admitted = await records.sessions.admit(session, cred_epoch=user.cred_epoch)
        except SlotTaken as error:
            raise self._limit_reached(live) from error
        if not admitted:
            msg = "The credentials changed in the meantime; sign in again."
            raise InvalidCredentials(msg)
        return session, replaced

    def _limit_reached(self, live: list[Session]) -> DeviceLimitReached:
        return DeviceLimitReached(self.device_limit, [SessionView.of(session) for session in live])

    def _new_session(self, user: User, device_id: DeviceId, slot: int, client: Client, at: datetime) -> Session:
        life = lifetime(user.roles)
        return Session(
            id=SessionId(self.ids.new()),
            user_id=user.id,
            device_id=device_id,
            slot=slot,
            gen=1,
            acked_gen=0,
            salt=self.secrets.token(SALT_BYTES),
            label=f"{client.browser}, {client.os}",
            client=client,
            created_at=at,
            rotated_at=at,
            last_seen_at=at,
            idle=life.idle,
            idle_expires_at=at + life.idle,
            expires_at=at + life.absolute,
        )
