"""Scratch space whose files are real, since others write them, while what is sealed is known in memory only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from kosu.ids import RunId
from kosu.modules.media.domain.runs import StepName

Files = dict[str, int]


class MemoryScratch:
    """`free` is what `free_bytes` answers."""

    def __init__(self, directory: Path, free: int = 1024**4) -> None:
        self.free = free
        self._directory = directory
        self._sealed: dict[RunId, dict[int, dict[StepName, Files]]] = {}

    async def open(self, run_id: RunId, fence: int) -> Path:
        folder = self._folder(run_id, fence)
        for step in StepName:
            (folder / step).mkdir(parents=True)
        self._sealed.setdefault(run_id, {})[fence] = {}
        return folder

    async def seal(self, run_id: RunId, fence: int, step: StepName) -> None:
        self._sealed[run_id][fence][step] = _files(self._folder(run_id, fence) / step)

    async def adopt(self, run_id: RunId, fence: int, step: StepName) -> bool:
        if step in self._sealed[run_id][fence]:
            return True
        for earlier in sorted(self._sealed[run_id], reverse=True):
            source = self._folder(run_id, earlier) / step
            sealed = self._sealed[run_id][earlier].get(step)
            if sealed is not None and _files(source) == sealed:
                shutil.copytree(source, self._folder(run_id, fence) / step, dirs_exist_ok=True)
                await self.seal(run_id, fence, step)
                return True
        return False

    @asynccontextmanager
    async def borrow(self, run_id: RunId) -> AsyncIterator[Path]:
        self._sealed.setdefault(run_id, {})
        parent = self._directory / str(run_id)
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    async def remove(self, run_id: RunId) -> None:
        self._sealed.pop(run_id, None)
        shutil.rmtree(self._directory / str(run_id), ignore_errors=True)

    async def run_ids(self) -> Sequence[RunId]:
        return sorted(self._sealed)

    async def free_bytes(self) -> int:
        return self.free

    def _folder(self, run_id: RunId, fence: int) -> Path:
        return self._directory / str(run_id) / str(fence)


def _files(folder: Path) -> Files:
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
