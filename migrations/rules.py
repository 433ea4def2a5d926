"""What a migration must not do while the release before it runs, and how that shows in its statements.

They are read by PostgreSQL's own grammar. What no rule knows has to be explained, so that nothing slips through.

Source: PostgreSQL 18, "Explicit Locking", and the notes of ALTER TABLE and CREATE INDEX.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import AlterTableType as Alter
from pglast.enums import ConstrType, NullTestType, ObjectType

from migrations.recorded import Statement

RULES = {
    "drop-table": "the release before still uses it",
    "drop-column": "the release before still uses it",
    "drop-constraint": "the release before may rely on it, as ON CONFLICT does",
    "drop-object": "the release before may still use it",
    "replace-function": "the release before calls it, too",
    "rename": "the release before knows only the old name: add the new one, drop the old one in a later release",
    "change-type": "keeps everybody out while the table is written anew, and the release before expects the old type",
    "required-column": "the release before leaves it out when it inserts: give it a default",
    "rewrites-table": "keeps everybody out while the table is written anew",
    "not-null": "keeps everybody out while the table is read: first validate a CHECK (… IS NOT NULL)",
    "index-blocks-writes": "nobody can write while it is made: make it CONCURRENTLY in an autocommit_block",
    "index-drop-blocks": "waits for every reader and keeps out new ones: drop it CONCURRENTLY in an autocommit_block",
    "constraint-scans": "nobody can write while rows are read: add it NOT VALID, validate it in an autocommit_block",
    "whole-table": "locks rows until the migration ends: go in batches, each a transaction of its own",
    "long-lock": "keeps others out for longer than a migration may",
    "not-in-transaction": "cannot run in the migration's transaction: put it into an autocommit_block",
    "unjudged": "no rule knows it: say why it is safe, or add a rule",
}
"""Each with its reason, and the way out where there is one."""

Finding = tuple[str, str]
"""A rule, and what breaks it."""

_QUIET_STATEMENTS = (
    ast.CommentStmt,
    ast.CreateEnumStmt,
    ast.CreateExtensionStmt,
    ast.CreateSchemaStmt,
    ast.CreateSeqStmt,
    ast.CreateTrigStmt,
    ast.InsertStmt,
    ast.SelectStmt,
    ast.ViewStmt,
)
_QUIET_ALTERATIONS = {Alter.AT_ColumnDefault, Alter.AT_DropNotNull, Alter.AT_SetRelOptions, Alter.AT_SetStatistics}
_SAME_FOR_ALL_ROWS = {"now", "statement_timestamp", "transaction_timestamp"}


@dataclass(slots=True)
class Reading:
    """Of one migration. Nobody else sees the tables that it makes itself, nor waits for them."""

    made: set[str] = field(default_factory=set)
    not_null_unproved: dict[str, str] = field(default_factory=dict)
    """Constraints that say that a column is not null, of rows to come: the constraint with its table, the column."""
    not_null: set[str] = field(default_factory=set)
    """Columns of which a validated constraint says so."""
    locked_by_adding: set[str] = field(default_factory=set)
    """Constraints that were added in the migration's own transaction, which holds the lock to its end."""

    def findings(self, executed: Sequence[Statement]) -> Iterator[Finding]:
        for statement in executed:
            for raw in parse_sql(statement.sql):
                yield from self._judge(raw.stmt, statement.in_transaction)

    def _judge(self, stmt: Any, in_transaction: bool) -> Iterator[Finding]:
        judge = _JUDGES.get(type(stmt))
        if judge is not None:
            yield from judge(self, stmt, in_transaction)
        elif not isinstance(stmt, _QUIET_STATEMENTS):
            yield "unjudged", type(stmt).__name__

    def _table(self, stmt: Any, _: bool) -> Iterator[Finding]:
        self.made.add(_name(stmt.relation))
        yield from ()

    def _index(self, stmt: Any, in_transaction: bool) -> Iterator[Finding]:
        what = f"{stmt.idxname} on {_name(stmt.relation)}"
        if stmt.concurrent and in_transaction:
            yield "not-in-transaction", what
        elif not stmt.concurrent and not self._made(stmt):
            yield "index-blocks-writes", what

    def _drop(self, stmt: Any, in_transaction: bool) -> Iterator[Finding]:
        names = [_dropped(each) for each in stmt.objects]
        what = ", ".join(names)
        if stmt.removeType == ObjectType.OBJECT_INDEX:
            if not stmt.concurrent:
                yield "index-drop-blocks", what
            elif in_transaction:
                yield "not-in-transaction", what
        elif stmt.removeType not in {ObjectType.OBJECT_TABLE, ObjectType.OBJECT_SCHEMA}:
            yield "drop-object", what
        elif not set(names) <= self.made:
            yield "drop-table", what

    def _truncate(self, stmt: Any, _: bool) -> Iterator[Finding]:
        yield "drop-table", f"the rows of {', '.join(map(_name, stmt.relations))}"

    def _rename(self, stmt: Any, _: bool) -> Iterator[Finding]:
        if not self._made(stmt):
            yield "rename", _name(stmt.relation) if stmt.relation else "an object"

    def _rows(self, stmt: Any, in_transaction: bool) -> Iterator[Finding]:
        in_batches = not in_transaction and getattr(stmt, "whereClause", None) is not None
        if not in_batches and not self._made(stmt):
            yield "whole-table", f"rows of {_name(stmt.relation)}"

    def _lock(self, stmt: Any, _: bool) -> Iterator[Finding]:
        yield "long-lock", type(stmt).__name__.removesuffix("Stmt").upper()

    def _setting(self, stmt: Any, _: bool) -> Iterator[Finding]:
        if stmt.name in {"lock_timeout", "statement_timeout"}:
            yield "long-lock", f"SET {stmt.name}"

    def _function(self, stmt: Any, _: bool) -> Iterator[Finding]:
        if stmt.replace:
            yield "replace-function", _dotted(stmt.funcname)

    def _alterations(self, stmt: Any, in_transaction: bool) -> Iterator[Finding]:
        if not self._made(stmt):
            for command in stmt.cmds:
                yield from self._alteration(_name(stmt.relation), command, in_transaction)

    def _alteration(self, table: str, command: Any, in_transaction: bool) -> Iterator[Finding]:
        named = f"{table}.{command.name}"
        simply = {
            Alter.AT_DropColumn: "drop-column",
            Alter.AT_DropConstraint: "drop-constraint",
            Alter.AT_AlterColumnType: "change-type",
        }
        match command.subtype:
            case Alter.AT_AddColumn:
                yield from _added_column(table, command.def_)
            case Alter.AT_AddConstraint:
                yield from self._added_constraint(table, command.def_, in_transaction)
            case Alter.AT_ValidateConstraint:
                if named in self.locked_by_adding:
                    yield "constraint-scans", named
                self.not_null.add(self.not_null_unproved.get(named, ""))
            case Alter.AT_SetNotNull:
                if named not in self.not_null:
                    yield "not-null", named
            case subtype if subtype in simply:
                yield simply[subtype], named
            case subtype if subtype not in _QUIET_ALTERATIONS:
                yield "unjudged", f"{subtype.name} of {table}"

    def _added_constraint(self, table: str, constraint: Any, in_transaction: bool) -> Iterator[Finding]:
        named = f"{table}.{constraint.conname}"
        if constraint.contype not in {ConstrType.CONSTR_CHECK, ConstrType.CONSTR_FOREIGN, ConstrType.CONSTR_NOTNULL}:
            # Unique, primary or excluding: with an index, which may be there already.
            if constraint.indexname is None:
                yield "index-blocks-writes", named
        elif not constraint.skip_validation:
            yield "constraint-scans", named
        else:
            if column := _column_not_null(constraint):
                self.not_null_unproved[named] = f"{table}.{column}"
            if in_transaction:
                self.locked_by_adding.add(named)

    def _made(self, stmt: Any) -> bool:
        return stmt.relation is not None and _name(stmt.relation) in self.made


