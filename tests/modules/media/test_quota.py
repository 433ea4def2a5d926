"""The quota: what an instructor's files have together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kosu.modules.media.domain.uploads import MIB
from kosu.modules.media.errors import UploadQuotaExceeded
from kosu.modules.media.use_cases.drop_revisions import RETIRED_KEPT
from tests.support.media import LESSON, MAX_UPLOAD_BYTES, OWNER, STRANGER, UPLOAD_QUOTA_BYTES, MediaWorld

SMALL = 1000


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def fill(world: MediaWorld, *, but_bytes: int) -> None:
    """Begin uploads until only so much is left."""
    for size_bytes in (MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES - but_bytes):
        await world.start(size_bytes=size_bytes, lesson_id=None, fingerprint=None)


async def begin(world: MediaWorld, size_bytes: int) -> None:
    await world.start(size_bytes=size_bytes, fingerprint=None)


async def test_file_that_does_not_fit_in_leaves_nothing_behind(world: MediaWorld) -> None:
    await fill(world, but_bytes=SMALL)
    uploads = len(world.database.table("media.uploads"))

    with pytest.raises(UploadQuotaExceeded) as refused:
        await begin(world, SMALL + 1)

    assert refused.value.limit_bytes == UPLOAD_QUOTA_BYTES
    assert refused.value.used_bytes == UPLOAD_QUOTA_BYTES - SMALL
    assert len(world.database.table("media.uploads")) == len(world.store._uploads) == uploads
    await begin(world, SMALL)


async def test_open_session_goes_on_whatever_the_quota(world: MediaWorld) -> None:
    upload = await world.start(size_bytes=MIB, fingerprint="f")
    await fill(world, but_bytes=MIB)

    assert (await world.start(size_bytes=MIB, fingerprint="f")).id == upload.id


async def test_everybody_has_a_quota_of_their_own_and_operators_none(world: MediaWorld) -> None:
    await fill(world, but_bytes=0)

    await world.start(user_id=STRANGER, lesson_id=None, fingerprint=None)
    await world.start(is_operator=True, fingerprint=None)


async def test_what_is_aborted_gives_its_room_back(world: MediaWorld) -> None:
    upload = await world.start(size_bytes=SMALL)
    await fill(world, but_bytes=SMALL)
    with pytest.raises(UploadQuotaExceeded):
        await begin(world, SMALL)

    await world.container.abort_upload()(user_id=OWNER, upload_id=upload.id)

    await begin(world, SMALL)


async def test_replaced_video_counts_until_its_files_are_gone(world: MediaWorld) -> None:
    for _ in range(2):
        await world.uploaded(size_bytes=SMALL)
        await world.process()
    await fill(world, but_bytes=2 * SMALL)
    with pytest.raises(UploadQuotaExceeded):
        await begin(world, 1)
    world.clock.advance(RETIRED_KEPT + timedelta(seconds=1))
    with pytest.raises(UploadQuotaExceeded):
        await begin(world, 1)

    await world.container.drop_revisions()()

    assert (await world.container.facade().playback(LESSON)).media_revision == 2
    await begin(world, SMALL)
