"""Enrolment by grants: a learner is enrolled in a course while any grant is live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kosu.ids import CourseId, GrantId, UserId
from kosu.modules.learning.events import EnrolmentEnded, LearnerEnrolled
from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One reason for access. `source` and `source_id` name what gave it, e.g. an order's item, exactly once."""

    id: GrantId
    source: str
    source_id: UUID
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A learner's grants for one course, changed as one."""

    user_id: UserId
    course_id: CourseId
    enrolled_at: datetime
    grants: tuple[Grant, ...] = ()

    def is_live(self, at: datetime) -> bool:
        return any(grant.is_live(at) for grant in self.grants)

    def granted(self, grant: Grant, *, at: datetime) -> tuple[Enrolment, list[Event]]:
        """With one grant more, and what there is to tell.

        A grant from a known source changes nothing, unless that one was revoked: then it lives again.
        """
        known = [each for each in self.grants if (each.source, each.source_id) == (grant.source, grant.source_id)]
        if known:
            revived = tuple(replace(each, revoked_at=None) if each in known else each for each in self.grants)
            changed = replace(self, grants=revived)
        else:
            changed = replace(self, grants=(*self.grants, grant))
        if self.is_live(at) or not changed.is_live(at):
            return changed, []
        return changed, [LearnerEnrolled(user_id=self.user_id, course_id=self.course_id)]

    def revoked(self, *, source: str, source_id: UUID, at: datetime) -> tuple[Enrolment, list[Event]]:
        """With that source's grant revoked, and what there is to tell; revoking again changes nothing."""
        changed = replace(
            self,
            grants=tuple(
                replace(grant, revoked_at=at)
                if (grant.source, grant.source_id, grant.revoked_at) == (source, source_id, None)
                else grant
                for grant in self.grants
            ),
        )
        if changed.is_live(at) or not self.is_live(at):
            return changed, []
        return changed, [EnrolmentEnded(user_id=self.user_id, course_id=self.course_id)]
