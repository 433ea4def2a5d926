"""What operators see of the catalogue: courses of all instructors in any state, and the shelves they arrange."""

from __future__ import annotations

import msgspec

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import CourseState
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.catalog.views import StudioCard


class OpsCourse(StudioCard, frozen=True, kw_only=True):
    instructor_id: UserId


class OpsCoursePage(msgspec.Struct, frozen=True):
    items: list[OpsCourse]
    next_cursor: str | None


class OpsCategory(msgspec.Struct, frozen=True):
    slug: str
    name: str
    position: int

    @classmethod
    def of(cls, category: Category) -> OpsCategory:
        return cls(category.slug, category.name, category.position)


class CollectedCourse(msgspec.Struct, frozen=True, kw_only=True):
    """A course of a collection; only while it is published is it shown there."""

    id: CourseId
    slug: str
    title: str
    state: CourseState


class OpsCollectionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """`course_count` counts courses in any state."""

    slug: str
    title: str
    description: str
    position: int
    published: bool
    course_count: int


class OpsCollection(OpsCollectionEntry, frozen=True, kw_only=True):
    courses: list[CollectedCourse]
