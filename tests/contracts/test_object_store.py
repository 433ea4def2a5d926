"""Whole objects: what every object store promises. Multipart uploads have a file of their own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.ports.object_store import ObjectNotFound, ObjectStore, StoredObject, StoreUnavailable
from tests.support.object_stores import MIB, StoreUnderTest, noise, s3_store, stream

NO_KEYS = ["", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a/..", "a\0b", "a\ud800", "k" * 1025]
ODD_KEYS = [
    "a",
    "a/b",
    "한글/영상 1.mp4",
    "%2e%2e/%2e%2e/x",
    "a+b&c=d?#e",
    ".hidden",
    "...",
    "A" * 200,
    "a\\..\\b",
]


async def test_an_object_that_was_put_is_there_with_its_content_and_type(stores: StoreUnderTest) -> None:
    stored = await stores.store.put("a/b.txt", stream(b"he", b"", b"llo"), content_type="text/plain")

    assert stored == StoredObject("a/b.txt", 5, "text/plain") == await stores.store.head("a/b.txt")
    assert await stores.content("a/b.txt") == b"hello"


async def test_putting_again_replaces_content_and_type(stores: StoreUnderTest) -> None:
    await stores.put("a", b"first and long")
    await stores.put("a", b"second", content_type="text/html")

    assert await stores.store.head("a") == StoredObject("a", 6, "text/html")
    assert await stores.content("a") == b"second"


async def test_an_object_may_be_empty(stores: StoreUnderTest) -> None:
    await stores.put("empty")

    assert (await stores.store.head("empty")).size_bytes == 0
    assert await stores.content("empty") == b""


async def test_a_stream_longer_than_any_buffer_arrives_whole(stores: StoreUnderTest) -> None:
    """S3 needs a multipart upload for it, of whose parts each is full but the last."""
    chunk = noise(3 * MIB)
    await stores.store.put("large", stream(*[chunk] * 6), content_type="video/mp4")

    assert await stores.content("large") == chunk * 6


async def test_a_stream_that_fails_leaves_the_old_object(stores: StoreUnderTest) -> None:
    await stores.put("a", b"old")

    with pytest.raises(ZeroDivisionError):
        await stores.store.put("a", stream(noise(9 * MIB), then=ZeroDivisionError()), content_type="text/plain")

    assert await stores.content("a") == b"old"
    assert await stores.store.list_keys("") == ["a"]


async def test_readers_see_the_old_object_or_the_new_one_never_a_mix(stores: StoreUnderTest) -> None:
    versions = [bytes([digit]) * size for digit, size in ((1, 700_000), (2, 300_000), (3, 500_000))]
    await stores.put("a", versions[0])

    async def read() -> bytes:
        return await stores.content("a")

    *seen, _, _ = await asyncio.gather(
        *(read() for _ in range(8)), stores.put("a", versions[1]), stores.put("a", versions[2])
    )

    assert set(seen) <= set(versions)


async def test_a_file_goes_in_and_out_and_progress_adds_up_to_its_size(stores: StoreUnderTest, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(noise(9 * MIB + 1))
    target.write_bytes(b"longer than nothing")
    sent: list[int] = []
    received: list[int] = []

    put = await stores.store.put_file(
        "f", source, content_type="video/mp4", cache_control="max-age=60", on_bytes=sent.append
    )
    got = await stores.store.download("f", target, on_bytes=received.append)

    assert put == got == await stores.store.head("f") == StoredObject("f", 9 * MIB + 1, "video/mp4", "max-age=60")
    assert target.read_bytes() == source.read_bytes()
    assert sum(sent) == sum(received) == 9 * MIB + 1
    assert all(count > 0 for count in sent + received)


async def test_a_local_file_that_is_not_there_is_the_callers_error(stores: StoreUnderTest, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await stores.store.put_file("f", tmp_path / "missing", content_type="video/mp4")


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 4, b"0123"), (3, 2, b"34"), (8, 10, b"89"), (10, 5, b""), (99, 5, b""), (3, 0, b"")],
)
async def test_a_read_answers_the_bytes_asked_for(
    stores: StoreUnderTest, start: int, length: int, expected: bytes
) -> None:
    await stores.put("digits", b"0123456789")

    assert await stores.store.read("digits", start=start, length=length) == expected


async def test_an_object_that_is_not_there_is_not_found(stores: StoreUnderTest, tmp_path: Path) -> None:
    store = stores.store
    await stores.put("a/b/c", b"only this one")

    for missing in ("a", "a/b", "a/b/c/d", "x"):
        for attempt in (
            store.head(missing),
            store.read(missing, length=1),
            store.read(missing, length=0),
            store.download(missing, tmp_path / "x"),
        ):
            with pytest.raises(ObjectNotFound):
                await attempt


@pytest.mark.parametrize("key", NO_KEYS)
async def test_what_is_no_key_is_refused_before_anything_happens(stores: StoreUnderTest, key: str) -> None:
    store = stores.store
    for attempt in (
        store.put(key, stream(b"x"), content_type="text/plain"),
        store.head(key),
        store.read(key, length=1),
        store.delete(key),
        store.begin_multipart(key, content_type="text/plain"),
    ):
        with pytest.raises(ValueError, match=r"key|surrogates"):
            await attempt

    assert await store.list_keys("") == []


async def test_any_other_text_is_a_key_and_no_two_keys_are_one_object(stores: StoreUnderTest) -> None:
    for key in ODD_KEYS:
        await stores.put(key, key.encode())

    assert await stores.store.list_keys("") == sorted(ODD_KEYS)
    for key in ODD_KEYS:
        assert await stores.content(key) == key.encode()


async def test_keys_are_listed_by_any_prefix_in_order(stores: StoreUnderTest) -> None:
    for key in ("b/2", "b/10", "b", "bc/1", "c"):
        await stores.put(key, b"x")

    assert await stores.store.list_keys("b") == ["b", "b/10", "b/2", "bc/1"]
    assert await stores.store.list_keys("b/") == ["b/10", "b/2"]
    assert await stores.store.list_keys("b/1") == ["b/10"]
    assert await stores.store.list_keys("d/") == []


async def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(stores: StoreUnderTest) -> None:
    await stores.put("a/b", b"x")
    await stores.put("a/c", b"x")

    await stores.store.delete("a/b")
    await stores.store.delete("a/b")

    assert await stores.store.list_keys("") == ["a/c"]


async def test_deleting_a_prefix_takes_exactly_what_is_below_it(stores: StoreUnderTest) -> None:
    for key in ("v/1/a", "v/1/b/c", "v/10/a", "v/1"):
        await stores.put(key, b"x")

    assert await stores.store.delete_prefix("v/1/") == 2
    assert await stores.store.delete_prefix("v/1/") == 0
    assert await stores.store.list_keys("") == ["v/1", "v/10/a"]


@pytest.mark.parametrize("prefix", ["", "v", "v/1"])
async def test_a_prefix_that_could_mean_more_than_a_folder_is_not_deleted(stores: StoreUnderTest, prefix: str) -> None:
    with pytest.raises(ValueError, match="slash"):
        await stores.store.delete_prefix(prefix)


async def test_a_store_that_is_there_answers_a_ping(stores: StoreUnderTest) -> None:
    assert isinstance(stores.store, ObjectStore)
    await stores.store.ping()


@pytest.fixture(params=["memory", "filesystem", "s3", "s3 without the bucket"])
def store_away(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Each store when what it stands on is missing."""
    match request.param:
        case "memory":
            memory = MemoryObjectStore(MemoryClock())
            memory.available = False
            return memory
        case "filesystem":
            occupied = tmp_path / "a file where the folder should be"
            occupied.write_bytes(b"")
            return FilesystemObjectStore(
                directory=occupied, url="http://localhost", signing_key="k", clock=MemoryClock()
            )
        case "s3":
            return s3_store("http://127.0.0.1:1", "bucket")
        case _:
            return s3_store(request.getfixturevalue("moto_url"), "no-such-bucket")


async def test_a_store_that_is_away_says_so_to_every_call(store_away: ObjectStore) -> None:
    for attempt in (
        store_away.ping(),
        store_away.put("a", stream(b"x"), content_type="text/plain"),
        store_away.delete_prefix("a/"),
        store_away.begin_multipart("a", content_type="text/plain"),
    ):
        with pytest.raises(StoreUnavailable):
            await attempt
