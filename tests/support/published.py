"""A small course that is published, made over HTTP as its instructor would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.kosu import ok


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
