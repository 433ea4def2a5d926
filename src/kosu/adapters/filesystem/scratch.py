"""Scratch space of runs: `{directory}/{run}/{fence}/{step}/`, and beside each sealed step a list of its files.

What an earlier claim sealed is taken over by hard links: it costs nothing, and a worker that lost its lease can go on
writing into its own folder without touching what the next one uses. Helpers of a run work in `{run}/help-{random}/`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import msgspec

from kosu.ids import RunId
from kosu.modules.media.domain.runs import StepName

Files = dict[str, int]


class FilesystemScratch:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def open(self, run_id: RunId, fence: int) -> Path:
        return await asyncio.to_thread(self._open, run_id, fence)

    async def seal(self, run_id: RunId, fence: int, step: StepName) -> None:
        await asyncio.to_thread(_seal, self._folder(run_id, fence), step)

    async def adopt(self, run_id: RunId, fence: int, step: StepName) -> bool:
        return await asyncio.to_thread(self._adopt, run_id, fence, step)

    @asynccontextmanager
    async def borrow(self, run_id: RunId) -> AsyncIterator[Path]:
        folder = await asyncio.to_thread(self._borrowed, run_id)
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def remove(self, run_id: RunId) -> None:
        await asyncio.to_thread(self._remove, self._directory / str(run_id))

    async def run_ids(self) -> Sequence[RunId]:
        return await asyncio.to_thread(self._run_ids)

    async def free_bytes(self) -> int:
        return await asyncio.to_thread(self._free_bytes)

    def _folder(self, run_id: RunId, fence: int) -> Path:
        return self._directory / str(run_id) / str(fence)

    def _open(self, run_id: RunId, fence: int) -> Path:
        folder = self._folder(run_id, fence).absolute()
        for step in StepName:
            (folder / step).mkdir(parents=True)
        return folder

    def _borrowed(self, run_id: RunId) -> Path:
        parent = (self._directory / str(run_id)).absolute()
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="help-", dir=parent))

    def _adopt(self, run_id: RunId, fence: int, step: StepName) -> bool:
        target = self._folder(run_id, fence)
        fences = (int(path.name) for path in target.parent.iterdir() if path.name.isdigit())
        for earlier in sorted(fences, reverse=True):
            source = self._folder(run_id, earlier)
            files = _sealed(source, step)
            if files is None:
                continue
            if earlier == fence:
                return True
            for name in files:
                link = target / step / name
                link.parent.mkdir(parents=True, exist_ok=True)
                os.link(source / step / name, link)
            _seal(target, step)
            return True
        return False

    def _remove(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder)

    def _run_ids(self) -> Sequence[RunId]:
        if not self._directory.exists():
            return []
        return sorted(RunId(UUID(path.name)) for path in self._directory.iterdir() if _is_uuid(path.name))

    def _free_bytes(self) -> int:
        self._directory.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._directory).free


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _seal(folder: Path, step: StepName) -> None:
    listing = _listing(folder, step)
    unfinished = listing.with_suffix(".tmp")
    unfinished.write_bytes(msgspec.json.encode(_files(folder / step)))
    unfinished.replace(listing)


def _sealed(folder: Path, step: StepName) -> Files | None:
    """The files of a sealed step, unless they are not as they were sealed."""
    listing = _listing(folder, step)
    if not listing.exists():
        return None
    files = msgspec.json.decode(listing.read_bytes(), type=Files)
    return files if files == _files(folder / step) else None


def _listing(folder: Path, step: StepName) -> Path:
    return folder / f"{step}.json"


def _files(folder: Path) -> Files:
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
