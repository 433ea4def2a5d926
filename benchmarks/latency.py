"""How long people wait for pages while a video is encoded on the same machine.

    python -m benchmarks.latency

On an embedded stack of its own: the course list, a course, and the learner's own page are asked for at a steady rate,
first while nothing else happens and then while ffmpeg encodes 1080p, by turns. Answers that come from a cache of the
client do not exist here: every request is answered anew.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks._http import Connection
from benchmarks._stack import own_stack
from benchmarks.pipeline import make_source
from benchmarks.upload import upload

CONNECTIONS = 4
PER_SECOND = 40
PATIENCE_SECONDS = 120


async def ask(url: str, paths: Sequence[str], headers: Mapping[str, str], *, seconds: float) -> list[float]:
    """Ask at the steady rate; answers how long each answer took from when it was due."""
    connections = [await Connection(url).open() for _ in range(CONNECTIONS)]
    started = time.perf_counter()

    async def lane(number: int) -> list[float]:
        took = []
        for turn in range(int(seconds * PER_SECOND / CONNECTIONS)):
            due = started + (turn * CONNECTIONS + number) / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            answer = await connections[number].request("GET", paths[turn % len(paths)], headers=headers)
            assert answer.status == 200, answer.head
            # From when it was due: a request that waits for the one before it waits, too.
            took.append(time.perf_counter() - due)
        return took

    lanes = await asyncio.gather(*(lane(number) for number in range(CONNECTIONS)))
    for connection in connections:
        connection.close()
    return [seconds for took in lanes for seconds in took]


def show(name: str, seconds: Sequence[float]) -> float:
    percentiles = statistics.quantiles(seconds, n=100)
    p50, p99 = percentiles[49] * 1e3, percentiles[98] * 1e3
    print(f"{name:<16} n={len(seconds)}   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms", flush=True)
    return p99


def encode(instructor: httpx.Client, source: Path) -> str:
    """Upload a video and wait until ffmpeg is at work on it; answers the asset's id."""
    asset_id = upload(instructor, source)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while instructor.get(f"/api/v1/media/assets/{asset_id}").raise_for_status().json()["step"] != "hls":
        assert time.monotonic() < deadline, "the encode does not begin"
        time.sleep(0.1)
    return asset_id


def measure(ready: Mapping[str, Any], source: Path, *, rounds: int, seconds: float) -> None:
    url, headers = ready["api_url"], {"Sec-Fetch-Site": "same-origin"}
    with (
        httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as instructor,
        httpx.Client(base_url=url, timeout=60, trust_env=False) as learner,
    ):
        instructor.post("/api/v1/auth/login", json=ready["accounts"]["instructor"]).raise_for_status()
        token = learner.post("/api/v1/auth/login", json=ready["accounts"]["learner"]).raise_for_status().json()
        slug = learner.get("/api/v1/courses").raise_for_status().json()["items"][0]["slug"]
        paths = ["/api/v1/courses", f"/api/v1/courses/{slug}", "/api/v1/me"]
        bearer = {"authorization": f"Bearer {token['access_token']}"}
        asyncio.run(ask(url, paths, bearer, seconds=2))
        idle: list[float] = []
        busy: list[float] = []
        for _ in range(rounds):
            idle += asyncio.run(ask(url, paths, bearer, seconds=seconds))
            asset_id = encode(instructor, source)
            busy += asyncio.run(ask(url, paths, bearer, seconds=seconds))
            step = instructor.get(f"/api/v1/media/assets/{asset_id}").raise_for_status().json()["step"]
            assert step == "hls", f"the encode ended too early: {step}"
            instructor.post(f"/api/v1/media/assets/{asset_id}/cancel").raise_for_status()
            time.sleep(2)
    alone, beside = show("idle", idle), show("beside an encode", busy)
    print(f"p99 beside an encode / idle: {beside / alone:.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each measurement (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder, own_stack() as ready:
        source = Path(folder) / "source.mp4"
        make_source(source, seconds=60)
        measure(ready, source, rounds=arguments.rounds, seconds=arguments.seconds)


if __name__ == "__main__":
    main()
