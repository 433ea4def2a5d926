"""The accounts of the demo that an embedded stack is seeded with. They exist nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DemoAccount:
    email: str
    password: str = field(repr=False)


ACCOUNTS = {
    role: DemoAccount(email=f"{role}@kosu.test", password="kosu-demo-password")  # noqa: S106 - printed at each start
    for role in ("learner", "instructor", "operator")
}
"""By role."""
