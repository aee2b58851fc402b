"""The organisers' pages of items: the table, one item, its steps, and the verifier's desk."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.actions import dates
from cohorts.actions.standing import Standing, item, items_at
from tests.build import actions as build
from tests.build import directory
from tests.web.pages import Pages

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n" + b"x" * 40


class Desk:
    """A cohort with one item of every kind, of Siak's Sekda."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ids: dict[str, str] = {}
        with app.app_context(), unit() as session:
            self.now = utc_now()
            cohort = build.a_cohort(session)
            self.cohort_id = cohort.id
            office = directory.an_office(session, build.SIAK, "sekda")
            directory.an_office(session, build.DUMAI, "sekda")
            for status in ("open", "in_progress", "blocked", "claimed", "verified", "dropped"):
                made = build.an_item(
                    session, cohort, office, status=status, now=self.now - 8 * DAY,
                    due_on=self.now.date() + 5 * DAY, title=f"Janji {status}")
                self.ids[status] = made.id
            self.owner = build.an_owner(session, cohort, office)
        self.table = f"/o/cohorts/{self.cohort_id}/items"

    def at(self, name: str, more: str = "") -> str:
        return f"/o/items/{self.ids[name]}{more}"

    def item(self, name: str) -> Standing:
        with self.app.app_context():
            found = item(db.session(), self.ids[name])
            db.session.remove()
        return found

    def every(self) -> list[Standing]:
        with self.app.app_context():
            found = items_at(db.session(), self.cohort_id)
            db.session.remove()
        return found


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_the_table_begins_with_what_is_unresolved_and_filters(staff: Pages, desk: Desk) -> None:
    for lang in ("id", "en"):
        reader = staff.in_language(lang)
        page = reader.get(desk.table)
        shown = page.lines("tbody th")
        assert shown == [f"Janji {s}" for s in ("open", "in_progress", "blocked", "claimed")]
        assert reader.get(f"{desk.table}?status=verified").lines("tbody th") == ["Janji verified"]
        assert reader.get(f"{desk.table}?status=all&q=siak+blocked").lines("tbody th") == [
            "Janji blocked"
        ]
        assert reader.get(f"{desk.table}?status=all&q=nothing").all(".empty")


def test_the_table_is_a_file_too(staff: Pages, desk: Desk) -> None:
    answer = staff.client.get(f"{desk.table}.csv?status=all")
    text = answer.get_data(as_text=True)
    assert text.count("Janji") == 6
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_empty_cohort_says_where_items_come_from(app: Flask, staff: Pages) -> None:
    with app.app_context(), unit() as session:
        cohort = build.a_cohort(session)
        cohort_id = cohort.id
    assert staff.get(f"/o/cohorts/{cohort_id}/items").all(".empty")


def test_an_item_is_raised_between_meetings(staff: Pages, desk: Desk) -> None:
    page = staff.get(f"{desk.table}/new")
    page = staff.submit(page, status=400, title="Janji baru")
    day = (desk.now.date() + 9 * DAY).isoformat()
    page = staff.submit(page, office_id="sekda siak", due_on=day, criterion="Surat terkirim")
    assert page.h1 == "Janji baru"
    assert len(desk.every()) == 7


def test_a_template_raises_one_for_every_member(staff: Pages, desk: Desk) -> None:
    page = staff.in_language("en").get(f"{desk.table}/template")
    page = staff.get(f"{desk.table}/template")
    day = (desk.now.date() + 9 * DAY).isoformat()
    staff.submit(page, title="Tim SPBE", criterion="SK bernomor", role_key="sekda", due_on=day)
    raised = [one for one in desk.every() if one.origin == "template"]
    assert {one.region_code for one in raised} == {build.SIAK, build.DUMAI}


def test_every_page_of_an_item_opens_in_both_languages(staff: Pages, desk: Desk) -> None:
    for lang in ("id", "en"):
        reader = staff.in_language(lang)
        for name in desk.ids:
            reader.get(desk.at(name))
        for more in ("/progress", "/due", "/drop", "/split", "/escalate", "/step/open"):
            reader.get(desk.at("in_progress", more))
        for name, to in (("blocked", "in_progress"), ("claimed", "in_progress"),
                         ("verified", "in_progress"), ("dropped", "open")):  # fmt: skip
            reader.get(desk.at(name, f"/step/{to}"))
        reader.get(f"{desk.table}/merge")
        reader.get(f"{desk.table}/merge?pick={desk.ids['open']}&pick={desk.ids['blocked']}")
        reader.get(f"/o/cohorts/{desk.cohort_id}/asks")
    assert [desk.item(name).version for name in desk.ids] == [1, 2, 2, 2, 3, 2]


def test_progress_is_noted_on_behalf_and_says_so(staff: Pages, desk: Desk) -> None:
    page = staff.get(desk.at("open", "/progress"))
    page = staff.submit(page, state="in_progress", note="Lewat telepon.")
    assert desk.item("open").on_behalf
    assert "atas nama daerah" in page.text


def test_a_claim_on_behalf_carries_its_file_and_is_judged_by_another(
    app: Flask, staff: Pages, desk: Desk
) -> None:
    data = {"version": "1", "state": "claimed", "csrf_token": staff.token(), "note": "Selesai.",
            "evidence": [(io.BytesIO(PDF), "SK.pdf")]}
    answer = staff.client.post(desk.at("open", "/progress"), data=data)
    assert answer.status_code == 302
    page = staff.get(desk.at("open"))
    shown = staff.client.get(page.link("SK.pdf"))
    assert shown.data == PDF
    waiting = staff.get("/o/verify").text
    assert "Janji claimed" in waiting
    assert "Janji open" not in waiting, "one's own claim"
    other = staff.signed_in(role="mentor", region_code=build.SUMEDANG)
    assert "Janji open" in other.get("/o/verify").text


