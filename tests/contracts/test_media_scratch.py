"""Scratch space: folders of claims, and the hand-over of what is finished."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from kosu.adapters.filesystem.scratch import FilesystemScratch
from kosu.adapters.memory.scratch import MemoryScratch
from kosu.ids import RunId
from kosu.modules.media.domain.runs import StepName
from kosu.modules.media.ports import Scratch

RUN = RunId(UUID(int=1))
OTHER_RUN = RunId(UUID(int=2))
HLS = StepName.HLS


@pytest.fixture(params=["memory", "filesystem"])
def scratch(request: pytest.FixtureRequest, tmp_path: Path) -> Scratch:
    match request.param:
        case "memory":
            return MemoryScratch(tmp_path)
        case _:
            return FilesystemScratch(tmp_path / "work")


async def sealed(scratch: Scratch, fence: int) -> Path:
    """A claim's folder with a finished step of two files."""
    folder = await scratch.open(RUN, fence)
    write(folder / HLS / "720p" / "00000.m4s", "segment")
    write(folder / HLS / "master.m3u8", "master")
    await scratch.seal(RUN, fence, HLS)
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def test_claim_gets_an_empty_folder_for_each_step(scratch: Scratch) -> None:
    folder = await scratch.open(RUN, 1)

    assert sorted(path.name for path in folder.iterdir()) == sorted(StepName)
    assert folder.is_absolute()


async def test_later_claim_takes_over_what_was_sealed(scratch: Scratch) -> None:
    await sealed(scratch, 1)
    folder = await scratch.open(RUN, 2)

    assert await scratch.adopt(RUN, 2, HLS)

    assert (folder / HLS / "720p" / "00000.m4s").read_text() == "segment"
    assert (folder / HLS / "master.m3u8").read_text() == "master"


async def test_what_was_taken_over_can_be_taken_over_again(scratch: Scratch) -> None:
    await sealed(scratch, 1)
    for fence in (2, 3):
        folder = await scratch.open(RUN, fence)
        assert await scratch.adopt(RUN, fence, HLS)

    assert (folder / HLS / "master.m3u8").exists()


async def test_own_sealed_step_needs_no_taking_over(scratch: Scratch) -> None:
    await sealed(scratch, 1)

    assert await scratch.adopt(RUN, 1, HLS)


async def test_unsealed_step_is_not_taken_over(scratch: Scratch) -> None:
    folder = await scratch.open(RUN, 1)
    write(folder / HLS / "master.m3u8", "half of it")
    await scratch.open(RUN, 2)

    assert not await scratch.adopt(RUN, 2, HLS)


@pytest.mark.parametrize("damage", ["cut", "lost", "added"])
async def test_step_that_is_not_as_it_was_sealed_is_not_taken_over(scratch: Scratch, damage: str) -> None:
    folder = await sealed(scratch, 1)
    segment = folder / HLS / "720p" / "00000.m4s"
    match damage:
        case "cut":
            segment.write_text("seg")
        case "lost":
            segment.unlink()
        case _:
            write(folder / HLS / "720p" / "00001.m4s", "more")
    await scratch.open(RUN, 2)

    assert not await scratch.adopt(RUN, 2, HLS)


async def test_nothing_is_taken_over_from_another_run(scratch: Scratch) -> None:
    await sealed(scratch, 1)
    await scratch.open(OTHER_RUN, 2)

    assert not await scratch.adopt(OTHER_RUN, 2, HLS)


async def test_runs_with_folders_are_known(scratch: Scratch) -> None:
    assert list(await scratch.run_ids()) == []
    for run_id in (OTHER_RUN, RUN):
        await scratch.open(run_id, 1)

    assert list(await scratch.run_ids()) == [RUN, OTHER_RUN]


async def test_removed_run_leaves_nothing(scratch: Scratch) -> None:
    folder = await sealed(scratch, 1)

    await scratch.remove(RUN)
    await scratch.remove(RUN)

    assert not folder.parent.exists()


async def test_free_space_is_known_before_anything_was_opened(scratch: Scratch) -> None:
    assert await scratch.free_bytes() > 0


async def test_helper_borrows_a_folder_that_is_gone_afterwards(scratch: Scratch) -> None:
    """Two helpers of a run may work on the machine of the worker that holds it."""
    claim = await sealed(scratch, 1)
    async with scratch.borrow(RUN) as folder, scratch.borrow(RUN) as other:
        write(folder / "chunk" / "file", "text")
        assert folder.is_absolute()
        assert not list(other.iterdir())
        assert await scratch.adopt(RUN, 1, HLS), "what is sealed is not touched"

    assert not folder.exists()
    assert claim.exists()


async def test_folder_of_a_helper_that_died_is_removed_with_its_run(scratch: Scratch) -> None:
    async with scratch.borrow(OTHER_RUN) as folder:
        assert await scratch.run_ids() == [OTHER_RUN]
        await scratch.remove(OTHER_RUN)
        assert not folder.exists()

    assert await scratch.run_ids() == []
