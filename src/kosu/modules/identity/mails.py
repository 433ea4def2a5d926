"""What identity writes to people, in their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kosu.ports.mailer import Mail
from kosu.text import is_one_line

WELCOME = {
    "en": (
        "Welcome to Kosu",
        (
            "Hello {name},\n\nyour account is ready. Happy learning!\n\n"
            "Open this page within three days to confirm that this address is yours:\n\n{link}\n\nKosu\n"
        ),
    ),
    "ko": (
        "Kosu에 오신 것을 환영합니다",
        (
            "{name}님, 안녕하세요.\n\n계정이 준비되었습니다. 즐겁게 배워 보세요!\n\n"
            "이 주소가 본인의 것임을 확인하려면 3일 안에 아래 페이지를 열어 주세요.\n\n{link}\n\nKosu\n"
        ),
    ),
}
VERIFY_EMAIL = {
    "en": (
        "Confirm your e-mail address",
        (
            "Hello {name},\n\nopen this page within three days to confirm that this address is yours:\n\n{link}\n\n"
            "If you have no account at Kosu, ignore this mail.\n\nKosu\n"
        ),
    ),
    "ko": (
        "이메일 주소를 확인해 주세요",
        (
            "{name}님, 안녕하세요.\n\n3일 안에 아래 페이지를 열어 본인의 주소임을 확인해 주세요.\n\n{link}\n\n"
            "Kosu 계정이 없다면 이 메일을 무시하세요.\n\nKosu\n"
        ),
    ),
}
RESET_PASSWORD = {
    "en": (
        "Set a new password",
        (
            "Hello {name},\n\nset a new password on this page within 30 minutes:\n\n{link}\n\n"
            "If you did not ask for it, ignore this mail; your password stays as it is.\n\nKosu\n"
        ),
    ),
    "ko": (
        "새 비밀번호를 설정하세요",
        (
            "{name}님, 안녕하세요.\n\n30분 안에 아래 페이지에서 새 비밀번호를 설정하세요.\n\n{link}\n\n"
            "요청하지 않으셨다면 이 메일을 무시하세요. 비밀번호는 그대로 유지됩니다.\n\nKosu\n"
        ),
    ),
}
PASSWORD_CHANGED = {
    "en": (
        "Your password was changed",
        (
            "Hello {name},\n\nthe password of your account was changed, and your other devices were signed out.\n"
            "If that was not you, set a new password now: {link}\n\nKosu\n"
        ),
    ),
    "ko": (
        "비밀번호가 변경되었습니다",
        (
            "{name}님, 안녕하세요.\n\n계정 비밀번호가 변경되어 다른 기기에서 로그아웃되었습니다.\n"
            "본인이 아니라면 지금 새 비밀번호를 설정하세요: {link}\n\nKosu\n"
        ),
    ),
}
SESSION_STOLEN = {
    "en": (
        "We signed one of your devices out",
        (
            "Hello {name},\n\na sign-in of yours was used from two places at once, as if it had been copied. "
            "To be safe we ended it; that device has to sign in again.\n"
            "If you do not know why, set a new password: {link}\n\nKosu\n"
        ),
    ),
    "ko": (
        "기기 한 대에서 로그아웃했습니다",
        (
            "{name}님, 안녕하세요.\n\n로그인 정보가 복사된 것처럼 두 곳에서 동시에 사용되었습니다. 안전을 위해 해당 "
            "로그인을 종료했으며, 그 기기에서는 다시 로그인해야 합니다.\n"
            "짐작 가는 이유가 없다면 새 비밀번호를 설정하세요: {link}\n\nKosu\n"
        ),
    ),
}
ACCOUNT_CLOSED = {
    "en": (
        "Your account will be deleted",
        (
            "Hello {name},\n\nas you asked, your account is closed now and will be deleted in {days} days.\n"
            "If that was not you, or you changed your mind, answer to the operators before then.\n\nKosu\n"
        ),
    ),
    "ko": (
        "계정이 삭제될 예정입니다",
        (
            "{name}님, 안녕하세요.\n\n요청하신 대로 계정이 닫혔으며 {days}일 후에 삭제됩니다.\n"
            "본인이 아니거나 마음이 바뀌셨다면 그 전에 운영자에게 알려 주세요.\n\nKosu\n"
        ),
    ),
}

# Below a mail that can be turned off.
UNSUBSCRIBE = {
    "en": "\n-- \nNo more mails of this kind: {link}\n",
    "ko": "\n-- \n이런 메일을 더 이상 받지 않으려면: {link}\n",
}

Texts = Mapping[str, tuple[str, str]]


class Person(Protocol):
    @property
    def email(self) -> str: ...

    @property
    def display_name(self) -> str: ...

    @property
    def locale(self) -> str: ...


def mail_of(texts: Texts, person: Person, *, key: str, **values: object) -> Mail:
    """A mail in the language of the account. What is filled in stays on its line, whatever it holds."""
    subject, body = texts.get(person.locale, texts["en"])
    filled = {name: _one_line(str(value)) for name, value in (values | {"name": person.display_name}).items()}
    return Mail(to=person.email, subject=subject.format(**filled), body=body.format(**filled), key=key)


def _one_line(text: str) -> str:
    """Names and titles are others' words: none may begin a line of a mail, or a header."""
    return " ".join("".join(char if is_one_line(char) else " " for char in text).split())
