"""Whether migrations keep the release before them working, and nobody waiting: `python -m migrations.lint`.

A deployment migrates while the release before runs, and that release may come back (docs/deployment.md). So a migration
only adds, or takes away what no release that may run still uses; and it holds no lock for as long as a table is large.
What breaks a rule of rules.py stands with its reason in the migration:

    SAFE_BECAUSE = {"drop-column": "no release since 1.4 reads or writes it"}
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from migrations.recorded import statements
from migrations.rules import RULES, Reading

VERSIONS = Path(__file__).parent / "versions"

LEAST_REASON = 20
"""Letters that a reason has at least: less is none."""


@dataclass(frozen=True, slots=True)
class Problem:
    migration: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.rule}: {self.text}"


def examine(migration: ModuleType) -> list[Problem]:
    """What breaks a rule without a reason, and reasons without anything that they are for."""
    name = migration.revision
    reasons: Mapping[str, str] = getattr(migration, "SAFE_BECAUSE", {})
    findings = list(Reading().findings(statements(migration)))
    problems = [
        Problem(name, rule, f"{what}: {RULES[rule]}")
        for rule, what in findings
        if len(reasons.get(rule, "")) < LEAST_REASON
    ]
    unneeded = sorted(set(reasons) - {rule for rule, _ in findings})
    return problems + [Problem(name, rule, "SAFE_BECAUSE explains what is not there") for rule in unneeded]


def load(file: Path) -> ModuleType:
    """A migration's module, apart from all that are imported."""
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None  # noqa: S101 - a file that ends in .py has a loader
    assert spec.loader is not None  # noqa: S101
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(folder: Path = VERSIONS) -> int:
    """Print what is wrong; answers the exit status."""
    problems = [problem for file in sorted(folder.glob("*.py")) for problem in examine(load(file))]
    for problem in problems:
        print(problem)  # noqa: T201 - the output of the command
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
