"""What a migration may not do while the release before it runs: each rule with a migration that breaks it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from alembic import op

from migrations import lint
from migrations.rules import RULES

BREAKING = [
    ("drop-table", "DROP TABLE learning.notes"),
    ("drop-table", "DROP SCHEMA learning CASCADE"),
    ("drop-table", "TRUNCATE learning.notes"),
    ("drop-column", "ALTER TABLE learning.notes DROP COLUMN body"),
    ("drop-constraint", "ALTER TABLE learning.notes DROP CONSTRAINT uq_notes"),
    ("drop-object", "DROP FUNCTION billing.refuse_change()"),
    ("replace-function", "CREATE OR REPLACE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ("rename", "ALTER TABLE learning.notes RENAME TO remarks"),
    ("rename", "ALTER TABLE learning.notes RENAME COLUMN body TO text"),
    ("rename", "ALTER TABLE learning.notes SET SCHEMA archive"),
    ("change-type", "ALTER TABLE learning.notes ALTER COLUMN body TYPE varchar(100)"),
    ("required-column", "ALTER TABLE learning.notes ADD COLUMN mood text NOT NULL"),
    ("rewrites-table", "ALTER TABLE learning.notes ADD COLUMN ref uuid DEFAULT gen_random_uuid()"),
    ("rewrites-table", "ALTER TABLE learning.notes ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY"),
    ("not-null", "ALTER TABLE learning.notes ALTER COLUMN body SET NOT NULL"),
    ("index-blocks-writes", "CREATE INDEX ix_notes_at ON learning.notes (at_ms)"),
    ("index-blocks-writes", "CREATE UNIQUE INDEX uq_notes_at ON learning.notes (at_ms)"),
    ("index-blocks-writes", "ALTER TABLE learning.notes ADD CONSTRAINT uq_notes_at UNIQUE (at_ms)"),
    ("index-blocks-writes", "ALTER TABLE learning.notes ADD COLUMN code text UNIQUE"),
    ("index-drop-blocks", "DROP INDEX learning.ix_notes_newest"),
    ("constraint-scans", "ALTER TABLE learning.notes ADD CONSTRAINT ck_at CHECK (at_ms >= 0)"),
    (
        "constraint-scans",
        "ALTER TABLE learning.notes ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES learning.users",
    ),
    ("constraint-scans", "ALTER TABLE learning.notes ADD COLUMN next uuid REFERENCES learning.notes (id)"),
    (
        "constraint-scans",
        """ALTER TABLE learning.notes ADD CONSTRAINT ck_at CHECK (at_ms >= 0) NOT VALID;
           ALTER TABLE learning.notes VALIDATE CONSTRAINT ck_at""",
    ),
    ("whole-table", "UPDATE learning.notes SET body = trim(body)"),
    ("whole-table", "UPDATE learning.notes SET body = '' WHERE body IS NULL"),
    ("whole-table", "DELETE FROM learning.notes"),
    ("long-lock", "LOCK TABLE learning.notes"),
    ("long-lock", "REINDEX TABLE learning.notes"),
    ("long-lock", "SET lock_timeout = 0"),
    ("not-in-transaction", "CREATE INDEX CONCURRENTLY ix_notes_at ON learning.notes (at_ms)"),
    ("not-in-transaction", "DROP INDEX CONCURRENTLY learning.ix_notes_newest"),
    ("unjudged", "DO $$ BEGIN DELETE FROM learning.notes; END $$"),
    ("unjudged", "ALTER TABLE learning.notes SET UNLOGGED"),
]

HARMLESS = [
    "CREATE TABLE learning.marks (id uuid PRIMARY KEY, note_id uuid NOT NULL REFERENCES learning.notes (id))",
    """CREATE TABLE learning.marks (id uuid); CREATE UNIQUE INDEX uq ON learning.marks (id);
       UPDATE learning.marks SET id = id; ALTER TABLE learning.marks ADD COLUMN at int NOT NULL,
       ALTER COLUMN id SET NOT NULL; DROP TABLE learning.marks""",
    "ALTER TABLE learning.notes ADD COLUMN mood text, ADD COLUMN version bigint NOT NULL DEFAULT 1",
    "ALTER TABLE learning.notes ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now()",
    "ALTER TABLE learning.notes ADD CONSTRAINT ck_at CHECK (at_ms >= 0) NOT VALID",
    "ALTER TABLE learning.notes ADD CONSTRAINT uq_at UNIQUE USING INDEX ix_notes_at",
    "ALTER TABLE learning.notes ALTER COLUMN body DROP NOT NULL, ALTER COLUMN body SET DEFAULT ''",
    "INSERT INTO learning.marks SELECT id FROM learning.notes",
]


def migration(sql: str = "", *, upgrade: Callable[[], None] | None = None, **names: object) -> ModuleType:
    """A migration that executes the text in its transaction."""

    def execute() -> None:
        op.execute(sql)

    module = ModuleType("9999_test")
    module.__dict__.update({"revision": "9999_test", "upgrade": upgrade or execute, **names})
    return module


def rules_broken(module: ModuleType) -> list[str]:
    return [problem.rule for problem in lint.examine(module)]


@pytest.mark.parametrize(("rule", "sql"), BREAKING)
def test_what_breaks_or_blocks_the_release_before_is_refused(rule: str, sql: str) -> None:
    assert rules_broken(migration(sql)) == [rule]


def test_every_rule_is_broken_above() -> None:
    assert {rule for rule, _ in BREAKING} == set(RULES)


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_only_adds_is_accepted(sql: str) -> None:
    assert rules_broken(migration(sql)) == []


def test_a_reason_makes_it_right_and_only_a_reason() -> None:
    drop = "ALTER TABLE learning.notes DROP COLUMN body"
    assert rules_broken(migration(drop, SAFE_BECAUSE={"drop-column": "no release since 1.4 reads or writes it"})) == []
    assert rules_broken(migration(drop, SAFE_BECAUSE={"drop-column": "it is fine"})) == ["drop-column"]
    assert rules_broken(migration(drop, SAFE_BECAUSE={"rename": "no release since 1.4 reads or writes it"})) == [
        "drop-column",
        "rename",
    ]


def test_outside_of_the_transaction_there_is_a_way_to_do_it() -> None:
    def upgrade() -> None:
        op.execute("ALTER TABLE learning.notes ADD CONSTRAINT body_there CHECK (body IS NOT NULL) NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_notes_at ON learning.notes (at_ms)")
            op.execute("DROP INDEX CONCURRENTLY learning.ix_notes_newest")
            op.execute("UPDATE learning.notes SET body = '' WHERE id IN (SELECT id FROM learning.notes LIMIT 1000)")
        op.execute("ALTER TABLE learning.notes ALTER COLUMN at_ms DROP NOT NULL")

    assert rules_broken(migration(upgrade=upgrade)) == []


def test_a_column_is_made_required_by_a_check_that_was_validated() -> None:
    def upgrade() -> None:
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE learning.notes ADD CONSTRAINT body_there CHECK (body IS NOT NULL) NOT VALID")
            op.execute("ALTER TABLE learning.notes VALIDATE CONSTRAINT body_there")
        op.execute("ALTER TABLE learning.notes ALTER COLUMN body SET NOT NULL")

    assert rules_broken(migration(upgrade=upgrade)) == []


def test_alembics_own_operations_are_read_like_sql() -> None:
    assert rules_broken(migration(upgrade=lambda: op.drop_column("notes", "body", schema="learning"))) == [
        "drop-column"
    ]


def test_the_command_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "9999_bad.py").write_text(
        'from alembic import op\nrevision = "9999_bad"\ndef upgrade():\n    op.execute("DROP TABLE learning.notes")\n'
    )
    assert lint.main(tmp_path) == 1
    assert "9999_bad: drop-table: learning.notes: the release before" in capsys.readouterr().out
    assert "9999_bad" not in sys.modules


def test_all_migrations_keep_the_rules() -> None:
    assert lint.main() == 0
