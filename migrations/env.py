"""Alembic's environment: one schema per module, every migration in a transaction of its own."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from kosu.adapters.postgres import tables
from kosu.adapters.postgres.connections import engine_url

# A migration that waits for a lock keeps everybody waiting who comes after it. It gives up instead: what is left of the
# deployment is as it was, and it can be tried again.
LOCK_TIMEOUT_SECONDS = 5


def run() -> None:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = create_engine(engine_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=tables.metadata,
            include_schemas=True,
            include_name=lambda name, kind, _parents: kind != "schema" or name in tables.schemas,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
