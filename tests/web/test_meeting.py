"""The meeting room, closing, re-opening, calling off, and the minutes, through their pages."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Closing
from cohorts.convenings.tables import Convening
from cohorts.ground.canonical import sha256
from cohorts.ground.outbox import Message
from tests.build import actions as build
from tests.build import convenings as build_convenings
from tests.build import directory
from tests.web.pages import Pages

DAY = dt.timedelta(days=1)


class Scene:
    """A cohort with one item of Siak's Sekda, a convening today and one in a month."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), unit() as session:
            cohort = build.a_cohort(session)
            directory.an_office(session, build.SIAK, "sekda")
            self.days = (utc_now() - build_convenings.START).days
            self.today = build.a_planned(session, cohort, days=self.days).id
            self.later = build.a_planned(session, cohort, days=self.days + 30).id
            self.item = build.an_item(
                session, cohort, due_on=dt.date.today() + 60 * DAY,  # noqa: DTZ011 - far away
                now=utc_now()).id
            self.cohort = cohort.id

    def state(self) -> str:
        with self.app.app_context():
            found = db.session.get(Convening, self.today)
            assert found is not None
            return found.state


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


def started(staff: Pages, scene: Scene) -> None:
    page = staff.get(f"/o/convenings/{scene.today}/start")
    assert "1 tindak lanjut" in page.text
    page = staff.submit(page, "/start")
    assert page.url.endswith("/meeting")


def captured(staff: Pages, scene: Scene, **fields: str) -> None:
    page = staff.get(f"/o/convenings/{scene.today}/meeting")
    staff.submit(page, **fields)


def far() -> str:
    return (utc_now() + 40 * DAY).date().isoformat()


