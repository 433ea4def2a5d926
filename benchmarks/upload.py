"""What an upload of a gibibyte asks of the API: bytes and memory.

    python -m benchmarks.upload

On an embedded stack of its own, by a client that sends four parts at a time, as browsers do. What passes the API is
what its client says and hears there, and what the API's processes read from files and write to them.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from benchmarks._machine import family, file_bytes, find, peak_memory
from benchmarks._stack import own_stack

MIB = 1024 * 1024
AT_ONCE = 4


def make_file(target: Path, *, size_bytes: int) -> None:
    """Bytes that pass for an MP4 at first sight."""
    block = os.urandom(MIB)
    with target.open("wb") as file:
        file.write((b"\x00\x00\x00\x18ftypisom" + block)[:MIB])
        while file.tell() < size_bytes:
            file.write(block[: size_bytes - file.tell()])


def send_part(part: Mapping[str, Any], file: Path, part_size_bytes: int) -> None:
    with file.open("rb") as content, httpx.Client(timeout=60, trust_env=False) as store:
        content.seek((part["part_number"] - 1) * part_size_bytes)
        data = content.read(part_size_bytes)
        store.put(part["url"], content=data, headers=part["headers"]).raise_for_status()


def upload(api: httpx.Client, file: Path) -> str:
    """Answers the asset's id."""
    request = {"filename": file.name, "size_bytes": file.stat().st_size, "content_type": "video/mp4"}
    session = api.post("/api/v1/media/uploads", json=request).raise_for_status().json()
    path = f"/api/v1/media/uploads/{session['id']}"
    numbers = list(range(1, session["part_count"] + 1))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for start in range(0, len(numbers), 100):
            asked = {"part_numbers": numbers[start : start + 100]}
            parts = api.post(f"{path}/parts", json=asked).raise_for_status().json()["parts"]
            list(pool.map(lambda part: send_part(part, file, session["part_size_bytes"]), parts))
    api.post(f"{path}/complete").raise_for_status()
    return str(session["asset_id"])


def measure(ready: Mapping[str, Any], file: Path) -> None:
    api, edge = (family(find(f"entrypoints.{name}.app", below=ready["pid"])) for name in ("api", "edge"))
    answers: list[httpx.Response] = []
    headers = {"Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=ready["api_url"], headers=headers, timeout=120, trust_env=False) as client:
        client.post("/api/v1/auth/login", json=ready["accounts"]["instructor"]).raise_for_status()
        client.event_hooks["response"] = [answers.append]
        api_files, edge_files = file_bytes(api), file_bytes(edge)
        api_memory, edge_memory, started = peak_memory(api), peak_memory(edge), time.perf_counter()
        asset_id = upload(client, file)
        elapsed = time.perf_counter() - started
        said = sum(len(answer.content) + len(answer.request.content) for answer in answers)
        api_files, edge_files = file_bytes(api) - api_files, file_bytes(edge) - edge_files
        print(
            f"{file.stat().st_size / MIB:.0f} MiB in {elapsed:.1f} s\n"
            f"API   {said / 1e6:.3f} MB with its client, {api_files / 1e6:.3f} MB with files, "
            f"peak memory + {(peak_memory(api) - api_memory) / MIB:.1f} MiB\n"
            f"edge  {edge_files / 1e6:.0f} MB with files, "
            f"peak memory + {(peak_memory(edge) - edge_memory) / MIB:.1f} MiB"
        )
        client.event_hooks["response"] = []
        client.post(f"/api/v1/media/assets/{asset_id}/cancel")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024, help="size of the file (%(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kosu-bench-") as folder, own_stack() as ready:
        file = Path(folder) / "video.mp4"
        make_file(file, size_bytes=arguments.mib * MIB)
        measure(ready, file)


if __name__ == "__main__":
    main()
