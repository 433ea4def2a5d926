"""The main job, end to end, over HTTP and on real input: from an instructor's upload to a learner's second device.

One stack, started as a user starts it, and the story told in order.
"""

from __future__ import annotations

import io
import json
import time
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import av
import httpx
import m3u8  # type: ignore[import-untyped]

from kosu.adapters.pyjwt import JwtAccessTokens
from kosu.adapters.system import SystemIds
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.tokens import AccessClaims
from tests.support.api import problem
from tests.support.kosu import Kosu, eventually, ok, ok_text, upload
from tests.support.stack import started_stack
from tests.support.videos import make_video

STEPS = ["download", "inspect", "thumbnail", "hls", "mp4", "upload", "cleanup"]
VIDEO_SECONDS = 12


def test_the_main_job(tmp_path: Path) -> None:
    video = _a_video_of_tens_of_megabytes(tmp_path / "lesson.mp4")
    home = tmp_path / "home"
    with started_stack(home, "--no-web") as stack:
        with Kosu.of(stack) as kosu:
            lesson = teach(kosu, video)
            buy(kosu, lesson)
            learn(kosu, lesson)
            the_demo_plays(kosu)
            bad_input_leaves_nothing_behind(kosu)
        assert stack.stop() == 0
        stack.wait_until_gone()
    with started_stack(home, "--no-web") as stack, Kosu.of(stack) as kosu:
        everything_is_still_there(kosu, lesson)


class Lesson:
    """What the instructor made."""

    course_id: str
    slug: str
    lesson_id: str
    preview_id: str
    asset_id: str


def teach(kosu: Kosu, video: Path) -> Lesson:
    """An instructor makes a course, uploads a real video, watches the seven steps, and publishes."""
    lesson = Lesson()
    instructor = kosu.signed_in("instructor")
    course = ok(
        instructor.post(
            "/api/v1/studio/courses",
            json={
                "title": "Systems programming",
                "subtitle": "From bytes to services",
                "description": "Everything below the framework.",
                "category": "programming",
                "level": "beginner",
                "language": "en",
                "price": {"amount_minor": 49000, "currency": "KRW"},
            },
        ),
        201,
    )
    lesson.course_id, lesson.slug = course["id"], course["slug"]
    section = ok(instructor.post(f"/api/v1/studio/courses/{course['id']}/sections", json={"title": "Start"}), 201)
    lessons = f"/api/v1/studio/courses/{course['id']}/sections/{section['id']}/lessons"
    lesson.lesson_id = ok(instructor.post(lessons, json={"title": "Bytes", "kind": "video"}), 201)["id"]
    text = {"title": "Read me", "kind": "text", "preview": True, "body": "# Welcome"}
    lesson.preview_id = ok(instructor.post(lessons, json=text), 201)["id"]

    lesson.asset_id = upload(instructor, video, lesson.lesson_id)
    seen = watch_until(instructor, lesson.asset_id, "ready")
    assert [step["name"] for step in seen[-1]["steps"]] == STEPS
    assert {step["state"] for step in seen[-1]["steps"]} == {"done"}
    running = {asset["step"] for asset in seen if asset["step"]}
    assert "hls" in running, f"the long step was never seen running: {running}"
    percents = [asset["percent"] for asset in seen]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert len(set(percents)) > 3, f"progress did not advance visibly: {percents}"
    assert abs(seen[-1]["media"]["duration_ms"] - VIDEO_SECONDS * 1000) < 100

    published = ok(instructor.post(f"/api/v1/studio/courses/{course['id']}/publish"), 200)
    assert published["state"] == "published"
    return lesson


def watch_until(instructor: httpx.Client, asset_id: str, state: str) -> list[dict[str, Any]]:
    """All that polling the asset showed until it was in `state`."""
    seen: list[dict[str, Any]] = []

    def reached() -> bool:
        seen.append(ok(instructor.get(f"/api/v1/media/assets/{asset_id}"), 200))
        assert seen[-1]["state"] in {"queued", "processing", state}, seen[-1]
        return bool(seen[-1]["state"] == state)

    eventually(reached, every_seconds=0.2)
    return seen


