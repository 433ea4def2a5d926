"""The rows of crons, apart from the adapter: the scheduler starts without SQLAlchemy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row


class CronRow(Row):
    """`slot` is the last time of the cron that was rung for."""

    __tablename__ = "crons"
    __table_args__ = ({"schema": "messaging"},)

    name: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[datetime]
