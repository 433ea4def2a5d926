"""Learners as they come: they browse, sign up and in, buy, watch and write notes, and remember what they were promised.

What was answered with a success has to be there afterwards, whatever was restarted meanwhile; `verdict` looks.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg

PASSWORD = "seven dwarfs in a row"  # noqa: S105 - of people who are made up
PATIENCE_SECONDS = 120
ANSWER_SECONDS = 30


class Refused(Exception):  # noqa: N818 - an answer
    """An answer that nobody asked for; it stands in the journal."""


@dataclass(slots=True)
class Journal:
    """What all of them saw.

    `refused` are connections that were refused, `shed` requests of which the API said that it is too busy to know whose
    they are; both were tried again. `failed` is what was not well.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    shed: int = 0
    paid: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    positions: dict[tuple[str, str], int] = field(default_factory=dict)
    """By user and lesson."""

    @property
    def requests(self) -> int:
        return sum(len(taken) for taken in self.seconds.values())

    def percentiles(self, *routes: str) -> tuple[float, float]:
        """p50 and p99 in ms, of all routes where none is named."""
        asked = routes or tuple(self.seconds)
        taken = [second for route in asked for second in self.seconds[route]]
        if len(taken) < 2:
            return 0.0, 0.0
        cuts = statistics.quantiles(taken, n=100)
        return cuts[49] * 1e3, cuts[98] * 1e3

    def table(self) -> str:
        rows = [
            f"  {route:<22} {len(taken):6d}   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms"
            for route, taken in sorted(self.seconds.items())
            for p50, p99 in [self.percentiles(route)]
        ]
        return "\n".join(rows)


