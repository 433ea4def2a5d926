"""Receipts as people read them, and how a client chooses between their forms."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec import structs

from entrypoints.api.negotiation import preferred_language, preferred_type
from entrypoints.api.receipt_html import receipt_html
from entrypoints.api.receipt_pdf import receipt_pdf
from entrypoints.api.receipt_words import money, page
from kosu.modules.billing.book_views import ReceiptLine, ReceiptReturn, ReceiptView
from kosu.modules.billing.domain.receipts import ReturnKind
from kosu.money import Money
from tests.support.pdf import Pdf

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
OFFERED = ("text/html", "application/pdf")


def won(minor: int) -> Money:
    return Money(minor, "KRW")


RECEIPT = ReceiptView(
    number="2026-000001",
    issued_at=AT,
    order_number="260101-0123A-BCDEF",
    paid_at=AT,
    seller_name="코수",
    seller_details="서울, 123-45-67890",
    buyer="김하늘",
    language="ko",
    lines=(ReceiptLine("파이썬으로 배우는 데이터 분석", won(49_000)), ReceiptLine("<b>Data & more</b>", won(11_000))),
    discount=won(0),
    tax=won(5_455),
    total=won(60_000),
    returns=(),
    remaining=won(60_000),
)
REFUNDED = structs.replace(
    RECEIPT, returns=(ReceiptReturn(ReturnKind.REFUND, AT, won(11_000)),), remaining=won(49_000), discount=won(500)
)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def text_of_html(receipt: ReceiptView, language: str) -> str:
    parser = _Text()
    parser.feed(receipt_html(page(receipt, language)))
    assert not {"script", "link", "img", "iframe", "form", "b"} & set(parser.tags)
    return "\n".join(parser.pieces)


def text_of_pdf(receipt: ReceiptView, language: str) -> str:
    pdf = Pdf(receipt_pdf(page(receipt, language), issued_at=receipt.issued_at))
    assert pdf.blank == set()
    return pdf.text


@pytest.mark.parametrize("text_of", [text_of_html, text_of_pdf])
def test_a_receipt_says_all_that_a_receipt_must_say(text_of: Any) -> None:
    english = text_of(RECEIPT, "en")
    for told in ("Receipt 2026-000001", "260101-0123A-BCDEF", "2026-01-01 12:00 UTC", "코수", "서울, 123-45-67890"):
        assert told in english
    for told in (
        "파이썬으로 배우는 데이터 분석",
        "<b>Data & more</b>",
        "49,000 KRW",
        "60,000 KRW",
        "5,455 KRW",
        "김하늘",
    ):
        assert told in english
    korean = text_of(RECEIPT, "ko")
    for told in ("영수증 2026-000001", "합계", "60,000원", "부가세 포함", "5,455원"):
        assert told in korean


@pytest.mark.parametrize("text_of", [text_of_html, text_of_pdf])
def test_what_there_is_nothing_to_say_of_is_left_out(text_of: Any) -> None:
    plain, refunded = text_of(RECEIPT, "en"), text_of(REFUNDED, "en")
    for told in ("Refund, 2026-01-01 12:00 UTC", "-11,000 KRW", "Remaining", "Discount", "-500 KRW"):
        assert told in refunded
        assert told not in plain
    assert "Buyer" not in text_of(structs.replace(RECEIPT, buyer=""), "en")


def test_every_syllable_of_hangul_can_be_printed() -> None:
    """A name or a title may have any of the 11,172; here are those with every final consonant and the last one."""
    syllables = "".join(chr(code) for code in range(0xAC00, 0xAC00 + 28)) + "뷁힣"
    line = (ReceiptLine(syllables, won(1)),)
    assert syllables in text_of_pdf(structs.replace(RECEIPT, lines=line), "ko").replace("\n", "")


def test_a_title_of_any_length_and_any_script_is_printed() -> None:
    lines = tuple(ReceiptLine(title, won(1)) for title in ("x" * 500, "가" * 500, "😀 emoji", "中文", "a\nb"))
    pdf = Pdf(receipt_pdf(page(structs.replace(RECEIPT, lines=lines * 10), "ko"), issued_at=AT))
    assert pdf.text.count("x") == 5_000


def test_the_same_receipt_is_the_same_file() -> None:
    made = [receipt_pdf.__wrapped__(page(RECEIPT, "ko"), issued_at=AT) for _ in range(2)]
    assert made[0] == made[1]
    assert b"(D:20260101120000" in made[0]


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [
        (won(49_000), "ko", "49,000원"),
        (won(-1_000), "ko", "-1,000원"),
        (won(49_000), "en", "49,000 KRW"),
        (Money(123_456, "USD"), "ko", "1,234.56 USD"),
        (Money(-5, "USD"), "en", "-0.05 USD"),
        (Money(500, "JPY"), "ko", "500 JPY"),
    ],
)
def test_amounts_are_written_in_the_currency_s_own_unit(amount: Money, language: str, text: str) -> None:
    assert money(amount, language) == text


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("application/pdf", "application/pdf"),
        ("application/*, text/*;q=0.9", "application/pdf"),
        ("text/html;q=0.5, application/pdf", "application/pdf"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*, text/html;q=0", "application/pdf"),
        ("TEXT/HTML;Q=0.1", "text/html"),
        ("application/json", None),
        ("application/pdf;q=0", None),
        ("application/pdf;q=much", None),
        (";;,,=", None),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert preferred_type(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, None),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko"),
        ("en-GB, ko;q=0.5", "en"),
        ("fr, ko;q=0.1", "ko"),
        ("fr", None),
        ("*", None),
        ("ko;q=0, en;q=0.001", "en"),
        ("ko;q=nan", None),
    ],
)
def test_the_language_that_is_liked_best_is_chosen(header: str | None, chosen: str | None) -> None:
    assert preferred_language(header, ("en", "ko")) == chosen
