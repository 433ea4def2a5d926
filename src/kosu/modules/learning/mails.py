"""What learning writes to people, in their language."""

from __future__ import annotations

ENROLLED = {
    "en": (
        "You are enrolled: {course}",
        (
            "Hello {name},\n\nthe course “{course}” is open to you now. Here you begin:\n\n"
            "{link_base}/courses/{slug}\n\nHappy learning!\n\nKosu\n"
        ),
    ),
    "ko": (
        "수강 등록이 완료되었습니다: {course}",
        (
            "{name}님, 안녕하세요.\n\n이제 “{course}” 강의를 수강할 수 있습니다. 여기에서 시작하세요.\n\n"
            "{link_base}/courses/{slug}\n\n즐겁게 배워 보세요!\n\nKosu\n"
        ),
    ),
}
ANSWERED = {
    "en": (
        "Your question was answered: {lesson}",
        (
            "Hello {name},\n\nsomebody answered what you asked about the lesson “{lesson}” of “{course}”:\n\n"
            "{link_base}/learn/{slug}/{lesson_id}?question={question_id}\n\nKosu\n"
        ),
    ),
    "ko": (
        "질문에 답변이 달렸습니다: {lesson}",
        (
            "{name}님, 안녕하세요.\n\n“{course}” 강의의 “{lesson}” 수업에 남기신 질문에 답변이 달렸습니다.\n\n"
            "{link_base}/learn/{slug}/{lesson_id}?question={question_id}\n\nKosu\n"
        ),
    ),
}
CERTIFIED = {
    "en": (
        "Your certificate: {course}",
        (
            "Hello {name},\n\nyou completed “{course}”. Congratulations! This is your certificate, "
            "for you to keep and to show:\n\n{link_base}/certificates/{code}\n\nKosu\n"
        ),
    ),
    "ko": (
        "수료증이 발급되었습니다: {course}",
        (
            "{name}님, 안녕하세요.\n\n“{course}” 강의를 수료하신 것을 축하합니다! 아래에서 수료증을 확인하고 "
            "다른 사람에게 보여 주실 수 있습니다.\n\n{link_base}/certificates/{code}\n\nKosu\n"
        ),
    ),
}
