"""A receipt as PDF, with the glyphs that it uses embedded: hangul shows wherever it is opened."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from pylopdf_fonts_ko import sans_path

from entrypoints.api.receipt_words import Page

# Noto Sans KR: all of hangul, and Latin, under the SIL Open Font License.
_FONT = "Noto Sans KR"
_MARGIN_MM = 20

# It names the characters that a font lacks, and they are of people's names.
logging.getLogger("fpdf").setLevel(logging.ERROR)


# Whoever asks for the same file again and again is to cost nothing. Each is of about 20 KB.
@lru_cache(maxsize=32)
def receipt_pdf(page: Page, *, issued_at: datetime) -> bytes:
    """Takes half a second of CPU, nearly all of it to cut the font down to what is used: not on the event loop."""
    pdf = FPDF(format="A4")
    # As of the receipt and not of now: the same receipt is the same file.
    pdf.set_creation_date(issued_at)
    pdf.set_title(page.title)
    pdf.set_lang(page.language)
    pdf.set_margin(_MARGIN_MM)
    pdf.add_font(_FONT, fname=sans_path())
    pdf.add_page()
    pdf.set_font(_FONT, size=20)
    pdf.multi_cell(0, 12, page.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(6)
    pdf.set_font(_FONT, size=10)
    _table(pdf, page.facts, widths=(35, 135), align=("LEFT", "LEFT"))
    pdf.ln(8)
    _table(pdf, [page.heads, *page.lines], widths=(120, 50), align=("LEFT", "RIGHT"), borders="HORIZONTAL_LINES")
    pdf.ln(3)
    _table(pdf, page.sums, widths=(120, 50), align=("RIGHT", "RIGHT"))
    return bytes(pdf.output())


def _table(
    pdf: FPDF,
    rows: Iterable[tuple[str, str]],
    *,
    widths: tuple[int, int],
    align: tuple[str, str],
    borders: str = "NONE",
) -> None:
    with pdf.table(
        col_widths=widths,
        text_align=align,
        borders_layout=borders,
        first_row_as_headings=False,
        v_align="TOP",
        padding=0.6,
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
