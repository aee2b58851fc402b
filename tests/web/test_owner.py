"""An owner's phone: the region's items, a report with evidence, asking for time."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask import Flask

from app.extensions import db, keys
from app.filters import utc_now
from app.unit import unit
from cohorts.actions import moves
from cohorts.actions.dates import open_asks
from cohorts.actions.owner_links import owner_link, revoke_owner_link
from cohorts.actions.standing import Standing, item
from cohorts.ground.links import Links
from tests.build import actions as build
from tests.build import directory
from tests.web.pages import Page, Pages

DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n" + b"x" * 40


class Owners:
    """Siak's Sekda with one item of every kind, and the links of three offices."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ids: dict[str, str] = {}
        with app.app_context(), unit() as session:
            now = utc_now()
            self.cohort = build.a_cohort(session)
            self.cohort_id = self.cohort.id
            office = directory.an_office(session, build.SIAK, "sekda")
            for status in ("open", "in_progress", "blocked", "claimed", "verified", "dropped"):
                made = build.an_item(
                    session, self.cohort, office, status=status, now=now - 20 * DAY,
                    due_on=now.date() + 5 * DAY, title=f"Janji {status}")
                self.ids[status] = made.id
            late = build.an_item(session, self.cohort, office, title="Peta rencana",
                                 now=now - 20 * DAY, due_on=now.date() - 9 * DAY)
            back = build.an_item(session, self.cohort, office, title="Surat minat",
                                 status="claimed", now=now - 2 * DAY, due_on=now.date() + 5 * DAY)
            moves.give_back(session, back.id, note="Suratnya belum <b>bertanggal</b>.",
                            actor=build.MENTOR, now=now - DAY)
            self.ids |= {"late": late.id, "back": back.id}
            other = directory.an_office(session, build.SIAK, "kabid")
            theirs = build.an_item(session, self.cohort, other, now=now - DAY, title="Bidang lain",
                                   due_on=now.date() + 9 * DAY)
            self.ids["theirs"] = theirs.id
            foreign = directory.an_office(session, build.DUMAI, "sekda")
            self.ids["foreign"] = build.an_item(session, self.cohort, foreign, now=now - DAY,
                                                due_on=now.date() + 9 * DAY, title="Dumai").id
            self.urls = {}
            for name, who in (("sekda", office), ("kabid", other), ("dumai", foreign)):
                row = owner_link(session, self.cohort_id, who.id, now)
                self.urls[name] = "/u/items/" + Links(keys().link).make("owner", row.id, 1)
            self.office_id = office.id

    def at(self, name: str, who: str = "sekda", more: str = "") -> str:
        return f"{self.urls[who]}/{self.ids[name]}{more}"

    def item(self, name: str) -> Standing:
        with self.app.app_context():
            found = item(db.session(), self.ids[name])
            db.session.remove()
        return found


@pytest.fixture
def owners(app: Flask) -> Owners:
    return Owners(app)


def heads(page: Page) -> list[str]:
    return page.lines("h2, summary")


def test_what_has_to_be_done_stands_first_and_each_item_is_there_once(
    either: Pages, owners: Owners
) -> None:
    page = either.get(owners.urls["sekda"])
    titles = page.lines(".item h3")
    assert titles[:3] == ["Peta rencana", "Surat minat", "Janji blocked"]
    assert set(titles[3:]) == {"Janji open", "Bidang lain"}
    text = page.text
    for words in ("Janji in_progress", "Janji claimed", "Janji verified", "Janji dropped"):
        assert text.count(words) == 1
    assert "Dumai" not in text
    assert "Suratnya belum <b>bertanggal</b>." in text
    figure = "1 dari 9 terverifikasi" if either.lang == "id" else "1 of 9 verified"
    assert figure in text


def test_opening_a_link_changes_nothing(pages: Pages, owners: Owners) -> None:
    for name in ("open", "claimed", "verified", "dropped", "theirs"):
        pages.get(owners.at(name))
    pages.get(owners.at("open", more="/time"))
    assert {name: owners.item(name).version for name in ("open", "claimed")} == {
        "open": 1, "claimed": 2
    }


def test_unknown_revoked_and_foreign_are_one_plain_answer(pages: Pages, owners: Owners) -> None:
    unknown = pages.get("/u/items/NOSUCHLINK000000.1.abcdefghijklmnopqrstuv", status=404)
    foreign = pages.get(owners.at("foreign"), status=404)
    assert foreign.h1 != ""
    with owners.app.app_context(), unit() as session:
        revoke_owner_link(session, owners.cohort_id, owners.office_id, actor=build.ORGANISER,
                          now=utc_now())
    revoked = pages.get(owners.urls["sekda"], status=404)
    assert (unknown.h1, unknown.text) == (revoked.h1, revoked.text)


def test_progress_is_reported_in_words(pages: Pages, owners: Owners) -> None:
    page = pages.get(owners.at("open"))
    page = pages.submit(page, state="in_progress", note="Konsep sudah diparaf.")
    assert page.url.endswith("/sent")
    found = owners.item("open")
    assert (found.status, found.on_behalf) == ("in_progress", False)


