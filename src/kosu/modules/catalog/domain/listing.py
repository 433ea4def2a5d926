"""What a list of courses may ask for, and the cursor that leads from one page to the next."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from kosu.ids import CourseId
from kosu.modules.catalog.domain.course import Level
from kosu.modules.catalog.errors import InvalidCursor

Sort = Literal["popular", "newest", "rating", "price"]
MAX_QUERY_CHARACTERS = 200
MAX_WORDS = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In microseconds a moment of the year 5138; more than any count or price.
MAX_VALUE = 10**17


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970; `moment` is the way back."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last course of a page: the whole number it was sorted by, and its id for ties.

    The number is the enrolment count, the microseconds of its publication since 1970, a thousandth of its average
    rating, or the minor units of its price.
    """

    sort: Sort
    value: int
    course_id: CourseId

    def encode(self) -> str:
        """Opaque, URL-safe text without padding."""
        return urlsafe_b64encode(msgspec.json.encode([self.sort, self.value, self.course_id])).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, *, sort: Sort) -> Cursor:
        """Raises InvalidCursor: not made by `encode`, or for another sort."""
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            made_for, value, course_id = msgspec.json.decode(raw, type=tuple[Sort, int, UUID])
        except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
            raise InvalidCursor from error
        if made_for != sort or not 0 <= value <= MAX_VALUE:
            raise InvalidCursor
        return cls(sort, value, CourseId(course_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseListing:
    """One page of published courses. Filters that are None do not filter; all that are given must fit.

    Every word of `q` must stand somewhere in the title or the subtitle, in either case of letters.
    """

    sort: Sort = "popular"
    limit: int = 20
    after: Cursor | None = None
    q: str | None = None
    category: str | None = None
    level: Level | None = None
    language: str | None = None
    price: Literal["free", "paid"] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of `q`, the first few of an overlong one."""
        text = (self.q or "").replace("\0", " ")[:MAX_QUERY_CHARACTERS]
        return tuple(text.split()[:MAX_WORDS])
