"""Reading WebVTT strictly: what is accepted means the same to every player.

Source: W3C, "WebVTT: The Web Video Text Tracks Format", section 4, "Syntax".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kosu.modules.media.errors import InvalidWebVtt

MAX_BYTES = 1024 * 1024
MAX_CUES = 20_000
SIGNATURE = "WEBVTT"

_BOM = b"\xef\xbb\xbf"
_ARROW = "-->"
# Not str.splitlines, to which more characters end a line.
_LINE_END = re.compile(r"\r\n|\n|\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TIME = r"(?:([0-9]{2,4}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_TIMES = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(.*))?")
_PERCENTAGE = r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%"
_SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:{_PERCENTAGE}|-?[0-9]{{1,4}})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{_PERCENTAGE}(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(_PERCENTAGE),
    "align": re.compile(r"start|center|end|left|right"),
    "region": re.compile(r"\S+"),
}
# HLS's map from cue times to a stream's clock. In a whole file it would say that the times are not the video's.
_TIMESTAMP_MAP = "X-TIMESTAMP-MAP"


@dataclass(frozen=True, slots=True)
class Cue:
    start_ms: int
    end_ms: int
    settings: str
    lines: tuple[str, ...]
    id: str = ""


class _Line(NamedTuple):
    number: int
    text: str


def normal_webvtt(data: bytes) -> str:
    """The cues of a file, written in one way: UTF-8 without BOM, LF, hours in every time, a blank line between blocks.

    Notes are dropped, which are nobody's but the author's; so are STYLE and REGION blocks, and the settings that name a
    region: players differ in what they know of them, and no CSS of an upload gets into a page. Text stays as it is.

    Raises:
        InvalidWebVtt
    """
    return "\n".join([SIGNATURE, "", *(line for cue in read_webvtt(data) for line in _block(cue))])


def read_webvtt(data: bytes) -> Sequence[Cue]:
    """The cues of a file, at least one, by their start.

    Raises:
        InvalidWebVtt
    """
    blocks = _blocks(_lines(data))
    _check_header(next(blocks))
    cues: list[Cue] = []
    for block in blocks:
        name = block[0].text.rstrip(" \t")
        if name in {"STYLE", "REGION"} and cues:
            raise InvalidWebVtt(block[0].number, f"a {name} block has to come before the first cue")
        if name in {"STYLE", "REGION"} or re.match(r"NOTE(?:[ \t]|$)", name):
            _check_without_arrow(block)
            continue
        cue = _cue(block)
        if cues and cue.start_ms < cues[-1].start_ms:
            raise InvalidWebVtt(block[0].number, "the cue starts before the one in front of it")
        if len(cues) == MAX_CUES:
            raise InvalidWebVtt(block[0].number, f"there are more than {MAX_CUES} cues")
        cues.append(cue)
    if not cues:
        raise InvalidWebVtt(1, "there is no cue in the file")
    return cues


def _lines(data: bytes) -> Sequence[str]:
    if len(data) > MAX_BYTES:
        raise InvalidWebVtt(1, f"the file has more than {MAX_BYTES} bytes")
    try:
        text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise InvalidWebVtt(_count(error.object[: error.start].decode()), "the text is not UTF-8") from None
    if control := _CONTROL.search(text):
        raise InvalidWebVtt(_count(text[: control.start()]), "there is a control character in the line")
    return _LINE_END.split(text)


def _count(text: str) -> int:
    """The number of its last line."""
    return len(_LINE_END.split(text))


def _blocks(lines: Sequence[str]) -> Iterator[Sequence[_Line]]:
    """Runs of lines that are not empty. The first one is the header, which has to begin the file."""
    block: list[_Line] = []
    for number, text in enumerate(lines, start=1):
        if text or number == 1:
            block.append(_Line(number, text))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _check_header(header: Sequence[_Line]) -> None:
    """The signature. Lines below it are of earlier drafts, and dropped."""
    if not re.match(rf"{SIGNATURE}(?:[ \t]|$)", header[0].text):
        raise InvalidWebVtt(1, f"the file has to begin with {SIGNATURE}")
    for line in header:
        if _ARROW in line.text:
            raise InvalidWebVtt(line.number, "there is no blank line before the first cue")
        if line.text.startswith(_TIMESTAMP_MAP):
            raise InvalidWebVtt(line.number, "this is a segment of a stream, and not a whole file")


def _check_without_arrow(lines: Sequence[_Line]) -> None:
    for line in lines:
        if _ARROW in line.text:
            raise InvalidWebVtt(line.number, f"{_ARROW} stands where no times are expected: is a blank line missing?")


def _cue(block: Sequence[_Line]) -> Cue:
    has_id = _ARROW not in block[0].text
    if has_id and (len(block) == 1 or _ARROW not in block[1].text):
        raise InvalidWebVtt(block[0].number, "this is no cue: its times are missing")
    times, *text = block[1:] if has_id else block
    _check_without_arrow(text)
    match = _TIMES.fullmatch(times.text.strip(" \t"))
    if match is None:
        raise InvalidWebVtt(times.number, "times are written like 00:01:02.500 --> 00:01:04.000")
    start_ms, end_ms = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:8])
    if start_ms >= end_ms:
        raise InvalidWebVtt(times.number, "the cue ends before it starts")
    return Cue(
        start_ms=start_ms,
        end_ms=end_ms,
        settings=_settings(match[9] or "", times.number),
        lines=tuple(line.text for line in text),
        id=block[0].text if has_id else "",
    )


def _settings(text: str, number: int) -> str:
    settings: dict[str, str] = {}
    for setting in text.split():
        name, _, value = setting.partition(":")
        if name not in _SETTINGS or not _SETTINGS[name].fullmatch(value):
            raise InvalidWebVtt(number, f"a cue has no setting {setting[:40]!r}")
        if name in settings:
            raise InvalidWebVtt(number, f"the setting {name} is there twice")
        settings[name] = value
    return " ".join(f"{name}:{value}" for name, value in settings.items() if name != "region")


def _milliseconds(groups: Sequence[str | None]) -> int:
    hours, minutes, seconds, thousandths = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def _block(cue: Cue) -> list[str]:
    times = f"{_time(cue.start_ms)} {_ARROW} {_time(cue.end_ms)} {cue.settings}".rstrip()
    return [*([cue.id] if cue.id else []), times, *cue.lines, ""]


def _time(ms: int) -> str:
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
