"""Admitting a device: the part that registering and logging in share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.ids import DeviceId, SessionId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import Origin
from kosu.modules.identity.domain.device_policy import DevicePolicy
from kosu.modules.identity.domain.sessions import Client, EndReason, Session, free_slot, lifetime
from kosu.modules.identity.domain.tokens import SALT_BYTES, AccessClaims, Keyring, device_token, refresh_token
from kosu.modules.identity.errors import InvalidCredentials, SessionNotOffered
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

    @classmethod
    def of(cls, user: User, session: Session, tokens: Tokens) -> Admitted:
        return cls(UserView.of(user), SessionView.of(session, current=session.id), tokens)


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
class NoPlace:
    """All places are taken by `live` sessions, `limit` of them."""

    limit: int
    live: list[Session]


@dataclass(frozen=True, slots=True)
class Place:
    """The new session, and those that ended for it: expired ones, the device's own earlier one, one that gave way."""

    session: Session
    ended: list[Session]


@dataclass(frozen=True, slots=True)
class Admission:
    """Gives a device its session, within the account's device limit."""

    ids: IdSource
    secrets: SecretSource
    policy: DevicePolicy
    revocation: Revocation

    async def admit(
        self,
        records: IdentityRecords,
        user: User,
        *,
        device_id: DeviceId,
        client: Client,
        at: datetime,
        instead_of: SessionId | None = None,
    ) -> Place | NoPlace:
        """Take a place under the limit for the device, which must be the transaction's first lock.

        The statements are separate on purpose: locking and counting in one would count in a snapshot that is older
        than the lock. `user` was verified before the transaction; if its credentials changed since, nobody is admitted.
        `instead_of` names the live session that gives way by its owner's choice.

        Raises:
            InvalidCredentials
            SessionNotOffered: `instead_of` is none of the account's live sessions.
        """
        verified_epoch = user.cred_epoch
        await records.sessions.lock_admissions(user.id)
        # Read once more, for its roles: they decide on the limit and on how long the session may live. Whether the
        # credentials are still those that were verified, the admitting statement itself finds out.
        user = await records.users.get(user.id) or user
        live: list[Session] = []
        ended: list[Session] = []
        for session in await records.sessions.not_ended(user.id):
            if not session.is_live(at):
                ended.append(session.ended(EndReason.EXPIRED, at))
            elif session.device_id == device_id:
                ended.append(session.ended(EndReason.REPLACED, at))
            else:
                live.append(session)
        if instead_of is not None:
            chosen = next((session for session in live if session.id == instead_of), None)
            if chosen is None:
                msg = "This device is not signed in any more; choose another one."
                raise SessionNotOffered(msg)
            live.remove(chosen)
            ended.append(chosen.ended(EndReason.REVOKED, at))
        limit = self.policy.limit_of(user)
        if self.policy.evict_oldest and len(live) >= limit:
            live.sort(key=lambda session: session.last_seen_at)
            surplus, live = live[: len(live) - limit + 1], live[len(live) - limit + 1 :]
            ended += [session.ended(EndReason.EVICTED, at) for session in surplus]
        # A limit that was lowered leaves more sessions than places: the free slot alone does not count them.
        slot = free_slot(live, limit) if len(live) < limit else None
        if slot is None:
            return NoPlace(limit, live)
        origin = Origin(actor_id=user.id, device_id=device_id, client=client)
        await self.revocation.write(records, ended, origin=origin)
        session = self._new_session(user, device_id, slot, client, at)
        try:
            admitted = await records.sessions.admit(session, cred_epoch=verified_epoch)
        except SlotTaken:
            return NoPlace(limit, live)
        if not admitted:
            msg = "The credentials changed in the meantime; sign in again."
            raise InvalidCredentials(msg)
        return Place(session, ended)

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
