"""What tests of public pages look at, made over HTTP: a small course that is published, and people of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.support.kosu import Kosu, ok


@dataclass(frozen=True, slots=True)
class Published:
    """`preview` and `rest` are the ids of its two text lessons, of which the first may be tried."""

    id: str
    slug: str
    title: str
    preview: str
    rest: str


def published_course(instructor: httpx.Client, *, title: str, price_minor: int) -> Published:
    """With one section of two text lessons; in category `design`, for beginners, in English."""
    course = ok(
        instructor.post(
            "/api/v1/studio/courses",
            json={
                "title": title,
                "subtitle": "From the first hive to honey",
                "description": "All about bees.\n\nAnd about honey.",
                "category": "design",
                "level": "beginner",
                "language": "en",
                "price": {"amount_minor": price_minor, "currency": "KRW"},
                "outcomes": ["Tell a queen from a drone"],
            },
        ),
        201,
    )
    url = f"/api/v1/studio/courses/{course['id']}"
    section = ok(instructor.post(f"{url}/sections", json={"title": "Bees"}), 201)
    lessons: list[dict[str, Any]] = [
        ok(
            instructor.post(
                f"{url}/sections/{section['id']}/lessons",
                json={"title": name, "kind": "text", "body": body, "preview": preview},
            ),
            201,
        )
        for name, body, preview in (
            ("Why bees", "Because of honey.", True),
            ("The hive", "Six sides to each cell.", False),
        )
    ]
    ok(instructor.post(f"{url}/publish"), 200)
    return Published(course["id"], course["slug"], title, lessons[0]["id"], lessons[1]["id"])


@contextmanager
def at_work(kosu: Kosu, role: str) -> Iterator[httpx.Client]:
    """An account of the demo, whose devices are few and shared by all tests: this one is signed out at the end."""
    client = kosu.signed_in(role)
    yield client
    client.post("/api/v1/auth/logout").raise_for_status()


def new_learner(kosu: Kosu, name: str = "Mei Tanaka") -> dict[str, str]:
    """The e-mail address and password of a new account."""
    account = {"email": f"{uuid4().hex}@kosu.test", "password": "a long enough password"}
    ok(kosu.stranger().post("/api/v1/auth/register", json={**account, "display_name": name}), 201)
    return account


def client_of(kosu: Kosu, account: dict[str, str]) -> httpx.Client:
    """A device of this account's."""
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    ok(client.post("/api/v1/auth/login", json=account), 200)
    return client
