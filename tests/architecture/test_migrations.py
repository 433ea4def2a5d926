"""Rows and migrations agree, and migrations go both ways."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from entrypoints.migrate import MIGRATIONS, current_revision, upgrade
from kosu.adapters.postgres import tables
from kosu.adapters.postgres.connections import engine_url

SCHEMAS = {"messaging", "identity", "media", "catalog", "billing", "learning"}


def test_rows_and_migrations_agree(database: str) -> None:
    engine = create_engine(engine_url(database))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: kind != "schema" or name in SCHEMAS,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        differences = compare_metadata(context, tables.metadata)
    engine.dispose()
    assert differences == []


def test_migrations_can_be_taken_back_and_made_again(empty_database: str) -> None:
    upgrade(empty_database)
    config = Config(toml_file=MIGRATIONS.parent / "pyproject.toml")
    config.attributes["url"] = empty_database
    command.downgrade(config, "base")
    engine = create_engine(engine_url(empty_database))
    with engine.connect() as connection:
        found = set(connection.execute(text("SELECT nspname FROM pg_namespace")).scalars())
    engine.dispose()
    assert found & SCHEMAS == set()
    assert upgrade(empty_database)


def test_courses_that_are_there_are_found_after_the_migration_to_search(empty_database: str) -> None:
    config = Config(toml_file=MIGRATIONS.parent / "pyproject.toml")
    config.attributes["url"] = empty_database
    command.upgrade(config, "0015_search")
    command.downgrade(config, "0015_search-1")
    engine = create_engine(engine_url(empty_database))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO catalog.categories VALUES ('data', 'Data', 1)"))
        connection.execute(
            text(
                """INSERT INTO catalog.courses
                   SELECT uuidv7(), 'course-' || n, uuidv7(), 'Ines', 'published', '파이썬 ' || n, '', 'By example',
                          '{}', 'data', 'beginner', 'ko', 'KRW', 0, NULL, NULL, 0, NULL, 0, 0, 0, 0, now(), now(), now()
                   FROM generate_series(1, 1001) n"""
            )
        )
    assert upgrade(empty_database)
    found = text("SELECT count(*) FROM catalog.course_search WHERE words @@ :words AND grams @> CAST(:grams AS text[])")
    with engine.connect() as connection:
        values = {"words": "'파이썬':A & 'example':D & 'ines':C", "grams": ["ㅆㅓㄴ", " da"]}
        assert connection.execute(found, values).scalar_one() == 1001
    engine.dispose()


def test_no_foreign_key_crosses_schemas() -> None:
    crossing = [
        str(constraint)
        for table in tables.metadata.tables.values()
        for constraint in table.foreign_keys
        if constraint.column.table.schema != table.schema
    ]
    assert crossing == []


def test_who_waits_for_their_turn_to_migrate_keeps_no_index_from_being_made(empty_database: str) -> None:
    """CREATE INDEX CONCURRENTLY waits for every statement that runs, also for one that waits itself."""
    with (
        psycopg.connect(empty_database, autocommit=True) as first,
        ThreadPoolExecutor(1) as second,
    ):
        first.execute("SELECT pg_advisory_lock(hashtext('kosu migrations'))")
        waiting = second.submit(upgrade, empty_database)
        first.execute("CREATE TABLE things (id int)")
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while first.execute(others).fetchone() == (0,):
            time.sleep(0.05)
        first.execute("SET statement_timeout = '20s'")
        first.execute("CREATE INDEX CONCURRENTLY ix_things ON things (id)")
        first.execute("SELECT pg_advisory_unlock(hashtext('kosu migrations'))")
        assert waiting.result(60) is True


def test_a_migration_may_leave_its_transaction_and_does_not_wait_for_long(empty_database: str, tmp_path: Path) -> None:
    shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("00*", "__pycache__"))
    (tmp_path / "migrations/versions").mkdir(exist_ok=True)
    concurrently = """with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ix ON things (id)")"""
    for revision, before, body in (
        ("0001_one", None, 'op.execute("CREATE TABLE things (id int)")'),
        ("0002_two", "0001_one", 'op.execute("CREATE TABLE others (id int)")'),
        ("0003_three", "0002_two", 'op.execute("ALTER TABLE things ADD COLUMN name text")'),
        ("0004_four", "0003_three", concurrently),
    ):
        head = f"from alembic import op\nrevision, down_revision = {revision!r}, {before!r}"
        (tmp_path / f"migrations/versions/{revision}.py").write_text(f"{head}\n\n\ndef upgrade():\n    {body}\n")
    config = Config()
    config.set_main_option("script_location", str(tmp_path / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = empty_database
    command.upgrade(config, "0001_one")
    with psycopg.connect(empty_database) as reader:
        reader.execute("SELECT * FROM things")
        with pytest.raises(OperationalError, match="lock timeout"):
            command.upgrade(config, "head")
        assert current_revision(reader) == "0002_two"
    command.upgrade(config, "head")
    with psycopg.connect(empty_database) as reader:
        assert reader.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass").fetchone() == (True,)