class Person:
    """Somebody with a browser of their own, at an address of their own."""

    def __init__(self, client: httpx.AsyncClient, journal: Journal, rng: random.Random, pause_seconds: float) -> None:
        self._client = client
        self._journal = journal
        self._rng = rng
        self._pause_seconds = pause_seconds
        self._account = {"email": f"{uuid4().hex}@kosu.test", "password": PASSWORD}
        self._user_id = ""

    async def live(self) -> None:
        """Sign up, buy a course, watch it, and do the same with another one after having signed in again."""
        await self._browse()
        signed_up = {**self._account, "display_name": "Ada"}
        self._user_id = (await self._post("sign up", "/api/v1/auth/register", signed_up, 201))["user"]["id"]
        for slug in self._rng.sample(await self._paid_courses(), 2):
            course = await self._get("course", f"/api/v1/courses/{slug}")
            await self._buy(course["id"])
            lessons = [lesson for section in course["curriculum"] for lesson in section["lessons"]]
            await self._study([lesson["id"] for lesson in lessons if lesson["kind"] == "video"])
            await self._get("enrolments", "/api/v1/me/enrolments")
            await self._send("sign out", "POST", "/api/v1/auth/logout", None, 204)
            await self._browse()
            await self._post("sign in", "/api/v1/auth/login", self._account, 200)

    async def _browse(self) -> None:
        await self._get("home", "/api/v1/home")
        cards = (await self._get("courses", "/api/v1/courses?limit=20"))["items"]
        await self._get("course", f"/api/v1/courses/{self._rng.choice(cards)['slug']}")
        await self._get("search", f"/api/v1/courses?q={self._rng.choice(['python', 'music', 'sql', 'design'])}")

    async def _paid_courses(self) -> list[str]:
        cards = (await self._get("courses", "/api/v1/courses?price=paid&limit=20"))["items"]
        return [str(card["slug"]) for card in cards]

    async def _buy(self, course_id: str) -> None:
        order = await self._post(
            "order",
            "/api/v1/orders",
            {"course_ids": [course_id], "gateway": "sandbox"},
            201,
            headers={"Idempotency-Key": uuid4().hex},
        )
        await self._post("pay", f"/api/v1/sandbox/checkouts/{order['payment']['ref']}/pay", None, 202)
        self._journal.paid.add(order["id"])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self._get("order state", f"/api/v1/orders/{order['id']}"))["state"] != "paid":  # noqa: ASYNC110
                await asyncio.sleep(0.3)

    async def _study(self, lessons: Sequence[str]) -> None:
        for lesson in lessons[:2]:
            for seq in range(1, 6):
                position = seq * 10_000
                beat = {
                    "position_ms": position,
                    "watched": [[position - 10_000, position]],
                    "seq": seq,
                    "media_revision": 1,
                }
                await self._send("heartbeat", "PUT", f"/api/v1/lessons/{lesson}/progress", beat, 204)
                self._journal.positions[self._user_id, lesson] = position
            note = {"at_ms": 1_000, "body": "A thought", "media_revision": 1}
            path = f"/api/v1/lessons/{lesson}/notes"
            self._journal.notes.add((await self._post("note", path, note, 201))["id"])
            await self._get("notes", path)

    async def _get(self, route: str, path: str) -> Any:
        return (await self._send(route, "GET", path, None, 200)).json()

    async def _post(
        self, route: str, path: str, body: object, status: int, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        return (await self._send(route, "POST", path, body, status, headers=headers)).json()

    async def _send(
        self,
        route: str,
        method: str,
        path: str,
        body: object,
        status: int,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Once: only a connection that was refused is tried again, since nothing was sent over it."""
        await asyncio.sleep(self._rng.expovariate(1 / self._pause_seconds))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            started = time.perf_counter()
            try:
                answer = await self._client.request(method, path, json=body, headers=headers)
                if not _is_shed(answer):
                    break
                self._journal.shed += 1
                await asyncio.sleep(float(answer.headers["retry-after"]))
            except httpx.ConnectError:
                self._journal.refused += 1
                assert time.monotonic() < deadline, "nobody listens"
                await asyncio.sleep(0.1)
            except httpx.HTTPError as error:
                self._journal.failed[f"{route}: {type(error).__name__}"] += 1
                self._journal.seconds.setdefault(route, []).append(time.perf_counter() - started)
                raise Refused from error
        self._journal.seconds.setdefault(route, []).append(time.perf_counter() - started)
        if answer.status_code != status:
            self._journal.failed[f"{route}: {answer.status_code} {answer.text[:120]}"] += 1
            raise Refused
        return answer


def _is_shed(answer: httpx.Response) -> bool:
    # A session that cannot be looked up in a quarter of a second: nothing was done, and machines that are too small for
    # their load are known by it.
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and answer.json().get("code") == "auth_unavailable"


async def crowd(
    url: str,
    *,
    people: int,
    going_on: Callable[[], bool],
    pause_seconds: float,
    journal: Journal | None = None,
    most: int = 1_000_000,
) -> Journal:
    """So many at any time, one after the other, while it is going on; who is under way then comes to an end.

    Nobody comes any more, either, when they have sent as many requests as they may at `most`.
    """
    journal = journal or Journal()

    async def lane(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 - not for secrets
        while going_on() and journal.requests < most:
            headers = {
                "Sec-Fetch-Site": "same-origin",
                "X-Forwarded-For": ".".join(str(rng.randrange(1, 255)) for _ in range(4)),
            }
            async with httpx.AsyncClient(
                base_url=url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False
            ) as client:
                try:
                    await Person(client, journal, rng, pause_seconds).live()
                except Refused:
                    continue
                except TimeoutError:
                    journal.failed["an order was not paid in time"] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(people):
            group.create_task(lane(number))
    return journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of the jobs: messages of the outbox and webhooks. `broken` are promises that were not kept."""

    sent: int
    done: int
    broken: tuple[str, ...]

    @property
    def lost(self) -> int:
        return self.sent - self.done


async def verdict(database_url: str, journal: Journal) -> Verdict:
    """Once everything has come to rest, or can be expected to have."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:

        async def ask(statement: LiteralString) -> list[tuple[Any, ...]]:
            return await (await connection.execute(statement)).fetchall()

        while True:
            ((sent, done),) = await ask(
                """SELECT sum(sent), sum(done) FROM (
                       SELECT count(*), count(delivered_at) FROM messaging.outbox
                       UNION ALL
                       SELECT count(*), count(*) FILTER (WHERE state IN ('processed', 'ignored'))
                       FROM billing.webhook_inbox
                   ) AS jobs (sent, done)"""
            )
            broken = [
                *_missing("not paid", journal.paid, await ask("SELECT id FROM billing.orders WHERE state = 'paid'")),
                *_missing("note lost", journal.notes, await ask("SELECT id FROM learning.notes")),
                *_missing(
                    "heartbeat lost",
                    {f"{user} {lesson} {position}" for (user, lesson), position in journal.positions.items()},
                    await ask("SELECT user_id || ' ' || lesson_id || ' ' || position_ms FROM learning.progress"),
                ),
                *_missing(
                    "paid without access",
                    [
                        item
                        for (item,) in await ask(
                            """SELECT items.id FROM billing.order_items items
                               JOIN billing.orders ON orders.id = items.order_id WHERE orders.state = 'paid'"""
                        )
                    ],
                    await ask("SELECT source_id FROM learning.grants WHERE revoked_at IS NULL"),
                ),
            ]
            if (sent == done and not broken) or time.monotonic() > deadline:
                return Verdict(sent=int(sent), done=int(done), broken=tuple(broken))
            await asyncio.sleep(0.5)


def _missing(what: str, promised: Any, found: Sequence[tuple[Any, ...]]) -> list[str]:
    kept = {str(row[0]) for row in found}
    return [f"{what}: {each}" for each in sorted(map(str, promised)) if each not in kept]
