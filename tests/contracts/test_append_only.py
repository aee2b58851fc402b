"""Tables of facts refuse every change, by whatever statement, on both databases.

This runs on the migrated database: a migration that rebuilds a table and loses its triggers is
caught here.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, insert, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Integer, LargeBinary, Numeric

from cohorts.ground import append_only
from cohorts.ground.base import UTC, prepare_engine
from cohorts.tables import metadata

TABLES = append_only.tables(metadata)
STATEMENTS = {
    "sqlite": ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "REPLACE INTO {t} SELECT * FROM {t}"),
    "postgresql": ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE"),
}


@pytest.fixture(scope="module")
def facts(database: str, databases: Any) -> Iterator[Engine]:
    """A database in which every table of facts holds one row, whatever it refers to."""
    url = databases.copy(database)
    engine = create_engine(url)
    prepare_engine(engine)
    with engine.connect() as connection:
        # Foreign keys and checks are not what is tried here: rows only have to be there.
        if database == "sqlite":
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            for name in TABLES:
                for check in inspect(connection).get_check_constraints(name):
                    connection.exec_driver_sql(
                        f'ALTER TABLE "{name}" DROP CONSTRAINT "{check["name"]}"'
                    )
        for name in TABLES:
            connection.execute(
                insert(metadata.tables[name]).values(some_row(metadata.tables[name]))
            )
        if database == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
        connection.commit()
    yield engine
    engine.dispose()
    databases.drop(url)


def some_row(table: Table) -> dict[str, Any]:
    """A value of the right type for every column that needs one."""
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type
        if isinstance(kind, UTC | DateTime):
            values[column.name] = dt.datetime(2022, 11, 1, tzinfo=dt.UTC)
        elif isinstance(kind, Date):
            values[column.name] = dt.date(2022, 11, 1)
        elif isinstance(kind, Boolean):
            values[column.name] = False
        elif isinstance(kind, Integer | Numeric):
            values[column.name] = 1
        elif isinstance(kind, LargeBinary):
            values[column.name] = b"x"
        elif isinstance(kind, JSON):
            values[column.name] = {}
        else:
            values[column.name] = "x"
    return values


def attempt(connection: Connection, statement: str) -> str:
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        connection.rollback()
    return "allowed"


@pytest.mark.parametrize("table", TABLES)
def test_a_fact_is_never_changed_or_removed(facts: Engine, table: str) -> None:
    column = metadata.tables[table].columns.keys()[0]
    with facts.connect() as connection:
        assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() == 1
        connection.rollback()
        for statement in STATEMENTS[facts.dialect.name]:
            answer = attempt(connection, statement.format(t=table, c=column))
            assert "append-only" in answer, f"{statement} on {table}: {answer}"


def test_the_tables_that_figures_stand_on_are_facts() -> None:
    assert set(TABLES) >= {
        "act", "chronicle", "closing", "closing_item", "item_event", "membership", "reply", "scan",
        "score", "signature", "visit",
    }  # fmt: skip
