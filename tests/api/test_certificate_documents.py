"""Certificates as they are printed: one page, whatever stands on it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec import structs

from entrypoints.api.certificate_pdf import certificate_pdf
from entrypoints.api.certificate_words import sheet
from kosu.modules.learning.certificate_views import CertificateView
from tests.support.certificates import a_certificate
from tests.support.pdf import Pdf

AT = datetime(2026, 1, 2, tzinfo=UTC)
CERTIFICATE = CertificateView.of(a_certificate(completed_at=AT), link_base="https://kosu.test")


def printed(certificate: CertificateView, language: str) -> bytes:
    return certificate_pdf(sheet(certificate, language), issued_at=certificate.issued_at)


def test_a_certificate_says_who_learned_what_when_and_from_whom() -> None:
    english, korean = (Pdf(printed(CERTIFICATE, language)) for language in ("en", "ko"))
    for pdf in (english, korean):
        assert pdf.blank == set()
        for told in ("김하늘", "Data by demonstration", "Ines", CERTIFICATE.code, CERTIFICATE.url):
            assert told in pdf.text
    for told in ("Certificate of Completion", "2 January 2026", "12 lessons · 3 h 20 min of video"):
        assert told in english.text
    for told in ("수료증", "2026년 1월 2일", "수업 12개 · 영상 3시간 20분"):
        assert told in korean.text


@pytest.mark.parametrize(
    ("lesson_count", "duration_ms", "told"),
    [(1, 0, "1 lesson"), (2, 29_000, "2 lessons"), (2, 60_000, "2 lessons · 1 min of video"),
     (2, 7_200_000, "2 lessons · 2 h of video")],
)  # fmt: skip
def test_what_there_is_nothing_to_say_of_is_left_out(lesson_count: int, duration_ms: int, told: str) -> None:
    shown = sheet(structs.replace(CERTIFICATE, lesson_count=lesson_count, duration_ms=duration_ms), "en")
    assert shown.extent == told
    assert "Instructor" not in str(sheet(structs.replace(CERTIFICATE, instructor_name=""), "en").facts)


@pytest.mark.parametrize("text", ["x" * 500, "W" * 80, "가" * 500, "😀 emoji", "中文", "a b " * 100, "a\nb"])
def test_names_and_titles_of_any_length_and_script_fit_the_one_page(text: str) -> None:
    certificate = structs.replace(CERTIFICATE, learner_name=text, course_title=text, instructor_name=text)
    content = printed(certificate, "ko")
    assert content.count(b"/Type /Page\n") == 1
    assert CERTIFICATE.code in Pdf(content).text


def test_the_same_certificate_is_the_same_file() -> None:
    shown = sheet(CERTIFICATE, "ko")
    made = [certificate_pdf.__wrapped__(shown, issued_at=CERTIFICATE.issued_at) for _ in range(2)]
    assert made[0] == made[1]
