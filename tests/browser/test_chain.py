"""The whole chain through the pages, on both databases: from an empty machine to the answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chain_after, chain_before
from tests.browser.chain import Chain
from tests.browser.conftest import Watch
from tests.databases import Databases
from tests.product import running


@pytest.mark.postgres
def test_the_chain_runs_from_an_empty_database_to_the_two_answers(
    browser: Browser,
    camera: Callable[..., Page],
    watched: Watch,
    database: str,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("chain")
    with running(home, databases.copy(database)) as product:
        chain = Chain(product, browser, camera, watched.follow_all)
        for step in chain_before.STEPS + chain_after.STEPS:
            print(step.__doc__)
            step(chain)
