"""What a request costs at the stores: counted, for times depend on the machine."""

from __future__ import annotations

import asyncio
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import uuid4

import httpx
import jwt

from kosu.modules.identity.errors import InvalidToken
from tests.support.api import Api
from tests.support.counting import counted


async def warm(api: Api) -> httpx.AsyncClient:
    """A signed-in browser whose session is cached, whose scripts are loaded and whose statements are prepared."""
    browser = await api.learner()
    for _ in range(8):
        await browser.get("/api/v1/me")
    return browser


async def test_the_count_counts(api: Api) -> None:
    """A count that sees nothing would let every other test here pass."""
    redis, pool = api.container.redis(), api.container.pool()
    await redis.ping()
    await api.account()
    with counted() as trips:
        await redis.get("key")
        async with redis.pipeline() as pipeline:
            pipeline.get("key")
            pipeline.get("key")
            await pipeline.execute()
    assert (trips.redis, trips.postgres) == (2, 0)
    with counted() as trips:
        async with pool.connection() as connection:
            await connection.execute("SELECT 1")
        async with api.container.identity_transaction()() as records:
            await records.users.with_email("nobody@kosu.test")
    assert (trips.redis, trips.postgres) == (0, 2)


async def test_an_authenticated_request_is_one_round_trip_to_redis_and_none_to_postgres(api: Api) -> None:
    browser = await warm(api)
    token = browser.cookies["kosu_at"]
    authenticate = api.container.identity.authenticate_request()
    with counted() as trips:
        for _ in range(10):
            await authenticate(access_token=token)
    assert (trips.redis, trips.postgres) == (10, 0)


async def test_over_http_it_is_the_same(api: Api) -> None:
    """On a route that needs no store but for who asks: the role is refused before anything is read."""
    browser = await warm(api)
    with counted() as trips:
        answer = await browser.get("/api/v1/ops/webhooks")
    assert (answer.status_code, trips.redis, trips.postgres) == (403, 1, 0)


async def test_rotation_is_one_statement_and_one_round_trip_to_redis(api: Api) -> None:
    browsers = [await warm(api) for _ in range(9)]
    for browser in browsers[:8]:
        assert (await browser.post("/api/v1/auth/refresh")).status_code == 200
    with counted() as trips:
        assert (await browsers[8].post("/api/v1/auth/refresh")).status_code == 200
    assert (trips.redis, trips.postgres) == (1, 1)


async def test_five_hundred_requests_on_a_cold_key_are_one_read_of_postgres(api: Api) -> None:
    """After a restart of Redis every busy session is asked for at once."""
    api.without_deadlines()
    browser = await warm(api)
    token = browser.cookies["kosu_at"]
    authenticate = api.container.identity.authenticate_request()
    await api.container.redis().flushall()
    with counted() as trips:
        viewers = await asyncio.gather(*(authenticate(access_token=token) for _ in range(500)))
    assert len({viewer.session_id for viewer in viewers}) == 1
    assert trips.postgres == 1


async def test_a_session_that_never_was_is_asked_for_once(api: Api) -> None:
    """E.g. of a database that was restored from a backup: its clients must not be a load."""
    browser = await warm(api)
    async with api.container.pool().connection() as connection:
        await connection.execute("DELETE FROM identity.sessions")
    await api.container.redis().flushall()
    with counted() as trips:
        for _ in range(5):
            assert (await browser.get("/api/v1/me")).status_code == 401
    assert trips.postgres == 1


async def test_seen_sessions_are_written_once_a_minute(api: Api) -> None:
    browser = await warm(api)
    activity = api.container.identity.activity()
    await activity.flush()
    with counted() as trips:
        for _ in range(20):
            await browser.delete(f"/api/v1/me/streams/{uuid4()}")
            await activity.flush()
    assert trips.postgres == 0


async def test_ten_thousand_forgeries_cost_the_stores_nothing(api: Api) -> None:
    browser = await warm(api)
    access, refresh = browser.cookies["kosu_at"], browser.cookies["kosu_rt"]
    forgeries = [forged(access, number) for number in range(5_000)]
    authenticate, rotate = api.container.identity.authenticate_request(), api.container.identity.refresh_session()
    refused = 0
    with counted() as trips:
        for forgery in forgeries:
            try:
                await authenticate(access_token=forgery)
            except InvalidToken:
                refused += 1
        for number in range(5_000):
            try:
                await rotate(token=altered(refresh, number), device_id=None)
            except InvalidToken:
                refused += 1
    assert refused == 10_000
    assert (trips.redis, trips.postgres) == (0, 0)


def forged(token: str, number: int) -> str:
    """The token with one bit of one part changed, unsigned, under another key, or no token at all."""
    match number % 5:
        case 0:
            return jwt.encode(claims_of(token), "", algorithm="none", headers={"kid": "k1"})
        case 1:
            header = jwt.get_unverified_header(token)
            return jwt.encode(claims_of(token), secrets.token_bytes(32), algorithm="HS256", headers=header)
        case 2:
            return secrets.token_urlsafe(120)
        case _:
            return altered(token, number)


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def altered(token: str, number: int) -> str:
    parts = token.split(".")
    index = len(parts) - 1 - number % 2
    data = bytearray(urlsafe_b64decode(parts[index] + "=" * (-len(parts[index]) % 4)))
    data[number % len(data)] ^= 1 << number % 8
    parts[index] = urlsafe_b64encode(data).rstrip(b"=").decode()
    return ".".join(parts)
