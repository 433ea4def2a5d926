"""The root container: picks adapters by settings and holds the modules' containers.

Synchronous providers only, and no constructor does IO: `kosu.lifespan` opens and closes what needs it. Every provider
can be replaced at construction, e.g. `Container(settings=…, clock=…)`; overriding a built singleton has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping

from dependency_injector import containers, providers

from kosu.adapters.argon2 import Argon2PasswordHasher
from kosu.adapters.cloudfront.delivery_signer import CloudFrontSigner
from kosu.adapters.failover.progress_buffer import GuardedProgressBuffer
from kosu.adapters.failover.session_cache import GuardedSessionCache
from kosu.adapters.failover.throttle import FailoverThrottle
from kosu.adapters.ffmpeg.child import Ffmpeg
from kosu.adapters.ffmpeg.chunk_transcoder import FfmpegChunkTranscoder
from kosu.adapters.ffmpeg.probe import PyavProbe
from kosu.adapters.ffmpeg.transcoder import FfmpegTranscoder
from kosu.adapters.filesystem.mailer import FileMailer
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.filesystem.scratch import FilesystemScratch
from kosu.adapters.memory.throttle import MemoryThrottle
from kosu.adapters.postgres.billing import (
    PostgresBillingChecks,
    PostgresBillingQueries,
    PostgresBillingRecords,
    PostgresBooks,
    PostgresWebhookInbox,
)
from kosu.adapters.postgres.broadcasts import PostgresBroadcasts
from kosu.adapters.postgres.catalog import (
    PostgresBackOffice,
    PostgresCatalogQueries,
    PostgresCatalogRecords,
    PostgresCourseSearch,
    PostgresDiscovery,
)
from kosu.adapters.postgres.connections import create_engine, create_pool, create_session_pool, create_sessions
from kosu.adapters.postgres.identity import (
    PostgresIdentityQueries,
    PostgresIdentityRecords,
    PostgresNotificationBook,
    PostgresStoredSessions,
)
from kosu.adapters.postgres.learning import (
    PostgresAnalyticsQueries,
    PostgresCertificateQueries,
    PostgresDiscussionQueries,
    PostgresLearningQueries,
    PostgresLearningRecords,
    PostgresReviewQueries,
)
from kosu.adapters.postgres.media import PostgresAssetBoard, PostgresMediaQueries, PostgresMediaRecords
from kosu.adapters.postgres.outbox import PostgresOutboxLog
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.adapters.pyjwt import JwtAccessTokens
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.progress_buffer import RedisProgressBuffer
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.adapters.redis.stream_leases import RedisStreamLeases
from kosu.adapters.redis.throttle import RedisThrottle
from kosu.adapters.saq import SaqQueue, SaqWorkers, create_queue_redis
from kosu.adapters.smtp.mailer import SmtpMailer
from kosu.adapters.system import SystemClock, SystemIds, SystemSecrets
from kosu.breaker import CircuitBreaker
from kosu.gateways import create_gateways, create_sandbox_delivery
from kosu.modules.billing.container import BillingContainer
from kosu.modules.billing.domain.pricing import Terms
from kosu.modules.billing.domain.receipts import Seller
from kosu.modules.billing.ports import (
    BillingQueries,
    BillingRecords,
    EnrolmentGrants,
    PaymentGateway,
    SandboxDelivery,
    WebhookInbox,
)
from kosu.modules.billing.ports.books import BillingChecks, Books
from kosu.modules.catalog.container import CatalogContainer
from kosu.modules.catalog.ports import BackOffice, CatalogQueries, CatalogRecords, CourseSearch, Discovery
from kosu.modules.identity.container import IdentityContainer
from kosu.modules.identity.domain.device_policy import DevicePolicy
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.ports import (
    AccessTokens,
    IdentityQueries,
    IdentityRecords,
    NotificationBook,
    PasswordHasher,
    SessionCache,
    StoredSessions,
    StreamLeases,
)
from kosu.modules.learning.analytics_ports import AnalyticsQueries
from kosu.modules.learning.certificate_ports import CertificateQueries
from kosu.modules.learning.container import LearningContainer
from kosu.modules.learning.ports import LearningQueries, LearningRecords, ProgressBuffer
from kosu.modules.learning.question_ports import DiscussionQueries
from kosu.modules.learning.review_ports import ReviewQueries
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.ports import (
    AssetBoard,
    ChunkTranscoder,
    LessonAuthors,
    MediaQueries,
    MediaRecords,
    Probe,
    Scratch,
    Transcoder,
)
from kosu.modules.media.use_cases.process_run import StepTold, untold
from kosu.ports.broadcasts import Broadcasts, OwnBroadcasts
from kosu.ports.clock import Clock
from kosu.ports.delivery_signer import DeliverySigner
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.object_store import ObjectStore
from kosu.ports.outbox import OutboxLog
from kosu.ports.queue import Queue
from kosu.ports.throttle import Throttle
from kosu.ports.unit_of_work import Transaction
from kosu.ports.workers import Workers
from kosu.settings import BillingSettings, IdentitySettings, ObjectStoreSettings, Settings

QUEUES = ("payments", "default", "media")


def create_keyring(settings: IdentitySettings) -> Keyring:
    return Keyring(settings.keyring())


def create_s3_object_store(settings: ObjectStoreSettings) -> ObjectStore:
    # Imported where it is chosen: boto3 takes most of a second, which other stores can do without.
    from kosu.adapters.s3.object_store import S3ObjectStore  # noqa: PLC0415

    return S3ObjectStore(
        bucket=settings.bucket,
        region=settings.region,
        endpoint_url=settings.endpoint_url,
        access_key_id=settings.access_key_id,
        secret_access_key=settings.secret_access_key,
    )


def create_device_policy(settings: IdentitySettings) -> DevicePolicy:
    return DevicePolicy(
        limit=settings.device_limit,
        by_role=settings.role_limits(),
        exempt=settings.exempt_addresses(),
        evict_oldest=settings.device_limit_policy == "evict_oldest",
    )


def link_base(settings: Settings) -> str:
    """Where links from outside lead, such as those of mails: the web client, or the API where there is none."""
    return settings.http.web_url or settings.http.api_url


def create_access_tokens(settings: IdentitySettings) -> JwtAccessTokens:
    return JwtAccessTokens(keys=settings.keyring(), issuer=settings.issuer)


def create_terms(settings: BillingSettings) -> Terms:
    return Terms(fee_by_gateway=settings.fees())


class Container(containers.DeclarativeContainer):
    settings: providers.Provider[Settings] = providers.Dependency(instance_of=Settings)

    # Connections: lifespan.py opens and closes them.
    engine = providers.Singleton(create_engine, settings.provided.postgres)
    sessions = providers.Singleton(create_sessions, engine)
    pool = providers.Singleton(create_pool, settings.provided.postgres)
    redis = providers.Singleton(create_redis, settings.provided.redis)
    queue_redis = providers.Singleton(create_queue_redis, settings.provided.redis)
    session_pool = providers.Singleton(create_session_pool, settings.provided.postgres)

    # Ports that no single module owns.
    clock: providers.Provider[Clock] = providers.Singleton(SystemClock)
    ids: providers.Provider[IdSource] = providers.Singleton(SystemIds)
    secrets: providers.Provider[SecretSource] = providers.Singleton(SystemSecrets)
    queue: providers.Provider[Queue] = providers.Singleton(SaqQueue, queue_redis, QUEUES)
    workers: providers.Provider[Workers] = providers.Singleton(SaqWorkers, redis)
    throttle: providers.Provider[Throttle] = providers.Singleton(
        FailoverThrottle,
        providers.Singleton(RedisThrottle, redis),
        providers.Singleton(MemoryThrottle),
        providers.Singleton(CircuitBreaker),
    )
    broadcasts: providers.Provider[Broadcasts] = providers.Singleton(PostgresBroadcasts, settings.provided.postgres)
    own_broadcasts: providers.Provider[OwnBroadcasts] = providers.Singleton(OwnBroadcasts)
    outbox_log: providers.Provider[OutboxLog] = providers.Singleton(PostgresOutboxLog, pool)
    object_store: providers.Provider[ObjectStore] = providers.Selector(
        settings.provided.object_store.kind,
        s3=providers.Singleton(create_s3_object_store, settings.provided.object_store),
        filesystem=providers.Singleton(
            FilesystemObjectStore,
            directory=settings.provided.object_store.directory,
            url=settings.provided.object_store.url,
            signing_key=settings.provided.object_store.signing_key,
            clock=clock,
        ),
    )
    delivery_signer: providers.Provider[DeliverySigner] = providers.Singleton(
        CloudFrontSigner,
        media_base_url=settings.provided.delivery.media_base_url,
        key_pair_id=settings.provided.delivery.key_pair_id,
        private_key_pem=settings.provided.delivery.private_key_pem,
    )
    mailer: providers.Provider[Mailer] = providers.Selector(
        settings.provided.mail.kind,
        smtp=providers.Singleton(
            SmtpMailer,
            host=settings.provided.mail.smtp_host,
            port=settings.provided.mail.smtp_port,
            sender=settings.provided.mail.sender,
            clock=clock,
            user=settings.provided.mail.smtp_user,
            password=settings.provided.mail.smtp_password,
            starttls=settings.provided.mail.smtp_starttls,
        ),
        filesystem=providers.Singleton(
            FileMailer,
            directory=settings.provided.mail.directory,
            sender=settings.provided.mail.sender,
            clock=clock,
        ),
    )

    # identity
    keyring = providers.Singleton(create_keyring, settings.provided.identity)
    access_tokens: providers.Provider[AccessTokens] = providers.Singleton(
        create_access_tokens, settings.provided.identity
    )
    passwords: providers.Provider[PasswordHasher] = providers.Singleton(Argon2PasswordHasher)
    device_policy: providers.Provider[DevicePolicy] = providers.Singleton(
        create_device_policy, settings.provided.identity
    )
    session_cache: providers.Provider[SessionCache] = providers.Singleton(
        GuardedSessionCache,
        providers.Singleton(RedisSessionCache, redis),
        providers.Singleton(CircuitBreaker),
        clock,
    )
    stored_sessions: providers.Provider[StoredSessions] = providers.Singleton(PostgresStoredSessions, session_pool)
    stream_leases: providers.Provider[StreamLeases] = providers.Singleton(RedisStreamLeases, redis)
    identity_transaction: providers.Provider[Transaction[IdentityRecords]] = providers.Singleton(
        PostgresTransaction[PostgresIdentityRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresIdentityRecords),
        told=own_broadcasts,
    )
    identity_queries: providers.Provider[IdentityQueries] = providers.Singleton(PostgresIdentityQueries, pool)
    notification_book: providers.Provider[NotificationBook] = providers.Singleton(PostgresNotificationBook, pool)
    identity = providers.Container(
        IdentityContainer,
        clock=clock,
        ids=ids,
        secrets=secrets,
        transaction=identity_transaction,
        queries=identity_queries,
        cache=session_cache,
        stored_sessions=stored_sessions,
        streams=stream_leases,
        throttle=throttle,
        passwords=passwords,
        access_tokens=access_tokens,
        mailer=mailer,
        keyring=keyring,
        device_policy=device_policy,
        stream_limit=settings.provided.identity.stream_limit,
        access_ttl_seconds=settings.provided.identity.access_ttl_seconds,
        link_base=providers.Callable(link_base, settings),
        api_url=settings.provided.http.api_url,
        notification_book=notification_book,
    )

    # catalog
    catalog_transaction: providers.Provider[Transaction[CatalogRecords]] = providers.Singleton(
        PostgresTransaction[PostgresCatalogRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresCatalogRecords),
        told=own_broadcasts,
    )
    catalog_queries: providers.Provider[CatalogQueries] = providers.Singleton(PostgresCatalogQueries, pool)
    course_search: providers.Provider[CourseSearch] = providers.Singleton(PostgresCourseSearch, pool)
    discovery: providers.Provider[Discovery] = providers.Singleton(PostgresDiscovery, pool)
    back_office: providers.Provider[BackOffice] = providers.Singleton(PostgresBackOffice, pool)
    catalog = providers.Container(
        CatalogContainer,
        clock=clock,
        ids=ids,
        transaction=catalog_transaction,
        queries=catalog_queries,
        search=course_search,
        discovery=discovery,
        back_office=back_office,
        store=object_store,
        identity=identity.facade,
        audit=identity.audit_log,
        review_required=settings.provided.catalog.review_required,
    )

    # media
    media_transaction: providers.Provider[Transaction[MediaRecords]] = providers.Singleton(
        PostgresTransaction[PostgresMediaRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresMediaRecords),
        told=own_broadcasts,
    )
    media_queries: providers.Provider[MediaQueries] = providers.Singleton(PostgresMediaQueries, pool)
    asset_board: providers.Provider[AssetBoard] = providers.Singleton(PostgresAssetBoard, pool)
    lesson_authors: providers.Provider[LessonAuthors] = catalog.facade
    ffmpeg = providers.Singleton(Ffmpeg, settings.provided.media.ffmpeg_path)
    transcoder: providers.Provider[Transcoder] = providers.Singleton(FfmpegTranscoder, ffmpeg)
    chunk_transcoder: providers.Provider[ChunkTranscoder] = providers.Singleton(FfmpegChunkTranscoder, ffmpeg)
    probe: providers.Provider[Probe] = providers.Singleton(PyavProbe)
    scratch: providers.Provider[Scratch] = providers.Singleton(
        FilesystemScratch, settings.provided.media.work_directory
    )
    step_told: providers.Provider[StepTold] = providers.Object(untold)
    media = providers.Container(
        MediaContainer,
        clock=clock,
        ids=ids,
        transaction=media_transaction,
        queries=media_queries,
        store=object_store,
        signer=delivery_signer,
        probe=probe,
        transcoder=transcoder,
        chunk_transcoder=chunk_transcoder,
        scratch=scratch,
        workers=workers,
        board=asset_board,
        audit=identity.audit_log,
        lesson_authors=lesson_authors,
        media_base_url=settings.provided.delivery.media_base_url,
        cookie_ttl_seconds=settings.provided.delivery.cookie_ttl_seconds,
        max_upload_bytes=settings.provided.media.max_upload_bytes,
        upload_quota_bytes=settings.provided.media.upload_quota_bytes,
        chunk_threshold_seconds=settings.provided.media.chunk_threshold_seconds,
        step_told=step_told,
    )

    # learning
    learning_transaction: providers.Provider[Transaction[LearningRecords]] = providers.Singleton(
        PostgresTransaction[PostgresLearningRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresLearningRecords),
        told=own_broadcasts,
    )
    learning_queries: providers.Provider[LearningQueries] = providers.Singleton(PostgresLearningQueries, pool)
    certificate_queries: providers.Provider[CertificateQueries] = providers.Singleton(PostgresCertificateQueries, pool)
    analytics_queries: providers.Provider[AnalyticsQueries] = providers.Singleton(PostgresAnalyticsQueries, pool)
    progress_buffer: providers.Provider[ProgressBuffer] = providers.Singleton(
        GuardedProgressBuffer,
        providers.Singleton(RedisProgressBuffer, redis),
        providers.Singleton(CircuitBreaker),
        clock,
    )
    review_queries: providers.Provider[ReviewQueries] = providers.Singleton(PostgresReviewQueries, pool)
    question_queries: providers.Provider[DiscussionQueries] = providers.Singleton(PostgresDiscussionQueries, pool)
    learning = providers.Container(
        LearningContainer,
        clock=clock,
        ids=ids,
        transaction=learning_transaction,
        queries=learning_queries,
        review_queries=review_queries,
        question_queries=question_queries,
        buffer=progress_buffer,
        catalog=catalog.facade,
        media=media.facade,
        identity=identity.facade,
        audit=identity.audit_log,
        notifications=identity.notifications,
        secrets=secrets,
        throttle=throttle,
        certificates=certificate_queries,
        analytics=analytics_queries,
        link_base=providers.Callable(link_base, settings),
    )

    # billing
    billing_transaction: providers.Provider[Transaction[BillingRecords]] = providers.Singleton(
        PostgresTransaction[PostgresBillingRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresBillingRecords),
        told=own_broadcasts,
    )
    billing_queries: providers.Provider[BillingQueries] = providers.Singleton(PostgresBillingQueries, pool)
    webhook_inbox: providers.Provider[WebhookInbox] = providers.Singleton(PostgresWebhookInbox, pool)
    enrolment_grants: providers.Provider[EnrolmentGrants] = learning.facade
    gateways: providers.Provider[Mapping[str, PaymentGateway]] = providers.Singleton(create_gateways, settings, clock)
    sandbox_delivery: providers.Provider[SandboxDelivery | None] = providers.Singleton(
        create_sandbox_delivery, settings, clock
    )
    books: providers.Provider[Books] = providers.Singleton(PostgresBooks, pool)
    billing_checks: providers.Provider[BillingChecks] = providers.Singleton(PostgresBillingChecks, pool)
    seller = providers.Singleton(
        Seller,
        name=settings.provided.billing.seller_name,
        details=settings.provided.billing.seller_details,
    )
    billing = providers.Container(
        BillingContainer,
        clock=clock,
        ids=ids,
        queue=queue,
        transaction=billing_transaction,
        queries=billing_queries,
        inbox=webhook_inbox,
        catalog=catalog.facade,
        grants=enrolment_grants,
        audit=identity.audit_log,
        throttle=throttle,
        terms=providers.Singleton(create_terms, settings.provided.billing),
        identity=identity.facade,
        notifications=identity.notifications,
        books=books,
        checks=billing_checks,
        seller=seller,
        gateways=gateways,
        sandbox_delivery=sandbox_delivery,
    )
