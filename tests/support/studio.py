"""What tests of the studio's pages prepare: an instructor of their own, and courses."""

from __future__ import annotations

import httpx
from playwright.sync_api import Page
from uuid_utils.compat import uuid7

from tests.support.browser import signed_in
from tests.support.kosu import Kosu, ok

COURSES = "/api/v1/studio/courses"


def instructor(kosu: Kosu, page: Page) -> httpx.Client:
    """A new instructor, signed in at the page's browser and at the client that comes back."""
    account = {"email": f"{uuid7().hex}@studio.test", "password": "kosu-studio-password"}
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    registered = ok(client.post("/api/v1/auth/register", json=account | {"display_name": "Ines Park"}), 201)
    operator = kosu.signed_in("operator")
    roles = {"roles": ["learner", "instructor"]}
    granted = operator.post(f"/api/v1/ops/users/{registered['user']['id']}/roles", json=roles)
    assert granted.is_success, granted.text
    # The demo's operator has few devices.
    assert operator.post("/api/v1/auth/logout").is_success
    signed_in(page, account, web_url=kosu.web_url)
    return client


def course(client: httpx.Client, title: str = "Data by demonstration") -> str:
    category = ok(client.get("/api/v1/categories"), 200)["items"][0]["slug"]
    price = {"amount_minor": 0, "currency": "KRW"}
    return str(ok(client.post(COURSES, json={"title": title, "category": category, "price": price}), 201)["id"])


def section(client: httpx.Client, course_id: str, title: str, *lessons: str, kind: str = "video") -> list[str]:
    """A section with lessons of these titles; answers the lessons' ids."""
    section_id = ok(client.post(f"{COURSES}/{course_id}/sections", json={"title": title}), 201)["id"]
    path = f"{COURSES}/{course_id}/sections/{section_id}/lessons"
    return [str(ok(client.post(path, json={"title": lesson, "kind": kind}), 201)["id"]) for lesson in lessons]


def order(client: httpx.Client, course_id: str) -> list[tuple[str, list[str]]]:
    """The curriculum by its titles, as the API has it."""
    found = ok(client.get(f"{COURSES}/{course_id}"), 200)
    return [(each["title"], [lesson["title"] for lesson in each["lessons"]]) for each in found["curriculum"]]
