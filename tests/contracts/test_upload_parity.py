"""One plain client, which knows presigned URLs only, at the embedded store and at S3: the same, part for part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import boto3
import httpx
import pytest

from kosu.ports.object_store import MIN_PART_BYTES, ObjectStore, PartRequest
from tests.support.edge_server import running_edge
from tests.support.moto_server import running_moto
from tests.support.object_stores import TTL, noise, s3_store

KEY = "uploads/one/source"
PARTS = [noise(MIN_PART_BYTES), noise(MIN_PART_BYTES, seed=1), noise(MIN_PART_BYTES, seed=2), b"the rest"]
CHUNK_BYTES = 64 * 1024


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_edge(tmp_path_factory.mktemp("edge")) as edge:
        yield edge.store()


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with running_moto(tmp_path_factory.mktemp("moto")) as url:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        boto3.client("s3", region_name="us-east-1", endpoint_url=url, **keys).create_bucket(Bucket="parity")  # type: ignore[call-overload]
        store = s3_store(url, "parity")
        yield store
        store.close()


@dataclass(frozen=True, slots=True)
class Uploaded:
    statuses: list[int]
    etags: list[str]
    listed: list[tuple[int, int, str]]
    stored: tuple[str, int, str]
    digest: str


async def test_both_stores_end_with_the_same_parts_and_the_same_object(
    embedded: ObjectStore, s3: ObjectStore, tmp_path: Path
) -> None:
    here, there = [await uploaded_by_a_plain_client(store, tmp_path / "copy") for store in (embedded, s3)]

    assert here == there
    assert [size for _, size, _ in here.listed] == [len(part) for part in PARTS]
    assert here.digest == sha256(b"".join(PARTS)).hexdigest()


async def uploaded_by_a_plain_client(store: ObjectStore, copy: Path) -> Uploaded:
    """Several parts at once, in any order, streamed, one of them twice and one first with what is wrong."""
    multipart_id = await store.begin_multipart(KEY, content_type="video/mp4")
    requests = [PartRequest(number, len(data)) for number, data in enumerate(PARTS, 1)]
    presigned = {part.part_number: part for part in await store.presign_parts(KEY, multipart_id, requests, ttl=TTL)}
    async with httpx.AsyncClient() as client:

        async def send(number: int, data: bytes) -> httpx.Response:
            part = presigned[number]
            headers = {**part.headers, "content-length": str(len(data))}
            return await client.put(part.url, content=in_chunks(data), headers=headers)

        first = await send(2, PARTS[0])
        answers = await asyncio.gather(*(send(number, PARTS[number - 1]) for number in (4, 2, 3, 1)))
        again = await send(3, PARTS[2])
    listed = await store.list_parts(KEY, multipart_id)
    stored = await store.complete_multipart(KEY, multipart_id, listed)
    await store.download(KEY, copy)
    sent = [first, *answers, again]
    return Uploaded(
        statuses=[answer.status_code for answer in sent],
        etags=[answer.headers["etag"] for answer in sent],
        listed=[(part.part_number, part.size_bytes, part.etag) for part in listed],
        stored=(stored.key, stored.size_bytes, stored.content_type),
        digest=sha256(await asyncio.to_thread(copy.read_bytes)).hexdigest(),
    )


async def in_chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), CHUNK_BYTES):
        yield data[start : start + CHUNK_BYTES]
