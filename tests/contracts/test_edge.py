"""Signed delivery at the edge as a browser meets it: a real process, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from entrypoints.edge.app import Edge
from entrypoints.edge.http import ClientDisconnected, Message, Request, Response
from entrypoints.edge.http import answer as answer_request
from entrypoints.embedded.child import run
from entrypoints.embedded.errors import ChildFailed
from entrypoints.embedded.ports import free_port
from kosu.settings import SettingsError, read_settings
from tests.support.edge_server import EdgeServer, edge_command, edge_environment
from tests.support.object_stores import MIB, TTL, noise, stream

IMMUTABLE = "public, max-age=31536000, immutable"
PREFIX = "media/v/asset/1/"
DIGITS = b"0123456789"


@pytest.fixture
async def client(edge: EdgeServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=edge.url) as client:
        yield client


def cookies(edge: EdgeServer, prefix: str = PREFIX, *, ttl: timedelta = TTL) -> dict[str, str]:
    """The header that a browser sends after a playback was granted."""
    return cookie_header(edge.signer().sign(prefix, expires_at=datetime.now(UTC) + ttl))


def cookie_header(values: Mapping[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in values.items())}


async def put(edge: EdgeServer, key: str, data: bytes = DIGITS, *, content_type: str = "video/mp4") -> None:
    await edge.store().put(key, stream(data), content_type=content_type, cache_control=IMMUTABLE)


async def raw(edge: EdgeServer, path: str, headers: Mapping[str, str]) -> int:
    """The status of a GET whose path is sent as it stands, which httpx would tidy up."""

    def get() -> int:
        connection = HTTPConnection(urlsplit(edge.url).netloc, timeout=10)
        try:
            connection.request("GET", path, headers=dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()

    return await asyncio.to_thread(get)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("master.m3u8", "application/vnd.apple.mpegurl"),
        ("1080p/seg 1 한글.m4s", "video/mp4"),
        ("video.mp4", "video/mp4"),
        ("ko.vtt", "text/vtt"),
        ("poster.jpg", "image/jpeg"),
    ],
)
async def test_with_cookies_an_object_is_served_as_it_was_stored(
    edge: EdgeServer, client: httpx.AsyncClient, name: str, content_type: str
) -> None:
    await put(edge, PREFIX + name, content_type=content_type)

    got = await client.get(f"/{PREFIX}{name}", headers=cookies(edge))
    head = await client.head(f"/{PREFIX}{name}", headers=cookies(edge))

    assert (got.status_code, got.content) == (200, DIGITS)
    assert (head.status_code, head.content) == (200, b"")
    for answer in (got, head):
        assert answer.headers["content-type"] == content_type
        assert answer.headers["content-length"] == "10"
        assert answer.headers["cache-control"] == IMMUTABLE
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_without_the_right_cookies_the_reason_is_told(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    await put(edge, PREFIX + "a")
    signed = edge.signer().sign(PREFIX, expires_at=datetime.now(UTC) + TTL)
    cases = {
        "missing_cookie": {},
        "bad_signature": cookie_header({**signed, "CloudFront-Signature": "AAAA"}),
        "expired": cookies(edge, ttl=timedelta(seconds=-1)),
        "wrong_resource": cookies(edge, "media/v/asset/2/"),
    }

    for code, headers in cases.items():
        answer = await client.get(f"/{PREFIX}a", headers={**headers, "x-request-id": "r-1"})
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-request-id"] == answer.json()["request_id"] == "r-1"
        assert answer.headers["cache-control"] == "no-store"


async def test_previews_are_served_under_the_same_rule(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    preview = "media/preview/run/1/"
    await put(edge, preview + "a")

    assert (await client.get(f"/{preview}a", headers=cookies(edge, preview))).content == DIGITS
    assert (await client.get(f"/{preview}a", headers=cookies(edge))).json()["code"] == "wrong_resource"


async def test_nothing_but_published_media_is_served(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    """Sources are private, and so is everything else in the folder."""
    for key in ("media/source/a", "source/a", "chunks/run/0/1/a", "media/va", PREFIX + "a"):
        await put(edge, key)
    everything = {"cookie": cookies(edge, "media/")["cookie"]}

    assert (await client.get(f"/{PREFIX}a", headers=everything)).status_code == 200
    for path in (
        "/media/source/a",
        "/source/a",
        "/chunks/run/0/1/a",
        "/media/va",
        "/media/v",
        "/media/v/",
        "/objects/source/a",
        "/",
    ):
        assert (await client.get(path, headers=everything)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "../../source/a",
        "%2e%2e/%2e%2e/source/a",
        "..%2f..%2fsource%2fa",
        "..%5c..%5csource%5ca",
        "%252e%252e/%252e%252e/source/a",
        "../../../../../../../../etc/passwd",
        "%2fetc%2fpasswd",
        "a%00b",
        "%ff%fe",
        "a/",
        "./a",
        "a//b",
        "k" * 2000,
        "%ED%A0%80",
    ],
)
async def test_no_path_leads_out_of_what_the_cookies_open(edge: EdgeServer, path: str) -> None:
    await put(edge, "source/a")
    await put(edge, "media/source/a")
    await put(edge, PREFIX + "a")

    assert await raw(edge, f"/{PREFIX}{path}", cookies(edge, "media/")) == 404
    assert await raw(edge, f"/{PREFIX}{path}", cookies(edge)) in {403, 404}


@pytest.mark.parametrize(
    ("header", "content_range", "body"),
    [
        ("bytes=0-3", "bytes 0-3/10", b"0123"),
        ("bytes=4-", "bytes 4-9/10", b"456789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=-99", "bytes 0-9/10", DIGITS),
        ("bytes=8-99", "bytes 8-9/10", b"89"),
        ("bytes=0-0", "bytes 0-0/10", b"0"),
    ],
)
async def test_a_range_is_served_alone(
    edge: EdgeServer, client: httpx.AsyncClient, header: str, content_range: str, body: bytes
) -> None:
    await put(edge, PREFIX + "a")
    answer = await client.get(f"/{PREFIX}a", headers={**cookies(edge), "range": header})

    assert (answer.status_code, answer.content) == (206, body)
    assert answer.headers["content-range"] == content_range
    assert answer.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
async def test_a_range_behind_the_end_is_not_satisfiable(
    edge: EdgeServer, client: httpx.AsyncClient, header: str
) -> None:
    await put(edge, PREFIX + "a")
    answer = await client.get(f"/{PREFIX}a", headers={**cookies(edge), "range": header})

    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */10"


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=٣-٤"])
async def test_a_range_that_says_nothing_useful_is_ignored(
    edge: EdgeServer, client: httpx.AsyncClient, header: str
) -> None:
    await put(edge, PREFIX + "a")
    headers = httpx.Headers({**cookies(edge), "range": header}, encoding="utf-8")
    answer = await client.get(f"/{PREFIX}a", headers=headers)

    assert (answer.status_code, answer.content) == (200, DIGITS)


async def test_what_a_browser_has_is_not_sent_again(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    await put(edge, PREFIX + "a")
    etag = (await client.head(f"/{PREFIX}a", headers=cookies(edge))).headers["etag"]

    for known in (etag, f'"other", W/{etag}', "*"):
        answer = await client.get(f"/{PREFIX}a", headers={**cookies(edge), "if-none-match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)

    await put(edge, PREFIX + "a", b"changed")
    answer = await client.get(f"/{PREFIX}a", headers={**cookies(edge), "if-none-match": etag})
    assert (answer.status_code, answer.content) == (200, b"changed")


async def test_a_range_of_an_object_that_has_changed_is_the_whole_new_one(
    edge: EdgeServer, client: httpx.AsyncClient
) -> None:
    await put(edge, PREFIX + "a")
    etag = (await client.head(f"/{PREFIX}a", headers=cookies(edge))).headers["etag"]
    headers = {**cookies(edge), "range": "bytes=2-3", "if-range": etag}
    assert (await client.get(f"/{PREFIX}a", headers=headers)).content == b"23"

    await put(edge, PREFIX + "a", b"changed")

    assert (await client.get(f"/{PREFIX}a", headers=headers)).content == b"changed"


async def test_a_large_object_arrives_whole_also_for_many_at_once(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    data = noise(9 * MIB + 1)
    await put(edge, PREFIX + "a", data)

    answers = await asyncio.gather(*(client.get(f"/{PREFIX}a", headers=cookies(edge)) for _ in range(4)))

    assert all(answer.content == data for answer in answers)


async def test_an_object_is_not_read_to_its_end_for_a_client_that_left() -> None:
    """Players leave most files early; each would otherwise cost the disk all of it."""
    sent: list[Message] = []
    closed: list[bool] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        await asyncio.sleep(0)

    request = Request({"method": "GET", "path": "/", "query_string": b"", "headers": []}, receive)
    response = Response(body=stream(*[b"x"] * 100), close=lambda: closed.append(True))
    with pytest.raises(ClientDisconnected):
        await answer_request(request, response, send)

    assert len(sent) < 5
    assert closed == [True]


async def test_other_methods_are_not_allowed(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    for method, path, allow in (("DELETE", "/storage/a/1", "PUT, OPTIONS"), ("POST", f"/{PREFIX}a", "GET, HEAD")):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"] == allow


@pytest.mark.parametrize("change", [{"KOSU_PROFILE": "production"}, {"KOSU_OBJECT_STORE": "s3"}])
def test_a_server_without_the_embedded_settings_ends(tmp_path: Path, edge: EdgeServer, change: dict[str, str]) -> None:
    environment = edge_environment(edge.url, edge.directory, edge.private_key_pem) | change
    log = tmp_path / "log"

    with pytest.raises(ChildFailed, match="ended with"):
        run(edge_command(free_port(), environment, log), timeout_seconds=30)

    assert "SettingsError" in log.read_text()


def test_production_refuses_it_whatever_the_other_settings_are(edge: EdgeServer) -> None:
    settings = read_settings(edge_environment(edge.url, edge.directory, edge.private_key_pem))
    Edge(settings)

    with pytest.raises(SettingsError):
        Edge(replace(settings, profile="production"))


async def test_covers_are_served_to_everybody(edge: EdgeServer, client: httpx.AsyncClient) -> None:
    """They are on the pages that nobody has to sign in for. What stands beside them still needs its cookies."""
    await put(edge, "media/covers/course/1.png", content_type="image/png")
    await put(edge, PREFIX + "video.mp4")

    cover = await client.get("/media/covers/course/1.png")
    assert (cover.status_code, cover.content) == (200, DIGITS)
    assert (cover.headers["content-type"], cover.headers["cache-control"]) == ("image/png", IMMUTABLE)
    assert cover.headers["x-content-type-options"] == "nosniff"
    for path in (f"/media/covers/../../{PREFIX}video.mp4", "/media/covers/%2e%2e/v/asset/1/video.mp4"):
        assert await raw(edge, path, {}) == 404
