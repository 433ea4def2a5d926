"""HLS playlists: reading the media playlists that a transcoder wrote, and writing the master playlist ourselves.

Source: RFC 8216 and draft-pantos-hls-rfc8216bis; Apple, "HLS Authoring Specification".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

AUDIO_GROUP = "aud"
AUDIO_NAME = "audio"
KEY_FRAMES_NAME = "iframes"
MASTER = "master.m3u8"
PLAYLIST = "index.m3u8"
# Encoders begin sound before zero; all time stamps of a stream are moved up by this.
OFFSET_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One encoded variant, as measured from its files. Audio has no size; rates are bits a second."""

    name: str
    codec: str
    peak_bps: int
    average_bps: int
    segment_count: int
    duration_ms: int
    width: int = 0
    height: int = 0

    @property
    def is_audio(self) -> bool:
        return self.height == 0


@dataclass(frozen=True, slots=True)
class Segment:
    uri: str
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """`ended` tells that the encode came to its end: nothing will be appended."""

    init_uri: str
    segments: tuple[Segment, ...]
    ended: bool

    @property
    def duration_ms(self) -> int:
        return round(sum(segment.duration_seconds for segment in self.segments) * 1000)


def read_media_playlist(text: str) -> MediaPlaylist:
    """Read a playlist of fMP4 segments.

    Raises:
        ValueError: it is not one.
    """
    init_uri = ""
    duration: float | None = None
    segments: list[Segment] = []
    lines = text.splitlines()
    if not lines or lines[0] != "#EXTM3U":
        msg = "no #EXTM3U in the first line"
        raise ValueError(msg)
    for line in lines:
        if line.startswith("#EXT-X-MAP:"):
            init_uri = line.partition('URI="')[2].partition('"')[0]
        elif line.startswith("#EXTINF:"):
            duration = float(line.removeprefix("#EXTINF:").partition(",")[0])
        elif line and not line.startswith("#"):
            if duration is None:
                msg = f"no #EXTINF before {line}"
                raise ValueError(msg)
            segments.append(Segment(line, duration))
            duration = None
    if not init_uri:
        msg = "no #EXT-X-MAP"
        raise ValueError(msg)
    return MediaPlaylist(init_uri, tuple(segments), ended="#EXT-X-ENDLIST" in lines)


def bit_rates(segments: Sequence[tuple[int, float]]) -> tuple[int, int]:
    """Peak and average rate in bits a second of segments given by size in bytes and duration in seconds."""
    peak = max(8 * size / duration for size, duration in segments)
    average = 8 * sum(size for size, _ in segments) / sum(duration for _, duration in segments)
    return round(peak), round(average)


def master_playlist(renditions: Sequence[Rendition], *, fps: Fraction, key_frames: Rendition | None = None) -> str:
    """The playlist of playlists, `{name}/index.m3u8` each. Players start with the first variant: the largest.

    Those that know it show `key_frames` while somebody scans. Sound without any picture is the only variant itself.
    """
    rungs = [rendition for rendition in renditions if not rendition.is_audio]
    audio = [rendition for rendition in renditions if rendition.is_audio] if rungs else []
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [audio_entry(rendition.name) for rendition in audio]
    for rendition in rungs or renditions:
        attributes: dict[str, object] = {
            "BANDWIDTH": rendition.peak_bps + max((sound.peak_bps for sound in audio), default=0),
            "AVERAGE-BANDWIDTH": rendition.average_bps + max((sound.average_bps for sound in audio), default=0),
            "CODECS": '"' + ",".join([rendition.codec, *(sound.codec for sound in audio)]) + '"',
        }
        if not rendition.is_audio:
            attributes |= {"RESOLUTION": f"{rendition.width}x{rendition.height}", "FRAME-RATE": f"{float(fps):.3f}"}
        if audio:
            attributes["AUDIO"] = f'"{AUDIO_GROUP}"'
        lines += ["#EXT-X-STREAM-INF:" + _attribute_list(attributes), f"{rendition.name}/{PLAYLIST}"]
    if key_frames is not None:
        attributes = {
            "BANDWIDTH": key_frames.peak_bps,
            "AVERAGE-BANDWIDTH": key_frames.average_bps,
            "CODECS": f'"{key_frames.codec}"',
            "RESOLUTION": f"{key_frames.width}x{key_frames.height}",
            "URI": f'"{key_frames.name}/{PLAYLIST}"',
        }
        lines.append("#EXT-X-I-FRAME-STREAM-INF:" + _attribute_list(attributes))
    return "\n".join(lines) + "\n"


def audio_entry(name: str) -> str:
    """The line of a master playlist that names the sound of all variants."""
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{AUDIO_GROUP}",NAME="{name}",DEFAULT=YES,AUTOSELECT=YES,'
        f'CHANNELS="2",URI="{name}/{PLAYLIST}"'
    )


def _attribute_list(attributes: Mapping[str, object]) -> str:
    return ",".join(f"{name}={value}" for name, value in attributes.items())
