"""Two server processes on one database and one LAB_HOME, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import Databases
from tests.faults.phone import beside, leave
from tests.product import Product


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of one database share a process, and so the same two servers."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            callspec = getattr(item, "callspec", None)
            kind = callspec.params.get("database", "sqlite") if callspec else "sqlite"
            item.add_marker(pytest.mark.xdist_group(f"faults-{kind}"))


@dataclass(frozen=True)
class Servers:
    """Two processes that serve the product, and its app in this one."""

    one: Product
    two: Product
    app: Flask

    def url(self, n: int) -> str:
        """The address of one of them, by turns."""
        return (self.one, self.two)[n % 2].url


@pytest.fixture(scope="session")
def servers(database: str, databases: Databases,
            tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    home, url = tmp_path_factory.mktemp(f"faults-{database}"), databases.copy(database)
    one, two = Product(home, url), Product(home, url)
    app = beside(one)
    try:
        one.serve()
        two.serve()
        yield Servers(one, two, app)
    finally:
        one.stop()
        two.stop()
        leave(app)
