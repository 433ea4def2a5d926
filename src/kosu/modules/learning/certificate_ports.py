"""What certificates need from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kosu.ids import CourseId, UserId
from kosu.modules.learning.domain.certificates import Certificate
from kosu.paging import Cursor

BY_ISSUE = "issued_at"
"""The sort of a learner's certificates, for its cursors; their id is the course's."""


class Certificates(Protocol):
    async def add_or_get(self, certificate: Certificate) -> Certificate:
        """The learner's certificate of the course: this one, or the one that was there before it.

        Of any number of racing transactions one adds its own, and the others are given that.
        """
        ...

    async def lock(self, code: str) -> Certificate | None: ...

    async def save(self, certificate: Certificate) -> None:
        """Write a locked certificate."""
        ...

    async def forget(self, user_id: UserId) -> None:
        """Remove the person's certificates, and the person's name from those that others have of them as instructor."""
        ...


class CertificateQueries(Protocol):
    """Reads, one statement each."""

    async def certificate(self, code: str) -> Certificate | None:
        """By the code as `code_of` writes it."""
        ...

    async def certificate_of(self, user_id: UserId, course_id: CourseId) -> Certificate | None:
        """The learner's certificate of the course."""
        ...

    async def certificates(
        self, user_id: UserId, *, before: Cursor | None, limit: int
    ) -> tuple[Sequence[Certificate], Cursor | None]:
        """The learner's certificates, newest first, and the cursor of the next page."""
        ...
