"""What can go wrong in identity."""

from __future__ import annotations

from collections.abc import Sequence

from kosu.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable


class EmailTaken(Conflict):
    code = "email_taken"


class InvalidEmail(Invalid):
    code = "invalid_email"
    field = "email"


class WeakPassword(Invalid):
    code = "weak_password"
    field = "password"


class InvalidDisplayName(Invalid):
    code = "invalid_display_name"
    field = "display_name"


class UnknownLocale(Invalid):
    code = "unknown_locale"
    field = "locale"


class InvalidCredentials(Unauthenticated):
    """Deliberately the same for an unknown account, a wrong password and a disabled account."""

    code = "invalid_credentials"


class SignInRequired(Unauthenticated):
    """No token was sent where one is needed."""

    code = "sign_in_required"


class InvalidToken(Unauthenticated):
    """The token is malformed, forged, of another kind or signed with a retired key."""

    code = "invalid_token"


class TokenExpired(Unauthenticated):
    """The access token is over its time; refresh and ask again."""

    code = "token_expired"


class SessionExpired(Unauthenticated):
    """The session was idle for too long, or reached the end of its absolute life."""

    code = "session_expired"


class SessionRevoked(Unauthenticated):
    """The session was ended; `reason` tells the device why."""

    code = "session_revoked"
    facts = ("reason",)

    def __init__(self, reason: str) -> None:
        super().__init__("This session was ended.")
        self.reason = reason


class RefreshReplayed(Unauthenticated):
    """A refresh token that was used up long ago came back: it may be stolen, so its session was ended."""

    code = "refresh_replayed"


class DeviceMismatch(Unauthenticated):
    """The token belongs to another device than the one that presents it. Nothing was changed."""

    code = "device_mismatch"


class DeviceLimitReached(Conflict):
    """All device slots of the account are taken; `sessions` are the live ones, as their owner sees them.

    `ticket` admits the device in place of one of them; `device_token` names the device that it is made for.
    """

    code = "device_limit"
    facts = ("ticket", "limit", "sessions")

    def __init__(self, limit: int, sessions: Sequence[object], *, ticket: str, device_token: str) -> None:
        super().__init__(f"You are signed in on {limit} devices, which is as many as your account may have.")
        self.limit = limit
        self.sessions = sessions
        self.ticket = ticket
        self.device_token = device_token


class TicketInvalid(Conflict):
    """The ticket was used, is over its time, belongs to another device, or the password changed since."""

    code = "ticket_invalid"


class SessionNotOffered(Conflict):
    """The session to give way is not among the account's live ones; the ticket still holds."""

    code = "session_not_offered"


class LinkInvalid(Invalid):
    """The link was used, is over its time, or the account changed since it was sent."""

    code = "link_invalid"
    field = "token"


class WrongPassword(Invalid):
    """The current password, asked for once more before something grave, is wrong."""

    code = "wrong_password"
    field = "current"


class StreamLimitReached(Conflict):
    """As many devices play as the account may have at once; `streams` says which and until when."""

    code = "stream_limit"
    facts = ("limit", "streams")

    def __init__(self, limit: int, streams: Sequence[object]) -> None:
        super().__init__(f"{limit} of your devices play already, which is as many as may at once.")
        self.limit = limit
        self.streams = streams


class StreamLost(Conflict):
    """The device may not play on: another one took over, or too much time has passed."""

    code = "stream_lost"


class SessionNotFound(NotFound):
    code = "session_not_found"


class AccountNotFound(NotFound):
    code = "account_not_found"


class UnknownRole(Invalid):
    code = "unknown_role"
    field = "roles"


class OwnAccount(Conflict):
    """Operators neither disable themselves nor take their own role away: nobody might be left."""

    code = "own_account"


class RoleRequired(Forbidden):
    code = "role_required"
    facts = ("role",)

    def __init__(self, role: str) -> None:
        super().__init__(f"This is for the role {role}.")
        self.role = role


class AuthenticationUnavailable(Unavailable):
    """Neither the session cache nor the database can say whether the session lives; it was not ended."""

    code = "auth_unavailable"
