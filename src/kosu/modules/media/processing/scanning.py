"""What lets viewers scan through a video: key frames for players that show them, a storyboard for all others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.key_frames import rendition_to_scan
from kosu.modules.media.domain.storyboard import STORYBOARD, storyboard_of
from kosu.modules.media.ports import Transcoder


async def make_scannable(transcoder: Transcoder, folder: Path, renditions: Sequence[Rendition]) -> Rendition:
    """Add key frames and a storyboard to the encoded rungs in `folder`; answers what the master playlist names."""
    key_frames = await transcoder.copy_key_frames(folder, rendition_to_scan(renditions))
    storyboard = storyboard_of(key_frames)
    await transcoder.draw_storyboard(folder, storyboard)
    await asyncio.to_thread((folder / STORYBOARD).write_text, storyboard.webvtt())
    return key_frames.as_rendition()
