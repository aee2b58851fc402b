"""The browser, the running product, and what every page is watched for.

story    the product with the Living Lab's story in it, one for each kind of database
product  the product on an empty database, one for each kind
page     Playwright's own; `watched` (always on) fails the test on a console error, a script error,
         a CSP violation, or a request to another host
visit    opens a path at 360 and 1280 px in both languages and checks what a person would notice;
         axe reads the phone's page in Indonesian and the laptop's in English, all four with --long
camera   opens a browser whose camera shows the QR codes given
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser import axe
from tests.browser.film import film
from tests.databases import Databases
from tests.product import Product, running

SIZES = ((360, 800), (1280, 800))  # CSS pixels
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests of one database share a process, and so one running product."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            callspec = getattr(item, "callspec", None)
            kind = callspec.params.get("database", "sqlite") if callspec else "sqlite"
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser-{kind}"))


def chromium() -> str:
    """Where the browser is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise RuntimeError("no Chromium: run ./lab test, or apt-get install chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How Playwright starts the browser."""
    return {"executable_path": chromium(), "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A phone in Jakarta, unless the test says otherwise."""
    return {"locale": "id-ID", "timezone_id": "Asia/Jakarta",
            "viewport": {"width": 360, "height": 800}}


@pytest.fixture(scope="session")
def product(database: str, databases: Databases,
            tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product on an empty database."""
    home = tmp_path_factory.mktemp(f"product-{database}")
    with running(home, databases.copy(database)) as started:
        yield started


@pytest.fixture(scope="session")
def story(database: str, databases: Databases,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with the Living Lab's story in it."""
    home = tmp_path_factory.mktemp(f"story-{database}")
    with running(home, databases.copy(database), demo=True) as started:
        yield started


class Watch:
    """Collects what a page complains about."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Expect a complaint that matches, such as the 404 that a test asks for on purpose."""
        self._allowed.append(re.compile(pattern))

    def note(self, complaint: str) -> None:
        """Remember a complaint."""
        self.complaints.append(complaint)

    def follow(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", lambda message: message.type == "error" and self.note(message.text))
        page.on("pageerror", lambda error: self.note(f"script error: {error}"))
        page.on("request", lambda request: self._ours(request.url))

    def follow_all(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("page", self.follow)

    def _ours(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.note(f"asked another host: {url}")

    def unexpected(self) -> list[str]:
        """What nobody allowed."""
        return [one for one in self.complaints
                if not any(pattern.search(one) for pattern in self._allowed)]


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Fail the test on what a page complains about."""
    watch = Watch()
    if "context" in request.fixturenames:
        watch.follow_all(request.getfixturevalue("context"))
    yield watch
    assert not watch.unexpected(), "\n".join(watch.unexpected())


@pytest.fixture
def visit(page: Page, watched: Watch, full: bool) -> Callable[..., Page]:
    """Open an address and look at it as a person would, in each language and at each width.

    The page stays open at the last of them. `languages` and `sizes` narrow it down.
    """

    def go(url: str, languages: tuple[str, ...] = ("en", "id"),
           sizes: tuple[tuple[int, int], ...] = SIZES) -> Page:
        found: list[str] = []
        for language in languages:
            page.goto(f"{url}{'&' if '?' in url else '?'}lang={language}")
            assert page.locator("html").get_attribute("lang") == language
            for width, height in sizes:
                page.set_viewport_size({"width": width, "height": height})
                where = f"{urlsplit(page.url).path} [{language}, {width} px]"
                if wider := axe.sideways(page):
                    found.append(f"{where}: scrolls sideways by {wider} px")
                if full or (language == "id") == ((width, height) == SIZES[0]):
                    found += [f"{where}: {one}" for one in axe.violations(page)]
        assert not found, "\n".join(found)
        return page

    return go


@pytest.fixture
def camera(playwright: Playwright, browser_context_args: dict[str, Any], watched: Watch,
           tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """camera("code", …) -> a page in a browser whose camera shows these QR codes, or pictures."""
    with ExitStack() as opened:

        def start(*shown: str | bytes, **context: Any) -> Page:
            path = film(tmp_path / f"{abs(hash(shown))}.mjpeg", *shown)
            flags = [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={path}"]
            browser: Browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
            opened.callback(browser.close)
            made = browser.new_context(**browser_context_args | context)
            watched.follow_all(made)
            return made.new_page()

        yield start
