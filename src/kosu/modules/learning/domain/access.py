"""Why a course or a lesson opens, or why not: decided here and nowhere else, for API, player and web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kosu.ids import UserId

AccessState = Literal["owner", "enrolled", "free", "preview", "purchase_required"]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A live grant; `expires_at` None means that it does not end by itself."""

    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and what they hold of the course. `user_id` None: nobody is signed in."""

    user_id: UserId | None
    is_operator: bool = False
    enrolled: Enrolled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms the course is to be had."""

    instructor_id: UserId
    is_published: bool
    is_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The decision. `code` is stable and finer than the state; `reason` is for people.

    `opens`: the lesson plays, or for a course as a whole every lesson does.
    """

    state: AccessState
    code: str
    reason: str
    opens: bool
    expires_at: datetime | None = None


def decide(terms: Terms, asker: Asker, *, preview: bool = False) -> Access | None:
    """The access to a lesson that is a preview or not, or to a course as a whole.

    The first that holds decides: owner, enrolled, free course, preview, and else a purchase is needed. None when the
    course is not offered and the asker has no part in it: to them it does not exist.
    """
    held = _held(terms, asker)
    if held is not None or not terms.is_published:
        return held
    return _offered(terms, preview=preview, signed_in=asker.user_id is not None)


def _held(terms: Terms, asker: Asker) -> Access | None:
    """What the asker has by who they are or by a grant, whatever the state of the course."""
    if asker.user_id == terms.instructor_id:
        return Access(state="owner", code="owner", reason="You teach this course.", opens=True)
    if asker.is_operator:
        return Access(state="owner", code="operator", reason="Operators may open every course.", opens=True)
    if asker.enrolled is not None:
        expires_at = asker.enrolled.expires_at
        return Access(state="enrolled", code="enrolled", reason="You are enrolled.", opens=True, expires_at=expires_at)
    return None


def _offered(terms: Terms, *, preview: bool, signed_in: bool) -> Access:
    if terms.is_free and signed_in:
        return _FREE
    if preview:
        return _PREVIEW
    return _SIGN_IN_REQUIRED if terms.is_free else _PURCHASE_REQUIRED


# Made once: strangers ask for these more often than for all else.
_FREE = Access(state="free", code="free", reason="This course is free.", opens=True)
_PREVIEW = Access(state="preview", code="preview", reason="This lesson is a free preview.", opens=True)
_SIGN_IN_REQUIRED = Access(
    state="free", code="sign_in_required", reason="This course is free: sign in to open it.", opens=False
)
_PURCHASE_REQUIRED = Access(
    state="purchase_required",
    code="purchase_required",
    reason="This lesson is part of a paid course: buy the course to open it.",
    opens=False,
)