_JUDGES: dict[type[ast.Node], Callable[[Reading, Any, bool], Iterator[Finding]]] = {
    ast.CreateStmt: Reading._table,
    ast.AlterTableStmt: Reading._alterations,
    ast.IndexStmt: Reading._index,
    ast.DropStmt: Reading._drop,
    ast.TruncateStmt: Reading._truncate,
    ast.RenameStmt: Reading._rename,
    ast.AlterObjectSchemaStmt: Reading._rename,
    ast.UpdateStmt: Reading._rows,
    ast.DeleteStmt: Reading._rows,
    ast.MergeStmt: Reading._rows,
    ast.LockStmt: Reading._lock,
    ast.VacuumStmt: Reading._lock,
    ast.ReindexStmt: Reading._lock,
    ast.RefreshMatViewStmt: Reading._lock,
    ast.VariableSetStmt: Reading._setting,
    ast.CreateFunctionStmt: Reading._function,
}


def _added_column(table: str, column: Any) -> Iterator[Finding]:
    named = f"{table}.{column.colname}"
    constraints = {constraint.contype: constraint for constraint in column.constraints or ()}
    default = constraints.get(ConstrType.CONSTR_DEFAULT)
    computed = constraints.keys() & {ConstrType.CONSTR_IDENTITY, ConstrType.CONSTR_GENERATED}
    if ConstrType.CONSTR_NOTNULL in constraints and default is None and not computed:
        yield "required-column", named
    if computed or (default is not None and _differs_by_row(default.raw_expr)):
        yield "rewrites-table", named
    if constraints.keys() & {ConstrType.CONSTR_UNIQUE, ConstrType.CONSTR_PRIMARY}:
        yield "index-blocks-writes", named
    if constraints.keys() & {ConstrType.CONSTR_CHECK, ConstrType.CONSTR_FOREIGN}:
        yield "constraint-scans", named


def _differs_by_row(default: Any) -> bool:
    """Whether a default is computed for each row that is there, and not once for all of them."""
    return any(
        isinstance(node, ast.FuncCall) and str(_dotted(node.funcname or ())).split(".")[-1] not in _SAME_FOR_ALL_ROWS
        for node in _nodes(default)
    )


def _column_not_null(constraint: Any) -> str | None:
    """The column of `CHECK (column IS NOT NULL)`, or of a NOT NULL that has a name."""
    if constraint.contype == ConstrType.CONSTR_NOTNULL:
        return _dotted(constraint.keys)
    test = constraint.raw_expr
    if isinstance(test, ast.NullTest) and test.nulltesttype == NullTestType.IS_NOT_NULL:
        return _dotted(getattr(test.arg, "fields", ()))
    return None


def _nodes(node: Any) -> Iterator[Any]:
    """A node of a syntax tree, and all below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif isinstance(node, ast.Node):
        yield node
        for attribute in node:
            yield from _nodes(getattr(node, attribute))


def _dotted(parts: Any) -> str:
    return ".".join(part.sval for part in parts)


def _dropped(dropped: Any) -> str:
    """Tables, indexes and triggers come as their names, schemas as one, functions with what they take."""
    if isinstance(dropped, ast.ObjectWithArgs):
        return _dotted(dropped.objname)
    return _dotted(dropped if isinstance(dropped, tuple) else (dropped,))


def _name(relation: Any) -> str:
    return f"{relation.schemaname}.{relation.relname}" if relation.schemaname else str(relation.relname)
