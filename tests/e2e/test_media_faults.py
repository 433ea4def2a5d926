"""Video on a whole stack: bytes that never pass the API, and a run that outlives its worker and its queue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import m3u8  # type: ignore[import-untyped]
import redis

from benchmarks._machine import family, file_bytes, peak_memory
from entrypoints.embedded.environment import runtime_environment
from entrypoints.embedded.home import Home
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import load_or_create
from kosu.adapters.filesystem.paths import key_of
from kosu.modules.catalog.domain.covers import COVER_PREFIX
from kosu.settings import read_settings
from tests.support.kosu import Kosu, eventually, ok, ok_text, upload
from tests.support.stack import StackProcess, descendants, started_stack
from tests.support.videos import make_video

MIB = 1024 * 1024
# Four chunks of three minutes.
LONG_SECONDS = 12 * 60


def test_video_survives_its_worker_and_passes_the_api_by(tmp_path: Path) -> None:
    video = _a_video_that_takes_a_while(tmp_path / "lecture.mp4")
    with started_stack(tmp_path / "home", "--no-web", "--quiet-demo") as stack, Kosu.of(stack) as kosu:
        instructor = kosu.signed_in("instructor")
        with bytes_pass_the_api_by(stack, instructor, video):
            asset_id = upload(instructor, video)
        watch_it_grow(instructor, asset_id)
        kill_worker_and_forget_the_queue(stack)
        outlived(stack, instructor, asset_id)
        published_once(stack, asset_id)


def test_long_video_is_encoded_by_two_workers_and_outlives_one(tmp_path: Path) -> None:
    """Whichever of the two holds the run."""
    video = make_video(tmp_path / "lecture.mp4", seconds=LONG_SECONDS, size="320x180", fps="15")
    chunks = {"KOSU_MEDIA_CHUNK_THRESHOLD_SECONDS": "60"}
    with (
        started_stack(tmp_path / "home", "--no-web", "--quiet-demo", environment=chunks) as stack,
        Kosu.of(stack) as kosu,
        second_worker(stack, chunks) as second,
    ):
        instructor, first = kosu.signed_in("instructor"), stack.part("--queues media")
        assert first is not None
        asset_id = upload(instructor, video)
        eventually(lambda: bool(descendants(first)) and bool(descendants(second.pid)), every_seconds=0.02)
        encoders = descendants(second.pid)
        second.kill()
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in encoders))
        eventually(
            lambda: ok(instructor.get(f"/api/v1/media/assets/{asset_id}"), 200)["state"] == "ready", every_seconds=0.5
        )
        published_once(stack, asset_id)
        preview = ok(instructor.get(f"/api/v1/media/assets/{asset_id}/preview"), 200)
        master = m3u8.loads(ok_text(instructor.get(preview["hls_url"])), uri=preview["hls_url"])
        picture = m3u8.loads(ok_text(instructor.get(master.playlists[0].absolute_uri)))
        assert [round(segment.duration) for segment in picture.segments] == [6] * (LONG_SECONDS // 6)


@contextmanager
def second_worker(stack: StackProcess, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """One more worker for video, as a second machine would have it."""
    environment = {**_environment(stack), **settings, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "entrypoints.worker", "--queues", "media"]
    with (stack.home.parent / "second-worker.log").open("wb") as log:
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@contextmanager
def bytes_pass_the_api_by(stack: StackProcess, instructor: httpx.Client, video: Path) -> Iterator[None]:
    """All that the API says and hears, reads and writes meanwhile is small beside the video, and so is its memory.

    The edge, which takes the video in, does not hold it either.
    """
    api, edge = (family(stack.part(f"entrypoints.{name}.app") or 0) for name in ("api", "edge"))
    answers: list[httpx.Response] = []
    instructor.event_hooks["response"] = [answers.append]
    files, api_peak, edge_peak = file_bytes(api), peak_memory(api), peak_memory(edge)
    yield
    instructor.event_hooks["response"] = []
    said = sum(len(answer.content) + len(answer.request.content) for answer in answers)
    assert answers
    assert said < MIB
    assert file_bytes(api) - files < MIB
    assert file_bytes(edge) >= video.stat().st_size, "the bytes are counted where they do pass"
    assert peak_memory(api) - api_peak < 16 * MIB
    assert peak_memory(edge) - edge_peak < 32 * MIB < video.stat().st_size


def watch_it_grow(instructor: httpx.Client, asset_id: str) -> None:
    """The author sees the first segments before the encode has ended."""
    eventually(lambda: instructor.get(f"/api/v1/media/assets/{asset_id}/preview").status_code == 200)
    preview = ok(instructor.get(f"/api/v1/media/assets/{asset_id}/preview"), 200)
    assert not preview["is_published"]
    assert httpx.get(preview["hls_url"]).status_code == 403
    master = m3u8.loads(ok_text(instructor.get(preview["hls_url"])), uri=preview["hls_url"])
    growing = master.playlists[0].absolute_uri
    playlist = m3u8.loads(ok_text(instructor.get(growing)), uri=growing)
    assert instructor.get(playlist.segments[0].absolute_uri).status_code == 200
    asset = ok(instructor.get(f"/api/v1/media/assets/{asset_id}"), 200)
    assert (asset["state"], asset["step"]) == ("processing", "hls")


def kill_worker_and_forget_the_queue(stack: StackProcess) -> None:
    """As `kill -9` does. Neither ffmpeg stays behind, nor does anything in Redis know of the run."""
    worker = stack.part("--queues media")
    assert worker is not None
    children = descendants(worker)
    assert children, "it encodes"
    os.kill(worker, signal.SIGKILL)
    with redis.Redis.from_url(read_settings(_environment(stack)).redis.url) as queue:
        queue.flushall()
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def outlived(stack: StackProcess, instructor: httpx.Client, asset_id: str) -> None:
    """The lease ends, the reconciler asks again, and the run goes on where it was."""
    seen: list[dict[str, Any]] = []

    def ready() -> bool:
        seen.append(ok(instructor.get(f"/api/v1/media/assets/{asset_id}"), 200))
        return bool(seen[-1]["state"] == "ready")

    eventually(ready, every_seconds=0.5)
    assert {asset["state"] for asset in seen} <= {"processing", "stalled", "ready"}
    attempts = {step["name"]: step["attempt"] for step in seen[-1]["steps"]}
    assert attempts == {**dict.fromkeys(attempts, 1), "hls": 2}
    percents = [asset["percent"] for asset in seen]
    assert percents == sorted(percents)


def published_once(stack: StackProcess, asset_id: str) -> None:
    """And nothing else is left but covers: neither the source nor the preview nor scratch space."""
    objects = stack.home / "objects" / "objects"
    stored = [key_of(objects, path) for path in objects.rglob("*") if path.is_file()]
    keys = [key for key in stored if not key.startswith(COVER_PREFIX)]
    assert f"media/v/{asset_id}/1/master.m3u8" in keys
    assert all(key.startswith(f"media/v/{asset_id}/1/") for key in keys)
    assert not list((stack.home / "objects" / "joined").iterdir())
    assert not list((stack.home / "work").iterdir())


def _environment(stack: StackProcess) -> dict[str, str]:
    """What the stack's own processes have, but for addresses, which are of no use here."""
    home = Home(stack.home)
    addresses = Addresses(api_url="http://unused", edge_url="http://unused")
    secrets = load_or_create(home.secrets)
    return runtime_environment(os.environ, home=home, secrets=secrets, addresses=addresses)


def _a_video_that_takes_a_while(target: Path) -> Path:
    """Large pictures with noise, so that its encode lasts for some seconds on any machine."""
    make_video(target, seconds=12, size="1280x720", options=("-vf", "noise=alls=30:allf=t", "-qp", "22"))
    assert target.stat().st_size > 40 * MIB
    return target
