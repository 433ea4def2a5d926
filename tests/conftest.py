"""Fixtures of the whole suite: the event loop of async tests, and the servers of tests/support/servers.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.servers import (
    database,
    empty_database,
    migrated_template,
    postgres_server,
    postgres_url,
    redis_server,
    redis_url,
)

__all__ = [
    "database",
    "empty_database",
    "migrated_template",
    "postgres_server",
    "postgres_url",
    "redis_server",
    "redis_url",
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests recorded as `figures`, which are worth reading even where all is well."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "figures":
                    terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """One asyncio loop for all async tests and fixtures of a session, so that fixtures of any scope can be async."""
    return "asyncio", {"use_uvloop": False}
