"""What lets viewers scan through a video: key frames for players that show them, a storyboard for all others."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from kosu.modules.media.domain.hls import KEY_FRAMES_NAME, Rendition
from kosu.modules.media.domain.key_frames import rendition_to_scan
from kosu.modules.media.domain.storyboard import STORYBOARD, STORYBOARD_FOLDER, storyboard_of
from kosu.modules.media.errors import TranscoderFailed
from kosu.modules.media.ports import Transcoder

log = logging.getLogger(__name__)


async def make_scannable(transcoder: Transcoder, folder: Path, renditions: Sequence[Rendition]) -> Rendition | None:
    """Add key frames and a storyboard to the encoded rungs in `folder`; answers what the master playlist names.

    Best effort: hours of encoding are not thrown away for it. Where it fails, nothing of it is left.
    """
    try:
        key_frames = await transcoder.copy_key_frames(folder, rendition_to_scan(renditions))
        storyboard = storyboard_of(key_frames)
        await transcoder.draw_storyboard(folder, storyboard)
    except TranscoderFailed as error:
        log.warning("%s: nothing to scan through it: %s", folder, error)
        for name in (KEY_FRAMES_NAME, STORYBOARD_FOLDER):
            await asyncio.to_thread(shutil.rmtree, folder / name, ignore_errors=True)
        return None
    await asyncio.to_thread((folder / STORYBOARD).write_text, storyboard.webvtt())
    return key_frames.as_rendition()
