"""What the demo of an embedded stack is made of. It exists nowhere else.

`people.toml` has who is there, `shelves.toml` how courses are arranged and sold, `courses/` each course with all that
its learners did. `content` reads them; `accounts`, `teaching`, `community` and `filming` make them so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["learner", "instructor", "operator"]

PASSWORD = "kosu-demo-password"  # noqa: S105 - printed at each start
"""Of every account of the demo."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    email: str
    password: str = field(repr=False)


ROLES: tuple[Role, ...] = ("learner", "instructor", "operator")
ACCOUNTS: Mapping[str, DemoAccount] = {
    role: DemoAccount(email=f"{role}@kosu.test", password=PASSWORD) for role in ROLES
}
"""Those that visitors sign in with, by role."""