def test_an_obstacle_names_who_must_act(pages: Pages, owners: Owners) -> None:
    page = pages.submit(pages.get(owners.at("open")), status=400, state="blocked")
    assert page.all("#obstacle-e")
    page = pages.submit(page, status=400, obstacle="Menunggu anggaran.")
    assert page.all("#blocked_by-e")
    pages.submit(page, blocked_by="BPKAD")
    assert (owners.item("open").status, owners.item("open").blocked_by) == ("blocked", "BPKAD")


def test_a_claim_without_evidence_is_asked_for_it_and_loses_nothing(
    either: Pages, owners: Owners
) -> None:
    page = either.submit(either.get(owners.at("late")), status=400, state="claimed",
                         summary="SK sudah terbit.")
    assert page.all("#evidence-e")
    assert "SK sudah terbit." in page.one("#summary").get_text()
    assert owners.item("late").status == "open"


def test_a_claim_carries_its_files_and_they_open_for_the_region_alone(
    pages: Pages, owners: Owners
) -> None:
    page = pages.get(owners.at("late"))
    data = {"version": "1", "state": "claimed", "csrf_token": pages.token(), "decree": "800/12",
            "evidence": [(io.BytesIO(PDF), "SK Tim.pdf"), (io.BytesIO(PDF + b"2"), "foto.pdf")]}
    answer = pages.client.post(owners.at("late"), data=data)
    assert answer.status_code == 302
    assert owners.item("late").status == "claimed"
    page = pages.get(owners.at("late"))
    link = page.link("SK Tim.pdf")
    shown = pages.client.get(link)
    assert (shown.data, shown.mimetype) == (PDF, "application/pdf")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    foreign = link.replace(owners.urls["sekda"], owners.urls["dumai"])
    assert pages.client.get(foreign).status_code == 404


def test_what_is_no_pdf_or_photo_is_refused_beside_the_field(pages: Pages, owners: Owners) -> None:
    data = {"version": "1", "state": "claimed", "csrf_token": pages.token(),
            "evidence": [(io.BytesIO(b"<script>"), "x.html")]}
    answer = pages.client.post(owners.at("late"), data=data)
    assert answer.status_code == 400
    assert 'id="evidence-e"' in answer.get_data(as_text=True)
    assert owners.item("late").status == "open"


def test_a_second_report_on_what_has_changed_is_told_so_and_keeps_its_words(
    pages: Pages, owners: Owners
) -> None:
    mine = pages.get(owners.at("open"))
    pages.submit(pages.get(owners.at("open")), state="in_progress", note="Yang lain lebih dulu.")
    page = pages.submit(mine, status=400, state="in_progress", note="Tulisan saya.")
    assert page.all(".error-summary")
    assert "Tulisan saya." in page.one("#note").get_text()
    pages.submit(page)
    assert owners.item("open").version == 3


def test_another_office_s_item_is_read_and_the_head_acts_for_all(
    pages: Pages, owners: Owners
) -> None:
    page = pages.get(owners.at("open", who="kabid"))
    assert not page.all("form")
    page = pages.get(owners.at("theirs"))  # the Sekda acts for the region
    pages.submit(page, state="in_progress", note="Sudah dimulai.")
    assert owners.item("theirs").status == "in_progress"


def test_a_claim_is_taken_back(either: Pages, owners: Owners) -> None:
    page = either.submit(either.get(owners.at("claimed")), "/withdraw")
    assert owners.item("claimed").kind == "withdrawn"
    assert page.url.endswith(owners.ids["claimed"])


def test_time_is_asked_for_and_nothing_changes_yet(either: Pages, owners: Owners) -> None:
    page = either.get(owners.at("late", more="/time"))
    page = either.submit(page, status=400)
    page = either.submit(page, reason="APBD perubahan.")
    assert page.url.endswith("/sent")
    with owners.app.app_context():
        asks = open_asks(db.session(), [owners.ids["late"]])
        assert [ask.kind for ask in asks] == ["extension"]
        db.session.remove()
    assert owners.item("late").version == 1
    page = either.get(owners.at("late", more="/time"))
    either.submit(page, status=400, reason="Sekali lagi.")


def test_another_day_must_be_later(pages: Pages, owners: Owners) -> None:
    page = pages.get(owners.at("late", more="/time"))
    page = pages.submit(page, status=400, until="other", other="2020-01-01", reason="x")
    assert page.all("#other-e")
    pages.submit(page, status=400, other="")


def test_a_region_that_owes_nothing_reads_so(app: Flask, either: Pages) -> None:
    with app.app_context(), unit() as session:
        cohort = build.a_cohort(session)
        office = directory.an_office(session, build.SIAK, "sekda")
        row = owner_link(session, cohort.id, office.id, utc_now())
        url = "/u/items/" + Links(keys().link).make("owner", row.id, 1)
    page = either.get(url)
    assert page.all(".empty")
