"""The readers that tests of pages begin with."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.pages import Pages


@pytest.fixture
def pages(app: Flask) -> Pages:
    """Nobody in particular, reading Indonesian."""
    return Pages(app)


@pytest.fixture
def staff(pages: Pages) -> Pages:
    """A signed-in administrator."""
    return pages.signed_in()


@pytest.fixture(params=["id", "en"])
def either(request: pytest.FixtureRequest, app: Flask) -> Pages:
    """Nobody in particular, once in each language."""
    return Pages(app, request.param)
