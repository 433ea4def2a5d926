"""What players show while somebody scans through a video: its key frames in a file of their own, and the storyboard.

The key frames are copied, not addressed where they are: one fragment for each GOP (`frag_keyframe`, `frag_duration`)
would make that possible, but then ffmpeg's HLS muxer puts the first segment into the initialisation.
"""

from __future__ import annotations

from pathlib import Path

from kosu.adapters.ffmpeg.fragments import fragment_ranges
from kosu.adapters.ffmpeg.guards import INPUT_ARGUMENTS, OPEN_OPTIONS, PROTOCOLS
from kosu.adapters.ffmpeg.outputs import is_jpeg
from kosu.modules.media.domain.hls import OFFSET_SECONDS, PLAYLIST, Rendition
from kosu.modules.media.domain.key_frames import KeyFrame, KeyFrames, key_frame_playlist
from kosu.modules.media.domain.storyboard import Storyboard, sheet_name
from kosu.modules.media.errors import TranscoderFailed

KEY_FRAMES_FILE = "iframes.mp4"
SHEET_PATTERN = "sheet-%03d.jpg"


def key_frame_arguments(playlist: Path, *, target: Path) -> list[str]:
    """Copy the key frames into fragments of their own, with the time stamps that they have among the others."""
    # Without an edit list the first time stamps are kept only if nobody is asked to move them to zero.
    muxer = ("-avoid_negative_ts", "disabled", "-use_editlist", "0", "-f", "mp4", "-movflags")
    flags = "+empty_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer"
    return [
        *("-protocol_whitelist", PROTOCOLS, "-copyts", "-i", str(playlist), "-map", "0:0", "-c", "copy"),
        *("-bsf:v", "noise=drop=not(key)", *muxer, flags, "-y", str(target)),
    ]


def storyboard_arguments(key_frames_file: Path, storyboard: Storyboard, *, sheets: Path) -> list[str]:
    """Draw the tiles onto `sheet-001.jpg` and so on in the folder `sheets`."""
    filters = [f"select=not(mod(n\\,{storyboard.every}))", f"scale={storyboard.width}:{storyboard.height}:flags=area"]
    filters.append(f"tile={storyboard.columns}x{storyboard.rows}")
    return [
        *(*INPUT_ARGUMENTS, "-i", str(key_frames_file), "-vf", ",".join(filters), "-fps_mode", "passthrough"),
        *("-pix_fmt", "yuvj420p", "-q:v", "5", "-f", "image2", "-y", str(sheets / SHEET_PATTERN)),
    ]


def finished_key_frames(folder: Path, rendition: Rendition) -> KeyFrames:
    """Check and measure the file of key frames in `folder`, and write its playlist.

    Raises:
        TranscoderFailed: it is not what it should be.
    """
    file = folder / KEY_FRAMES_FILE
    try:
        ranges = fragment_ranges(file)
        starts = _key_frame_times(file)
        ends = [*starts[1:], rendition.duration_ms / 1000]
        frames = tuple(
            KeyFrame(start, end - start, place.offset, place.size_bytes)
            for start, end, place in zip(starts, ends, ranges, strict=True)
        )
    except (OSError, ValueError) as error:
        msg = f"{KEY_FRAMES_FILE}: {error}"
        raise TranscoderFailed(msg) from error
    if not all(frame.duration_seconds > 0 for frame in frames):
        msg = f"{KEY_FRAMES_FILE}: the pictures are not in their order"
        raise TranscoderFailed(msg)
    key_frames = KeyFrames(rendition=rendition, init_bytes=frames[0].offset, frames=frames)
    (folder / PLAYLIST).write_text(key_frame_playlist(key_frames, uri=KEY_FRAMES_FILE))
    return key_frames


def check_sheets(folder: Path, storyboard: Storyboard) -> None:
    """Every sheet that the tiles name has to be there.

    Raises:
        TranscoderFailed: one is not.
    """
    for number in range(1, storyboard.sheet_count + 1):
        if not is_jpeg(folder / sheet_name(number)):
            msg = f"there is no {sheet_name(number)}"
            raise TranscoderFailed(msg)


def _key_frame_times(file: Path) -> list[float]:
    """In seconds from the start of the video."""
    import av  # noqa: PLC0415 - only where media is processed is it installed

    with av.open(str(file), options=dict(OPEN_OPTIONS)) as container:
        (stream,) = container.streams
        assert stream.time_base is not None  # noqa: S101 - for the type checker: MP4 has one
        return [
            float(packet.pts * stream.time_base) - OFFSET_SECONDS
            for packet in container.demux(stream)
            if packet.pts is not None and packet.is_keyframe
        ]
