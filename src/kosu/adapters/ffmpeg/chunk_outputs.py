"""Looking at encoded chunks packet by packet, and putting them together."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from kosu.adapters.ffmpeg.guards import OPEN_OPTIONS
from kosu.modules.media.domain.chunks import Part
from kosu.modules.media.domain.hls import OFFSET_SECONDS, PLAYLIST, read_media_playlist
from kosu.modules.media.errors import ChunksUnfit


def measured_part(folder: Path, *, fps: Fraction) -> Part:
    """Read one rung of a chunk.

    Raises:
        ChunksUnfit: not every frame is there once, or a segment does not begin with a key frame.
    """
    try:
        playlist = read_media_playlist((folder / PLAYLIST).read_text())
        init = (folder / playlist.init_uri).read_bytes()
        segments = [_frames(init + (folder / segment.uri).read_bytes(), fps=fps) for segment in playlist.segments]
    except (OSError, ValueError) as error:
        msg = f"{folder.name}: {error}"
        raise ChunksUnfit(msg) from error
    shown = [sorted(shown for shown, _, _ in segment) for segment in segments]
    decoded = [decoded for segment in segments for _, decoded, _ in segment]
    frames = [frame for segment in shown for frame in segment]
    if not playlist.ended or not frames or not all(segments):
        msg = f"{folder.name}: the playlist or a segment is not complete"
        raise ChunksUnfit(msg)
    if not _is_run(frames) or not _is_run(decoded):
        msg = f"{folder.name}: frames are missing, doubled or out of order"
        raise ChunksUnfit(msg)
    if any(segment[0][0] != frames[0] or not segment[0][2] for segment, frames in zip(segments, shown, strict=True)):
        msg = f"{folder.name}: a segment does not begin with a key frame"
        raise ChunksUnfit(msg)
    return Part(
        name=folder.name,
        init_digest=hashlib.sha256(init).hexdigest(),
        segment_starts=tuple(segment[0] for segment in shown),
        end_frame=frames[-1] + 1,
        first_decoded=decoded[0],
        last_decoded=decoded[-1],
    )


def join_files(chunks: Sequence[Path], *, folder: Path) -> None:
    """Move the segments of one rung into `folder`, and write the playlist that a single pass would have written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [(chunk / PLAYLIST).read_text() for chunk in chunks]
    for chunk in chunks:
        for file in chunk.iterdir():
            if file.name != PLAYLIST:
                file.replace(folder / file.name)
    (folder / PLAYLIST).write_text(joined_playlist(texts))


def joined_playlist(texts: Sequence[str]) -> str:
    """The head of the first playlist, the segments of all, and an end."""
    head, _, _ = texts[0].partition("#EXTINF:")
    segments = (text[text.index("#EXTINF:") :].replace("#EXT-X-ENDLIST\n", "") for text in texts)
    return f"{head}{''.join(segments)}#EXT-X-ENDLIST\n"


def _is_run(frames: Sequence[int]) -> bool:
    """Whether each is the one after the one before."""
    return list(frames) == list(range(frames[0], frames[0] + len(frames)))


def _frames(data: bytes, *, fps: Fraction) -> list[tuple[int, int, bool]]:
    """The packets of a segment behind its initialisation: when it is shown and decoded, in frames, and if it is a key.

    Raises:
        ValueError: it cannot be read, or a time is not that of a frame.
    """
    import av  # noqa: PLC0415 - only where media is processed is it installed

    def frame(time: int | None, time_base: Fraction) -> int:
        exact = ((time or 0) * time_base - OFFSET_SECONDS) * fps
        if time is None or exact.denominator != 1:
            msg = f"{time} × {time_base} s is not the time of a frame"
            raise ValueError(msg)
        return exact.numerator

    try:
        with av.open(io.BytesIO(data), mode="r", options=dict(OPEN_OPTIONS)) as container:
            return [
                (frame(packet.pts, packet.time_base), frame(packet.dts, packet.time_base), packet.is_keyframe)
                for packet in container.demux(video=0)
                if packet.size
            ]
    except av.error.FFmpegError as error:
        raise ValueError(str(error)) from error
