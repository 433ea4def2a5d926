"""Presigned parts at the edge as a browser sends them: a real process, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kosu.ports.object_store import PartRequest, PresignedPart
from tests.support.edge_server import EdgeServer, running_edge
from tests.support.object_stores import MIB, TTL, noise, stream

DIGITS = b"0123456789"


@pytest.fixture
async def client(edge: EdgeServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=edge.url) as client:
        yield client


async def presigned(edge: EdgeServer, *, size_bytes: int = 10, ttl: timedelta = TTL) -> tuple[str, PresignedPart]:
    """A new upload of `source` and the URL of its first part."""
    store = edge.store()
    multipart_id = await store.begin_multipart("source", content_type="video/mp4")
    (part,) = await store.presign_parts("source", multipart_id, [PartRequest(1, size_bytes)], ttl=ttl)
    return multipart_id, part


async def unfinished(edge: EdgeServer) -> list[str]:
    """Names of the files that are being written."""
    return await asyncio.to_thread(lambda: [path.name for path in (edge.directory / "incoming").iterdir()])


async def test_a_part_is_answered_with_its_etag_that_a_page_of_another_origin_may_read(
    edge: EdgeServer, client: httpx.AsyncClient
) -> None:
    multipart_id, part = await presigned(edge)

    answer = await client.put(part.url, content=DIGITS, headers={"origin": "http://web.test"})

    (stored,) = await edge.store().list_parts("source", multipart_id)
    assert (answer.status_code, answer.headers["etag"]) == (200, stored.etag)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == "ETag"


async def test_a_browser_may_ask_before_it_sends(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    _, part = await presigned(edge)
    answer = await client.options(
        part.url, headers={"origin": "http://web.test", "access-control-request-method": "PUT"}
    )

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "PUT"


@pytest.mark.parametrize("change", ["key", "size", "expires", "signature", "upload", "part", "none of the query"])
async def test_a_url_that_was_changed_anywhere_is_refused(
    edge: EdgeServer, client: httpx.AsyncClient, change: str
) -> None:
    multipart_id, part = await presigned(edge)
    other_id, _ = await presigned(edge)
    url = httpx.URL(part.url)
    changed = {
        "key": url.copy_set_param("key", "other"),
        "size": url.copy_set_param("size", "11"),
        "expires": url.copy_set_param("expires", str(int(url.params["expires"]) + 1)),
        "signature": url.copy_set_param("signature", "0" * 64),
        "upload": httpx.URL(part.url.replace(multipart_id, other_id)),
        "part": httpx.URL(part.url.replace("/1?", "/2?")),
        "none of the query": url.copy_with(query=None),
    }

    answer = await client.put(changed[change], content=DIGITS)

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert answer.headers["access-control-allow-origin"] == "*"
    for upload in (multipart_id, other_id):
        assert await edge.store().list_parts("source", upload) == []


@pytest.mark.parametrize("value", ["", "-1", "1.5", "²", "9" * 5000, "a", "\0", "\ud7ff"])
@pytest.mark.parametrize("name", ["size", "expires", "signature", "key"])
async def test_nonsense_in_a_url_is_refused_like_any_other_change(
    edge: EdgeServer, client: httpx.AsyncClient, name: str, value: str
) -> None:
    _, part = await presigned(edge)

    answer = await client.put(httpx.URL(part.url).copy_set_param(name, value), content=DIGITS)

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")


async def test_an_expired_url_is_refused(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    _, part = await presigned(edge, ttl=timedelta(seconds=-1))
    answer = await client.put(part.url, content=DIGITS)

    assert (answer.status_code, answer.json()["code"]) == (403, "expired")


async def test_a_part_whose_url_expires_while_it_is_sent_is_kept(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    """As S3 does: what counts is when it began. Whoever begins later asks for another URL, and loses nothing."""
    multipart_id, part = await presigned(edge, ttl=timedelta(seconds=2))

    async def slowly() -> AsyncIterator[bytes]:
        yield DIGITS[:5]
        while datetime.now(UTC) <= part.expires_at:  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(0.1)
        yield DIGITS[5:]

    assert (await client.put(part.url, content=slowly())).status_code == 200
    late = await client.put(part.url, content=DIGITS)
    assert (late.status_code, late.json()["code"]) == (403, "expired")
    (again,) = await edge.store().presign_parts("source", multipart_id, [PartRequest(1, 10)], ttl=TTL)
    assert (await client.put(again.url, content=DIGITS)).status_code == 200
    (stored,) = await edge.store().list_parts("source", multipart_id)
    assert stored.size_bytes == 10


@pytest.mark.parametrize("data", [b"", DIGITS[:-1], DIGITS + b"!", noise(8 * MIB)])
async def test_another_size_than_signed_is_refused_by_its_header(
    edge: EdgeServer, client: httpx.AsyncClient, data: bytes
) -> None:
    multipart_id, part = await presigned(edge)
    answer = await client.put(part.url, content=data)

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_size")
    assert await edge.store().list_parts("source", multipart_id) == []


@pytest.mark.parametrize("chunks", [[], [DIGITS[:-1]], [DIGITS, b"!"], [noise(MIB)] * 3])
async def test_another_size_than_signed_is_refused_when_no_header_tells_it(
    edge: EdgeServer, client: httpx.AsyncClient, chunks: list[bytes]
) -> None:
    multipart_id, part = await presigned(edge)
    answer = await client.put(part.url, content=stream(*chunks))

    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_size")
    assert await edge.store().list_parts("source", multipart_id) == []
    assert await unfinished(edge) == []


async def test_a_client_that_asks_first_is_refused_without_sending(edge: EdgeServer) -> None:
    """curl does so for anything over a megabyte."""
    _, part = await presigned(edge, size_bytes=100 * MIB, ttl=timedelta(seconds=-1))
    url = urlsplit(part.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(
        f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: edge\r\n"
        f"Content-Length: {100 * MIB}\r\nExpect: 100-continue\r\n\r\n".encode()
    )

    status = await asyncio.wait_for(reader.readline(), timeout=20)

    assert status.split()[1] == b"403"
    writer.close()


async def test_a_part_for_an_upload_that_has_ended_is_not_found(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    multipart_id, part = await presigned(edge)
    await edge.store().abort_multipart("source", multipart_id)

    answer = await client.put(part.url, content=DIGITS)

    assert (answer.status_code, answer.json()["code"]) == (404, "multipart_not_found")


async def begin_sending(part: PresignedPart, size_bytes: int, data: bytes) -> asyncio.StreamWriter:
    """A client that has announced `size_bytes` and sent no more than `data`."""
    url = urlsplit(part.url)
    _, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: edge\r\nContent-Length: {size_bytes}\r\n\r\n".encode())
    writer.write(data)
    await writer.drain()
    return writer


async def until(edge: EdgeServer, *, writing: bool) -> None:
    """Wait until something is being written, or nothing any longer."""
    async with asyncio.timeout(20):
        while bool(await unfinished(edge)) is not writing:  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(0.01)


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    multipart_id, part = await presigned(edge, size_bytes=8 * MIB)
    writer = await begin_sending(part, 8 * MIB, noise(4 * MIB))
    await until(edge, writing=True)
    assert await edge.store().list_parts("source", multipart_id) == []

    writer.close()
    await until(edge, writing=False)

    assert await edge.store().list_parts("source", multipart_id) == []
    assert (await client.put(part.url, content=noise(8 * MIB))).status_code == 200


async def test_parts_survive_a_killed_edge_and_half_a_part_is_none(tmp_path: Path) -> None:
    with running_edge(tmp_path) as edge:
        multipart_id, part = await presigned(edge, size_bytes=10)
        (half,) = await edge.store().presign_parts("source", multipart_id, [PartRequest(2, 8 * MIB)], ttl=TTL)
        async with httpx.AsyncClient() as client:
            await client.put(part.url, content=DIGITS)
        writer = await begin_sending(half, 8 * MIB, noise(4 * MIB))
        await until(edge, writing=True)
        edge.kill()
        writer.close()

    parts = await edge.store().list_parts("source", multipart_id)
    assert [(stored.part_number, stored.size_bytes) for stored in parts] == [(1, 10)]
    await edge.store().complete_multipart("source", multipart_id, parts)
    assert await edge.store().read("source", length=99) == DIGITS
