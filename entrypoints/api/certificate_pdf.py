"""A certificate as PDF: one landscape A4 page, with the glyphs that it uses embedded."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from pylopdf_fonts_ko import sans_path

from entrypoints.api.certificate_words import Sheet

# Noto Sans KR: all of hangul, and Latin, under the SIL Open Font License.
_FONT = "Noto Sans KR"
_INK, _QUIET, _ACCENT = (24, 32, 51), (98, 108, 128), (26, 86, 219)
_WIDTH_MM, _HEIGHT_MM, _MARGIN_MM = 297, 210, 34
_SMALLEST = 8

# It names the characters that a font lacks, and they are of people's names.
logging.getLogger("fpdf").setLevel(logging.ERROR)


# Whoever asks for the same file again and again is to cost nothing. Each is of about 20 KB.
@lru_cache(maxsize=32)
def certificate_pdf(sheet: Sheet, *, issued_at: datetime) -> bytes:
    """Takes half a second of CPU, nearly all of it to cut the font down to what is used: not on the event loop."""
    pdf = FPDF(format="A4", orientation="landscape")
    # As of the certificate and not of now: the same certificate is the same file.
    pdf.set_creation_date(issued_at)
    pdf.set_title(f"{sheet.heading}: {sheet.course}")
    pdf.set_lang(sheet.language)
    pdf.set_margin(_MARGIN_MM)
    pdf.set_auto_page_break(auto=False)
    pdf.add_font(_FONT, fname=sans_path())
    pdf.add_page()
    _frame(pdf)
    pdf.set_y(30)
    _line(pdf, "KOSU", size=13, height=8, color=_ACCENT)
    _line(pdf, sheet.heading, size=30, height=18)
    pdf.set_y(66)
    _line(pdf, sheet.opening, size=12, height=8, color=_QUIET)
    _block(pdf, sheet.learner, size=28, height=15, most_lines=1)
    pdf.ln(3)
    _line(pdf, sheet.statement, size=12, height=8, color=_QUIET)
    _block(pdf, sheet.course, size=20, height=11, most_lines=2)
    _line(pdf, sheet.extent, size=11, height=9, color=_QUIET)
    _facts(pdf, sheet, top=152)
    pdf.set_y(182)
    _line(pdf, f"{sheet.proof} {sheet.url}", size=9, height=5, color=_QUIET, link=sheet.url)
    return bytes(pdf.output())


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*_ACCENT)
    pdf.set_line_width(1.2)
    pdf.rect(12, 12, _WIDTH_MM - 24, _HEIGHT_MM - 24)
    pdf.set_line_width(0.25)
    pdf.rect(15, 15, _WIDTH_MM - 30, _HEIGHT_MM - 30)


def _facts(pdf: FPDF, sheet: Sheet, *, top: float) -> None:
    """In columns of one width: the name above, the value below a line."""
    gap = 8.0
    width = (pdf.epw - gap * (len(sheet.facts) - 1)) / len(sheet.facts)
    pdf.set_line_width(0.25)
    for number, (name, value) in enumerate(sheet.facts):
        left = _MARGIN_MM + number * (width + gap)
        pdf.set_xy(left, top)
        shown = _fitted(pdf, value, size=13, width=width)
        pdf.set_text_color(*_INK)
        pdf.cell(width, 9, shown, align="C")
        pdf.line(left, top + 10, left + width, top + 10)
        pdf.set_xy(left, top + 11)
        pdf.set_font(_FONT, size=9)
        pdf.set_text_color(*_QUIET)
        pdf.cell(width, 6, name, align="C")


def _line(
    pdf: FPDF, text: str, *, size: float, height: float, color: tuple[int, int, int] = _INK, link: str = ""
) -> None:
    """One centred line, smaller where it would not fit."""
    shown = _fitted(pdf, text, size=size, width=pdf.epw)
    pdf.set_text_color(*color)
    pdf.cell(0, height, shown, align="C", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _block(pdf: FPDF, text: str, *, size: float, height: float, most_lines: int) -> None:
    """Centred text of any length in the room of `most_lines`: first smaller, then in more lines, then cut off."""
    pdf.set_text_color(*_INK)
    room = height * most_lines
    while True:
        pdf.set_font(_FONT, size=size)
        lines = cast("list[str]", pdf.multi_cell(0, height, text, dry_run=True, output="LINES"))
        if len(lines) * height <= room or size <= _SMALLEST:
            break
        size, height = size * 0.9, height * 0.9
    fitting = lines[: max(1, int(room / height))]
    if len(fitting) < len(lines):
        fitting[-1] = f"{fitting[-1][:-1]}…"
    for line in fitting:
        pdf.cell(0, height, line, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _fitted(pdf: FPDF, text: str, *, size: float, width: float) -> str:
    """Choose the largest size in which the text fits, down to the smallest; there it is cut off if it has to be."""
    pdf.set_font(_FONT, size=size)
    needed = pdf.get_string_width(text)
    if needed <= width:
        return text
    pdf.set_font(_FONT, size=max(_SMALLEST, size * width / needed * 0.98))
    while pdf.get_string_width(text) > width:
        text = f"{text[:-2]}…"
    return text
