"""The organisers' side: invite by office, see who comes, act on one invitation."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings.tables import (
    Convening,
    HandOver,
    Invitation,
    Pass,
    Reply,
    SignMandate,
)
from cohorts.directory.tables import Office
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI
from tests.web.pages import Page, Pages

PDF = b"%PDF-1.4\n" + b"x" * 40


@dataclasses.dataclass(frozen=True)
class Scene:
    """A convening ten days from now, announced, with two members and nobody invited yet."""

    app: Flask
    convening_id: str

    @property
    def invite(self) -> str:
        return f"/o/convenings/{self.convening_id}/invite"

    @property
    def guests(self) -> str:
        return f"/o/convenings/{self.convening_id}/guests"

    def rows(self, what: object) -> list[object]:
        with self.app.app_context():
            found = list(db.session.scalars(sa.select(what)))  # type: ignore[call-overload]
            db.session.remove()
        return found

    def guest(self, office: str) -> str:
        """The page of the invitation of an office."""
        with self.app.app_context():
            found = db.session.scalars(
                sa.select(Invitation.id).join(Office).where(
                    Office.name == office, Invitation.convening_id == self.convening_id)).one()
            db.session.remove()
        return f"{self.guests}/{found}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        now = utc_now()
        days = (now.date() - build.START.date()).days + 10
        with unit() as session:
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            other = build.a_convening(session, made.cohort, now=now, days=days + 7)
            directory.a_holder(session, DUMAI, "sekda", standing="plt", email=None)
            convening_id = other.id
        db.session.remove()
    return Scene(app, convening_id)


@pytest.fixture
def staff(app: Flask) -> Pages:
    """An organiser who reads Indonesian."""
    return Pages(app).signed_in(role="organizer")


@pytest.fixture(params=["id", "en"])
def reader(request: pytest.FixtureRequest, app: Flask) -> Pages:
    """An organiser, once in each language: for tests that open a page of their own."""
    return Pages(app, request.param).signed_in(role="organizer")


def invited(staff: Pages, scene: Scene, *roles: str) -> Page:
    preview = staff.get(scene.invite + "?" + "&".join(f"role={r}" for r in roles))
    return staff.post(scene.invite, {
        "role": list(roles),
        "seen": str(preview.all("input[name=seen]")[0]["value"]),
    })


def test_the_preview_says_what_would_happen_and_does_nothing(reader: Pages, scene: Scene) -> None:
    first = reader.get(scene.invite)
    assert not first.all(".counts")
    page = reader.get(scene.invite + "?role=kepala_daerah&role=sekda")
    assert page.lines(".counts dd") == ["4", "0", "2", "2"]
    assert len(page.all(".letter-side mark")) == 2
    assert "Wali Kota Dumai" in page.one(".sheet").get_text()
    assert len(page.all("table tbody tr")) == 2
    second = reader.get(scene.invite + "?role=kepala_daerah&letter=2")
    assert "Bupati Siak" in second.one(".sheet").get_text()
    with scene.app.app_context():
        count = db.session.scalar(sa.select(sa.func.count()).select_from(Invitation).where(
            Invitation.convening_id == scene.convening_id))
        db.session.remove()
    assert count == 0


def test_sending_asks_once_and_lists_everybody(reader: Pages, scene: Scene) -> None:
    preview = reader.get(scene.invite + "?role=kepala_daerah&role=sekda")
    assert preview.one("#kirim h2").get_text(strip=True) in (
        "Kirim 4 undangan sekarang?", "Send 4 invitations now?")
    page = invited(reader, scene, "kepala_daerah", "sekda")
    assert page.url == scene.guests
    assert len(page.all("tbody tr")) == 4
    again = invited_again(reader, scene)
    assert len(again.all("tbody tr")) == 4
    with scene.app.app_context():
        sent = db.session.scalar(sa.select(sa.func.count()).select_from(Message).where(
            Message.kind == "invitation", Message.subject_id.in_(
                sa.select(Invitation.id).where(
                    Invitation.convening_id == scene.convening_id))))
        db.session.remove()
    assert sent == 2


def invited_again(staff: Pages, scene: Scene) -> Page:
    return staff.post(scene.invite, {"role": ["kepala_daerah", "sekda"], "seen": "4"})


def test_a_list_that_changed_is_shown_once_more(staff: Pages, scene: Scene) -> None:
    page = staff.post(scene.invite, {"role": ["sekda"], "seen": "1"}, status=409)
    assert page.one("[role=alert]")
    assert page.lines(".counts dd")[0] == "2"


def test_the_terms_of_the_letter_are_saved_and_a_stale_editor_is_told(
    staff: Pages, scene: Scene
) -> None:
    page = staff.get(scene.invite + "?role=sekda")
    saved = staff.submit(page, "/terms", policy="in_person_only")
    assert "tidak diwakilkan" in saved.one(".sheet").get_text()
    stale = staff.submit(page, "/terms", status=400, policy="free")
    assert stale.all(".error-summary")
    with scene.app.app_context():
        found = db.session.get_one(Convening, scene.convening_id)
        assert (found.policy, found.schedule) == ("in_person_only", 1)
        db.session.remove()


def test_a_draft_says_what_to_do_first(reader: Pages, app: Flask, scene: Scene) -> None:
    with app.app_context():
        with unit() as session:
            found = session.get_one(Convening, scene.convening_id)
            draft = build.a_draft(session, found.cohort, now=utc_now(), days=3000).id
        db.session.remove()
    assert reader.get(f"/o/convenings/{draft}/invite").all(".empty")
    assert reader.get(f"/o/convenings/{draft}/guests").all(".empty")


def test_filters_stand_in_the_address(staff: Pages, scene: Scene) -> None:
    invited(staff, scene, "kepala_daerah", "sekda")
    assert len(staff.get(scene.guests + "?q=dr.+h.+rahmat").all("tbody tr")) == 1
    assert len(staff.get(scene.guests + "?q=kab+siak").all("tbody tr")) == 2
    assert len(staff.get(scene.guests + "?delivery=no_address").all("tbody tr")) == 2
    assert len(staff.get(scene.guests + "?reply=unanswered&sort=protocol").all("tbody tr")) == 4
    none = staff.get(scene.guests + "?reply=attending&letter=given")
    assert none.all(".empty")
    table = staff.client.get(scene.guests + ".csv?q=siak")
    assert table.mimetype == "text/csv"
    assert len(table.get_data(as_text=True).strip().splitlines()) == 3
    assert "@" not in table.get_data(as_text=True), "a list that is passed on has no addresses"


def test_an_organiser_answers_on_behalf_and_it_says_so(staff: Pages, scene: Scene) -> None:
    invited(staff, scene, "kepala_daerah")
    page = staff.get(scene.guest("Wali Kota Dumai"))
    missing = staff.submit(page, "/attend", status=400)
    assert missing.all(".field-error")
    done = staff.submit(
        page, "/attend", name="Paisal <i>Contoh</i>", channel="chat",
        heard_note="Ajudan <b>malam</b>")
    assert "Paisal <i>Contoh</i>" in done.text
    assert "WhatsApp: Ajudan <b>malam</b>" in done.text
    no_letter = staff.submit(
        done, "/decline", status=400, reason="ill", channel="letter",
        heard_file=(io.BytesIO(b"MZ"), "surat.pdf"))
    assert no_letter.all("#decline-heard_file-e")
    declined = staff.submit(
        done, "/decline", reason="ill", channel="letter",
        heard_file=(io.BytesIO(PDF), "surat.pdf"))
    assert len(declined.all(".timeline li")) == 2
    answer = staff.client.get(declined.link("Buka berkasnya"))
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert scene.rows(Reply.on_behalf) == [True, True]


def test_handing_over_on_behalf_accepting_the_letter_and_revoking(
    reader: Pages, scene: Scene
) -> None:
    invited(reader, scene, "kepala_daerah")
    page = reader.get(scene.guest("Bupati Siak"))
    sekda = next(
        str(o["value"]) for o in page.all("select[name=deputy] option")
        if "Syafrizal" in o.get_text())
    empty = reader.submit(page, "/delegate", status=400)
    assert empty.all(".field-error")
    done = reader.submit(
        page, "/delegate", deputy=sekda, may_sign="y", letter=(io.BytesIO(PDF), "surat.pdf"))
    assert "Syafrizal Contoh" in done.one(".chain-now").get_text()
    letter = reader.client.get(done.link("surat tugas" if reader.lang == "id" else "letter"))
    assert (letter.mimetype, letter.data) == ("application/pdf", PDF)
    assert "attachment" in letter.headers["Content-Disposition"]
    accepted = reader.submit(done, "/accept")
    assert scene.rows(SignMandate.by) == ["organizer"]
    back = reader.submit(accepted, "/revoke")
    assert not back.all(".chain-now")
    assert [r is not None for r in scene.rows(HandOver.revoked_at)] == [True]


def test_sending_again_and_withdrawing(staff: Pages, scene: Scene) -> None:
    invited(staff, scene, "kepala_daerah")
    page = staff.get(scene.guest("Bupati Siak"))
    assert "wa.me" in page.html
    staff.submit(page, "/again")
    gone = staff.submit(page, "/withdraw")
    assert gone.url == scene.guests
    assert len(gone.all("tbody tr")) == 1
    late = staff.post(scene.guests + "/" + page.url.rsplit("/", 1)[1] + "/again", status=409)
    assert late.all("[role=alert]")
    ticked = staff.post(scene.guests + "/again", {"invitation": [page.url.rsplit("/", 1)[1]]})
    assert ticked.all(".toast")


def test_the_page_of_one_convening_does_not_open_anothers_invitation(
    staff: Pages, scene: Scene, app: Flask
) -> None:
    with app.app_context():
        other = db.session.scalars(sa.select(Invitation.id).where(
            Invitation.convening_id != scene.convening_id)).first()
        db.session.remove()
    staff.get(f"{scene.guests}/{other}", 404)
    staff.post(f"{scene.guests}/{other}/attend", {"name": "X"}, 404)
    assert scene.rows(Reply.id) == []


@pytest.mark.parametrize("role", ["door_officer", "auditor"])
def test_others_may_look_but_not_touch(app: Flask, scene: Scene, role: str) -> None:
    other = Pages(app).signed_in(role=role)
    other.get(scene.guests)
    other.get(scene.invite, 403)
    other.post(scene.invite, {"role": "sekda", "seen": "2"}, 403)
    assert scene.rows(Pass.id) == []


def test_markup_in_an_address_is_only_text(staff: Pages, scene: Scene) -> None:
    invited(staff, scene, "kepala_daerah")
    page = staff.get(scene.guests + "?q=%3Cscript%3Ealert(1)%3C/script%3E&page=99&reply=%27")
    assert not re.search(r"<script>alert", page.html)
