"""Slugs: the readable part of a course's address."""

from __future__ import annotations

import re
import unicodedata

from kosu.ids import CourseId

MAX_LENGTH = 80


def slug_of(title: str, course_id: CourseId, *, distinct: bool = False) -> str:
    """A slug of ASCII letters, digits and single hyphens, made from the title.

    A title without Latin letters or digits, such as a Korean one, becomes `course-<suffix>`; `distinct` appends the
    suffix to any other slug. The suffix is the random tail of the id.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_LENGTH].rstrip("-")
    if distinct or not slug:
        return f"{slug or 'course'}-{course_id.hex[-8:]}"
    return slug
