"""The official's pages: read, draw or type, check, code, receipt; and refusing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, keys
from app.unit import unit
from cohorts.actions.tables import Item
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.pledges import offers
from cohorts.pledges import text as texts
from cohorts.pledges.tables import Decline, Pledge, Signature, SigningDraft
from tests.build import pledges as build
from tests.build.pledges import NOW, ORGANISER
from tests.web.pages import Pages

DRAWN = json.dumps([[[10 + i, 20 + i] for i in range(12)]])


@pytest.fixture
def pledge_id(app: Flask) -> Iterator[str]:
    """Bupati Sumedang is asked to sign, in a sample cohort."""
    with app.app_context():
        with unit() as session:
            made = build.a_scene(session).pledge.id
        yield made
        db.session.remove()


@pytest.fixture
def url(pledge_id: str) -> str:
    """The personal address of that office."""
    return f"/s/{Links(keys().link).make('signing', pledge_id, 1)}"


def the_code() -> str:
    """The newest code, as the mail has it."""
    challenge = db.session.scalars(
        sa.select(Challenge).where(Challenge.replaced_at.is_(None))).one()
    found = Codes(keys().code).code(challenge.id)
    db.session.rollback()
    return found


def count(table: type) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    db.session.rollback()
    return found


def test_signing_by_typing_needs_no_script(either: Pages, url: str) -> None:
    page = either.get(url)
    assert "Komitmen Bersama" in page.h1
    page = either.get(f"{url}/sign")
    page = either.submit(page, method="typed", typed="Rahmat Contoh", agreed="y")
    assert page.one(".mini-sheet strong").get_text() == "Rahmat Contoh"
    assert "b•••••@contoh.example" in page.text
    page = either.submit(page)
    assert page.one("#otp")
    page = either.submit(page, "/code", code=the_code())
    assert page.url.endswith("/receipt")
    assert count(Signature) == 1


def test_a_drawn_signature_goes_the_same_way(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), strokes=DRAWN, agreed="y")
    assert page.one(".mini-sheet svg.ink-small")
    page = pages.submit(pages.submit(page), "/code", code=the_code())
    assert page.one(".receipt svg.ink-small")


def test_opening_every_page_signs_and_stores_nothing(pages: Pages, url: str) -> None:
    for path in ("", "/sign", "/check", "/code", "/receipt", "/decline", "/declined"):
        pages.get(url + path)
    assert (count(Signature), count(SigningDraft), count(Decline), count(Challenge)) == (0, 0, 0, 0)


def test_what_is_missing_is_said_beside_it_and_the_drawing_stays(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), None, 400, strokes=DRAWN)
    assert "Centang bila Bapak/Ibu setuju" in page.one("#agreed-e").get_text()
    assert page.one("[data-pad-strokes]")["value"] == DRAWN
    page = pages.submit(pages.get(f"{url}/sign"), None, 400, method="typed", agreed="y")
    assert "Nama belum diketik" in page.one("#typed-e").get_text()
    page = pages.submit(pages.get(f"{url}/sign"), None, 400, agreed="y")
    assert "belum digambar" in page.one("#strokes-e").get_text()


def test_a_damaged_drawing_is_refused_and_nothing_breaks(pages: Pages, url: str) -> None:
    for strokes in ("[[[", '{"a": 1}', "[" * 5000, "[[[9999, 1]]]"):
        page = pages.submit(pages.get(f"{url}/sign"), None, 400, strokes=strokes, agreed="y")
        assert "tidak terbaca" in page.one("#strokes-e").get_text()


def test_a_wrong_code_counts_down_and_the_fifth_locks(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), method="typed", typed="Rahmat", agreed="y")
    page = pages.submit(page)
    good = the_code()
    wrong = f"{(int(good) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        page = pages.submit(page, "/code", 400, code=wrong)
        assert f"Masih ada {left} kesempatan" in page.text
    page = pages.submit(page, "/code", code=wrong)
    assert "Kode dikunci" in page.h1
    assert count(Signature) == 0
    page = pages.submit(page)  # a new code; what was typed is still there
    page = pages.submit(page, "/code", code=the_code())
    assert page.url.endswith("/receipt")


def test_sending_the_code_twice_leads_to_the_same_receipt(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), method="typed", typed="Rahmat", agreed="y")
    page = pages.submit(page)
    first = pages.submit(page, "/code", code=the_code())
    second = pages.submit(page, "/code", code="123456")
    assert first.url == second.url
    assert count(Signature) == 1
    assert pages.get(url).link("Lihat tanda terima")


def test_codes_are_not_sent_without_end(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), method="typed", typed="Rahmat", agreed="y")
    page = pages.submit(page)
    for _ in range(5):
        page = pages.post(f"{url}/code/again")
    refused = pages.post(f"{url}/code/again", status=429)
    assert "Terlalu banyak percobaan" in refused.h1


def test_refusing_asks_for_a_reason_and_may_change(pages: Pages, url: str) -> None:
    page = pages.submit(pages.get(f"{url}/decline"), None, 400)
    assert "Alasan belum diisi" in page.text
    page = pages.submit(pages.get(f"{url}/decline"), reason="targets", note="<b>nanti</b>")
    assert page.h1 == "Alasan sudah kami terima"
    assert "Target perlu disesuaikan" in page.text
    page = pages.submit(pages.get(f"{url}/sign"), method="typed", typed="Rahmat", agreed="y")
    assert page.url.endswith("/check")


def test_unknown_damaged_and_revoked_links_are_one_page(
    pages: Pages, url: str, pledge_id: str
) -> None:
    with unit() as session:
        session.get_one(Pledge, pledge_id).generation = 2
    said = {
        pages.get(address, 404).h1
        for address in (url, url[:-3], "/s/nothing", "/s/" + "x" * 300, f"{url}/sign")
    }
    assert len(said) == 1


def test_a_new_version_is_shown_as_what_changed(pages: Pages, url: str, pledge_id: str) -> None:
    with unit() as session:
        old = session.get_one(Pledge, pledge_id).text
        draft = texts.revise(session, old.id, actor=ORGANISER, now=NOW)
        given = texts.as_draft(draft)
        texts.edit(
            session, draft.id,
            texts.TextDraft(
                given.title, given.preamble, ("menerapkan dua praktik baik;", *given.clauses[1:]),
                given.closing, given.targets),
            seen=1, actor=ORGANISER, now=NOW)
        offers.publish(session, draft.id, actor=ORGANISER, now=NOW)
    page = pages.get(url)
    assert page.h1 == "Yang berubah"
    assert page.lines(".diff del") == ["satu"]
    assert page.lines(".diff ins") == ["dua"]
    page = pages.get(page.link("Baca naskah versi 2"))
    assert "versi 2" in page.text
    assert page.link("Tanda tangani")


def test_a_vacant_office_reads_and_is_told_whom_to_ask(pages: Pages, url: str) -> None:
    with unit() as session:
        made = offers.offer(
            session, session.scalars(sa.select(Pledge)).first().text_id,  # type: ignore[union-attr]
            region_codes=["32.04"], actor=ORGANISER, now=NOW).pledges[0]
        other = f"/s/{Links(keys().link).make('signing', made.id, made.generation)}"
    page = pages.get(other)
    assert "Pemangku jabatan ini belum tercatat" in page.text
    assert not page.all(".dock")
    assert "belum tercatat" in pages.get(f"{other}/sign", 409).h1


def test_the_link_pages_are_quiet(pages: Pages, url: str) -> None:
    headers = pages.get(url).response.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.postgres
def test_two_taps_at_once_sign_once_and_lead_to_the_same_receipt(
    app: Flask, pages: Pages, url: str
) -> None:
    page = pages.submit(pages.get(f"{url}/sign"), method="typed", typed="Rahmat", agreed="y")
    page = pages.submit(page)
    good, token = the_code(), str(page.one('#code-form input[name="csrf_token"]')["value"])
    with pages.client.session_transaction() as mine:
        kept = dict(mine)
    together = threading.Barrier(4)

    def tap() -> str:
        other = Pages(app)
        with other.client.session_transaction() as cookie:
            cookie.update(kept)
        together.wait(30)
        answer = other.client.post(f"{url}/code", data={"csrf_token": token, "code": good})
        return f"{answer.status_code} {answer.headers.get('Location', '')}"

    with ThreadPoolExecutor(4) as taps:
        said = [t.result(60) for t in [taps.submit(tap) for _ in range(4)]]
    assert said == [f"302 {url}/receipt"] * 4
    assert count(Signature) == 1
    assert count(Item) == 2
    receipts = db.session.scalar(
        sa.select(sa.func.count()).where(Message.kind == "pledge_receipt"))
    assert receipts == 1
