"""The kinds of failure the domain knows. Each module derives its own errors from one of these kinds.

A kind says what the caller may do about it; the HTTP status of each kind is chosen in `entrypoints/api/errors.py`
and nowhere else.
"""

from __future__ import annotations

from typing import ClassVar


class KosuError(Exception):
    """Base of every error that the domain raises on purpose.

    `code` is the stable, snake_case name that clients may rely on. The message is for people and carries no secret.
    Attributes that a client can act on are listed in `facts` and become members of the problem document.
    """

    code: ClassVar[str] = "error"
    facts: ClassVar[tuple[str, ...]] = ()


class Invalid(KosuError):  # noqa: N818 - a kind, named as the sentence reads
    """The request is well-formed and can never succeed as it is. `field` names the part at fault, if there is one."""

    code = "invalid"
    field: str | None = None


class Unauthenticated(KosuError):  # noqa: N818
    """Nobody is signed in, or the proof of it no longer holds."""

    code = "unauthenticated"


class Forbidden(KosuError):  # noqa: N818
    """Somebody is signed in and may not do this."""

    code = "forbidden"


class NotFound(KosuError):  # noqa: N818
    """The thing does not exist, or the caller may not know that it does."""

    code = "not_found"


class Conflict(KosuError):  # noqa: N818
    """The request does not fit the present state; it may fit a later one."""

    code = "conflict"


class Stale(KosuError):  # noqa: N818
    """The request was made for another state of the thing than the present one."""

    code = "stale"


class TooLarge(KosuError):  # noqa: N818
    """The request is over a size cap."""

    code = "too_large"


class TooManyRequests(KosuError):  # noqa: N818
    """The caller is faster than allowed; `retry_after_seconds` says when to come back."""

    code = "rate_limited"

    def __init__(self, message: str = "Too many requests.", *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(KosuError):  # noqa: N818
    """A part that is needed is away; nothing was changed and the same request may succeed later."""

    code = "unavailable"
    retry_after_seconds: ClassVar[int] = 2
