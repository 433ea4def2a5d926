"""What can be wrong with a question about a course's learners."""

from __future__ import annotations

from kosu.errors import Invalid


class InvalidWindow(Invalid):
    """Days that are asked for and cannot be answered; `field` names the one at fault."""

    code = "window_invalid"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field
