"""Who reacts to what: the one table of reactions between modules."""

from __future__ import annotations

from collections.abc import Sequence

from entrypoints.worker.tasks import Doer
from kosu.container import Container
from kosu.ids import CourseId, OrderId
from kosu.modules.billing import OrderPaid, OrderRefunded
from kosu.modules.catalog import CatalogueChanged
from kosu.modules.identity import (
    AccountClosed,
    AccountErased,
    AuthorityChanged,
    PasswordChanged,
    ProfileChanged,
    SessionEnded,
    UserRegistered,
)
from kosu.modules.learning import (
    CertificateIssued,
    CourseRatingChanged,
    EnrolmentCountChanged,
    EnrolmentEnded,
    LearnerEnrolled,
    QuestionAnswered,
    ReviewsChanged,
)
from kosu.modules.media import AssetReady
from kosu.ports.messages import Event


def subscriptions(container: Container) -> dict[type[Event], Sequence[Doer]]:
    """Reactions take the event itself and are idempotent: an event arrives at least once."""
    catalog = container.catalog
    identity = container.identity
    notify_owner = identity.notify_owner()
    learning = container.learning
    notify_learner = learning.notify_learner()
    billing = container.billing
    return {
        SessionEnded: [identity.bury_session(), notify_owner.session_ended],
        UserRegistered: [identity.mail_email_verification()],
        PasswordChanged: [notify_owner.password_changed],
        AccountClosed: [notify_owner.account_closed],
        AccountErased: [learning.erase_learner(), catalog.apply_profile()],
        ProfileChanged: [catalog.apply_profile()],
        # Every api process hears of it by itself; entrypoints/api/broadcasts.py.
        AuthorityChanged: [],
        CatalogueChanged: [],
        ReviewsChanged: [],
        AssetReady: [catalog.apply_asset_ready()],
        LearnerEnrolled: [learning.count_enrolments(), notify_learner.enrolled],
        EnrolmentEnded: [learning.count_enrolments()],
        EnrolmentCountChanged: [
            lambda event: catalog.apply_enrolment_count()(
                course_id=CourseId(event.course_id),
                enrolment_count=event.enrolment_count,
                counted_at=event.counted_at,
            )
        ],
        QuestionAnswered: [notify_learner.answered],
        CertificateIssued: [notify_learner.certified],
        CourseRatingChanged: [
            lambda event: catalog.apply_rating()(
                course_id=CourseId(event.course_id),
                rating_sum=event.rating_sum,
                rating_count=event.rating_count,
                counted_at=event.counted_at,
            )
        ],
        # Access goes with the settlement itself.
        OrderPaid: [
            lambda event: billing.issue_receipt()(order_id=OrderId(event.order_id)),
            # Reads what the one before wrote; where that one failed, both are done again.
            billing.mail_receipt(),
        ],
        OrderRefunded: [],
    }
