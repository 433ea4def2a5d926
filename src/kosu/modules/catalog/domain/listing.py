"""What a list of courses may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kosu.modules.catalog.domain.course import Level
from kosu.paging import Cursor
from kosu.search import words_of

Sort = Literal["popular", "newest", "rating", "price"]
"""By the enrolment count, the time of publication, a thousandth of the average rating, or the price's minor units."""


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
        return words_of(self.q)
