"""Captions as HLS and `<track>` play them: a WebVTT file, its playlist of one segment, and a master that names it.

Source: RFC 8216, 3.5, 4.3.4.1, 4.3.4.2 and 6.2.4; W3C, "WebVTT", 6.1: other players pass the header's lines over.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from kosu.modules.media.domain.captions import Caption, PublishedCaption, label_of
from kosu.modules.media.domain.hls import OFFSET_SECONDS
from kosu.modules.media.domain.webvtt import SIGNATURE

SUBTITLE_GROUP = "subs"

# Cues count from the start of the video, whose time stamps do not begin at zero.
_TIMESTAMP_MAP = f"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{OFFSET_SECONDS * 90_000}"
_VARIANT = "#EXT-X-STREAM-INF:"


def subtitle_file(caption: Caption) -> str:
    """One file for both: the map is for HLS, and a comment to `<track>`."""
    return f"{SIGNATURE}\n{_TIMESTAMP_MAP}{caption.text.removeprefix(SIGNATURE)}"


def published_caption(caption: Caption) -> PublishedCaption:
    return PublishedCaption(caption.lang, sha256(subtitle_file(caption).encode()).hexdigest()[:16])


def subtitle_playlist(track: PublishedCaption, *, duration_ms: int) -> str:
    """All cues in one segment, which may be longer than those of the video since the type is VOD."""
    lines = [
        *("#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{-(-duration_ms // 1000)}"),
        *("#EXT-X-PLAYLIST-TYPE:VOD", f"#EXTINF:{duration_ms / 1000:.3f},"),
        *(track.file_name.rpartition("/")[2], "#EXT-X-ENDLIST"),
    ]
    return "\n".join(lines) + "\n"


def with_subtitles(master: str, tracks: Sequence[PublishedCaption]) -> str:
    """The master playlist of a revision, with these tracks for every variant of it."""
    media = [
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{SUBTITLE_GROUP}",NAME="{label_of(track.lang)}",'
        f'LANGUAGE="{track.lang}",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="{track.playlist_name}"'
        for track in tracks
    ]
    lines = [
        f'{line},SUBTITLES="{SUBTITLE_GROUP}"' if line.startswith(_VARIANT) else line for line in master.splitlines()
    ]
    first = next(number for number, line in enumerate(lines) if line.startswith(_VARIANT))
    return "\n".join([*lines[:first], *media, *lines[first:]]) + "\n"
