"""The root container: picks adapters by settings and holds the modules' containers.

Synchronous providers only, and no constructor does IO: `kosu.lifespan` opens and closes what needs it. Every provider
can be replaced at construction, e.g. `Container(settings=…, clock=…)`; overriding a built singleton has no effect.
"""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.adapters.argon2 import Argon2PasswordHasher
from kosu.adapters.cloudfront.delivery_signer import CloudFrontSigner
from kosu.adapters.filesystem.mailer import FileMailer
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.postgres.connections import create_engine, create_pool, create_sessions
from kosu.adapters.postgres.identity import PostgresIdentityQueries, PostgresIdentityRecords
from kosu.adapters.postgres.outbox import PostgresOutboxLog
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.adapters.pyjwt import JwtAccessTokens
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.adapters.s3.object_store import S3ObjectStore
from kosu.adapters.saq import SaqQueue, create_queue_redis
from kosu.adapters.smtp.mailer import SmtpMailer
from kosu.adapters.system import SystemClock, SystemIds, SystemSecrets
from kosu.modules.identity.container import IdentityContainer
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.ports import (
    AccessTokens,
    IdentityQueries,
    IdentityRecords,
    PasswordHasher,
    SessionCache,
)
from kosu.ports.clock import Clock
from kosu.ports.delivery_signer import DeliverySigner
from kosu.ports.id_source import IdSource, SecretSource
from kosu.ports.mailer import Mailer
from kosu.ports.object_store import ObjectStore
from kosu.ports.outbox import OutboxLog
from kosu.ports.queue import Queue
from kosu.ports.unit_of_work import Transaction
from kosu.settings import IdentitySettings, Settings

QUEUES = ("default", "media")


def create_keyring(settings: IdentitySettings) -> Keyring:
    return Keyring(settings.keyring())


def create_access_tokens(settings: IdentitySettings) -> JwtAccessTokens:
    return JwtAccessTokens(keys=settings.keyring(), issuer=settings.issuer)


class Container(containers.DeclarativeContainer):
    settings: providers.Provider[Settings] = providers.Dependency(instance_of=Settings)

    # Connections: lifespan.py opens and closes them.
    engine = providers.Singleton(create_engine, settings.provided.postgres)
    sessions = providers.Singleton(create_sessions, engine)
    pool = providers.Singleton(create_pool, settings.provided.postgres)
    redis = providers.Singleton(create_redis, settings.provided.redis)
    queue_redis = providers.Singleton(create_queue_redis, settings.provided.redis)

    # Ports that no single module owns.
    clock: providers.Provider[Clock] = providers.Singleton(SystemClock)
    ids: providers.Provider[IdSource] = providers.Singleton(SystemIds)
    secrets: providers.Provider[SecretSource] = providers.Singleton(SystemSecrets)
    queue: providers.Provider[Queue] = providers.Singleton(SaqQueue, queue_redis, QUEUES)
    outbox_log: providers.Provider[OutboxLog] = providers.Singleton(PostgresOutboxLog, pool)
    object_store: providers.Provider[ObjectStore] = providers.Selector(
        settings.provided.object_store.kind,
        s3=providers.Singleton(
            S3ObjectStore,
            bucket=settings.provided.object_store.bucket,
            region=settings.provided.object_store.region,
            endpoint_url=settings.provided.object_store.endpoint_url,
            access_key_id=settings.provided.object_store.access_key_id,
            secret_access_key=settings.provided.object_store.secret_access_key,
        ),
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
    session_cache: providers.Provider[SessionCache] = providers.Singleton(RedisSessionCache, redis)
    identity_transaction: providers.Provider[Transaction[IdentityRecords]] = providers.Singleton(
        PostgresTransaction[PostgresIdentityRecords],
        sessions,
        queue,
        clock,
        ids,
        providers.Object(PostgresIdentityRecords),
    )
    identity_queries: providers.Provider[IdentityQueries] = providers.Singleton(PostgresIdentityQueries, pool)
    identity = providers.Container(
        IdentityContainer,
        clock=clock,
        ids=ids,
        secrets=secrets,
        transaction=identity_transaction,
        queries=identity_queries,
        cache=session_cache,
        passwords=passwords,
        access_tokens=access_tokens,
        mailer=mailer,
        keyring=keyring,
        device_limit=settings.provided.identity.device_limit,
        access_ttl_seconds=settings.provided.identity.access_ttl_seconds,
    )
