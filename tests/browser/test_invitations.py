"""Inviting sixty-two, and what an aide's phone does with one of the invitations."""

from __future__ import annotations

import re

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from app import create_app
from app.auth.passwords import argon2_hasher
from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import accounts
from cohorts.directory.offices import set_stand_ins
from cohorts.directory.tables import Region
from cohorts.ground.access import COMMAND
from tests.browser import axe
from tests.browser.chain import PASSWORD, Chain, press
from tests.browser.conftest import Watch
from tests.build import convenings as build
from tests.build import directory
from tests.databases import settings_for
from tests.product import Product

ORGANISER = "sari@lab.example"
MANY = 62


def invited_to_be(product: Product) -> tuple[str, str]:
    """An announced convening whose cohort has 62 regencies far from the other tests', each with a
    regent, a sekda and a head of Kominfo. Returns its path and the code of one of them."""
    app = create_app(settings_for(product.home, product.database_url))
    with app.app_context():
        with unit() as session:
            now = utc_now()
            accounts.add_organizer(
                session, ORGANISER, "Sari Uji", COMMAND, now,
                password_hash=argon2_hasher.hash(PASSWORD))
            codes = list(session.scalars(
                sa.select(Region.code).where(Region.type == "kabupaten", Region.code < "32")
                .order_by(Region.code).limit(MANY)))
            for code in codes:
                directory.a_holder(session, code, "bupati", name=f"Bupati {code} Contoh")
            for role in ("sekda", "kadiskominfo"):
                directory.a_holder(session, codes[0], role, name=f"{role.title()} Contoh")
            for role, below in (("bupati", ["sekda"]), ("sekda", ["kadiskominfo"])):
                set_stand_ins(session, role, below, actor=COMMAND, now=now)
            cohort = build.a_cohort(session, *codes)
            days = (now.date() - build.START.date()).days + 10
            made = build.a_convening(session, cohort, now=now, days=days)
            path = f"/o/convenings/{made.id}"
        db.session.remove()
        db.engine.dispose()
    return path, codes[0]


def phone(chain: Chain, who: str, path: str) -> Page:
    """A phone that opens a link; nothing on it is wider than the screen."""
    page = chain.page(who)
    page.goto(path)
    assert not axe.sideways(page)
    return page


def follow_share(page: Page) -> str:
    """The link that the page gives to be passed on, as a path."""
    found = re.search(r"https?://[^/\s\"]+(/u/[0-9A-Z]{16}\.\d+\.[\w-]{22})", page.content())
    assert found
    return found[1]


def hand_over(page: Page, name: str) -> str:
    """Name the holder of a post as deputy; returns the deputy's own link."""
    page.locator("main").get_by_text(name).first.click()
    press(page, "Kirim penunjukan")
    page.wait_for_url("**/delegated")
    assert not axe.sideways(page)
    expect(page.locator("main")).to_contain_text(name)
    return follow_share(page)


def test_sixty_two_are_invited_and_one_is_handed_over_twice_and_taken_back(
    browser: Browser, product: Product, watched: Watch
) -> None:
    path, code = invited_to_be(product)
    chain = Chain(product, browser, lambda *_: None, watched.follow_all)  # type: ignore[arg-type]
    desk = chain.page("organiser", {"width": 1280, "height": 800})
    chain.sign_in(desk, ORGANISER)
    desk.goto(f"{path}/invite?role=kepala_daerah")
    press(desk, f"Kirim {MANY} undangan")
    desk.get_by_role("dialog").get_by_role("button", name=f"Kirim {MANY} undangan").click()
    desk.wait_for_url("**/guests")
    expect(desk.locator("main")).to_contain_text(str(MANY))

    own = chain.link(f"bupati.{code}@contoh.example", "/u/")
    aide = phone(chain, "aide", own)
    press(aide, "Bersedia hadir")
    expect(aide.locator("main")).to_contain_text("sudah kami catat")
    aide.goto(f"{own}/change")
    press(aide, "Diwakilkan")
    sekda = phone(chain, "sekda", hand_over(aide, "Sekda Contoh"))
    press(sekda, "Tunjuk pengganti")
    kadis = phone(chain, "kadis", hand_over(sekda, "Kadiskominfo Contoh"))
    expect(kadis.locator("main")).to_contain_text("Kadiskominfo Contoh")
    expect(kadis.get_by_text("Tunjuk pengganti")).to_have_count(0)
    last = kadis.url
    kadis.goto(f"{last}/delegate")
    assert kadis.url == last, "a third hand-over is not even asked about"

    aide.goto(own)
    assert not axe.sideways(aide)
    expect(aide.locator("main")).to_contain_text("Kadiskominfo Contoh")
    aide.locator("form[action$='/revoke'] button").click()
    expect(aide.locator("h1")).to_contain_text("Yth. Bupati")
    for deputy in (sekda, kadis):
        deputy.goto(deputy.url.removesuffix("/delegated"))
        expect(deputy.locator("h1")).to_have_text("Penunjukan ini sudah dicabut")
    desk.goto(f"{path}/guests?reply=delegated")
    expect(desk.locator("main")).not_to_contain_text("Kadiskominfo Contoh")
