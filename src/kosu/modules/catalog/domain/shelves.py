"""What operators arrange the catalogue by: categories, one for each course, and collections, curated by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from kosu.ids import CourseId
from kosu.modules.catalog.errors import InvalidShelf
from kosu.text import is_one_line

MAX_COLLECTED = 100
"""Courses of a collection: it is shown whole, on one page."""
MAX_POSITION = 1_000_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the catalogue; `position` orders the shelves, the slug those of one position."""

    slug: str
    name: str
    position: int

    def __post_init__(self) -> None:
        _check_slug(self.slug)
        _check_line("name", self.name)
        _check_position(self.position)


class CategoryChanges(TypedDict, total=False):
    """What may be changed of a category; what is absent stays."""

    name: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCollection:
    """Courses that belong together, in the order that operators gave them; ordered among each other as categories are.

    Courses in any state may be in it; those that are published are shown.
    """

    slug: str
    title: str
    description: str = ""
    position: int = 0
    published: bool = False
    course_ids: tuple[CourseId, ...] = ()

    def __post_init__(self) -> None:
        _check_slug(self.slug)
        _check_line("title", self.title)
        if len(self.description) > 2_000 or "\0" in self.description:
            raise InvalidShelf("Expected at most 2000 characters.", field="description")
        _check_position(self.position)
        check_collected(self.course_ids)


class CollectionChanges(TypedDict, total=False):
    """What may be changed of a collection; what is absent stays."""

    title: str
    description: str
    position: int
    published: bool
    course_ids: tuple[CourseId, ...]


def check_collected(course_ids: Sequence[CourseId]) -> None:
    """Raises InvalidShelf: too many for a collection, or one of them twice."""
    if len(course_ids) > MAX_COLLECTED:
        raise InvalidShelf(f"At most {MAX_COLLECTED} courses.", field="course_ids")
    if len(set(course_ids)) < len(course_ids):
        raise InvalidShelf("Name each course once.", field="course_ids")


def _check_slug(slug: str) -> None:
    if len(slug) > 80 or not SLUG.fullmatch(slug):
        raise InvalidShelf("Expected small letters, digits and single hyphens.", field="slug")


def _check_line(field: str, text: str) -> None:
    if not 1 <= len(text) <= 200 or not text.strip() or not is_one_line(text):
        raise InvalidShelf("Expected one line of 1 to 200 printable characters.", field=field)


def _check_position(position: int) -> None:
    if not 0 <= position <= MAX_POSITION:
        raise InvalidShelf("The position is out of range.", field="position")
