"""What a source may make the demuxers do: read that one file, as one of these containers, and nothing else.

Without the lists, a text in ffconcat or HLS syntax named `.mp4` makes ffmpeg open other files of this machine.

Source: ffmpeg-formats(1), `format_whitelist` and `protocol_whitelist`.
"""

from __future__ import annotations

PROTOCOLS = "file,pipe"
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mp3,wav,flac"

OPEN_OPTIONS = {"protocol_whitelist": PROTOCOLS, "format_whitelist": CONTAINERS}
INPUT_ARGUMENTS = ("-protocol_whitelist", PROTOCOLS, "-format_whitelist", CONTAINERS)
