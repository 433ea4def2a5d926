"""Multipart uploads: the same plain client on every object store, part for part."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from kosu.ports.object_store import (
    MIN_PART_BYTES,
    MultipartIncomplete,
    MultipartNotFound,
    ObjectNotFound,
    PartRequest,
    StoredObject,
    StoredPart,
)
from tests.support.object_stores import TTL, SendRefused, StoreUnderTest, noise, s3_store, send_over_http, stream

FULL = noise(MIN_PART_BYTES)
OTHER = noise(MIN_PART_BYTES, seed=1)
TAIL = b"the tail"


async def test_parts_sent_by_the_client_become_the_object(stores: StoreUnderTest) -> None:
    multipart_id = await stores.begin("v")
    etags = [
        await stores.send_part("v", multipart_id, number, data) for number, data in ((3, TAIL), (1, FULL), (2, OTHER))
    ]
    parts = await stores.store.list_parts("v", multipart_id)

    stored = await stores.store.complete_multipart("v", multipart_id, parts)

    expected = [StoredPart(1, len(FULL), etags[1]), StoredPart(2, len(OTHER), etags[2]), StoredPart(3, 8, etags[0])]
    assert parts == expected
    assert stored == await stores.store.head("v") == StoredObject("v", 2 * MIN_PART_BYTES + 8, "video/mp4")
    assert await stores.content("v") == FULL + OTHER + TAIL


async def test_nothing_is_visible_at_the_key_before_the_upload_is_complete(stores: StoreUnderTest) -> None:
    await stores.upload("v", [TAIL])

    with pytest.raises(ObjectNotFound):
        await stores.store.head("v")
    assert await stores.store.list_keys("") == []


async def test_completing_replaces_the_object_that_was_there(stores: StoreUnderTest) -> None:
    await stores.put("v", b"old")
    multipart_id = await stores.upload("v", [TAIL])
    await stores.store.complete_multipart("v", multipart_id, await stores.store.list_parts("v", multipart_id))

    assert await stores.content("v") == TAIL


async def test_a_part_sent_twice_counts_once_and_the_last_one_wins(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [FULL, TAIL])
    await stores.send_part("v", multipart_id, 1, OTHER)
    parts = await stores.store.list_parts("v", multipart_id)
    await stores.store.complete_multipart("v", multipart_id, parts)

    assert [part.part_number for part in parts] == [1, 2]
    assert await stores.content("v") == OTHER + TAIL


async def test_the_same_bytes_have_the_same_etag_so_a_list_from_before_a_repeat_still_holds(
    stores: StoreUnderTest,
) -> None:
    multipart_id = await stores.upload("v", [FULL, TAIL])
    parts = await stores.store.list_parts("v", multipart_id)
    await stores.send_part("v", multipart_id, 1, FULL)

    await stores.store.complete_multipart("v", multipart_id, parts)

    assert await stores.content("v") == FULL + TAIL


async def test_a_single_part_may_be_empty(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [b""])
    parts = await stores.store.list_parts("v", multipart_id)

    assert await stores.store.complete_multipart("v", multipart_id, parts) == StoredObject("v", 0, "video/mp4")


async def test_gaps_between_part_numbers_are_allowed_and_parts_not_named_are_left_out(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [FULL, OTHER, TAIL])
    first, _, last = await stores.store.list_parts("v", multipart_id)
    await stores.store.complete_multipart("v", multipart_id, [first, last])

    assert await stores.content("v") == FULL + TAIL


@pytest.mark.parametrize("problem", ["none", "missing", "changed", "unordered", "twice", "small"])
async def test_parts_that_make_no_object_are_refused_and_the_upload_goes_on(
    stores: StoreUnderTest, problem: str
) -> None:
    multipart_id = await stores.upload("v", [FULL, OTHER])
    good = list(await stores.store.list_parts("v", multipart_id))
    bad = {
        "none": [],
        "missing": [*good, StoredPart(3, len(TAIL), good[0].etag)],
        "changed": [good[0], StoredPart(2, len(OTHER), good[0].etag)],
        "unordered": good[::-1],
        "twice": [good[0], good[0]],
    }
    if problem == "small":
        await stores.send_part("v", multipart_id, 1, FULL[:-1])
        bad["small"] = list(await stores.store.list_parts("v", multipart_id))

    with pytest.raises(MultipartIncomplete):
        await stores.store.complete_multipart("v", multipart_id, bad[problem])

    assert await stores.store.list_keys("") == []
    await stores.send_part("v", multipart_id, 1, FULL)
    await stores.store.complete_multipart("v", multipart_id, good)
    assert await stores.content("v") == FULL + OTHER


async def test_a_second_complete_finds_no_upload_and_head_tells_that_it_was_done(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [TAIL])
    parts = await stores.store.list_parts("v", multipart_id)
    await stores.store.complete_multipart("v", multipart_id, parts)

    with pytest.raises(MultipartNotFound):
        await stores.store.complete_multipart("v", multipart_id, parts)

    assert (await stores.store.head("v")).size_bytes == len(TAIL)


async def test_of_racing_completes_one_makes_the_object(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [FULL, TAIL])
    parts = await stores.store.list_parts("v", multipart_id)

    outcomes = await asyncio.gather(
        *(stores.store.complete_multipart("v", multipart_id, parts) for _ in range(4)), return_exceptions=True
    )

    done = [outcome for outcome in outcomes if isinstance(outcome, StoredObject)]
    assert done
    assert all(isinstance(outcome, StoredObject | MultipartNotFound) for outcome in outcomes)
    assert await stores.content("v") == FULL + TAIL


async def test_an_aborted_upload_takes_nothing_more_and_becomes_nothing(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [TAIL])
    parts = await stores.store.list_parts("v", multipart_id)

    await stores.store.abort_multipart("v", multipart_id)
    await stores.store.abort_multipart("v", multipart_id)

    with pytest.raises(MultipartNotFound):
        await stores.store.complete_multipart("v", multipart_id, parts)
    with pytest.raises(MultipartNotFound):
        await stores.store.list_parts("v", multipart_id)
    with pytest.raises(SendRefused):
        await stores.send_part("v", multipart_id, 2, TAIL)
    assert await stores.store.list_keys("") == []


@pytest.mark.parametrize("multipart_id", ["none", "../../objects", "%2e%2e", "한글"])
async def test_an_upload_that_never_was_is_not_found(stores: StoreUnderTest, multipart_id: str) -> None:
    with pytest.raises(MultipartNotFound):
        await stores.store.list_parts("v", multipart_id)
    with pytest.raises(SendRefused):
        await stores.send_part("v", multipart_id, 1, TAIL)
    await stores.store.abort_multipart("v", multipart_id)


@pytest.mark.parametrize("stores", ["memory", "filesystem"], indirect=True)  # moto's server lets any key abort
async def test_an_upload_is_found_by_its_own_key_only(stores: StoreUnderTest) -> None:
    multipart_id = await stores.upload("v", [TAIL])
    parts = await stores.store.list_parts("v", multipart_id)

    await stores.store.abort_multipart("other", multipart_id)
    with pytest.raises(MultipartNotFound):
        await stores.store.list_parts("other", multipart_id)
    with pytest.raises(MultipartNotFound):
        await stores.store.complete_multipart("other", multipart_id, parts)

    assert await stores.store.list_parts("v", multipart_id) == parts


async def test_two_uploads_of_one_key_do_not_meet(stores: StoreUnderTest) -> None:
    one, two = await stores.upload("v", [TAIL]), await stores.upload("v", [b"another"])
    assert one != two

    await stores.store.abort_multipart("v", one)
    await stores.store.complete_multipart("v", two, await stores.store.list_parts("v", two))

    assert await stores.content("v") == b"another"


async def test_presigned_parts_come_one_per_request_with_their_expiry(stores: StoreUnderTest) -> None:
    multipart_id = await stores.begin("v")
    requests = [PartRequest(number, 10) for number in (1, 2, 10_000)]
    before = datetime.now(UTC)

    parts = await stores.store.presign_parts("v", multipart_id, requests, ttl=TTL)

    assert [part.part_number for part in parts] == [1, 2, 10_000]
    assert len({part.url for part in parts}) == 3
    assert all(part.expires_at.tzinfo is UTC for part in parts)
    if not parts[0].url.startswith("memory:"):  # its clock stands still
        assert all(abs(part.expires_at - before - TTL) < timedelta(minutes=1) for part in parts)


@pytest.mark.parametrize("data", [b"", TAIL[:-1], TAIL + b"!"])
@pytest.mark.parametrize("stores", ["memory", "filesystem"], indirect=True)  # moto's server lets any size pass
async def test_a_part_of_another_size_than_signed_is_not_stored(stores: StoreUnderTest, data: bytes) -> None:
    multipart_id = await stores.begin("v")
    (part,) = await stores.store.presign_parts("v", multipart_id, [PartRequest(1, len(TAIL))], ttl=TTL)

    with pytest.raises(SendRefused):
        await stores.send(part, data)

    assert await stores.store.list_parts("v", multipart_id) == []


@pytest.mark.parametrize("stores", ["memory", "filesystem"], indirect=True)  # moto's server lets any time pass
async def test_a_part_sent_too_late_is_not_stored(stores: StoreUnderTest) -> None:
    multipart_id = await stores.begin("v")
    (part,) = await stores.store.presign_parts("v", multipart_id, [PartRequest(1, len(TAIL))], ttl=timedelta())

    with pytest.raises(SendRefused):
        await stores.send(part, TAIL)

    assert await stores.store.list_parts("v", multipart_id) == []


async def test_s3_signs_the_size_and_the_time_of_a_part(moto_url: str, bucket: str) -> None:
    """The store checks them; that they are in the signature is all there is to see on our side."""
    store = s3_store(moto_url, bucket)
    (part,) = await store.presign_parts("v", "id", [PartRequest(1, 77)], ttl=timedelta(minutes=5))
    store.close()

    query = httpx.URL(part.url).params
    assert query["X-Amz-SignedHeaders"] == "content-length;host"
    assert query["X-Amz-Expires"] == "300"
    assert "X-Amz-Signature" in query
    assert not any("checksum" in name.lower() for name in query)


async def test_s3_drops_its_own_upload_when_a_long_stream_fails(moto_url: str, bucket: str) -> None:
    store = s3_store(moto_url, bucket)
    with pytest.raises(ZeroDivisionError):
        await store.put("v", stream(noise(2 * MIN_PART_BYTES), then=ZeroDivisionError()), content_type="video/mp4")

    assert store._client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    store.close()


async def test_sending_over_http_needs_nothing_but_the_url(stores: StoreUnderTest) -> None:
    """Browsers set no header of their own for us, so the store must not ask for one."""
    multipart_id = await stores.begin("v")
    (part,) = await stores.store.presign_parts("v", multipart_id, [PartRequest(1, len(TAIL))], ttl=TTL)

    assert part.headers == {}
    if part.url.startswith("http"):
        await send_over_http(part, TAIL)
