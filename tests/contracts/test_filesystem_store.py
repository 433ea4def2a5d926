"""What only the store in a folder can get wrong: names of files, several processes, and what a killed one leaves."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kosu.adapters.filesystem.blob import BlobWriter
from kosu.adapters.filesystem.joined import JoinedFolder
from kosu.adapters.filesystem.multipart import MultipartFolder
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.filesystem.paths import key_of, object_path
from kosu.adapters.filesystem.presigned import PartGrant
from kosu.adapters.memory.clock import MemoryClock
from kosu.ports.object_store import (
    MIN_PART_BYTES,
    MultipartIncomplete,
    MultipartNotFound,
    StoredObject,
    StoreUnavailable,
)
from tests.support.object_stores import noise, stream

ROOT = Path("/objects")
segments = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [".", "..", "+", "%2E", "a+"]
)
texts = st.lists(segments, min_size=1, max_size=4).map("/".join)
FULL = noise(MIN_PART_BYTES)


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[[], FilesystemObjectStore]:
    """Opens the same folder, each time as another process would."""
    return lambda: FilesystemObjectStore(
        directory=tmp_path / "store", url="http://edge.test/storage", signing_key="k", clock=MemoryClock()
    )


@given(texts)
def test_no_text_whatever_names_a_file_outside_the_folder(text: str) -> None:
    """Also one that is no key: the check of keys is not what keeps the files apart."""
    path = object_path(ROOT, text)

    assert ".." not in path.parts
    assert path.is_relative_to(ROOT)
    assert "\0" not in str(path)


@given(texts.filter(lambda text: all(text.split("/"))))
def test_a_file_name_says_which_key_it_is(text: str) -> None:
    assert key_of(ROOT, object_path(ROOT, text)) == text


def test_a_segment_too_long_for_a_file_name_is_refused_not_cut() -> None:
    with pytest.raises(ValueError, match="too long"):
        object_path(ROOT, "a/" + "한" * 100)


async def test_an_upload_outlives_the_process_that_began_it(open_store: Callable[[], FilesystemObjectStore]) -> None:
    multipart_id = await open_store().begin_multipart("v", content_type="video/mp4")
    await open_store().receive_part(PartGrant("v", multipart_id, 1, 5), stream(b"hello"))
    parts = await open_store().list_parts("v", multipart_id)

    assert await open_store().complete_multipart("v", multipart_id, parts) == StoredObject("v", 5, "video/mp4")


async def test_of_completes_in_several_processes_exactly_one_succeeds(
    open_store: Callable[[], FilesystemObjectStore],
) -> None:
    multipart_id = await open_store().begin_multipart("v", content_type="video/mp4")
    for number in (1, 2):
        await open_store().receive_part(PartGrant("v", multipart_id, number, len(FULL)), stream(FULL))
    parts = await open_store().list_parts("v", multipart_id)

    outcomes = await asyncio.gather(
        *(open_store().complete_multipart("v", multipart_id, parts) for _ in range(4)), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes].count(StoredObject) == 1
    assert [type(outcome) for outcome in outcomes].count(MultipartNotFound) == 3


def test_a_part_sent_anew_while_the_parts_are_joined_is_not_taken_for_the_one_checked(tmp_path: Path) -> None:
    """Sending takes no lock."""
    incoming = tmp_path / "incoming"
    folder = MultipartFolder(tmp_path / "multipart", incoming)
    multipart_id = folder.begin("v", "video/mp4")

    def send(part_number: int, data: bytes) -> None:
        with BlobWriter(incoming) as part:
            part.write(data)
            folder.add_part("v", multipart_id, part_number, part)

    class Raced(JoinedFolder):
        def add(self, key: str, parts: Sequence[Path]) -> str:
            send(2, b"new")
            return super().add(key, parts)

    send(1, FULL)
    send(2, b"old")
    parts = folder.list_parts("v", multipart_id)
    with pytest.raises(MultipartIncomplete, match="part 2"):
        folder.complete("v", multipart_id, parts, lambda *_: None, Raced(tmp_path / "joined", incoming))
    assert _names(tmp_path / "joined") == []


async def uploaded(store: FilesystemObjectStore, key: str, *parts: bytes) -> None:
    multipart_id = await store.begin_multipart(key, content_type="video/mp4")
    for number, data in enumerate(parts, 1):
        await store.receive_part(PartGrant(key, multipart_id, number, len(data)), stream(data))
    await store.complete_multipart(key, multipart_id, await store.list_parts(key, multipart_id))


async def test_parts_are_joined_without_a_copy(open_store: Callable[[], FilesystemObjectStore], tmp_path: Path) -> None:
    """Whoever completes an upload would otherwise pass every byte of it through itself."""
    store = open_store()
    multipart_id = await store.begin_multipart("v", content_type="video/mp4")
    for number in (1, 2):
        await store.receive_part(PartGrant("v", multipart_id, number, len(FULL)), stream(FULL))
    files = {path.stat().st_ino for path in (tmp_path / "store" / "multipart" / multipart_id).glob("0*")}

    await store.complete_multipart("v", multipart_id, await store.list_parts("v", multipart_id))

    assert {path.stat().st_ino for path in (tmp_path / "store" / "joined").rglob("0*")} == files
    assert _names(tmp_path / "store" / "multipart") == []


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 1), (0, len(FULL)), (len(FULL) - 1, 2), (len(FULL) - 3, len(FULL) + 9), (2 * len(FULL), 9)],
)
async def test_a_joined_object_is_read_over_the_seams(
    open_store: Callable[[], FilesystemObjectStore], start: int, length: int
) -> None:
    store, other = open_store(), noise(MIN_PART_BYTES, seed=1)
    await uploaded(store, "v", FULL, other, b"tail")

    assert await store.read("v", start=start, length=length) == (FULL + other + b"tail")[start : start + length]


async def test_parts_go_with_their_object(open_store: Callable[[], FilesystemObjectStore], tmp_path: Path) -> None:
    store = open_store()
    await uploaded(store, "replaced", b"one")
    await store.put("replaced", stream(b"two"), content_type="text/plain")
    await uploaded(store, "again", b"one")
    await uploaded(store, "again", b"two")
    await store.delete("again")

    assert _names(tmp_path / "store" / "joined") == []
    assert await store.read("replaced", length=9) == b"two"


async def test_parts_that_no_object_names_are_cleared_away_after_a_day(
    open_store: Callable[[], FilesystemObjectStore], tmp_path: Path
) -> None:
    """A process was killed between making the folder and the object."""
    store = open_store()
    await uploaded(store, "v", b"hello")
    (kept,) = _names(tmp_path / "store" / "joined")
    folder = JoinedFolder(tmp_path / "store" / "joined", tmp_path / "store" / "incoming")
    parts = folder.parts(kept, 1)
    old, young = folder.add("v", parts), folder.add("v", parts)
    for name in (kept, old):
        a_day_ago = time.time() - 25 * 3600
        os.utime(tmp_path / "store" / "joined" / name, (a_day_ago, a_day_ago))

    await store.begin_multipart("other", content_type="video/mp4")

    assert set(_names(tmp_path / "store" / "joined")) == {kept, young}
    assert await store.read("v", length=9) == b"hello"


async def test_a_complete_that_failed_on_the_disk_can_be_repeated(
    open_store: Callable[[], FilesystemObjectStore], tmp_path: Path
) -> None:
    store = open_store()
    multipart_id = await store.begin_multipart("a/v", content_type="video/mp4")
    await store.receive_part(PartGrant("a/v", multipart_id, 1, 5), stream(b"hello"))
    parts = await store.list_parts("a/v", multipart_id)
    trouble = tmp_path / "store" / "objects" / "a+"
    trouble.parent.mkdir(parents=True)
    trouble.write_bytes(b"")

    with pytest.raises(StoreUnavailable):
        await store.complete_multipart("a/v", multipart_id, parts)
    assert _names(tmp_path / "store" / "incoming") == []

    trouble.unlink()
    await store.complete_multipart("a/v", multipart_id, parts)
    assert await store.read("a/v", length=9) == b"hello"


async def test_a_finished_upload_and_deleted_objects_leave_nothing_behind(
    open_store: Callable[[], FilesystemObjectStore], tmp_path: Path
) -> None:
    store = open_store()
    multipart_id = await store.begin_multipart("a/b/v", content_type="video/mp4")
    await store.receive_part(PartGrant("a/b/v", multipart_id, 1, 5), stream(b"hello"))
    await store.complete_multipart("a/b/v", multipart_id, await store.list_parts("a/b/v", multipart_id))
    await store.delete_prefix("a/")

    for folder in ("objects", "multipart", "joined", "incoming"):
        assert _names(tmp_path / "store" / folder) == []


async def test_the_next_upload_clears_away_what_a_killed_process_left_a_day_ago(
    open_store: Callable[[], FilesystemObjectStore], tmp_path: Path
) -> None:
    incoming = tmp_path / "store" / "incoming"
    (incoming / "old-ended").mkdir(parents=True)
    (incoming / "old-ended" / "00001").write_bytes(b"x")
    for name, age_hours in (("old", 25), ("old-ended", 25), ("young", 23)):
        if not (incoming / name).exists():
            (incoming / name).write_bytes(b"x")
        moment = (incoming / name).stat().st_mtime - age_hours * 3600
        os.utime(incoming / name, (moment, moment))

    await open_store().begin_multipart("v", content_type="video/mp4")

    assert _names(incoming) == ["young"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        bytes(100),
        b"\xff\xff\xff\xffkosu",
        b"{]\0\0\0\2kosu",
        b"[]\0\0\0\2kosu",
        b'{"etag": "x"}\0\0\0\x0dnone',
    ],
)
async def test_a_damaged_file_is_not_served_as_an_object(
    open_store: Callable[[], FilesystemObjectStore], tmp_path: Path, content: bytes
) -> None:
    store = open_store()
    await store.put("a", stream(b"x"), content_type="text/plain")
    (tmp_path / "store" / "objects" / "a").write_bytes(content)

    with pytest.raises(StoreUnavailable):
        await store.head("a")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
