"""What every test may ask for.

database          "sqlite" or "postgresql". Tests in domain/ and contracts/ run on both; elsewhere a
                  test runs on SQLite, and on PostgreSQL too when it is marked `postgres`.
session           a Session whose work is rolled back after the test; commits inside are savepoints
database_url      a database of the test's own, for what commits or needs several connections
empty_database    the same without any table
settings, app     the product on a database of its own, in a LAB_HOME of its own
full              whether --long was given; `count(ci, long)` picks a number by it

No test reaches the network: a connection to anywhere but this machine fails the test, even when
the program under test swallows the error.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from cohorts.ground.base import prepare_engine
from config import Settings
from tests.databases import KINDS, Databases, settings_for

BOTH = ("domain", "contracts")  # folders whose tests run on both databases

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile(
    "long", deadline=None, database=None, max_examples=1000, print_blob=True)


COMPILED: dict[tuple[str, bool], Callable[..., tuple[str, str]]] = {}


def compile_rules_once() -> None:
    """Let every app of this process share how its addresses are built: the same 200 rules would be
    compiled anew for each of more than a thousand apps, a fifth of the time of a page's test."""
    compile_one = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults or rule.subdomain or rule.host:
            return compile_one(rule, append_unknown)
        key = (rule.rule, append_unknown)
        if key not in COMPILED:
            COMPILED[key] = compile_one(rule, append_unknown)
        return COMPILED[key]

    Rule._compile_builder = compiled  # type: ignore[assignment, method-assign]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="full counts: slow, for a release")


def pytest_configure(config: pytest.Config) -> None:
    compile_rules_once()
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "ci")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is only for --long: not skipped, simply not part of this run."""
    if config.getoption("--long"):
        return
    slow = [item for item in items if item.get_closest_marker("long")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    folder = Path(str(metafunc.definition.path)).relative_to(Path(__file__).parent).parts[0]
    both = folder in BOTH or metafunc.definition.get_closest_marker("postgres")
    metafunc.parametrize("database", KINDS if both else KINDS[:1], indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database this test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The maker of databases."""
    with Databases(tmp_path_factory.mktemp("databases")) as maker:
        yield maker


@pytest.fixture(scope="session")
def engine(database: str, databases: Databases) -> Iterator[Engine]:
    """One engine for all savepoint sessions of a kind."""
    made = create_engine(databases.copy(database))
    prepare_engine(made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session inside a transaction that never ends well: nothing is left for the next test."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as made:
            yield made
        outer.rollback()


@pytest.fixture
def database_url(database: str, databases: Databases) -> Iterator[str]:
    """The address of a migrated database that belongs to this test alone."""
    url = databases.copy(database)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_database(database: str, databases: Databases) -> Iterator[str]:
    """The address of a database without tables."""
    url = databases.empty(database)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def key_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys are made once: a test that is about keys brings its own folder."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def settings(tmp_path: Path, database_url: str, key_dir: Path) -> Settings:
    """Settings with a LAB_HOME and a database of this test's own."""
    return settings_for(tmp_path / "home", database_url, key_dir=key_dir)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all apps: half the time of opening a page."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The product, as the web server runs it."""
    from app import create_app
    from app.extensions import db

    made = create_app(settings, testing=True)
    made.jinja_env.bytecode_cache = compiled
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    """Whether this run wants the full counts."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def count(full: bool) -> Callable[[int, int], int]:
    """Pick a number: count(40, 1000) is 40 in every run and 1000 with --long."""
    return lambda ci, long: long if full else ci


def _elsewhere(address: Any) -> bool:
    """Whether a socket address leads off this machine."""
    if not isinstance(address, tuple):
        return False  # a Unix socket
    host = str(address[0])
    if host in ("", "localhost"):
        return False
    try:
        return not ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return True  # a name: it would have to be looked up


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection off this machine, and fail the test that tried."""
    tried: list[str] = []

    def guarded(name: str) -> Callable[..., Any]:
        original = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            if _elsewhere(arguments[-1]):
                tried.append(f"{name} {arguments[-1]}")
                raise ConnectionRefusedError(f"a test may not reach {arguments[-1]}")
            return original(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    lookup = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **more: Any) -> Any:
        if host is not None and _elsewhere((host if isinstance(host, str) else host.decode(),)):
            tried.append(f"look-up of {host}")
            raise socket.gaierror(f"a test may not look up {host}")
        return lookup(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield
    assert not tried, f"reached for the network: {tried}"
