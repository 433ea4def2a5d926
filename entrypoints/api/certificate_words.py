"""The words of a certificate, in each language, and how it writes days and durations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.modules.learning.certificate_views import CertificateView

LANGUAGES = ("en", "ko")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A certificate as it is read, from top to bottom. `facts` are names and values, side by side."""

    language: str
    heading: str
    opening: str
    learner: str
    statement: str
    course: str
    extent: str
    facts: tuple[tuple[str, str], ...]
    proof: str
    url: str


def sheet(certificate: CertificateView, language: str) -> Sheet:
    """The certificate in one of LANGUAGES. What there is nothing to say of is left out."""
    korean = language == "ko"
    facts = (
        ("수료일" if korean else "Completed", _day(certificate.completed_at, korean=korean)),
        ("강사" if korean else "Instructor", certificate.instructor_name),
        ("수료증 코드" if korean else "Certificate code", certificate.code),
    )
    return Sheet(
        language=language,
        heading="수료증" if korean else "Certificate of Completion",
        opening="성명" if korean else "This certifies that",
        learner=certificate.learner_name,
        statement="위 사람은 아래 강의의 모든 수업을 이수하였기에 이 수료증을 수여합니다"
        if korean
        else "has completed every lesson of the course",
        course=certificate.course_title,
        extent=_extent(certificate, korean=korean),
        facts=tuple((name, value) for name, value in facts if value),
        proof="진위 확인" if korean else "Verify at",
        url=certificate.url,
    )


def _day(at: datetime, *, korean: bool) -> str:
    """The day in UTC."""
    return f"{at.year}년 {at.month}월 {at.day}일" if korean else f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def _extent(certificate: CertificateView, *, korean: bool) -> str:
    """How much there was to learn, e.g. `12 lessons · 3 h 20 min of video`."""
    count, minutes = certificate.lesson_count, round(certificate.duration_ms / 60_000)
    lessons = f"수업 {count}개" if korean else f"{count} lesson{'' if count == 1 else 's'}"
    if minutes == 0:
        return lessons
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "시간" if korean else " h"), (minutes, "분" if korean else " min"))
    duration = " ".join(f"{number}{unit}" for number, unit in parts if number)
    return f"{lessons} · 영상 {duration}" if korean else f"{lessons} · {duration} of video"
