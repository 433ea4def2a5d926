"""A learner's notes as one Markdown document, whatever the notes say.

Each body stands in a block quote of its own: what it opens and never closes, such as a fence or a comment, ends with
the quote, and its headings are no headings of the document. Titles are escaped.

Source: CommonMark 0.31.2, sections 2.1 (line endings), 2.4 (backslash escapes) and 5.1 (block quotes).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kosu.modules.learning.domain.notes import Note

_LINE_ENDING = re.compile(r"\r\n|\r|\n")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def heading(level: int, title: str) -> str:
    """A heading and the blank line before what follows."""
    return f"{'#' * level} {_escaped(title)}\n\n"


def note_entry(note: Note, *, course_slug: str, web_url: str, is_stale: bool) -> str:
    """A note under the heading of its lesson: its moment, which links to it, and its body."""
    link = f"{web_url}/learn/{quote(course_slug)}/{note.lesson_id}?t={note.at_ms}"
    remark = " (the video has changed since)" if is_stale else ""
    quoted = "\n".join(f"> {line}" for line in _LINE_ENDING.split(note.body))
    return f"[{timecode(note.at_ms)}]({link}){remark}\n\n{quoted}\n\n"


def timecode(at_ms: int) -> str:
    """As a player shows it: 1:23, and 1:02:03 from an hour on."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _escaped(line: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", line)
