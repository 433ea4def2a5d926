"""The API over real stores, to be treated badly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.api import Api, running_api


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url) as running:
        yield running
