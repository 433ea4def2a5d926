"""Command lines of ffmpeg, as pure functions. Outputs are named relative to the folder that ffmpeg is started in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kosu.adapters.ffmpeg.guards import INPUT_ARGUMENTS, PROTOCOLS
from kosu.modules.media.domain.chunks import SEGMENT_SECONDS
from kosu.modules.media.domain.hls import AUDIO_GROUP, AUDIO_NAME, OFFSET_SECONDS, PLAYLIST
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.sources import SourceFacts

GOP_SECONDS = 2

_TONE_MAP = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)


def hls_arguments(source: Path, facts: SourceFacts, ladder: Sequence[Rung]) -> list[str]:
    """Decode once, split to all rungs, and write `{name}/index.m3u8` for each rung and for the sound."""
    lead = ["-itsoffset", f"{-facts.lead_us}us"] if facts.lead_us else []
    arguments = ["-stats_period", "1", *lead, *INPUT_ARGUMENTS, "-i", str(source)]
    if facts.has_picture:
        arguments += video_arguments(facts, ladder, graph=_filter_graph(facts, ladder))
    if facts.has_audio:
        arguments += ["-map", f"0:{facts.audio_stream}", *audio_arguments(facts)]
    return [*arguments, *output_arguments(_stream_map(facts, ladder))]


def remux_arguments(playlists: Sequence[Path], *, target: Path) -> list[str]:
    """Picture and sound into one MP4. With their own time stamps they stay together to a tenth of a millisecond."""
    arguments: list[str] = []
    for playlist in playlists:
        arguments += ["-protocol_whitelist", PROTOCOLS, "-copyts", "-i", str(playlist)]
    for index in range(len(playlists)):
        arguments += ["-map", f"{index}:0"]
    arguments += ["-c", "copy", "-output_ts_offset", str(-OFFSET_SECONDS), "-movflags", "+faststart"]
    return [*arguments, "-f", "mp4", "-y", str(target)]


def _filter_graph(facts: SourceFacts, ladder: Sequence[Rung]) -> str:
    filters = [*picture_filters(facts), f"fps={facts.fps}:start_time=0"]
    if facts.hold_ms:
        filters.append(f"tpad=stop_mode=clone:stop_duration={facts.hold_ms}ms")
    return scale_filters(filters, facts, ladder)


def scale_filters(filters: Sequence[str], facts: SourceFacts, ladder: Sequence[Rung]) -> str:
    """The graph from the picture through these filters to all rungs, `[v0]` and so on."""
    outputs = "".join(f"[s{index}]" for index in range(len(ladder)))
    graph = [f"[0:{facts.video_stream}]{','.join(filters)},split={len(ladder)}{outputs}"]
    graph += [
        f"[s{index}]scale={rung.width}:{rung.height}:flags=bicubic,setsar=1,format=yuv420p[v{index}]"
        for index, rung in enumerate(ladder)
    ]
    return ";".join(graph)


def picture_filters(facts: SourceFacts) -> list[str]:
    """What makes common pictures of interlaced ones and of those with a high dynamic range."""
    filters = ["bwdif=mode=send_frame:deint=interlaced"] if facts.interlaced else []
    return [*filters, _TONE_MAP] if facts.hdr else filters


def video_arguments(
    facts: SourceFacts,
    ladder: Sequence[Rung],
    *,
    graph: str,
    key_frames: str = f"expr:gte(t,n_forced*{GOP_SECONDS})",
) -> list[str]:
    """How the picture is encoded, in each rung. `graph` ends in `[v0]` and so on."""
    gop = str(max(1, round(facts.fps * GOP_SECONDS)))
    arguments = ["-filter_complex", graph]
    for index in range(len(ladder)):
        arguments += ["-map", f"[v{index}]"]
    arguments += ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-g", gop, "-keyint_min", gop]
    arguments += ["-sc_threshold", "0", "-force_key_frames", key_frames]
    for index, rung in enumerate(ladder):
        arguments += [f"-crf:v:{index}", str(rung.crf), f"-maxrate:v:{index}", f"{rung.max_kbps}k"]
        arguments += [f"-bufsize:v:{index}", f"{2 * rung.max_kbps}k"]
    return arguments


def audio_arguments(facts: SourceFacts) -> list[str]:
    """How the sound is encoded."""
    # Sound that ends before the picture is padded with silence: players stall where one of the two is missing.
    filters = f"aresample=async=1:first_pts=0,apad=whole_dur={facts.duration_ms}ms"
    return ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000", "-af", filters]


def output_arguments(stream_map: str, *, first_segment: int = 0, segment_seconds: float = SEGMENT_SECONDS) -> list[str]:
    """How everything is put into segments and fragments, numbered from `first_segment` on, and into playlists."""
    return [
        *("-map_metadata", "-1", "-map_chapters", "-1", "-output_ts_offset", str(OFFSET_SECONDS)),
        *("-max_muxing_queue_size", "4096", "-f", "hls", "-hls_time", f"{segment_seconds:g}"),
        *("-hls_playlist_type", "event", "-hls_segment_type", "fmp4", "-start_number", str(first_segment)),
        *("-hls_flags", "independent_segments+temp_file"),
        *("-hls_segment_options", f"movflags=+frag_discont:fragment_index={first_segment + 1}"),
        *("-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", "%v/%05d.m4s"),
        *("-var_stream_map", stream_map, f"%v/{PLAYLIST}"),
    ]


def _stream_map(facts: SourceFacts, ladder: Sequence[Rung]) -> str:
    group = f",agroup:{AUDIO_GROUP}" if facts.has_audio else ""
    variants = [f"v:{index}{group},name:{rung.name}" for index, rung in enumerate(ladder)]
    if facts.has_audio:
        variants.append(f"a:0{group},default:yes,name:{AUDIO_NAME}")
    return " ".join(variants)
