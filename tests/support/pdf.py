"""What a PDF shows: its text, and whether the font inside can draw it.

Source: ISO 32000-1, 9.10 (ToUnicode) and 9.7.5 (CMaps). As much of it as fpdf2 writes.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO

from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]
from fontTools.pens.recordingPen import RecordingPen  # type: ignore[import-untyped]

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF-"), content[:20]
        streams = [_inflated(stream) for stream in _STREAM.findall(content)]
        self._unicode: dict[int, str] = {}
        self._cids: dict[int, int] = {}
        for stream in streams:
            for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", stream):
                self._unicode[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, cid in re.findall(rb"<([0-9A-F]{4})> (\d+)\n", stream):
                self._cids[int(code, 16)] = int(cid)
        self._font = next(stream for stream in streams if stream.startswith(b"\x01\x00\x04"))
        self._shown = [_codes(shown) for stream in streams for shown in _SHOWN.findall(stream)]

    @property
    def text(self) -> str:
        """All that is shown, a line for each piece."""
        return "\n".join("".join(self._unicode[code] for code in codes) for codes in self._shown)

    @property
    def blank(self) -> set[str]:
        """Characters that are shown and for which the embedded font has no outline, spaces left out."""
        fonts = CFFFontSet()
        fonts.decompile(BytesIO(self._font), None)
        charstrings = fonts[0].CharStrings
        blank = set()
        for code in {code for codes in self._shown for code in codes}:
            pen = RecordingPen()
            charstrings[f"cid{self._cids[code]:05}"].draw(pen)
            if not pen.value:
                blank.add(self._unicode[code])
        return blank - {" "}


def _inflated(stream: bytes) -> bytes:
    try:
        # Does without the last byte of the checksum, which may look like a part of the line's end behind it.
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _codes(shown: bytes) -> list[int]:
    plain = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), shown)
    return [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]
