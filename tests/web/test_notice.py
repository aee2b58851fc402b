"""The organiser sees whom a move or a cancellation writes to before it happens."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.web.pages import Pages


def bali(app: Flask) -> tuple[str, str]:
    """Bali with the two heads: Siak's invitation has left, Dumai has no address."""
    with app.app_context():
        with unit() as session:
            invited = build.an_invited_head(session)
            build.it_leaves(session, invited.invitation.id, build.NOW)
            ids = invited.convening.id, invited.invitation.id
        db.session.remove()
    return ids


def mails(app: Flask) -> list[tuple[str, str]]:
    """What there is in the outbox, in order."""
    with app.app_context():
        found = [(m.kind, m.state) for m in db.session.scalars(sa.select(Message))]
        db.session.remove()
    return found


def venue(app: Flask) -> str:
    with app.app_context():
        found = db.session.scalars(sa.select(Convening)).one().venue
        db.session.remove()
    return found


def test_a_move_says_whom_it_writes_to_and_what_and_is_held_to_it(staff: Pages, app: Flask) -> None:
    convening_id, invitation_id = bali(app)
    url = f"/o/convenings/{convening_id}/edit"
    asked = staff.submit(staff.get(url), status=409, venue="Hotel Contoh", dress="Batik biru")
    assert asked.h1 == "Simpan jadwal baru dan tulis kepada 1 jabatan?"
    rows = asked.lines("tbody tr")
    assert "Bupati Siak Menerima perubahan jadwal bupati.14.08@contoh.example" in rows[1]
    assert "Belum pernah menerima apa pun; tidak dikirimi" in rows[0]
    mail = asked.one(".mail-text").get_text()
    assert "Tempat: Hotel Contoh" in mail
    assert "Pakaian: Batik biru" in mail
    assert "/u/" not in mail, "the guest's own link is theirs"
    assert (venue(app), mails(app)) == ("Kampus UID", [("invitation", "sent")])

    back = staff.submit(asked, press="back=1")
    assert back.one("#venue")["value"] == "Hotel Contoh"
    assert (venue(app), mails(app)) == ("Kampus UID", [("invitation", "sent")])

    with app.app_context():  # meanwhile the mail turns out not to have left
        with unit() as session:
            session.execute(sa.update(Message).values(state="failed"))
        db.session.remove()
    again = staff.submit(asked, status=409)
    assert "berubah sejak ditampilkan" in again.one(".alert").get_text()
    assert "Menerima undangan pertama kali" in again.text
    assert "Surel terakhir ke alamat ini ditolak; telepon juga" in again.lines("tbody tr")[0]
    assert venue(app) == "Kampus UID"

    staff.submit(again)
    assert venue(app) == "Hotel Contoh"
    assert mails(app) == [("invitation", "failed"), ("invitation", "ready")]
    assert invitation_id


def test_a_cancellation_is_refused_when_the_list_is_another_one(staff: Pages, app: Flask) -> None:
    convening_id, _invitation_id = bali(app)
    english = staff.in_language("en")
    page = english.get(f"/o/convenings/{convening_id}/cancel")
    assert "Gets the cancellation" in page.text
    assert "Alasan: (alasan yang ditulis di halaman ini)" in page.one(".mail-text").get_text()
    with app.app_context():
        with unit() as session:
            session.execute(sa.update(Message).values(state="failed"))
        db.session.remove()
    page = english.submit(page, status=400, reason="Banjir")
    assert mails(app) == [("invitation", "failed")]
    assert "0 messages would be written now" in page.text
    staff.submit(staff.get(f"/o/convenings/{convening_id}/cancel"), reason="Banjir")
    assert mails(app) == [("invitation", "failed")]
    staff.get(f"/o/convenings/{convening_id}/cancel", status=409)
