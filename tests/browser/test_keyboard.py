"""Reply, let in, sign and close with the keyboard alone: no step of the chain needs a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chain_after, chain_before, keys
from tests.browser.chain import DESK, Chain
from tests.browser.chain_before import mailbox
from tests.browser.conftest import Watch
from tests.databases import Databases
from tests.product import running


def reply(chain: Chain) -> None:
    """The guest answers on the invitation and opens the pass."""
    guest = chain.page("guest")
    guest.goto(chain.seen["invitation 32.05"])
    keys.press(guest, "Bersedia hadir")
    expect(guest.locator("main")).to_contain_text("sudah kami catat")
    keys.press(guest, "Buka kartu masuk")
    found = chain_before.CODE.search(guest.locator(".shortcode").inner_text())
    assert found
    chain.seen["short code"] = found[1] + found[2]


def hand_over(chain: Chain) -> None:
    """The other guest names a deputy: choices with the arrows, a name, a post."""
    guest = chain.page("other guest")
    guest.goto(chain.seen["invitation 32.10"])
    keys.press(guest, "Diwakilkan")
    keys.choose(guest, "deputy", "other")
    keys.write(guest, "name", "Siti Contoh")
    keys.reach(guest, "post")
    guest.keyboard.press("ArrowDown")
    keys.press(guest, "Kirim penunjukan")
    expect(guest.locator("main")).to_contain_text("mewakili Bupati Majalengka")


def door(chain: Chain) -> None:
    """The desk prepares a station; the door types the code of the pass."""
    desk = chain.desk
    desk.goto(f"{chain.seen['convening 1']}/door/stations")
    keys.write(desk, "gate", "Pintu utama")
    keys.press(desk, "Buat kode pendaftaran")
    found = re.search(r"(/d/enrol/[0-9A-Za-z_.-]+)", desk.content())
    assert found
    phone = chain.page("door")
    phone.goto(found[1])
    keys.press(phone, "Daftarkan ponsel ini")
    phone.goto("/d/code")
    phone.keyboard.type(chain.seen["short code"].lower())  # the field waits for it
    keys.press(phone, "Periksa kode")
    expect(phone.locator("main")).to_contain_text("Silakan masuk")


def sign(chain: Chain) -> None:
    """The official reads, types the name instead of drawing it, agrees, confirms by the code."""
    phone = chain.page("official")
    phone.goto(chain.link(mailbox("32.05"), "/s/"))
    keys.press(phone, "Tanda tangani")
    keys.choose(phone, "method", "typed")
    keys.write(phone, "typed", "Uji 05 Contoh")
    keys.tick(phone, "agreed")
    keys.press(phone, "Lanjut")
    keys.press(phone, "Kirim kode")
    code = re.search(r"\b(\d{3} ?\d{3})\b", chain.message(mailbox("32.05"), r"\b\d{3} ?\d{3}\b"))
    assert code
    keys.write(phone, "code", code[1].replace(" ", ""))
    keys.press(phone, "Tanda tangani")
    expect(phone.locator("main")).to_contain_text(re.compile("tercatat|sudah ditandatangani"))


def close(chain: Chain) -> None:
    """The organiser starts the meeting and closes it as held."""
    desk = chain.desk
    desk.goto(f"{chain.seen['convening 1']}/start")
    keys.press(desk, "Mulai pertemuan")
    desk.goto(f"{chain.seen['convening 1']}/close")
    keys.choose(desk, "held", "yes")
    keys.press(desk, "Tutup pertemuan")
    expect(desk.locator("h1")).to_contain_text("sudah ditutup")


def test_reply_scan_sign_and_close_need_no_mouse(
    browser: Browser,
    camera: Callable[..., Page],
    watched: Watch,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running(tmp_path_factory.mktemp("keys"), databases.copy("sqlite")) as product:
        chain = Chain(product, browser, camera, watched.follow_all)
        for step in chain_before.STEPS[:5]:
            step(chain)
        assert chain.desk.viewport_size == DESK
        for step in (reply, hand_over, door):
            step(chain)
        chain_after.offer(chain)
        for step in (sign, close):
            step(chain)