def test_a_convening_is_started_and_shows_what_was_carried(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    page = staff.get(f"/o/convenings/{scene.today}/meeting")
    assert "Tim koordinasi ditetapkan" in page.text
    assert scene.state() == "in_progress"


def test_opening_the_pages_changes_nothing(staff: Pages, scene: Scene) -> None:
    staff.get(f"/o/convenings/{scene.today}/start")
    staff.get(f"/o/convenings/{scene.today}/meeting")
    staff.get(f"/o/convenings/{scene.today}/cancel")
    assert scene.state() == "announced"


def test_an_item_a_decision_and_a_note_are_captured(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    captured(staff, scene, kind="item", title="Format keputusan dikirim", office_id="sekda siak",
             due_on=far(), criterion="Surat terkirim")
    captured(staff, scene, kind="decision", title="Kode kegiatan disamakan")
    captured(staff, scene, kind="discussion", title="Pembukaan oleh menteri lain")
    page = staff.get(f"/o/convenings/{scene.today}/minutes")
    for words in ("Format keputusan dikirim", "Kode kegiatan disamakan", "Pembukaan oleh"):
        assert words in page.text


def test_an_unknown_owner_is_an_error_beside_the_field_and_nothing_is_lost(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    page = staff.get(f"/o/convenings/{scene.today}/meeting")
    page = staff.submit(page, status=400, kind="item", title="Jadwal <b>disusun</b>",
                        office_id="Raja Hutan", due_on=far(), criterion="Jadwal terbit")
    assert "Raja Hutan" in page.one(".field-error").get_text()
    assert page.one("input[name=title]")["value"] == "Jadwal <b>disusun</b>"


def test_a_title_of_five_hundred_letters_is_refused_beside_its_field(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    page = staff.get(f"/o/convenings/{scene.today}/meeting")
    page = staff.submit(page, status=400, kind="item", title="x" * 500)
    assert "300" in page.one(".field-error").get_text()


def test_closing_names_what_is_incomplete_and_changes_nothing(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    captured(staff, scene, kind="item", title="Jadwal pendampingan disusun")
    page = staff.get(f"/o/convenings/{scene.today}/close")
    summary = page.one(".error-summary").get_text()
    assert "TL-002" in summary
    assert "penanggung jawab" in summary
    staff.post(f"/o/convenings/{scene.today}/close", {"held": "yes"}, status=409)
    assert scene.state() == "in_progress"
    with scene.app.app_context():
        assert db.session.scalars(db.select(Closing)).all() == []


def test_an_incomplete_item_is_completed_and_the_convening_closes(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    captured(staff, scene, kind="item", title="Jadwal pendampingan disusun")
    page = staff.get(f"/o/convenings/{scene.today}/close")
    page = staff.get(page.link("TL-002"))
    page = staff.submit(page, office_id="Sekda Siak", due_on=far(), criterion="Jadwal terbit")
    assert page.url.endswith("/close")
    page = staff.submit(page, held="yes")
    assert page.url.endswith("/closing")
    assert "2 tindak lanjut dibawa ke Pertemuan ke-2" in page.text
    assert scene.state() == "closed"


def test_the_next_convening_opens_with_the_carried_items(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    staff.submit(staff.get(f"/o/convenings/{scene.today}/close"))
    page = staff.get(f"/o/convenings/{scene.later}/meeting")
    assert "Tim koordinasi ditetapkan" in page.text
    assert "1×" in page.text


def test_closing_twice_is_one_closing_and_one_message_each(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    for _ in range(2):
        staff.post(f"/o/convenings/{scene.today}/close", {"held": "yes"})
    with scene.app.app_context():
        assert len(db.session.scalars(db.select(Closing)).all()) == 1
        keys = db.session.scalars(
            db.select(Message.key).where(Message.kind == "closing_digest")).all()
        assert len(keys) == len(set(keys)) > 0


def test_the_bytes_that_are_handed_out_are_those_of_the_hash(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    staff.submit(staff.get(f"/o/convenings/{scene.today}/close"))
    data = staff.client.get(f"/o/convenings/{scene.today}/closing.json").data
    with scene.app.app_context():
        closing = db.session.scalars(db.select(Closing)).one()
        assert sha256(closing.previous.encode() + data) == closing.sha256
    assert json.loads(data)["items"][0]["title"] == "Tim koordinasi ditetapkan"


def test_a_closed_convening_is_opened_again_with_a_reason_and_closed_as_revision_two(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    staff.submit(staff.get(f"/o/convenings/{scene.today}/close"))
    page = staff.get(f"/o/convenings/{scene.today}/reopen")
    page = staff.submit(page, status=400, reason="")
    page = staff.submit(page, reason="Satu keputusan terlewat")
    assert page.url.endswith("/meeting")
    old = staff.get(f"/o/convenings/{scene.today}/closing?revision=1")
    assert "tidak berlaku" in old.text
    staff.submit(staff.get(f"/o/convenings/{scene.today}/close"))
    page = staff.get(f"/o/convenings/{scene.today}/closing")
    assert "revisi 2" in page.text
    assert "Satu keputusan terlewat" in page.text


def test_not_quorate_is_recorded_and_carries_no_count(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    page = staff.submit(staff.get(f"/o/convenings/{scene.today}/close"), held="no")
    assert "tidak tercapai" in page.text
    page = staff.get(f"/o/convenings/{scene.later}/meeting")
    assert "1×" not in page.text


def test_a_planned_convening_is_called_off_and_its_items_move_on(
    staff: Pages, scene: Scene
) -> None:
    page = staff.get(f"/o/convenings/{scene.today}/cancel")
    page = staff.submit(page, status=400, reason="")
    staff.submit(page, reason="Gedung tidak siap")
    assert scene.state() == "cancelled"
    assert "Tim koordinasi ditetapkan" in staff.get(f"/o/convenings/{scene.later}/meeting").text


def test_a_later_convening_does_not_start_before_the_earlier_one(
    staff: Pages, scene: Scene
) -> None:
    page = staff.post(f"/o/convenings/{scene.later}/start", {}, status=409)
    assert page.one(".alert")


def test_the_minutes_are_a_document_once_the_convening_is_closed(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    captured(staff, scene, kind="decision", title="Kode kegiatan disamakan")
    assert staff.client.get(f"/o/convenings/{scene.today}/minutes.pdf").status_code == 409
    staff.submit(staff.get(f"/o/convenings/{scene.today}/close"))
    answer = staff.client.get(f"/o/convenings/{scene.today}/minutes.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_a_minute_taker_writes_and_does_not_close(pages: Pages, staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    taker = Pages(scene.app).signed_in(role="minute_taker")
    page = taker.get(f"/o/convenings/{scene.today}/meeting")
    taker.submit(page, kind="decision", title="Kode kegiatan disamakan")
    taker.get(f"/o/convenings/{scene.today}/close", status=403)


def test_an_auditor_reads_and_does_not_write(staff: Pages, scene: Scene) -> None:
    started(staff, scene)
    auditor = Pages(scene.app).signed_in(role="auditor")
    auditor.get(f"/o/convenings/{scene.today}/meeting")
    auditor.post(f"/o/convenings/{scene.today}/meeting",
                 {"kind": "decision", "title": "Menyelinap"}, status=403)


def test_two_organisers_completing_the_same_item_the_second_is_told(
    staff: Pages, scene: Scene
) -> None:
    started(staff, scene)
    captured(staff, scene, kind="item", title="Jadwal pendampingan disusun")
    with scene.app.app_context():
        item = items_at(db.session(), scene.cohort)[-1]
    first = staff.get(f"/o/items/{item.id}/complete")
    second = staff.get(f"/o/items/{item.id}/complete")
    staff.submit(first, office_id="Sekda Siak", due_on=far(), criterion="Jadwal terbit")
    page = staff.submit(second, status=400, criterion="Jadwal lain")
    assert "Jadwal lain" in page.one("textarea[name=criterion]").get_text()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_of_the_turns_speaks_both_languages(
    staff: Pages, scene: Scene, lang: str
) -> None:
    reader = staff.in_language(lang)
    base = f"/o/convenings/{scene.today}"
    reader.get(f"{base}/start")
    reader.get(f"{base}/cancel")
    started(staff, scene)
    captured(staff, scene, kind="item", title="Jadwal pendampingan disusun")
    with scene.app.app_context():
        item = items_at(db.session(), scene.cohort)[-1]
    reader.get(f"/o/items/{item.id}/complete")
    reader.get(f"{base}/meeting")
    reader.get(f"{base}/close")
    reader.get(f"{base}/minutes")
    staff.submit(staff.get(f"/o/items/{item.id}/complete"), office_id="Sekda Siak", due_on=far(),
                 criterion="Jadwal terbit")
    staff.submit(staff.get(f"{base}/close"))
    reader.get(f"{base}/closing")
    reader.get(f"{base}/minutes")
    reader.get(f"{base}/reopen")
