"""What can be wrong with a certificate."""

from __future__ import annotations

from collections.abc import Sequence

from kosu.errors import Conflict, Invalid, NotFound


class CourseIncomplete(Conflict):
    """There is something left to learn: `missing` names the lessons, `percent` says how far the learner is."""

    code = "course_incomplete"
    facts = ("percent", "missing")

    def __init__(self, *, percent: int, missing: Sequence[object]) -> None:
        super().__init__("Complete every lesson of the course first.")
        self.percent = percent
        self.missing = missing


class CertificateNotFound(NotFound):
    """There is no certificate with this code, though it is well-formed."""

    code = "certificate_not_found"

    def __init__(self) -> None:
        super().__init__("There is no certificate with this code.")


class MistypedCode(Invalid):
    """No certificate can have this code: a character is wrong, missing, or in another's place."""

    code = "certificate_code_mistyped"
    field = "code"

    def __init__(self) -> None:
        super().__init__("This code was mistyped: compare it with the certificate.")


class CertificateRevoked(Conflict):
    """The certificate is not to be had in print any more."""

    code = "certificate_revoked"

    def __init__(self) -> None:
        super().__init__("This certificate was revoked.")
