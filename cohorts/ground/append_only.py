"""Tables of facts: the database itself refuses to change or remove their rows.

A migration that creates such a table, or that rebuilds it (Alembic's batch mode drops triggers
silently), executes ``guard(table, dialect)``; a contract test tries every forbidden statement on
every table that is marked.
"""

from __future__ import annotations

import sqlalchemy as sa

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME; END $$
"""


def tables(metadata: sa.MetaData) -> list[str]:
    """Names of the tables marked as append-only, sorted."""
    return sorted(t.name for t in metadata.tables.values() if t.info.get("append_only"))


def guard(table: str, dialect: str) -> list[str]:
    """The statements that make ``table`` append-only on ``dialect`` (sqlite or postgresql)."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {table}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        _FUNCTION,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def release(table: str, dialect: str) -> list[str]:
    """The statements that undo ``guard``, for the way down of a migration."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER {table}_no_change ON {table}",
        f"DROP TRIGGER {table}_no_truncate ON {table}",
    ]
