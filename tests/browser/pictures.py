"""The pictures of the README, taken from the running product: ./lab pictures [LAB_HOME].

With a LAB_HOME that already holds the story (SQLite) a copy of it is shown; without one the story
is loaded first. Nothing is arranged: a newcomer sees the same pages.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.demo import facts
from cohorts.ground.links import Links
from tests.browser.conftest import CAMERA, FLAGS, chromium
from tests.browser.film import film
from tests.product import Product

INTO = Path(__file__).parents[2] / "docs" / "pictures"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
BALI = "SELECT id FROM convening WHERE state = 'announced' AND number = 3 ORDER BY starts_at DESC"
LAST = ("SELECT convening.id FROM convening JOIN cohort ON cohort.id = cohort_id "
        "WHERE state = 'closed' AND number = 3 ORDER BY convening.starts_at")
ASKED = ("SELECT invitation.id, invitation.generation FROM invitation "
         "JOIN seat ON seat.invitation_id = invitation.id "
         "LEFT JOIN reply ON reply.seat_id = seat.id "
         "WHERE convening_id = ? AND reply.n IS NULL AND withdrawn_at IS NULL")
PASS = "SELECT id, generation FROM pass WHERE convening_id = ?"
OFFERED = ("SELECT pledge.id, pledge.generation FROM pledge JOIN pledge_text t ON t.id = text_id "
           "LEFT JOIN signature ON signature.pledge_id = pledge.id "
           "WHERE signature.id IS NULL AND voided_at IS NULL ORDER BY offered_at DESC")


class Album:
    """A running product, and the addresses of the pages worth a picture."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.url = product.url
        self.links = Links((product.home / "keys" / "link.key").read_bytes())
        self.data = sqlite3.connect(product.home / "lab.sqlite")

    def row(self, question: str, *values: Any) -> tuple[Any, ...]:
        """The first row that answers."""
        found: tuple[Any, ...] | None = self.data.execute(question, values).fetchone()
        assert found, question
        return found

    def save(self, page: Page, name: str) -> None:
        """Keep what the page shows, with few colours: the file stays small."""
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        INTO.mkdir(parents=True, exist_ok=True)
        picture.quantize(128, dither=Image.Dither.NONE).save(INTO / f"{name}.png", optimize=True)

    def desk(self, browser: Browser) -> None:
        """What the public and the organiser see at a laptop."""
        page = browser.new_page(viewport=DESK, locale="id-ID")
        page.goto(f"{self.url}/")
        self.save(page, "front")
        sign_in(page, self.url, facts.ORGANISER[0])
        self.save(page, "desk")
        page.goto(f"{self.url}/o/convenings/{self.row(LAST)[0]}/closing")
        self.save(page, "close")

    def phone(self, browser: Browser) -> None:
        """What a guest and an official see on a phone."""
        bali = self.row(BALI)[0]
        context = browser.new_context(viewport=PHONE, locale="id-ID", device_scale_factor=2)
        page = context.new_page()
        for name, purpose, path, row in (
            ("invitation", "invitation", "/u/", self.row(ASKED, bali)),
            ("pass", "pass", "/u/pass/", self.row(PASS, bali)),
            ("sign", "signing", "/s/", self.row(OFFERED)),
        ):
            page.goto(f"{self.url}{path}{self.links.make(purpose, *row)}")
            self.save(page, name)
        context.close()

    def door(self, start: Any, browser: Browser) -> None:
        """The door's phone, with a pass before its camera."""
        bali = self.row(BALI)[0]
        token = self.links.make("pass", *self.row(PASS, bali))
        desk = browser.new_page(locale="id-ID")
        sign_in(desk, self.url, facts.ORGANISER[0])
        shown = desk.request.get(f"{self.url}/u/pass/{token}/pass.png").body()
        desk.goto(f"{self.url}/o/convenings/{bali}/door/stations")
        desk.locator("input[name=gate]").fill("Pintu utama")
        desk.locator("main form button.btn-primary").click()
        row = self.row("SELECT id, generation FROM station ORDER BY created_at DESC")
        with tempfile.TemporaryDirectory() as folder:
            path = film(Path(folder) / "pass.mjpeg", shown)
            flags = [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={path}"]
            camera = start(executable_path=chromium(), args=flags)
            page = camera.new_page(viewport=PHONE, locale="id-ID", device_scale_factor=2,
                                   reduced_motion="reduce")
            page.goto(f"{self.url}/d/enrol/{self.links.make('station', *row)}")
            page.locator("main form button.btn-primary").click()
            page.goto(f"{self.url}/d/")
            page.locator("[data-scan-result] .st-result").wait_for(timeout=20_000)
            self.save(page, "door")
            camera.close()


def sign_in(page: Page, url: str, address: str) -> None:
    """Sign in with the demo's published password."""
    page.goto(f"{url}/auth/sign-in")
    page.locator("input[type=email]").fill(address)
    page.locator("input[type=password]").fill(facts.PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/o/**")


def main(told: list[str]) -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if told:
            shutil.copytree(told[0], home)
        product = Product(home, f"sqlite:///{home / 'lab.sqlite'}")
        if not told:
            for command in (("db", "upgrade"), ("seed",), ("demo",)):
                product.flask(*command, within=900)
        product.serve()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                album = Album(product)
                album.desk(browser)
                album.phone(browser)
                album.door(playwright.chromium.launch, browser)
        finally:
            product.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
