"""Every page that a reader can reach by links, in both languages, at 360 and 1280 px."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app import create_app
from app.demo import facts
from tests.browser.crawl import Walk, personal_links
from tests.databases import settings_for
from tests.product import Product


@pytest.fixture(scope="module")
def walk(story: Product, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """A walk that knows the product's routes."""
    home = tmp_path_factory.mktemp("routes")
    made = create_app(settings_for(home, story.database_url))
    return Walk(made.url_map, story.url)


def looks_right(visit: Callable[..., Page], page: Page, endpoint: str, url: str) -> list[str]:
    """Look at one page; say what is wrong with it. A file to download is left to other tests."""
    answer = page.request.fetch(url, max_redirects=0)
    kind = answer.headers.get("content-type", "")
    if answer.status != 200 or not kind.startswith("text/html"):
        return [f"{endpoint} ({url}): answers {answer.status}"] if answer.status >= 400 else []
    try:
        visit(url)
    except AssertionError as why:
        return [f"{endpoint}: " + "\n".join(str(why).splitlines()[:3])]
    return []


def sign_in(page: Page, url: str) -> None:
    """Sign in as the sample organiser."""
    page.goto(f"{url}/auth/sign-in")
    page.locator("input[type=email]").fill(facts.ORGANISER[0])
    page.locator("input[type=password]").fill(facts.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/o/**")


@pytest.mark.parametrize("reader", ["public", "guest", "organiser"])
def test_every_page_is_accessible_and_fits(
    story: Product, page: Page, visit: Callable[..., Page], walk: Walk, reader: str
) -> None:
    starts = ["/"]
    if reader == "guest":
        story.flask("worker", "--once", within=300)
        starts = personal_links(story)[:40]
    if reader == "organiser":
        sign_in(page, story.url)
        starts = ["/o/"]
    wrong: list[str] = []  # a table repeats a fault in every row: three of them tell enough
    for endpoint, url in walk.from_(page, *starts):
        wrong += looks_right(visit, page, endpoint, url)
    assert not wrong, "\n\n".join(wrong)


def test_the_script_of_axe_is_there() -> None:
    assert (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").stat().st_size > 100_000
