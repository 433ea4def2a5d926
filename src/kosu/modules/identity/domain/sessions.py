"""Sessions: one row for each device, and the judgement over a refresh token that comes back.

Source: RFC 9700 (OAuth 2.0 Security BCP), 4.14: refresh token rotation with reuse detection.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.viewer import OPERATOR

DOUBLE_SUBMIT = timedelta(seconds=5)
LOST_ANSWER = timedelta(seconds=30)


class EndReason(StrEnum):
    LOGGED_OUT = "logged_out"
    REVOKED = "revoked_by_user"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REPLAYED = "refresh_replayed"
    EVICTED = "evicted"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a reason
    ENDED_BY_OPERATOR = "revoked_by_operator"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_DELETED = "account_deleted"


@dataclass(frozen=True, slots=True)
class Client:
    """What a device says of itself, for its owner to recognise it by. Never used to authenticate."""

    ip: str
    browser: str
    os: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lives without use, and at most."""

    idle: timedelta
    absolute: timedelta


def lifetime(roles: frozenset[str]) -> Lifetime:
    """Operators can do harm, so their sessions are short."""
    if OPERATOR in roles:
        return Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
    return Lifetime(idle=timedelta(days=14), absolute=timedelta(days=30))


@dataclass(frozen=True, slots=True)
class Session:
    """A device's session.

    `gen` is the generation of its current refresh token, `acked_gen` the newest generation that was seen in use. `slot`
    is its place under the device limit, `idle` how long it lives without being refreshed. `salt` ties its refresh
    tokens to this row.
    """

    id: SessionId
    user_id: UserId
    device_id: DeviceId
    slot: int
    gen: int
    acked_gen: int
    salt: bytes
    label: str
    client: Client
    created_at: datetime
    rotated_at: datetime
    last_seen_at: datetime
    idle: timedelta
    idle_expires_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    def is_live(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.idle_expires_at and at < self.expires_at

    def ended(self, reason: EndReason, at: datetime) -> Session:
        return self if self.ended_at is not None else replace(self, ended_at=at, end_reason=reason)

    def rotated(self, at: datetime) -> Session:
        """The next generation; presenting the current one has acknowledged it."""
        return replace(
            self,
            gen=self.gen + 1,
            acked_gen=self.gen,
            rotated_at=at,
            last_seen_at=at,
            idle_expires_at=at + self.idle,
        )

    def limited(self, life: Lifetime, at: datetime) -> Session:
        """The session under a stricter lifetime, e.g. once its account is an operator's. Never prolongs it."""
        idle = min(self.idle, life.idle)
        return replace(
            self,
            idle=idle,
            idle_expires_at=min(self.idle_expires_at, at + idle),
            expires_at=min(self.expires_at, at + life.absolute),
        )


class Verdict(StrEnum):
    """What to do with a refresh token that did not simply rotate its session."""

    ROTATE = "rotate"
    REPEAT_CURRENT = "repeat_current"
    REPLAYED = "replayed"
    EXPIRED = "expired"
    ENDED = "ended"
    UNKNOWN = "unknown"


def judge_refresh(session: Session, presented_gen: int, at: datetime) -> Verdict:
    """Judge a genuine refresh token of `presented_gen` against its locked session.

    An honest client may send a token twice, or never see the answer that carried its successor; both get the current
    token again. Only a token older than that can be a copy.
    """
    if session.ended_at is not None:
        return Verdict.EXPIRED if session.end_reason is EndReason.EXPIRED else Verdict.ENDED
    if not session.is_live(at):
        return Verdict.EXPIRED
    since_rotation = at - session.rotated_at
    match session.gen - presented_gen:
        case 0:
            return Verdict.REPEAT_CURRENT if since_rotation < DOUBLE_SUBMIT and session.gen > 1 else Verdict.ROTATE
        case 1 if since_rotation < LOST_ANSWER or session.acked_gen < session.gen:
            return Verdict.REPEAT_CURRENT
        case ahead if ahead < 0:
            # The row is older than the token: a restored backup, not a thief.
            return Verdict.UNKNOWN
        case _:
            return Verdict.REPLAYED


def free_slot(sessions: list[Session], limit: int) -> int | None:
    """The lowest place under the device limit that no live session holds."""
    taken = {session.slot for session in sessions}
    return next((slot for slot in range(limit) if slot not in taken), None)
