"""What the demo of an embedded stack is made of. It exists nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DemoAccount:
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCourse:
    """`sections` are titles with their text lessons, (title, Markdown) each; the first lesson of each is a preview."""

    title: str
    subtitle: str
    description: str
    category: str
    language: str
    price_krw: int
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


ACCOUNTS = {
    role: DemoAccount(email=f"{role}@kosu.test", password="kosu-demo-password")  # noqa: S106 - printed at each start
    for role in ("learner", "instructor", "operator")
}
"""By role."""

COURSES = (
    DemoCourse(
        title="Learning how to learn",
        subtitle="Small habits that make every other course easier",
        description="A short course about reading, notes and practice. It costs nothing and asks for half an hour.",
        category="business",
        language="en",
        price_krw=0,
        sections=(
            (
                "Getting started",
                (
                    ("Why notes work", "Writing a thing down in **your own words** is the first time you use it."),
                    (
                        "Spacing",
                        "Come back after a day, after a week, after a month. Forgetting a little is the point.",
                    ),
                ),
            ),
            ("Practice", (("Test yourself", "Close the page and say what was on it. Then look."),)),
        ),
    ),
    DemoCourse(
        title="파이썬으로 시작하는 프로그래밍",
        subtitle="처음 만나는 코드, 끝까지 함께",
        description="변수에서 함수까지, 직접 써 보며 배우는 입문 과정입니다.",
        category="programming",
        language="ko",
        price_krw=49_000,
        sections=(
            (
                "첫걸음",
                (
                    ("프로그램이란?", "프로그램은 컴퓨터에게 주는 **순서 있는 부탁**입니다."),
                    ("변수와 값", "`이름 = 값`. 이름을 붙이면 다시 부를 수 있습니다."),
                ),
            ),
            ("함수", (("함수 만들기", "`def 인사(이름):`으로 시작합니다. 반복되는 부탁에 이름을 붙이는 일입니다."),)),
        ),
    ),
)