def test_a_due_date_is_extended_with_a_reason(staff: Pages, desk: Desk) -> None:
    page = staff.get(desk.at("open", "/due"))
    early = desk.now.date().isoformat()
    page = staff.submit(page, status=400, until_on=early, reason="x")
    assert page.all("#until_on-e")
    later = (desk.now.date() + 40 * DAY).isoformat()
    page = staff.submit(page, until_on=later, reason="Anggaran bergeser.")
    assert "diperpanjang 1×" in page.text


def test_an_item_is_dropped_for_a_reason_and_restored(staff: Pages, desk: Desk) -> None:
    page = staff.get(desk.at("open", "/drop"))
    page = staff.submit(page, status=400)
    page = staff.submit(page, status=400, reason="duplicate", answered_by="TL-999")
    page = staff.submit(page, reason="duplicate", answered_by="TL-002")
    assert desk.item("open").answered_by_id == desk.ids["in_progress"]
    page = staff.get(desk.at("open", "/step/open"))
    staff.submit(page)
    assert desk.item("open").status == "open"


def test_an_item_is_split_and_its_parts_are_merged(staff: Pages, desk: Desk) -> None:
    page = staff.get(desk.at("open", "/split"))
    page = staff.submit(page, status=400, parts="Satu saja")
    page = staff.submit(page, parts="SK tim\nAnggota tim\n")
    assert "Dipecah menjadi" in page.text
    parts = [one for one in desk.every() if one.origin == "split"]
    assert {one.title for one in parts} == {"SK tim", "Anggota tim"}
    query = "&".join(f"pick={one.id}" for one in parts)
    page = staff.get(f"{desk.table}/merge?{query}")
    page = staff.submit(page, title="SK dan anggota")
    assert page.h1 == "SK dan anggota"


def test_a_stale_form_is_told_and_keeps_its_words(staff: Pages, desk: Desk) -> None:
    mine = staff.get(desk.at("in_progress", "/progress"))
    staff.submit(staff.get(desk.at("in_progress", "/progress")), note="Yang lain.")
    page = staff.submit(mine, status=400, note="Tulisan saya.")
    assert page.all(".error-summary")
    assert "Tulisan saya." in page.one("#note").get_text()
    staff.submit(page)
    assert desk.item("in_progress").version == 4


def test_what_an_owner_asks_for_is_answered(app: Flask, staff: Pages, desk: Desk) -> None:
    until = desk.now.date() + 30 * DAY
    with app.app_context(), unit() as session:
        dates.ask(session, desk.ids["open"], "extension", until_on=until, reason="APBD.",
                  actor=desk.owner, now=utc_now())
        dates.ask(session, desk.ids["blocked"], "drop", reason="Aturan baru.", actor=desk.owner,
                  now=utc_now())
    for lang in ("id", "en"):
        page = staff.in_language(lang).get(f"/o/cohorts/{desk.cohort_id}/asks")
        assert "APBD." in page.text
    page = staff.get(f"/o/cohorts/{desk.cohort_id}/asks")
    links = [str(tag["href"]) for tag in page.all("a.btn-small")]
    page = staff.get(links[0])
    page = staff.submit(page, status=400)
    staff.submit(page, granted="yes", reason="Disetujui.")
    assert desk.item("open").due_on == until
    page = staff.get(links[1])
    staff.submit(page, granted="yes", drop_reason="regulation_changed", reason="Ya.")
    assert desk.item("blocked").drop_reason == "regulation_changed"


def test_the_desk_judges_against_the_criterion(app: Flask, staff: Pages, desk: Desk) -> None:
    mentor = staff.signed_in(role="mentor", region_code=build.SUMEDANG)
    for lang in ("id", "en"):
        page = mentor.in_language(lang).get("/o/verify")
        assert "Keputusan bernomor diunggah." in page.text
    page = mentor.get("/o/verify")
    page = mentor.submit(page, status=400)
    page = mentor.submit(page, status=400, verdict="no")
    assert page.all("#note-e")
    page = mentor.submit(page, verdict="no", note="Nomor SK belum ada.")
    assert desk.item("claimed").kind == "returned"
    assert page.all(".empty")


def test_a_verdict_counts_in_the_name_of_who_gave_it(staff: Pages, desk: Desk) -> None:
    mentor = staff.signed_in(role="mentor", region_code=build.SUMEDANG, name="Ratna Contoh")
    mentor.submit(mentor.get("/o/verify"), verdict="yes")
    assert desk.item("claimed").status == "verified"
    assert "Ratna Contoh" in staff.get(desk.at("claimed")).text


def test_nobody_s_own_region_is_on_their_desk(staff: Pages, desk: Desk) -> None:
    local = staff.signed_in(role="mentor", region_code=build.SIAK)
    for lang in ("id", "en"):
        assert local.in_language(lang).get("/o/verify").all(".empty")


def test_other_roles_see_and_do_not_act(staff: Pages, desk: Desk) -> None:
    auditor = staff.signed_in(role="auditor")
    page = auditor.get(desk.at("open"))
    assert not page.all(".pagehead-actions a")
    auditor.get(desk.at("open", "/due"), status=403)
    auditor.get("/o/verify", status=403)
    elsewhere = staff.signed_in(role="organizer", scope="cohort", scope_id="OTHERCOHORT00001")
    elsewhere.get(desk.at("open"), status=403)


def test_an_owner_s_link_is_made_and_shared(staff: Pages, desk: Desk) -> None:
    page = staff.get(desk.at("open"))
    assert "wa.me" in page.html