def buy(kosu: Kosu, lesson: Lesson) -> None:
    """A learner finds the course, is told why it is locked, and pays; the webhook arrives five times."""
    learner = kosu.signed_in("learner")
    found = ok(learner.get("/api/v1/courses", params={"q": "systems"}), 200)["items"]
    assert lesson.slug in [card["slug"] for card in found]
    detail = ok(learner.get(f"/api/v1/courses/{lesson.slug}"), 200)
    assert detail["access"]["state"] == "purchase_required"
    assert detail["access"]["reason"]
    locked = {entry["id"]: entry["locked"] for section in detail["curriculum"] for entry in section["lessons"]}
    assert locked == {lesson.lesson_id: True, lesson.preview_id: False}
    problem(learner.get(f"/api/v1/lessons/{lesson.lesson_id}/playback"), 403, "purchase_required")
    problem(kosu.stranger().get(f"/api/v1/lessons/{lesson.lesson_id}/playback"), 403, "sign_in_required")

    order_request = {"course_ids": [lesson.course_id], "gateway": "sandbox"}
    headers = {"Idempotency-Key": "e2e-order"}
    order = ok(learner.post("/api/v1/orders", json=order_request, headers=headers), 201)
    assert order["total"] == {"amount_minor": 49000, "currency": "KRW"}
    again = ok(learner.post("/api/v1/orders", json=order_request, headers=headers), 201)
    assert again["id"] == order["id"]
    assert httpx.get(order["checkout_url"]).headers["content-type"].startswith("text/html")

    ref = order["payment"]["ref"]
    forged = {"webhook-id": "evt_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
    webhooks = f"{kosu.api_url}/api/v1/webhooks/sandbox"
    problem(httpx.post(webhooks, content=b"{}", headers=forged), 401, "bad_signature")

    assert learner.post(f"/api/v1/sandbox/checkouts/{ref}/duplicate").status_code == 202
    eventually(lambda: ok(learner.get(f"/api/v1/orders/{order['id']}"), 200)["state"] == "paid")
    enrolments = ok(learner.get("/api/v1/me/enrolments"), 200)["items"]
    assert [card["slug"] for card in enrolments].count(lesson.slug) == 1
    problem(
        learner.post("/api/v1/orders", json=order_request, headers={"Idempotency-Key": "another"}),
        409,
        "already_enrolled",
    )
    assert ok(learner.get(f"/api/v1/courses/{lesson.slug}"), 200)["access"]["state"] == "enrolled"


def learn(kosu: Kosu, lesson: Lesson) -> None:
    """The learner plays, stops, comes back on a second device, keeps a note, and ends the first device."""
    phone = kosu.signed_in("learner")
    playback = ok(phone.get(f"/api/v1/lessons/{lesson.lesson_id}/playback"), 200)
    assert playback["resume_position_ms"] == 0
    decoded_seconds = play(phone, playback)
    assert abs(decoded_seconds - VIDEO_SECONDS) < 0.5

    beat = {
        "position_ms": 7_250,
        "watched": [[0, 7_250]],
        "seq": 1,
        "media_revision": playback["media_revision"],
    }
    assert phone.put(f"/api/v1/lessons/{lesson.lesson_id}/progress", json=beat).status_code == 204

    laptop = kosu.signed_in("learner")
    resumed = ok(laptop.get(f"/api/v1/lessons/{lesson.lesson_id}/playback"), 200)
    assert resumed["resume_position_ms"] == 7_250
    progress = ok(laptop.get(f"/api/v1/courses/{lesson.slug}/progress"), 200)
    watched = {entry["id"]: entry["percent"] for entry in progress["lessons"]}
    assert 59 <= watched[lesson.lesson_id] <= 61

    note = ok(
        laptop.post(
            f"/api/v1/lessons/{lesson.lesson_id}/notes",
            json={"at_ms": 7_250, "body": "Little-endian!", "media_revision": playback["media_revision"]},
        ),
        201,
    )
    link = urlsplit(note["deep_link"])
    assert link.path == f"/learn/{lesson.slug}/{lesson.lesson_id}"
    assert parse_qs(link.query) == {"t": ["7250"]}
    (kept,) = ok(phone.get(f"/api/v1/lessons/{lesson.lesson_id}/notes"), 200)["items"]
    assert (kept["id"], kept["body"], kept["stale"]) == (note["id"], "Little-endian!", False)

    devices = ok(laptop.get("/api/v1/me/sessions"), 200)["items"]
    phone_id = own_session(phone)
    assert phone_id in [device["id"] for device in devices if not device["current"]]
    assert laptop.delete(f"/api/v1/me/sessions/{phone_id}").status_code == 204
    refused = problem(phone.get("/api/v1/me"), 401, "session_revoked")
    assert refused["reason"] == "revoked_by_user"
    problem(phone.put(f"/api/v1/lessons/{lesson.lesson_id}/progress", json={**beat, "seq": 2}), 401, "session_revoked")


def own_session(client: httpx.Client) -> str:
    """The id of the client's own session."""
    items = ok(client.get("/api/v1/me/sessions"), 200)["items"]
    return str(next(item["id"] for item in items if item["current"]))


def play(learner: httpx.Client, playback: dict[str, Any]) -> float:
    """Fetch every playlist and segment of every rung through the edge, decode them; answers the seconds of video."""
    problem_without = httpx.get(playback["hls_url"])
    assert problem_without.status_code == 403
    cookies = {name: value for name, value in learner.cookies.items() if name.startswith("CloudFront-")}
    assert {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"} <= set(cookies)
    # httpx keeps cookies by host, as browsers do, and the edge is on the same host.
    master = m3u8.loads(ok_text(learner.get(playback["hls_url"])), uri=playback["hls_url"])
    assert master.playlists
    seconds = 0.0
    for rung in master.playlists:
        pictures = media_file(learner, urljoin(playback["hls_url"], rung.uri))
        with av.open(pictures) as container:
            frames = list(container.decode(video=0))
        assert frames[0].height == rung.stream_info.resolution[1]
        times = [float(frame.pts * frame.time_base) for frame in frames]
        assert times == sorted(times)
        seconds = times[-1] - times[0] + 1 / 30
    sound = next(media.uri for media in master.media if media.type == "AUDIO")
    with av.open(media_file(learner, urljoin(playback["hls_url"], sound))) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) / 48_000 > VIDEO_SECONDS - 0.5
    part = learner.get(playback["mp4_url"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)
    assert learner.get(playback["poster_url"]).content[:2] == b"\xff\xd8"
    return seconds


def media_file(learner: httpx.Client, playlist_url: str) -> Any:
    """The initialisation section and all segments of a media playlist, as one file."""
    playlist = m3u8.loads(ok_text(learner.get(playlist_url)), uri=playlist_url)
    first = urljoin(playlist_url, playlist.segment_map[0].uri)
    urls = [first, *(urljoin(playlist_url, segment.uri) for segment in playlist.segments)]
    answers = [learner.get(url) for url in urls]
    assert {answer.status_code for answer in answers} == {200}
    return io.BytesIO(b"".join(answer.content for answer in answers))


def the_demo_plays(kosu: Kosu) -> None:
    """In the background the demo gets its videos, the captioned one first, and its learner goes on with it."""
    learner = kosu.signed_in("learner")
    detail = ok(learner.get("/api/v1/courses/learning-how-to-learn"), 200)
    cover = learner.get(detail["cover_url"], follow_redirects=True)
    assert (cover.status_code, cover.headers["content-type"]) == (200, "image/png")
    first = detail["curriculum"][0]["lessons"][0]["id"]
    progress = "/api/v1/courses/learning-how-to-learn/progress"
    eventually(lambda: ok(learner.get(progress), 200)["lessons"][0]["percent"] == 100, every_seconds=0.5)
    playback = ok(learner.get(f"/api/v1/lessons/{first}/playback"), 200)
    assert {caption["lang"] for caption in playback["captions"]} == {"en", "ko"}
    assert playback["storyboard_url"]
    assert ok_text(learner.get(playback["hls_url"])).startswith("#EXTM3U")
    eventually(lambda: bool(ok(learner.get(f"/api/v1/lessons/{first}/notes"), 200)["items"]))


def bad_input_leaves_nothing_behind(kosu: Kosu) -> None:
    instructor = kosu.signed_in("instructor")
    uploads = "/api/v1/media/uploads"
    empty = {"filename": "empty.mp4", "size_bytes": 0, "content_type": "video/mp4"}
    problem(instructor.post(uploads, json=empty), 422, "empty_file")

    text = b"file '/etc/passwd'\n" * 100
    started = ok(instructor.post(uploads, json={**empty, "filename": "notes.mp4", "size_bytes": len(text)}), 201)
    answer = instructor.post(f"{uploads}/{started['id']}/parts", json={"part_numbers": [1]})
    (part,) = ok(answer, 200)["parts"]
    assert httpx.put(part["url"], content=text[:-1], headers=part["headers"]).status_code in {400, 403}
    httpx.put(part["url"], content=text, headers=part["headers"]).raise_for_status()
    problem(instructor.post(f"{uploads}/{started['id']}/complete"), 422, "not_a_video")
    assert ok(instructor.get(f"{uploads}/{started['id']}"), 200)["state"] == "rejected"

    problem(instructor.post(uploads, content=b"{not json"), 400, "malformed_request")
    problem(instructor.post(uploads, content=b'"' + b"x" * 10_000_000 + b'"'), 413, "payload_too_large")
    headers = {"Authorization": f"Bearer {expired_token(kosu.home)}"}
    problem(httpx.get(f"{kosu.api_url}/api/v1/me", headers=headers), 401, "token_expired")
    problem(instructor.post("/api/v1/webhooks/nobody", content=b"{}"), 404, "unknown_gateway")


def expired_token(home: Path) -> str:
    """An access token that the stack itself would have issued an hour ago."""
    kid, key = json.loads((home / "secrets.json").read_text())["token_keys"].split(":")
    tokens = JwtAccessTokens(keys={kid: b64decode(key)}, issuer="kosu")
    at = datetime.now(UTC) - timedelta(hours=1)
    ids = SystemIds()
    claims = AccessClaims(
        UserId(ids.new()), SessionId(ids.new()), DeviceId(ids.new()), gen=1, expires_at=at + timedelta(minutes=10)
    )
    return tokens.mint(claims, at=at)


def everything_is_still_there(kosu: Kosu, lesson: Lesson) -> None:
    learner = kosu.signed_in("learner")
    assert [card["slug"] for card in ok(learner.get("/api/v1/me/enrolments"), 200)["items"]].count(lesson.slug) == 1
    playback = ok(learner.get(f"/api/v1/lessons/{lesson.lesson_id}/playback"), 200)
    assert playback["resume_position_ms"] == 7_250
    assert ok_text(learner.get(playback["hls_url"])).startswith("#EXTM3U")
    assert len(ok(learner.get(f"/api/v1/lessons/{lesson.lesson_id}/notes"), 200)["items"]) == 1


def _a_video_of_tens_of_megabytes(target: Path) -> Path:
    """Small pictures with much noise: large to upload and quick to encode."""
    noise = ("-vf", "noise=alls=40:allf=t", "-qp", "26")
    make_video(target, seconds=VIDEO_SECONDS, size="640x360", options=noise)
    assert 20_000_000 < target.stat().st_size < 60_000_000
    return target
