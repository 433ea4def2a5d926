"""What a list of courses may ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal, TypeAlias, TypeVar

from kosu.modules.catalog.domain.course import Level
from kosu.modules.catalog.domain.search import SearchQuery
from kosu.paging import Cursor, page_of
from kosu.search import words_of

T = TypeVar("T")

Sort = Literal["popular", "newest", "rating", "price"]
"""By the enrolment count, the time of publication, a thousandth of the average rating, or the price's minor units."""

Order: TypeAlias = Sort | Literal["relevance"]
"""A sort, or by how well a course answers a query, in millionths."""


@dataclass(frozen=True, kw_only=True)
class CourseListing:
    """One page of published courses. Filters that are None do not filter; all that are given must fit.

    A listing with a `query` is a search. Without a sort it is ordered by relevance, without a query by popularity.
    """

    sort: Sort | None = None
    limit: int = 20
    after: Cursor | None = None
    q: str | None = None
    category: str | None = None
    collection: str | None = None
    level: Level | None = None
    language: str | None = None
    price: Literal["free", "paid"] | None = None

    @cached_property
    def query(self) -> SearchQuery | None:
        """What is looked for; None where nothing was typed but spaces."""
        return SearchQuery.of(self.q) if self.q and words_of(self.q) else None

    @property
    def order(self) -> Order:
        return self.sort or ("popular" if self.query is None else "relevance")


def rank(cursor: Cursor) -> tuple[int, int]:
    """How the entries of a list follow one another, by their cursors: all orders but the price's from high to low."""
    sign = 1 if cursor.sort == "price" else -1
    return sign * cursor.value, sign * cursor.id.int


def page_of_all(entries: Iterable[tuple[Cursor, T]], listing: CourseListing) -> tuple[Sequence[T], Cursor | None]:
    """The page that the listing asks for, of all that fit it, and the cursor of its last entry if it is not the end."""
    after = listing.after
    ranked = sorted(
        (entry for entry in entries if after is None or rank(entry[0]) > rank(after)), key=lambda entry: rank(entry[0])
    )
    page, following = page_of(ranked, listing.limit, itemgetter(0))
    return [entry for _, entry in page], following
