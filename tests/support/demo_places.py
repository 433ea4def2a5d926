"""Where there is something to see in a complete demo; and what it lacks: somebody new, somebody who has finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.support.kosu import Kosu, ok
from tests.support.published import Published, at_work, client_of, new_learner, published_course

DEVICES = 5


@dataclass(frozen=True, slots=True)
class SeenCourse:
    id: str
    slug: str
    lessons: Sequence[dict[str, Any]]

    def path(self, kind: str, *, locked: bool = False) -> str:
        """Of its first lesson of that kind, or of the first that strangers do not see."""
        lesson = next(each for each in self.lessons if each["kind"] == kind and not (locked and each["preview"]))
        return f"/learn/{self.slug}/{lesson['id']}"


@dataclass(frozen=True, slots=True)
class Places:
    """`begun` is taught by the demo's instructor; its learner has begun it, and has placed `order`."""

    accounts: dict[str, dict[str, str]]
    """Of the demo, and of a `newcomer` and a `graduate`."""
    crowded: dict[str, str]
    """Somebody at the limit of their devices."""
    begun: SeenCourse
    paid: SeenCourse
    """The demo's learner has not bought it."""
    finished: SeenCourse
    """By the graduate."""
    collection: str
    order: str
    certificate: str
    webhook: str


def places_of(kosu: Kosu) -> Places:
    """Of a stack whose demo is complete. It gets three more accounts and a course."""
    newcomer, graduate, crowded = (new_learner(kosu) for _ in range(3))
    for _ in range(DEVICES - 1):
        client_of(kosu, crowded)
    student = client_of(kosu, graduate)
    with (
        at_work(kosu, "instructor") as instructor,
        at_work(kosu, "learner") as learner,
        at_work(kosu, "operator") as operator,
    ):
        made = published_course(instructor, title=f"Beekeeping {uuid4().hex[:6]}", price_minor=0)
        certificate = _graduated(student, made)
        return Places(
            accounts={**kosu.accounts, "newcomer": newcomer, "graduate": graduate},
            crowded=crowded,
            begun=_seen(learner, "learning-how-to-learn"),
            paid=_unbought(learner),
            finished=_seen(student, made.slug),
            collection=_first(learner, "collections")["slug"],
            order=_first(learner, "me/orders")["id"],
            certificate=certificate,
            webhook=_first(operator, "ops/webhooks")["id"],
        )


def _graduated(student: httpx.Client, course: Published) -> str:
    """Answers the certificate's code."""
    ok(student.post(f"/api/v1/courses/{course.slug}/enrol"), 201)
    for lesson in (course.preview, course.rest):
        student.post(f"/api/v1/lessons/{lesson}/complete").raise_for_status()
    return str(ok(student.post(f"/api/v1/courses/{course.slug}/certificate"), 201)["code"])


def _seen(client: httpx.Client, slug: str) -> SeenCourse:
    course = ok(client.get(f"/api/v1/courses/{slug}"), 200)
    return SeenCourse(course["id"], slug, [lesson for part in course["curriculum"] for lesson in part["lessons"]])


def _unbought(learner: httpx.Client) -> SeenCourse:
    own = {each["slug"] for each in ok(learner.get("/api/v1/me/enrolments"), 200)["items"]}
    offers = ok(learner.get("/api/v1/courses", params={"price": "paid"}), 200)["items"]
    return _seen(learner, next(each["slug"] for each in offers if each["slug"] not in own))


def _first(client: httpx.Client, of: str) -> dict[str, Any]:
    item: dict[str, Any] = ok(client.get(f"/api/v1/{of}"), 200)["items"][0]
    return item
