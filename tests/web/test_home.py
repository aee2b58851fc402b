"""Hari ini: the right things wait, the late stand first, and nothing waits for nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from app.extensions import db
from app.organizer.today import Day, today
from app.unit import unit
from cohorts.ground.access import Actor, Held
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort
from cohorts.turns.start import start as begin
from tests.build import actions, convenings
from tests.web.pages import Pages

DAY = dt.timedelta(days=1)
DOOR = Actor("user", "DOOR", held=(Held("door_officer"),))


def waits(app: Flask, at: dt.datetime, actor: Actor = convenings.ORGANISER) -> Day:
    with app.test_request_context("/"):
        cohorts = list(db.session.scalars(db.select(Cohort)))
        found = today(actor, cohorts, at)
        db.session.remove()
        return found


def titles(day: Day) -> dict[str, list[str]]:
    return {
        "late": [t.title for t in day.late],
        "due": [t.title for t in day.due],
        "week": [t.title for t in day.week],
    }


def test_an_empty_product_says_what_to_do_first(either: Pages) -> None:
    page = either.signed_in().get("/o/")
    assert page.h1 == {
        "id": "Tidak ada yang menunggu Anda", "en": "Nothing waits for you"}[either.lang]
    assert len(page.all(".empty")) == 1


def test_after_inviting_the_unreachable_and_the_letter_wait(app: Flask) -> None:
    with app.app_context(), unit() as session:
        convenings.an_invited_head(session)
    found = titles(waits(app, convenings.NOW))
    assert found == {
        "late": [],
        "due": ["Telepon 1 jabatan yang tidak terjangkau surel", "Isi nomor surat undangan"],
        "week": [],
    }


def test_silence_is_told_a_week_before_the_deadline_and_on_its_day(app: Flask) -> None:
    with app.app_context(), unit() as session:
        invited = convenings.an_invited_head(session)
        deadline = invited.convening.reply_by
    silent = "Ingatkan 2 jabatan yang belum menjawab"
    assert silent not in titles(waits(app, deadline - 8 * DAY))["week"]
    assert silent in titles(waits(app, deadline - 3 * DAY))["week"]
    assert silent in titles(waits(app, deadline - DAY / 2))["due"]
    after = waits(app, deadline + DAY)
    assert "sudah lewat" in next(t.why for t in after.due if t.title == silent)


def test_a_convening_that_should_have_started_or_ended_is_late(app: Flask) -> None:
    with app.app_context(), unit() as session:
        cohort = convenings.a_cohort(session, actions.SIAK, actions.DUMAI)
        bali = convenings.a_convening(session, cohort)
        ident, start, end = bali.id, bali.starts_at, bali.ends_at
    assert titles(waits(app, start + DAY))["late"] == ["Mulai Pertemuan ke-1"]
    with app.app_context(), unit() as session:
        begin(session, ident, actor=convenings.ORGANISER, now=start)
    assert titles(waits(app, end))["late"] == []
    late = waits(app, end + DAY).late
    assert [t.title for t in late] == ["Tutup Pertemuan ke-1"]
    assert late[0].when == "sejak kemarin"


def test_claims_wait_for_whoever_may_verify_and_incomplete_items_for_the_organiser(
    app: Flask,
) -> None:
    with app.app_context(), unit() as session:
        cohort = actions.a_cohort(session)
        actions.a_planned(session, cohort, days=30)
        actions.an_item(session, cohort, status="claimed")
        actions.an_item(session, cohort, status="open")
    assert "Periksa 1 bukti yang diklaim selesai" in titles(waits(app, actions.NOW))["week"]
    mentor = waits(app, actions.NOW, actions.MENTOR)
    assert titles(mentor) == {
        "late": [], "due": [], "week": ["Periksa 1 bukti yang diklaim selesai"]}
    own = Actor("user", "OWN", held=(Held("mentor"),), regions=frozenset({actions.SIAK}))
    assert waits(app, actions.NOW, own).count == 0, "one's own region is never verified by oneself"


def test_door_staff_see_their_convening_and_no_task_that_they_cannot_do(app: Flask,
                                                                         pages: Pages) -> None:
    with app.app_context(), unit() as session:
        ident = convenings.an_invited_head(session).convening.id
    assert waits(app, convenings.NOW, DOOR).count == 0
    for reader in (
        pages.signed_in("door_officer"),
        pages.signed_in("door_officer", scope="convening", scope_id=ident),
    ):
        page = reader.get("/o/")
        assert page.link("Pertemuan ke-1:").endswith(ident)
        assert page.lines(".appbar-nav a") == ["Hari ini", "Pertemuan"]
        assert reader.get(page.link("Pertemuan ke-1:")).url.endswith(ident)


@pytest.mark.parametrize("role", ["organizer", "minute_taker", "mentor", "auditor"])
def test_every_entry_of_the_menu_opens_for_whoever_sees_it(app: Flask, pages: Pages,
                                                           role: str) -> None:
    with app.app_context(), unit() as session:
        convenings.an_invited_head(session)
    reader = pages.signed_in(role)
    entries = reader.get("/o/").all(".appbar-nav a")
    assert len(entries) >= 4
    for entry in entries:
        reader.get(str(entry["href"]))


def test_a_door_without_a_scanner_waits_three_days_before(app: Flask) -> None:
    with app.app_context(), unit() as session:
        start = convenings.an_invited_head(session).convening.starts_at
    task = "Daftarkan pemindai untuk Pertemuan ke-1"
    assert task not in titles(waits(app, start - 4 * DAY))["due"]
    assert task in titles(waits(app, start - DAY))["due"]


def test_without_anything_granted_the_page_says_who_grants(pages: Pages) -> None:
    page = pages.signed_in("mentor").get("/o/")
    assert "Sekretariat memberi hak" in page.text


def test_a_failed_message_waits_today(app: Flask) -> None:
    with app.app_context(), unit() as session:
        convenings.an_invited_head(session)
        message = session.scalars(db.select(Message)).first()
        assert message is not None
        message.state = "failed"
    found = titles(waits(app, convenings.NOW))["due"]
    assert "Lihat 1 pesan yang gagal dikirim" in found
    assert "Telepon 2 jabatan yang tidak terjangkau surel" in found


@pytest.mark.postgres
def test_the_page_shows_tasks_and_the_next_convening_in_both_languages(app: Flask,
                                                                       either: Pages) -> None:
    with app.app_context(), unit() as session:
        convenings.an_invited_head(session)
    page = either.signed_in().get("/o/")
    assert len(page.all(".task")) >= 1
    assert page.lines(".task-title")[0] == {
        "id": "Mulai Pertemuan ke-1", "en": "Start Convening 1"}[either.lang]
    assert "WITA" in page.one(".next-up").get_text()
    assert "WIB" in page.one(".next-up").get_text()
    assert len(page.all(".btn-primary")) == 1


def test_an_organiser_of_another_cohort_sees_nothing_of_it(app: Flask, pages: Pages) -> None:
    with app.app_context(), unit() as session:
        convenings.an_invited_head(session)
    reader = pages.signed_in("organizer", scope="cohort", scope_id="ELSEWHERE0000000")
    page = reader.get("/o/")
    assert page.all(".task") == []
    assert "Bali" not in page.text


def test_the_cohort_in_hand_is_the_one_where_people_are_at_work(app: Flask, pages: Pages) -> None:
    with app.app_context(), unit() as session:
        busy = convenings.an_invited_head(session).cohort.id
        session.add(Cohort(
            slug="younger", name_id="Baru", name_en="New", starts_on=dt.date(2024, 1, 1),
            created_at=convenings.NOW))
    page = pages.signed_in().get("/auth/account")
    assert page.link("Kohort").endswith(busy)
