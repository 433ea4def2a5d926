"""Rows and migrations agree, and migrations go both ways."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from entrypoints.migrate import MIGRATIONS, upgrade
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
