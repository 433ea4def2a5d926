"""Learning in memory, with the catalogue and media that it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from kosu.adapters.memory.analytics import MemoryAnalyticsQueries
from kosu.adapters.memory.certificates import MemoryCertificateQueries
from kosu.adapters.memory.clock import MemoryClock, MemoryIds, MemorySecrets
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.delivery_signer import MemorySigner
from kosu.adapters.memory.identity import MemoryIdentityQueries, MemoryIdentityRecords
from kosu.adapters.memory.learning import MemoryLearningQueries, MemoryLearningRecords
from kosu.adapters.memory.mailer import MemoryMailer
from kosu.adapters.memory.media import MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.memory.notifications import MemoryNotificationBook
from kosu.adapters.memory.progress_buffer import MemoryProgressBuffer
from kosu.adapters.memory.questions import MemoryDiscussionQueries
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.memory.reviews import MemoryReviewQueries
from kosu.adapters.memory.throttle import MemoryThrottle
from kosu.ids import AssetId, CourseId, DeviceId, LessonId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.identity import AuditLog, Identity, Notifications
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.learning.container import LearningContainer
from kosu.modules.learning.domain.intervals import Interval
from kosu.modules.learning.domain.progress import Beat, Progress
from kosu.modules.learning.views import CourseView
from kosu.modules.media import AssetReady, Media
from kosu.modules.media.delivery import Delivery
from kosu.modules.media.domain.assets import Asset, Publication
from kosu.modules.media.domain.sources import SourceFacts
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction
from tests.support.catalog import INSTRUCTOR, CatalogInMemory
from tests.support.identity import a_user

LEARNER = UserId(UUID(int=0xB1))
OTHER_LEARNER = UserId(UUID(int=0xB2))
LAPTOP = DeviceId(UUID(int=0xD1))
PHONE = DeviceId(UUID(int=0xD2))
LESSON = LessonId(UUID(int=0xE1))
COURSE = CourseId(UUID(int=0xC1))


def beat(
    seq: int,
    *watched: Interval,
    at: datetime,
    position_ms: int | None = None,
    device_id: DeviceId = LAPTOP,
    media_revision: int = 1,
) -> Beat:
    """A heartbeat; without a position the player is at the end of what it watched last."""
    end = watched[-1][1] if watched else 0
    return Beat(
        device_id=device_id,
        seq=seq,
        at=at,
        position_ms=end if position_ms is None else position_ms,
        watched=tuple(watched),
        media_revision=media_revision,
    )


def no_progress(*, user_id: UserId = LEARNER, lesson_id: LessonId = LESSON) -> Progress:
    return Progress(user_id=user_id, lesson_id=lesson_id, course_id=COURSE)


async def publish_media(
    transaction: Transaction[Any],
    lesson_id: LessonId,
    *,
    at: datetime,
    ids: IdSource,
    revision: int = 1,
    duration_ms: int = 100_000,
) -> AssetReady:
    """Let media play this revision in the lesson, without any video; answers what media would tell."""
    facts = SourceFacts(
        duration_ms=duration_ms,
        width=1280,
        height=720,
        fps_numerator=30,
        fps_denominator=1,
        video_stream=0,
        audio_stream=None,
    )
    async with transaction() as records:
        asset = await records.assets.add_or_get(
            Asset(id=AssetId(ids.new()), owner_id=INSTRUCTOR, lesson_id=lesson_id, created_at=at)
        )
        await records.assets.publish(
            asset.id, Publication(revision=revision, facts=facts, renditions=(), published_at=at)
        )
    return AssetReady(asset_id=asset.id, lesson_id=lesson_id, revision=revision, duration_ms=duration_ms)


class LearningInMemory:
    """The module on memory adapters; `catalog` makes the courses."""

    def __init__(self) -> None:
        self.database = MemoryDatabase()
        self.clock = MemoryClock()
        self.ids = MemoryIds()
        self.catalog = CatalogInMemory(database=self.database, clock=self.clock, ids=self.ids)
        self.queries = MemoryLearningQueries(self.database)
        self.buffer = MemoryProgressBuffer(self.clock)
        self.transaction = MemoryTransaction(self.database, MemoryQueue(), self.clock, self.ids, MemoryLearningRecords)
        self.mailer = MemoryMailer()
        self.accounts = MemoryTransaction(self.database, MemoryQueue(), self.clock, self.ids, MemoryIdentityRecords)
        self.keyring = Keyring({"k1": b"1" * 32})
        self.container = LearningContainer(
            clock=self.clock,
            ids=self.ids,
            transaction=self.transaction,
            queries=self.queries,
            review_queries=MemoryReviewQueries(self.database),
            question_queries=MemoryDiscussionQueries(self.database),
            buffer=self.buffer,
            catalog=self.catalog.catalog,
            media=Media(
                queries=MemoryMediaQueries(self.database),
                delivery=Delivery(
                    signer=MemorySigner(),
                    clock=self.clock,
                    media_base_url="https://media.test",
                    cookie_ttl_seconds=600,
                ),
            ),
            identity=Identity(MemoryIdentityQueries(self.database)),
            audit=AuditLog(self.accounts, AuditTrail(self.ids)),
            notifications=Notifications(
                book=MemoryNotificationBook(self.database),
                mailer=self.mailer,
                keyring=self.keyring,
                clock=self.clock,
                api_url="https://api.kosu.test",
                link_base="https://kosu.test",
            ),
            secrets=MemorySecrets(),
            throttle=MemoryThrottle(),
            certificates=MemoryCertificateQueries(self.database),
            analytics=MemoryAnalyticsQueries(self.database),
            link_base="https://kosu.test",
        )
        self.learning = self.container.facade()

    async def account(self, user_id: UserId = LEARNER, **changes: Any) -> None:
        """An account with these changes; courses do without any."""
        async with self.accounts() as records:
            await records.users.save(a_user(**{"id": user_id, "email": f"{user_id.hex}@kosu.test", **changes}))

    async def enrol(self, course: Course, *, user_id: UserId = LEARNER, source_id: UUID | None = None) -> UUID:
        """Give access as an order would; answers the source's id."""
        source = source_id or uuid5(course.id, user_id.hex)
        async with self.transaction() as records:
            await self.learning.grant(
                records,
                user_id=user_id,
                course_id=course.id,
                source="order_item",
                source_id=source,
                at=self.clock.now(),
            )
        return source

    async def page(self, slug: str, *, user_id: UserId | None = LEARNER) -> CourseView:
        """A course's page, as whoever asks reads it."""
        view = await self.container.view_course()(slug=slug, user_id=user_id, is_operator=False)
        return msgspec.json.decode(msgspec.json.encode(view), type=CourseView)

    async def revoke(self, source_id: UUID) -> None:
        async with self.transaction() as records:
            await self.learning.revoke(records, source="order_item", source_id=source_id, at=self.clock.now())

    async def watch(
        self,
        lesson_id: LessonId,
        *watched: Interval,
        seq: int = 1,
        position_ms: int | None = None,
        user_id: UserId = LEARNER,
        device_id: DeviceId = LAPTOP,
    ) -> None:
        """Send one heartbeat, ten seconds after whatever was before."""
        self.clock.advance(seconds=10)
        await self.container.record_progress()(
            user_id=user_id,
            is_operator=False,
            device_id=device_id,
            lesson_id=lesson_id,
            position_ms=(watched[-1][1] if watched else 0) if position_ms is None else position_ms,
            watched=watched,
            seq=seq,
            media_revision=1,
        )

    async def publish_media(self, lesson_id: LessonId, *, revision: int = 1, duration_ms: int = 100_000) -> None:
        """Let media play this revision in the lesson."""
        transaction = MemoryTransaction(self.database, MemoryQueue(), self.clock, self.ids, MemoryMediaRecords)
        await publish_media(
            transaction, lesson_id, revision=revision, duration_ms=duration_ms, at=self.clock.now(), ids=self.ids
        )

    def events(self) -> Sequence[str]:
        """Names of the messages that learning left in the outbox, in order."""
        rows = self.database.tables.get("messaging.outbox", {}).values()
        return [row.name for row in rows if row.name.startswith("learning.")]
