"""Previews: an encode that its author watches while it grows. One rung and the sound, and no revision.

Source: RFC 8216, 4.3.3.5 (EVENT playlists) and 4.3.5.2 (EXT-X-START).
"""

from __future__ import annotations

from collections.abc import Sequence

from kosu.ids import UploadId
from kosu.modules.media.domain.hls import AUDIO_GROUP, AUDIO_NAME, PLAYLIST, audio_entry
from kosu.modules.media.domain.ladder import Rung

# Good enough to judge a picture by, and small beside what the finished revision sends.
_SHORT_SIDE = 480
_AUDIO_BPS = 160_000


def previews_prefix(upload_id: UploadId) -> str:
    """Where all previews of an uploaded file lie, and their path on the media host."""
    return f"media/preview/{upload_id}/"


def preview_prefix(upload_id: UploadId, fence: int) -> str:
    """Where the claim with this fence shows its encode: one that lost its lease shows nothing in the next one's."""
    return f"{previews_prefix(upload_id)}{fence}/"


def preview_rung(ladder: Sequence[Rung]) -> Rung | None:
    """The largest rung that is not above 480, which every ladder has; None of an empty one."""
    return next((rung for rung in ladder if min(rung.width, rung.height) <= _SHORT_SIDE), None)


def preview_master(rung: Rung | None, *, has_audio: bool) -> str:
    """A master playlist before anything can be measured: rates are what the rung may cost at most.

    Players begin at zero, and not at the end of what is there, as they do with live streams.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-START:TIME-OFFSET=0"]
    if rung is None:
        return "\n".join([*lines, f"#EXT-X-STREAM-INF:BANDWIDTH={_AUDIO_BPS}", f"{AUDIO_NAME}/{PLAYLIST}", ""])
    variant = f"#EXT-X-STREAM-INF:BANDWIDTH={rung.max_kbps * 1000 + _AUDIO_BPS},RESOLUTION={rung.width}x{rung.height}"
    if has_audio:
        lines.append(audio_entry(AUDIO_NAME))
        variant += f',AUDIO="{AUDIO_GROUP}"'
    return "\n".join([*lines, variant, f"{rung.name}/{PLAYLIST}", ""])
