"""Declarative base, column types, identifiers, and how an engine is prepared for the domain."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, registry

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_TO_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.encode())

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTC(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC instant on both databases. A naive datetime is a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, dialect: sa.engine.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant carries its zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: dt.datetime | None, dialect: sa.engine.Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)


def new_id() -> str:
    """A random identifier: 16 Crockford characters, 80 bits. Identifiers leave the database, so
    they are never sequences."""
    return base64.b32encode(secrets.token_bytes(10)).translate(_TO_CROCKFORD).decode()


Id = sa.String(16)
Json = sa.JSON()
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            dt.datetime: UTC(),
            dict[str, Any]: Json,
            list[Any]: Json,
        },
    )


def one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """CHECK that a text column holds one of the values; the constraint is named after it."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


APPEND_ONLY = {"info": {"append_only": True}}
"""Last element of ``__table_args__`` of a table whose rows are facts: see append_only.py."""


def prepare_engine(engine: sa.Engine) -> None:
    """Make an engine behave as the rules assume. Must be called once, before the first connection.

    On SQLite the driver's own transaction handling is switched off (otherwise a savepoint
    survives the rollback around it) and BEGIN is ours: IMMEDIATE when the connection carries the
    execution option ``write=True``, plain otherwise.
    """
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # so that REPLACE meets the append-only triggers as well
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
