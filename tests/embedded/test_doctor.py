"""`kosu doctor`: every part that is missing is named, in plain words."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
import redis

import kosu
from entrypoints import cli, doctor, surroundings
from entrypoints.api.openapi import PLACEHOLDERS
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import load_or_create
from kosu.settings import read_settings


@pytest.fixture
def environment(tmp_path: Path, database: str, redis_url: str) -> Mapping[str, str]:
    addresses = Addresses(api_url="http://127.0.0.1:1", edge_url="http://127.0.0.1:1")
    secrets = load_or_create(tmp_path / "secrets.json")
    made = runtime_environment({}, home=Home(tmp_path), secrets=secrets, addresses=addresses)
    return made | {"KOSU_DATABASE_URL": database, "KOSU_REDIS_URL": redis_url}


def problems(environment: Mapping[str, str]) -> str:
    return "\n".join(finding.text for finding in doctor.examine(environment) if not finding.fine)


def test_a_sound_set_up_has_no_problem(environment: Mapping[str, str]) -> None:
    assert problems(environment) == ""
    told = "\n".join(finding.text for finding in doctor.examine(environment))
    for part in (
        "Python is",
        "PostgreSQL is",
        "Redis is",
        "newest migration",
        "tables are those",
        "object store can",
    ):
        assert part in told
    for part in ("ffmpeg runs", "GiB are free", "media cookies can be read", "tokens are signed", "nobody answers at"):
        assert part in told


def test_every_problem_of_the_settings_is_told() -> None:
    told = problems({})
    assert "KOSU_DATABASE_URL is missing" in told
    assert "KOSU_TOKEN_KEYS is missing" in told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"KOSU_DATABASE_URL": "postgresql://kosu@/kosu?host=/nowhere"}, "PostgreSQL cannot be reached"),
        ({"KOSU_REDIS_URL": "unix:///nowhere/redis.sock"}, "Redis cannot be reached"),
        ({"KOSU_STORE_DIR": "/dev/null/objects"}, "the object store cannot be reached"),
        ({"KOSU_FFMPEG_PATH": "/nowhere/ffmpeg"}, "ffmpeg does not run"),
        ({"KOSU_CLOUDFRONT_PRIVATE_KEY": "none"}, "KOSU_CLOUDFRONT_PRIVATE_KEY is no private key"),
        (
            {"KOSU_OBJECT_STORE": "s3", "KOSU_S3_ENDPOINT_URL": "http://127.0.0.1:1", "KOSU_S3_ACCESS_KEY_ID": "a"}
            | {"KOSU_S3_SECRET_ACCESS_KEY": "b"},
            "the object store cannot be reached",
        ),
    ],
)
def test_what_is_away_is_told_and_nothing_else(
    environment: Mapping[str, str], changed: Mapping[str, str], told: str
) -> None:
    assert problems({**environment, **changed}).startswith(told)
    assert "\n" not in problems({**environment, **changed})


def test_a_database_without_migrations_is_told(environment: Mapping[str, str], empty_database: str) -> None:
    told = problems({**environment, "KOSU_DATABASE_URL": empty_database})
    assert told.startswith("the database is at migration None")
    assert told.endswith("run `kosu migrate`")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TABLE catalog.oddments (n int)", "remove_table catalog.oddments"),
        ("ALTER TABLE identity.users DROP COLUMN locale", "add_column identity.users.locale"),
        ("DROP INDEX messaging.ix_outbox_due", "add_index ix_outbox_due"),
    ],
)
def test_a_database_that_was_changed_past_the_migrations_is_told(
    environment: Mapping[str, str], database: str, statement: str, told: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(statement)
    found = problems(environment)
    assert found.startswith("the database was changed past the migrations")
    assert told in found


def test_a_redis_that_forgets_is_told(environment: Mapping[str, str], redis_url: str) -> None:
    forgetful = {"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru", "appendonly": "no"}
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        before = client.config_get("maxmemory*") | client.config_get("appendonly")
        assert problems(environment) == ""
        try:
            for name, value in forgetful.items():
                client.config_set(name, value)
            told = problems(environment)
        finally:
            for name in forgetful:
                client.config_set(name, before[name])
    assert "throws keys away when it is full (allkeys-lru)" in told
    assert "forgets all at a restart" in told


def test_somebody_else_at_the_apis_port_is_told(environment: Mapping[str, str]) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        told = problems({**environment, "KOSU_API_URL": url})
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert told == f"something else than Kosu answers at {url}: stop it, or choose another port"


def test_production_behind_an_unknown_proxy_is_told() -> None:
    settings = read_settings(PLACEHOLDERS)
    assert list(surroundings.proxies(settings)) == []
    [finding] = surroundings.proxies(replace(settings, profile="production"))
    assert "KOSU_TRUSTED_PROXY_HOPS" in finding.text


def test_older_servers_are_told() -> None:
    class Older:
        info = SimpleNamespace(server_version=170_004)

    assert surroundings.postgres_version(cast(Any, Older())).text == "PostgreSQL is 17: Kosu needs 18 or later"


def test_what_is_wrong_in_the_books_is_told_in_plain_words(environment: Mapping[str, str], database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            """INSERT INTO billing.webhook_inbox (id, gateway, dedup_key, event_type, payload_sha256, key_id,
                                                  verified_at, state)
               SELECT gen_random_uuid(), 'memory', n, '', '', '', now(), 'dead' FROM generate_series(1, 7) n"""
        )
        connection.execute(
            """INSERT INTO billing.orders (id, number, user_id, state, total_minor, currency, placed_at, expires_at)
               VALUES (%s, '1', gen_random_uuid(), 'pending', 1, 'KRW', now(), now() - interval '1 hour')""",
            [UUID(int=7)],
        )
    told = problems(environment).splitlines()
    assert len(told) == 2
    assert told[0].startswith("1 orders wait for a payment whose time is over")
    assert told[0].endswith(f"({UUID(int=7)})")
    assert told[1].startswith("7 webhooks were given up")
    assert told[1].endswith(" and 2 more)")


def test_where_there_is_nothing_to_examine_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("KOSU_")]:
        monkeypatch.delenv(name)
    assert cli.main(["doctor", "--home", str(tmp_path / "none")]) == 1
    assert "there is neither a stack" in capsys.readouterr().err


def test_the_version_is_told_without_an_installed_package(capsys: pytest.CaptureFixture[str]) -> None:
    """In an image the code runs as it was copied."""
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out.strip() == kosu.__version__
