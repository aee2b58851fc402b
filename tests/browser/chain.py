"""The whole chain as people walk it: every act goes through a page, on a database that is empty
but for the regions. A step leaves in `Chain` what the next one needs, as a person would remember
or read it: an address, a link from a message, a code."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Error, Page

from tests.product import Product

ZONE = ZoneInfo("Asia/Makassar")  # WITA, the third convening's own
PASSWORD = "kuda-renggong-2022"
ORGANISER, VERIFIER = "rina@lab.example", "ratna@lab.example"
REGIONS = {"32.05": "Kabupaten Garut", "32.10": "Kabupaten Majalengka"}
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 800}
MAIL_WITHIN = 30  # seconds


def fill(page: Page, **values: Any) -> None:
    """Fill the fields of the page's form by their names; True and False tick and untick."""
    for name, value in values.items():
        control = page.locator(f'main [name="{name}"]:not([type=hidden])')
        kind = control.first.evaluate("c => c.type")
        if kind == "radio":
            page.locator(f'main [name="{name}"][value="{value}"]').check(force=True)
        elif kind == "checkbox":
            if control.first.is_checked() != bool(value):
                control.first.focus()
                page.keyboard.press("Space")
        elif kind.startswith("select"):
            control.first.select_option(str(value))
        else:
            control.first.fill(str(value))


def press(page: Page, words: str) -> None:
    """Press the button, or follow the link, that says these words, in the page's own part."""
    part = page.locator("main")
    part.get_by_role("button", name=words).or_(part.get_by_role("link", name=words)).first.click()


def leave_for(page: Page, path: str) -> None:
    """Open an address from a page that renews itself: the two may meet, so it is tried again."""
    for tries_left in (2, 1, 0):
        try:
            page.goto(path)
        except Error:
            if not tries_left:
                raise
        else:
            return


def local(moment: dt.datetime) -> str:
    """An instant as a date-and-time field of the venue holds it."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


@dataclass
class Chain:
    """What has been done so far, and where."""

    product: Product
    browser: Browser
    camera: Callable[..., Page]
    follow: Callable[[Any], None]
    seen: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str, size: dict[str, int] = PHONE) -> Page:
        """The page of a person: each has a browser of their own."""
        if who not in self.pages:
            context = self.browser.new_context(
                viewport=size, locale="id-ID", timezone_id="Asia/Jakarta",
                base_url=self.product.url)
            self.follow(context)
            self.pages[who] = context.new_page()
        return self.pages[who]

    @property
    def desk(self) -> Page:
        """The organiser's page, signed in."""
        page = self.page("organiser", DESK)
        if page.url == "about:blank":
            self.sign_in(page, ORGANISER)
        return page

    def sign_in(self, page: Page, address: str) -> None:
        """Sign in with the password of this chain."""
        page.goto("/auth/sign-in")
        fill(page, email=address, password=PASSWORD)
        press(page, "Masuk")
        page.wait_for_url("**/o/**")

    def add_person_who_signs_in(self, address: str, name: str) -> None:
        """The command makes an account; its link sets the password, once."""
        link = self.product.flask("organizer", "add", address, name).split()[-1]
        page = self.page(f"new {address}")
        page.goto(link)
        fields = page.locator("input[type=password]")
        for index in range(fields.count()):
            fields.nth(index).fill(PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    def message(self, to: str, about: str) -> str:
        """The newest message to an address whose text matches; waits for the worker to send it."""
        until = time.monotonic() + MAIL_WITHIN
        while time.monotonic() < until:
            files = sorted((self.product.home / "outbox").glob("*.eml"),
                           key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for file in files:
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = mail.get_body(("plain",))
                text = f"{mail['subject']}\n{body.get_content() if body else ''}"
                if to in str(mail["to"]) and re.search(about, text):
                    return text
            time.sleep(0.1)
        raise AssertionError(f"no message to {to} about {about}\n{self.product.log('worker')}")

    def link(self, to: str, path: str) -> str:
        """The personal link in a message, as a path of this product."""
        found = re.search(rf"https?://\S+?({path}[^\s>\"]+)", self.message(to, path))
        assert found
        return found[1].rstrip(".)")

    def id_in(self, page: Page, after: str) -> str:
        """The identifier that follows a word in the page's address."""
        found = re.search(rf"/{after}/([0-9A-Z]{{16}})", urlsplit(page.url).path)
        assert found, page.url
        return found[1]
