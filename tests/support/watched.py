"""A course with a real video over HTTP, and learners of their own for the tests of the web client's player."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.support.kosu import PATIENCE_SECONDS, Kosu, ok
from tests.support.published import at_work
from tests.support.videos import make_video

SECONDS = 40
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:20.000\nHello there\n\n00:20.000 --> 00:40.000\nStill moving\n"


@dataclass(frozen=True, slots=True)
class Watched:
    """A course of two lessons: a video with captions, and a text."""

    title: str
    slug: str
    video: str
    text: str

    @property
    def video_path(self) -> str:
        return f"/learn/{self.slug}/{self.video}"

    @property
    def text_path(self) -> str:
        return f"/learn/{self.slug}/{self.text}"


def watched_course(
    kosu: Kosu,
    folder: Path,
    *,
    title: str = "Motion for interfaces",
    price_minor: int = 0,
    seconds: int = SECONDS,
    preview: bool = False,
) -> Watched:
    """Published, with its video ready to play; `preview` opens the video to strangers."""
    with at_work(kosu, "instructor") as studio:
        return _published(
            studio,
            make_video(folder / "video.mp4", seconds=seconds, size="256x144", fps="6"),
            {"title": title, "category": "design", "price": {"amount_minor": price_minor, "currency": "KRW"}},
            preview=preview,
        )


def _published(studio: httpx.Client, film: Path, details: dict[str, Any], *, preview: bool) -> Watched:
    course = ok(studio.post("/api/v1/studio/courses", json=details), 201)
    path = f"/api/v1/studio/courses/{course['id']}"
    section = ok(studio.post(f"{path}/sections", json={"title": "Seeing motion"}), 201)
    video, text = (
        ok(studio.post(f"{path}/sections/{section['id']}/lessons", json=body), 201)["id"]
        for body in (
            {"title": "Why interfaces move", "kind": "video", "preview": preview},
            {"title": "Slow it down", "kind": "text", "body": "# Try it\n\nPick **one** transition.<script>x</script>"},
        )
    )
    asset_id = _uploaded(studio, film, video)
    _wait_until_ready(studio, asset_id)
    captions = studio.put(
        f"/api/v1/media/assets/{asset_id}/captions/en", content=CAPTIONS, headers={"Content-Type": "text/vtt"}
    )
    assert captions.status_code == 204, captions.text
    ok(studio.post(f"{path}/publish"), 200)
    return Watched(course["title"], course["slug"], video, text)


def new_learner(kosu: Kosu, course: Watched) -> dict[str, str]:
    """The account of somebody who is enrolled, for `signed_in`."""
    account = {"email": f"{uuid4().hex}@kosu.test", "password": "a-long-password-of-theirs"}
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    ok(client.post("/api/v1/auth/register", json={**account, "display_name": "Nari"}), 201)
    ok(client.post(f"/api/v1/courses/{course.slug}/enrol"), 201)
    return account


def api_of(kosu: Kosu, account: dict[str, str]) -> httpx.Client:
    """Another device of theirs."""
    client = kosu.stranger(**{"Sec-Fetch-Site": "same-origin"})
    ok(client.post("/api/v1/auth/login", json=account), 200)
    return client


def _uploaded(studio: httpx.Client, video: Path, lesson_id: str) -> str:
    data = video.read_bytes()
    session = ok(
        studio.post(
            "/api/v1/media/uploads",
            json={
                "filename": video.name,
                "size_bytes": len(data),
                "content_type": "video/mp4",
                "lesson_id": lesson_id,
                "fingerprint": lesson_id,
            },
        ),
        201,
    )
    part = ok(studio.post(f"/api/v1/media/uploads/{session['id']}/parts", json={"part_numbers": [1]}), 200)["parts"][0]
    httpx.put(part["url"], content=data, headers=part["headers"], timeout=60).raise_for_status()
    return str(ok(studio.post(f"/api/v1/media/uploads/{session['id']}/complete"), 202)["asset_id"])


def _wait_until_ready(studio: httpx.Client, asset_id: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (asset := ok(studio.get(f"/api/v1/media/assets/{asset_id}"), 200))["state"] != "ready":
        assert asset["state"] != "failed", asset
        assert time.monotonic() < deadline, asset
        time.sleep(0.5)
