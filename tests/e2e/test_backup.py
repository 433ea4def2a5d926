"""The drill: all is lost, and a backup brings it back. What is no whole backup, or no empty place, is refused."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
import redis
from alembic import command
from alembic.config import Config

from entrypoints import backup, migrate
from entrypoints.backup import manifest
from entrypoints.backup.errors import Damaged, FolderTaken, FromAnotherRelease, NotEmpty
from entrypoints.cli import main
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.worker.dispatch import dispatcher_of
from kosu.container import Container
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.ports.object_store import StoredObject, StoreUnavailable
from tests.api.test_learning import beat
from tests.api.test_webhooks import Gateway
from tests.support.api import Api, running_api
from tests.support.settings import environment, settings
from tests.support.stack import ROOT
from tests.support.taught import Course, make_course

IMMUTABLE = "max-age=31536000, immutable"
POSITION_MS = 42_000
OBJECT = "media/v/a/1/master.m3u8"


@dataclass(frozen=True, slots=True)
class Site:
    """An installation: where it keeps what it keeps, and the ways to lose all of it."""

    server: PostgresServer
    database: str
    folder: Path
    redis_url: str

    @property
    def database_url(self) -> str:
        return self.server.url(self.database)

    @property
    def objects(self) -> Path:
        return self.folder / "objects"

    def container(self, **providers: Any) -> Container:
        made = settings(self.folder, database_url=self.database_url, redis_url=self.redis_url)
        return Container(settings=made, **providers)

    def environment(self) -> dict[str, str]:
        return environment(self.folder, database_url=self.database_url, redis_url=self.redis_url)

    def lose_everything(self) -> None:
        self.server.drop_database(self.database)
        self.server.create_database(self.database)
        shutil.rmtree(self.objects, ignore_errors=True)
        self.empty_redis()

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def kosu(self, *arguments: str) -> subprocess.Popen[str]:
        """A `kosu` command with the settings of this installation."""
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        return subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli", *arguments],
            env={**os.environ, **self.environment(), "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def holds_nothing(self) -> bool:
        with psycopg.connect(self.database_url) as connection:
            tables = "SELECT count(*) FROM pg_class WHERE relnamespace > 16383 OR relnamespace = 'public'::regnamespace"
            row = connection.execute(tables).fetchone()
        return row == (0,)


@contextmanager
def fresh_site(server: PostgresServer, name: str, folder: Path, redis_url: str, *, template: str) -> Iterator[Site]:
    server.create_database(name, template=template)
    site = Site(server, name, folder, redis_url)
    site.empty_redis()
    yield site
    server.drop_database(name)


@pytest.fixture
def site(postgres_server: PostgresServer, migrated_template: str, redis_url: str, tmp_path: Path) -> Iterator[Site]:
    """Migrated, and without rows."""
    with fresh_site(postgres_server, "drill", tmp_path / "home", redis_url, template=migrated_template) as site:
        yield site


@pytest.fixture
def empty(postgres_server: PostgresServer, redis_url: str, tmp_path: Path) -> Iterator[Site]:
    """A place to restore to."""
    with fresh_site(postgres_server, "empty", tmp_path / "empty", redis_url, template="template0") as site:
        yield site


@pytest.fixture(scope="module")
async def small_backup(
    postgres_server: PostgresServer,
    migrated_template: str,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A backup of next to nothing: one course, and an object. To be copied, and not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    with fresh_site(postgres_server, "small", folder / "home", redis_server.url(), template=migrated_template) as site:
        async with running_api(site.folder, database_url=site.database_url, redis_url=site.redis_url) as api:
            await make_course(api)
            await put(api.container, OBJECT, b"#EXTM3U")
        await backup.save(site.container(), folder / "backup", say=lambda _: None)
    return folder / "backup"


@pytest.fixture
def saved(small_backup: Path, empty: Site, tmp_path: Path) -> Path:
    """A copy of it, made after everything else is ready: the making of it leaves keys in Redis."""
    empty.empty_redis()
    return shutil.copytree(small_backup, tmp_path / "saved")


async def put(container: Container, key: str, content: bytes) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    await container.object_store().put(key, chunks(), content_type="application/x", cache_control=IMMUTABLE)


async def keys(site: Site) -> Sequence[str]:
    return await site.container().object_store().list_keys("")


def migrate_to(site: Site, revision: str) -> None:
    config = Config(toml_file=migrate.MIGRATIONS.parent / "pyproject.toml")
    config.attributes["url"] = site.database_url
    command.upgrade(config, revision)


async def restore(site: Site, folder: Path, **providers: Any) -> list[str]:
    """Answers what it said."""
    said: list[str] = []
    await backup.restore(site.container(**providers), folder, say=said.append)
    return said


async def order(learner: httpx.AsyncClient, course: Course) -> dict[str, Any]:
    body = {"course_ids": [str(course.id)], "gateway": "sandbox"}
    placed: dict[str, Any] = (await learner.post("/api/v1/orders", json=body)).json()
    return placed


async def test_everything_is_lost_and_a_backup_brings_it_back(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    async with running_api(site.folder, database_url=site.database_url, redis_url=site.redis_url) as api:
        course, other = await make_course(api), await make_course(api)
        learner, gateway = await api.learner(), Gateway(api, await api.browser())
        bought = await order(learner, course)
        # Paid; what follows from it waits in the outbox.
        await send_payment(gateway, bought)
        await api.container.billing.drain_inbox()()
        # Paid too; that waits in the inbox.
        waiting = await order(learner, other)
        await send_payment(gateway, waiting)
        playback = (await learner.get(f"/api/v1/lessons/{course.video}/playback")).json()
        video = urlsplit(playback["hls_url"]).path.removeprefix("/")
        await put(api.container, video, b"#EXTM3U")
        # Still in Redis.
        sent = beat(1, [0, POSITION_MS], position_ms=POSITION_MS)
        assert (await learner.put(f"/api/v1/lessons/{course.video}/progress", json=sent)).status_code == 204
        note = {"at_ms": 1_000, "body": "기억할 것", "media_revision": 1}
        assert (await learner.post(f"/api/v1/lessons/{course.video}/notes", json=note)).status_code == 201
        cookies = dict(learner.cookies)
        await backup.save(site.container(), folder, say=lambda _: None)
    site.lose_everything()

    await restore(site, folder)

    async with running_api(site.folder, database_url=site.database_url, redis_url=site.redis_url) as api:
        learner = await api.browser()
        learner.cookies.update(cookies)
        assert (await learner.get("/api/v1/me")).status_code == 200, "the session has ended"
        playback = (await learner.get(f"/api/v1/lessons/{course.video}/playback")).json()
        assert playback["resume_position_ms"] == POSITION_MS
        assert urlsplit(playback["hls_url"]).path == f"/{video}"
        stored = await api.container.object_store().head(video)
        assert stored == StoredObject(video, len(b"#EXTM3U"), "application/x", IMMUTABLE)
        assert await api.container.object_store().read(video, length=100) == b"#EXTM3U"
        (kept,) = (await learner.get(f"/api/v1/lessons/{course.video}/notes")).json()["items"]
        assert kept["body"] == "기억할 것"
        assert await state(learner, bought) == "paid"

        assert await state(learner, waiting) == "pending"
        await api.container.billing.drain_inbox()()
        assert await state(learner, waiting) == "paid"
        assert (await learner.get(f"/api/v1/lessons/{other.video}/playback")).status_code == 200

        assert api.mailer.sent == []
        await deliver_what_is_due(api)
        assert len([mail for mail in api.mailer.sent if "receipt" in mail.subject.lower()]) == 2

        postings = await count(site, "SELECT count(*) FROM billing.ledger_tx")
        gateway = Gateway(api, await api.browser())
        for told in (bought, waiting):
            await send_payment(gateway, told)
        await api.container.billing.drain_inbox()()
        assert await count(site, "SELECT count(*) FROM billing.ledger_tx") == postings == 2
        assert await count(site, "SELECT count(*) FROM billing.webhook_inbox") == 2


async def send_payment(gateway: Gateway, placed: dict[str, Any]) -> None:
    """The gateway tells of the payment, and is acknowledged; nobody settles it yet."""
    for message in gateway.messages(SandboxAction.PAY, placed):
        assert (await gateway.send(message.body, message_id=message.id)).status_code == 200


async def state(learner: httpx.AsyncClient, placed: dict[str, Any]) -> str:
    return str((await learner.get(f"/api/v1/orders/{placed['id']}")).json()["state"])


async def deliver_what_is_due(api: Api) -> None:
    """As the sweep does, a minute later: nobody was rung for any of it in this life."""
    log, dispatcher = api.container.outbox_log(), dispatcher_of(api.container)
    later = api.container.clock().now() + timedelta(minutes=2)
    while bells := await log.due(at=later, limit=100):
        for bell in bells:
            await dispatcher.deliver(bell.message_id)
        await api.work()
        later += timedelta(minutes=2)


async def count(site: Site, statement: Any) -> int:
    async with await psycopg.AsyncConnection.connect(site.database_url) as connection:
        row = await (await connection.execute(statement)).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("place", ["database", "objects", "redis"])
async def test_a_place_that_is_not_empty_is_refused(empty: Site, saved: Path, place: str) -> None:
    match place:
        case "database":
            with psycopg.connect(empty.database_url) as connection:
                connection.execute("CREATE TABLE somebody_elses ()")
        case "objects":
            await put(empty.container(), "somebody/elses", b"1")
        case "redis":
            with redis.Redis.from_url(empty.redis_url) as client:
                client.set("kosu:something", "else")
    with pytest.raises(NotEmpty):
        await restore(empty, saved)
    assert await keys(empty) == (["somebody/elses"] if place == "objects" else [])
    assert empty.holds_nothing() == (place != "database")


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def alter(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("harm", [truncate, alter, Path.unlink])
async def test_a_damaged_backup_is_refused_before_anything_is_touched(
    empty: Site, saved: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    for number, name in enumerate(("manifest.json", "manifest.sha256", "database.dump", "objects/*/*")):
        damaged = Path(shutil.copytree(saved, tmp_path / f"damaged-{number}"))
        harm(next(iter(damaged.glob(name))))  # noqa: ASYNC240 - a test has nothing else to do
        with pytest.raises(Damaged):
            await restore(empty, damaged)
    assert empty.holds_nothing()
    assert await keys(empty) == []


async def test_a_backup_of_a_newer_release_is_refused(empty: Site, saved: Path) -> None:
    held = manifest.read(saved)
    for changed in ({"revision": "9999_later"}, {"format": 2}):
        newer = {name: getattr(held, name) for name in held.__struct_fields__} | changed
        manifest.write(saved, manifest.Manifest(**newer))
        with pytest.raises(FromAnotherRelease):
            await restore(empty, saved)
    assert empty.holds_nothing()


async def test_a_backup_never_replaces_another(site: Site, saved: Path) -> None:
    with pytest.raises(FolderTaken):
        await backup.save(site.container(), saved, say=lambda _: None)
    manifest.read(saved)


async def test_a_backup_that_fails_does_not_look_like_one(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    container = site.container()
    await put(container, "a", b"one")

    async def away(*_: object, **__: object) -> None:
        msg = "away"
        raise StoreUnavailable(msg)

    store = container.object_store()
    monkeypatch.setattr(store, "download", away)
    with pytest.raises(StoreUnavailable):
        await backup.save(container, tmp_path / "backup", say=lambda _: None)
    with pytest.raises(Damaged):
        manifest.read(tmp_path / "backup")
    await backup.save(site.container(), tmp_path / "backup", say=lambda _: None)
    manifest.read(tmp_path / "backup")


async def test_a_restore_that_was_killed_leaves_the_database_empty_and_can_be_begun_again(
    empty: Site, saved: Path
) -> None:
    """In the middle of filling it: somebody else's open transaction makes it wait there."""
    with psycopg.connect(empty.database_url) as holder:
        holder.execute("CREATE SCHEMA learning")
        process = empty.kosu("restore", str(saved))
        deadline = time.monotonic() + 60
        with psycopg.connect(empty.database_url, autocommit=True) as connection:
            waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            while not (found := connection.execute(waiting).fetchall()):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                await asyncio.sleep(0.05)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            holder.rollback()
            ended = "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = %s"
            while connection.execute(ended, found[0]).fetchone() != (True,):  # noqa: ASYNC110 - a server says nothing
                await asyncio.sleep(0.05)
    assert empty.holds_nothing()
    assert await keys(empty) == [OBJECT], "its objects were there already"
    assert "the database is back" in await restore(empty, saved)
    assert await count(empty, "SELECT count(*) FROM catalog.courses") == 1


async def test_a_backup_of_an_older_release_is_migrated(site: Site, tmp_path: Path) -> None:
    known = migrate.revisions()
    newest = migrate.newest_revision()
    assert newest is not None
    site.lose_everything()
    migrate_to(site, str(known[newest]))
    await backup.save(site.container(), tmp_path / "backup", say=lambda _: None)
    site.lose_everything()
    assert (await restore(site, tmp_path / "backup"))[-1] == "and migrated"
    assert migrate.is_current(site.database_url)


def test_the_commands_say_what_they_did_and_what_is_wrong(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in site.environment().items():
        monkeypatch.setenv(name, value)
    folder = str(tmp_path / "backup")
    assert main(["backup", folder]) == 0
    assert "the database is saved" in capsys.readouterr().out
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700
    assert main(["backup", folder]) == 1
    assert main(["restore", folder]) == 1
    complaints = capsys.readouterr().err.splitlines()
    assert [complaint.partition(" ")[0] for complaint in complaints] == ["kosu:", "kosu:"]
    assert "is there already" in complaints[0]
    assert "is not empty" in complaints[1]
