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


def test_no_foreign_key_crosses_schemas() -> None:
    crossing = [
        str(constraint)
        for table in tables.metadata.tables.values()
        for constraint in table.foreign_keys
        if constraint.column.table.schema != table.schema
    ]
    assert crossing == []
