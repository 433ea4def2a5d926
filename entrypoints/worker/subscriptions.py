"""Who reacts to what: the one table of reactions between modules."""

from __future__ import annotations

from collections.abc import Sequence

from entrypoints.worker.tasks import Doer
from kosu.container import Container
from kosu.ids import CourseId
from kosu.modules.billing import OrderPaid, OrderRefunded
from kosu.modules.identity import SessionEnded, UserRegistered
from kosu.modules.learning import EnrolmentCountChanged, EnrolmentEnded, LearnerEnrolled
from kosu.modules.media import AssetReady
from kosu.ports.messages import Event


def subscriptions(container: Container) -> dict[type[Event], Sequence[Doer]]:
    """Reactions take the event itself and are idempotent: an event arrives at least once."""
    catalog = container.catalog
    identity = container.identity
    learning = container.learning
    return {
        SessionEnded: [identity.bury_session()],
        UserRegistered: [identity.welcome_user()],
        AssetReady: [catalog.apply_asset_ready()],
        LearnerEnrolled: [learning.count_enrolments()],
        EnrolmentEnded: [learning.count_enrolments()],
        EnrolmentCountChanged: [
            lambda event: catalog.apply_enrolment_count()(
                course_id=CourseId(event.course_id),
                enrolment_count=event.enrolment_count,
                counted_at=event.counted_at,
            )
        ],
        # Nobody reacts yet: access goes with the settlement itself.
        OrderPaid: [],
        OrderRefunded: [],
    }
