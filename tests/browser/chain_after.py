"""Steps 8 to 12: from the door to the two answers."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote

from playwright.sync_api import expect

from tests.browser.chain import REGIONS, VERIFIER, Chain, fill, leave_for, press
from tests.browser.chain_before import mailbox

PROOF = {"name": "keputusan.pdf", "mimeType": "application/pdf",
         "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"}


def door(chain: Chain) -> None:
    """8. The door: a phone becomes a station, its camera sees the pass, the second look says so."""
    desk, guest = chain.desk, chain.page("guest")
    desk.goto(f"{chain.seen['convening 1']}/door/stations")
    fill(desk, gate="Pintu utama")
    press(desk, "Buat kode pendaftaran")
    found = re.search(r"(/d/enrol/[0-9A-Za-z_.-]+)", desk.content())
    assert found
    picture = guest.request.get(f"{chain.seen['pass'].split('?')[0]}/pass.png").body()
    phone = chain.camera(picture, base_url=chain.product.url)
    phone.goto(found[1])
    press(phone, "Daftarkan ponsel ini")
    answer = phone.locator("[data-scan-result]")
    phone.goto("/d/")
    expect(answer).to_contain_text("Silakan masuk", timeout=20_000)
    expect(answer).to_contain_text("Bupati Garut")
    phone.goto("/d/")
    expect(answer).to_contain_text("Sudah masuk", timeout=20_000)
    expect(answer).to_contain_text("Pintu utama")
    phone.goto("/d/code")
    fill(phone, code=chain.seen["short code"].lower())
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main")).to_contain_text("Sudah masuk")
    phone.close()


def pledge(chain: Chain) -> None:
    """9. The commitment: written, published, offered, drawn on a phone, confirmed by a code."""
    offer(chain)
    sign(chain, chain.link(mailbox("32.05"), "/s/"))


def offer(chain: Chain) -> None:
    """Write the text with one target, publish it, and offer it to both regions."""
    page = chain.desk
    leave_for(page, f"{chain.seen['cohort']}/pledges/new")
    page.locator("[name=convening_id]").select_option(index=1)
    due = (dt.datetime.now(dt.UTC) + dt.timedelta(days=40)).date().isoformat()
    fill(page, **{
        "title": "Komitmen Bersama Uji", "preamble": "Kami menyatakan komitmen untuk:",
        "clauses": "menerapkan layanan bersama\nmelaporkan kemajuan",
        "targets-0-title": "Menetapkan keputusan layanan bersama",
        "targets-0-criterion": "Keputusan ditetapkan", "targets-0-due_on": due})
    page.locator('[name="targets-0-role_key"]').select_option("kepala_daerah")
    press(page, "Simpan draf")
    press(page, "Terbitkan versi 1")
    page.wait_for_url("**/offer")
    for code in REGIONS:
        page.locator(f'[name=regions][value="{code}"]').set_checked(True, force=True)
    press(page, "Tawarkan naskah")
    expect(page.locator("body")).to_contain_text("ditawarkan kepada 2 daerah")


def sign(chain: Chain, link: str) -> None:
    """Read, draw, agree, check, confirm; then the receipt, the PDF and the public page."""
    phone = chain.page("official")
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("menerapkan layanan bersama")
    press(phone, "Tanda tangani")
    box = phone.locator("[data-pad]").bounding_box()
    assert box
    phone.mouse.move(box["x"] + 40, box["y"] + 90)
    phone.mouse.down()
    for step in range(1, 20):
        phone.mouse.move(box["x"] + 40 + step * 9, box["y"] + 90 - step % 5 * 9)
    phone.mouse.up()
    fill(phone, agreed=True)
    press(phone, "Lanjut")
    press(phone, "Kirim kode")
    text = chain.message(mailbox("32.05"), r"\b\d{3} ?\d{3}\b")
    code = re.search(r"\b(\d{3} ?\d{3})\b", text)
    assert code
    phone.locator("#otp").fill(code[1].replace(" ", ""))
    press(phone, "Tanda tangani")
    expect(phone.locator("main")).to_contain_text(re.compile("tercatat|sudah ditandatangani"))
    made = phone.get_by_role("link", name="Unduh PDF")
    for _ in range(120):  # the worker typesets it; the page is loaded anew, as a person would
        if made.count():
            break
        phone.reload()
    pdf = made.get_attribute("href")
    assert pdf
    answer = phone.request.get(pdf)
    assert answer.body().startswith(b"%PDF-")
    public = chain.page("public")
    public.goto(pdf.removesuffix("/document.pdf"))
    expect(public.locator("main")).to_contain_text("Bupati Garut")


def items(chain: Chain) -> None:
    """10. Items: raised in the meeting, by template for all, reported with proof, verified by
    another."""
    page = chain.desk
    page.goto(f"{chain.seen['convening 1']}/start")
    press(page, "Mulai pertemuan")
    page.goto(f"{chain.seen['convening 1']}/meeting")
    due = (dt.datetime.now(dt.UTC) + dt.timedelta(days=30)).date().isoformat()
    fill(page, kind="item", title="Membentuk tim replikasi", office_id="Bupati Garut",
         due_on=due, criterion="Keputusan tim")
    press(page, "Simpan catatan")
    expect(page.locator("main")).to_contain_text("Membentuk tim replikasi")
    page.goto(f"{chain.seen['cohort']}/items/template")
    fill(page, title="Menunjuk penanggung jawab", criterion="Surat penunjukan",
         role_key="kepala_daerah", due_on=due)
    press(page, "Catat 2 tindak lanjut")
    page.goto(f"{chain.seen['cohort']}/items")
    row = page.locator("tr").filter(has_text="Membentuk tim replikasi")
    row.get_by_role("link").first.click()
    press(page, "Buat tautan penanggung jawab")
    shared = page.locator("main a.btn-wa").get_attribute("href") or ""
    link = re.search(r"/u/items/[^\s?]+", unquote(shared))
    assert link
    owner = chain.page("owner")
    owner.goto(link[0])
    press(owner, "Membentuk tim replikasi")
    fill(owner, state="claimed", summary="Tim sudah dibentuk dengan keputusan terlampir.")
    owner.locator("[name=evidence]").set_input_files(PROOF)
    press(owner, "Kirim laporan")
    expect(owner.locator("main")).to_contain_text("diterima")
    verifier = chain.page("verifier", {"width": 1280, "height": 800})
    chain.sign_in(verifier, VERIFIER)
    verifier.goto("/o/verify")
    expect(verifier.locator("main")).to_contain_text("Membentuk tim replikasi")
    fill(verifier, verdict="yes", note="Keputusan lengkap.")
    press(verifier, "Kirim putusan")


def close(chain: Chain) -> None:
    """11. Close: everything open is carried; the minutes stand; the next meeting opens with it."""
    page = chain.desk
    page.goto(f"{chain.seen['convening 1']}/close")
    page.locator("[name=held]").first.check(force=True)
    press(page, "Tutup pertemuan")
    page.wait_for_url("**/closing")
    expect(page.locator("h1")).to_contain_text("sudah ditutup")
    expect(page.locator("main")).to_contain_text("3 tindak lanjut dibawa ke")
    page.goto(f"{chain.seen['convening 1']}/minutes")
    expect(page.locator("main")).to_contain_text("Membentuk tim replikasi")
    page.goto(f"{chain.seen['convening 2']}/meeting")
    expect(page.locator("main")).to_contain_text("Menunjuk penanggung jawab")


def answers(chain: Chain) -> None:
    """12. The front page: the two answers, and the rows behind a figure one click away."""
    page = chain.page("public")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    expect(page.locator("main")).to_contain_text(re.compile(r"1\s+dari\s+1\s+daerah"))
    page.get_by_role("link", name=re.compile("di balik angka ini")).first.click()
    expect(page.locator("main")).to_contain_text("Garut")
    page.goto("/?at=2022-01-01")
    expect(page.locator("h1")).to_be_visible()


STEPS = [door, pledge, items, close, answers]
