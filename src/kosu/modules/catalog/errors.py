"""What can be wrong with a course, its curriculum or a question about the catalogue."""

from __future__ import annotations

from kosu.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from kosu.ids import CourseId


class CourseNotFound(NotFound):
    """There is no such course, or it is not for the caller to know."""

    code = "course_not_found"

    def __init__(self, message: str = "There is no such course.") -> None:
        super().__init__(message)


class SectionNotFound(NotFound):
    """The course has no such section."""

    code = "section_not_found"

    def __init__(self, message: str = "The course has no such section.") -> None:
        super().__init__(message)


class LessonNotFound(NotFound):
    """The section has no such lesson."""

    code = "lesson_not_found"

    def __init__(self, message: str = "There is no such lesson.") -> None:
        super().__init__(message)


class NotCourseOwner(Forbidden):
    """Only the instructor of a course, or an operator, may change it."""

    code = "not_course_owner"

    def __init__(self, message: str = "This course belongs to another instructor.") -> None:
        super().__init__(message)


class InvalidCourse(Invalid):
    """A value that no course, section or lesson can have; `field` names it."""

    code = "course_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotACover(Invalid):
    """The bytes are no picture that a cover can be."""

    code = "cover_invalid"

    def __init__(self, message: str = "A cover is a PNG, JPEG or WebP picture.") -> None:
        super().__init__(message)


class CoverTooLarge(TooLarge):
    """The picture is larger than covers may be."""

    code = "cover_too_large"
    facts = ("limit_bytes",)

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"A cover has at most {limit_bytes} bytes.")
        self.limit_bytes = limit_bytes


class UnknownCategory(Invalid):
    """There is no category with this slug."""

    code = "unknown_category"
    facts = ("category",)

    def __init__(self, category: str) -> None:
        super().__init__(f"There is no category {category!r}.")
        self.category = category


class CurriculumMismatch(Invalid):
    """A new order must name every section and every lesson of the course exactly once."""

    code = "curriculum_mismatch"

    def __init__(self) -> None:
        super().__init__("Name every section and every lesson of the course exactly once.")


class CurriculumFull(Conflict):
    """The course has as many sections or lessons as a course may have."""

    code = "curriculum_full"

    def __init__(self) -> None:
        super().__init__("The course cannot hold more sections or lessons.")


class CurriculumEmpty(Conflict):
    """A course without lessons cannot be offered."""

    code = "curriculum_empty"

    def __init__(self) -> None:
        super().__init__("Add a lesson before offering the course.")


class ReviewRequired(Conflict):
    """Here an operator publishes; an instructor submits the course for review."""

    code = "review_required"

    def __init__(self) -> None:
        super().__init__("Submit the course; an operator publishes it after review.")


class CourseStateConflict(Conflict):
    """The course's present state does not allow the change; `state` names it."""

    code = "course_state_conflict"
    facts = ("state",)

    def __init__(self, message: str, *, state: str) -> None:
        super().__init__(message)
        self.state = state


class SlugTaken(Conflict):
    """Another course took the slug first; the same request makes another slug when it is sent again."""

    code = "slug_taken"

    def __init__(self) -> None:
        super().__init__("Another course has just taken this address; try again.")


class CategoryNotFound(NotFound):
    """There is no such category."""

    code = "category_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such category.")


class CollectionNotFound(NotFound):
    """There is no such collection, or it is not published and the asker no operator."""

    code = "collection_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such collection.")


class CategoryTaken(Conflict):
    """There is a category with this slug."""

    code = "category_taken"

    def __init__(self) -> None:
        super().__init__("There is a category with this slug already.")


class CollectionTaken(Conflict):
    """There is a collection with this slug."""

    code = "collection_taken"

    def __init__(self) -> None:
        super().__init__("There is a collection with this slug already.")


class CategoryInUse(Conflict):
    """A category with courses, in whatever state, stays."""

    code = "category_in_use"

    def __init__(self) -> None:
        super().__init__("Move the category's courses to another one first, drafts and archived ones too.")


class InvalidShelf(Invalid):
    """A value that no category or collection can have; `field` names it."""

    code = "shelf_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class UnknownCourse(Invalid):
    """There is no course with this id."""

    code = "unknown_course"
    facts = ("course_id",)
    field = "course_ids"

    def __init__(self, course_id: CourseId) -> None:
        super().__init__(f"There is no course {course_id}.")
        self.course_id = course_id
