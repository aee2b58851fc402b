"""Steps 1 to 7: from an empty database to a guest with a pass."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from tests.browser.chain import ORGANISER, REGIONS, VERIFIER, Chain, fill, local, press

CODE = re.compile(r"\b([0-9A-Z]{4})\s*([0-9A-Z]{4})\b")  # eight characters in two groups


def sign_in(chain: Chain) -> None:
    """1. Sign in: an account from the command line, its link used once, then the desk."""
    chain.add_person_who_signs_in(ORGANISER, "Rina Uji")
    chain.add_person_who_signs_in(VERIFIER, "Ratna Uji")
    expect(chain.desk.locator("h1")).to_be_visible()


def directory(chain: Chain) -> None:
    """2. Directory: a region found by another spelling, its offices, a holder, a confirmed mail."""
    page = chain.desk
    page.goto("/o/directory?q=garut")
    expect(page.locator("main")).to_contain_text("Kabupaten Garut")
    for code, region in REGIONS.items():
        page.goto(f"/o/directory/regions/{code}")
        press(page, "Tambahkan jabatan lazim")
        press(page, f"Bupati {region.removeprefix('Kabupaten ')}")
        office = chain.id_in(page, "offices")
        chain.seen[f"office {code}"] = office
        page.goto(f"/o/directory/offices/{office}/appointments/new")
        fill(page, person_id="new", front_title="Dr. H.", name=f"Uji {code[-2:]} Contoh",
             back_title="M.Si.", standing="definitive", from_on="2022-01-03")
        press(page, "Simpan pemangku")
        page.goto(f"/o/directory/offices/{office}/contacts/new")
        fill(page, owner="office", channel="email", value=mailbox(code),
             source="Surat kesediaan", confirmed=True)
        press(page, "Simpan alamat")
        expect(page.locator("main")).to_contain_text(mailbox(code))


def mailbox(code: str) -> str:
    """The office mail of a region in this chain."""
    return f"bupati{code.replace('.', '')}@daerah.example"


def cohort(chain: Chain) -> None:
    """3. A cohort, its target, its members, a visit and a score: what the answers stand on."""
    page = chain.desk
    today = dt.datetime.now(dt.UTC).date()
    page.goto("/o/cohorts/new")
    fill(page, name_id="Kohort Uji", slug="uji", reference="Kabupaten Sumedang",
         starts_on=(today - dt.timedelta(days=30)).isoformat(), public=True,
         sample=True)
    press(page, "Simpan kohort")
    page.wait_for_url(re.compile("/o/cohorts/[0-9A-Z]{16}"))
    base = f"/o/cohorts/{chain.id_in(page, 'cohorts')}"
    chain.seen["cohort"] = base
    page.goto(f"{base}/target")
    fill(page, value="3,52", effective_on=(today - dt.timedelta(days=30)).isoformat(),
         source="Hasil evaluasi 2021")
    page.locator("main form button").first.click()
    page.goto(f"{base}/members/add")
    fill(page, names="\n".join(REGIONS.values()), entry_path="visited",
         joined_on=(today - dt.timedelta(days=20)).isoformat())
    press(page, "Tambahkan ke kohort")
    expect(page.locator("main")).to_contain_text("Kabupaten Garut")
    page.goto(f"{base}/visits/new")
    fill(page, region="Kabupaten Garut", visited_on="2022-03-01", source="Buku tamu")
    press(page, "Simpan kunjungan")
    page.goto(f"{base}/scores/new")
    fill(page, region="Kabupaten Garut", year=2021, value="2,24", kind="official",
         published_on="2022-03-20", source="Keputusan Menteri, lampiran")
    press(page, "Simpan nilai")
    expect(page.locator("main")).to_contain_text("2,24")


def convenings(chain: Chain) -> None:
    """4. Two convenings with place and zone, planned, then the first announced."""
    page = chain.desk
    now = dt.datetime.now(dt.UTC)
    for number, start in (("1", now + dt.timedelta(minutes=30)), ("2", now + dt.timedelta(days=9))):
        page.goto(f"{chain.seen['cohort']}/convenings/new")
        fill(page, title_id=f"Pertemuan uji {number}", timezone="Asia/Makassar",
             starts_at=local(start), ends_at=local(start + dt.timedelta(hours=3)),
             venue="Kampus UID, Bali", policy="one_level_down",
             reply_by=local(start - dt.timedelta(minutes=5)),
             door_opens_at=local(start - dt.timedelta(hours=3)),
             door_closes_at=local(start + dt.timedelta(hours=3)))
        press(page, "Simpan draf")
        page.wait_for_url(re.compile("/o/convenings/[0-9A-Z]{16}$"))
        chain.seen[f"convening {number}"] = f"/o/convenings/{chain.id_in(page, 'convenings')}"
    for number in ("1", "2"):
        page.goto(f"{chain.seen[f'convening {number}']}/announce")
        press(page, "Umumkan pertemuan")
    page.goto(chain.seen["convening 1"])
    expect(page.locator("main")).to_contain_text("WITA")


def invite(chain: Chain) -> None:
    """5. Invite by office: the preview counts, one act sends, a second one sends nothing."""
    page = chain.desk
    page.goto(f"{chain.seen['convening 1']}/invite?role=bupati")
    expect(page.locator("main")).to_contain_text("undangan baru")
    press(page, "Kirim 2 undangan")
    page.get_by_role("dialog").get_by_role("button", name="Kirim 2 undangan").click()
    page.wait_for_url("**/guests")
    page.goto(f"{chain.seen['convening 1']}/invite?role=bupati")
    expect(page.locator("main")).to_contain_text("Semua jabatan ini sudah diundang")
    for code in REGIONS:
        chain.seen[f"invitation {code}"] = chain.link(mailbox(code), "/u/")


def reply(chain: Chain) -> None:
    """6. Reply on a phone, without an account: one comes, one hands over to the deputy."""
    guest = chain.page("guest")
    guest.goto(chain.seen["invitation 32.05"])
    expect(guest.locator("main")).to_contain_text("Bupati Garut")
    expect(guest.locator("main")).to_contain_text(re.compile(r"WITA.*WIB", re.S))  # both hours
    press(guest, "Bersedia hadir")
    expect(guest.locator("main")).to_contain_text("sudah kami catat")
    other = chain.page("other guest")
    other.goto(chain.seen["invitation 32.10"])
    press(other, "Diwakilkan")
    fill(other, deputy="other", name="Siti Contoh")
    other.locator("main [name=post]").select_option(index=1)
    press(other, "Kirim penunjukan")
    expect(other.locator("main")).to_contain_text("mewakili Bupati Majalengka")


def entry_pass(chain: Chain) -> None:
    """7. The pass: its QR code, its short code, and the picture a phone can keep."""
    guest = chain.page("guest")
    guest.goto(chain.seen["invitation 32.05"])
    press(guest, "Buka kartu masuk")
    short = guest.locator(".shortcode")
    expect(short).to_have_text(CODE)
    found = CODE.search(short.inner_text())
    assert found
    chain.seen["short code"] = found[1] + found[2]
    chain.seen["pass"] = guest.url
    answer = guest.request.get(f"{guest.url.split('?')[0]}/pass.png")
    assert answer.headers["content-type"] == "image/png"


STEPS = [sign_in, directory, cohort, convenings, invite, reply, entry_pass]
