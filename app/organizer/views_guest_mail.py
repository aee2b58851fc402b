"""Mail that came back from guests, and waits for a person: a convening's letter box."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db, settings
from app.filters import utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.guest_rows import office_word, region_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.unit import unit
from cohorts.convenings import chain, guest_mail
from cohorts.convenings import convening as convenings
from cohorts.convenings.mail_tables import GuestMail
from cohorts.convenings.seats import body_text
from cohorts.ground.files import FileStore
from cohorts.ground.refusal import Refusal

SIZE = 50

KINDS = {
    "answer": _l("Jawaban kalender, tercatat"),
    "confirm": _l("Jawaban kalender, perlu dipastikan"),
    "older": _l("Jawaban kalender, sudah ada yang lebih baru"),
    "counter": _l("Usul waktu lain"),
    "message": _l("Surel"),
}
SAID = {
    "ACCEPTED": _l("bersedia hadir"),
    "DECLINED": _l("tidak dapat hadir"),
    "TENTATIVE": _l("belum pasti"),
}
WHY = {
    guest_mail.STRANGER: _l(
        "Dijawab oleh %(who)s, alamat yang tidak tercatat untuk jabatan ini. Pastikan dahulu."),
    guest_mail.UNCLEAR: _l("Isi jawabannya tidak jelas. Tanyakan kepada pengirimnya."),
    "convenings.handed_over": _l(
        "Kursinya sudah diwakilkan. Cabut penunjukannya dahulu bila memang berubah."),
    "convenings.name_missing": _l(
        "Pemangku jabatan ini belum diketahui. Tanyakan siapa yang hadir."),
    "convenings.reply_deadline_passed": _l("Tiba setelah tenggat jawaban."),
    "convenings.door_closed": _l("Tiba setelah acara selesai."),
    "convenings.cancelled": _l("Acaranya sudah dibatalkan."),
    "convenings.invitation_withdrawn": _l("Undangannya sudah ditarik."),
}


def sentence(mail: GuestMail) -> str:
    """What stands in a mail, in one line, or why a person has to make sure."""
    if mail.kind == "confirm":
        found = WHY.get(mail.why) or WHY[guest_mail.UNCLEAR]
        return str(found) % {"who": mail.attendee or mail.sender or _("pengirim tanpa alamat")}
    if mail.kind == "counter":
        return str(_(
            "Waktu dan tempat acara tidak berubah karena surel ini. Jawab pengirimnya sendiri."))
    return ""


@bp.get("/convenings/<convening_id>/mailbox")
@needs("reply.on_behalf")
def mailbox(convening_id: str) -> str:
    """List the mail that came back, what waits for a person first."""
    session = db.session()
    found = convenings.get(session, convening_id)
    every = guest_mail.mails(session, convening_id=convening_id)
    pages = max(1, -(-len(every) // SIZE))
    page = min(max(1, request.args.get("page", 1, type=int) or 1), pages)
    states = {
        state.invitation_id: state
        for state in reversed(chain.seats(
            session, at=utc_now(), convening_id=convening_id, withdrawn=True))
    }
    return render_template(
        "organizer/mailbox.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        lines=every[(page - 1) * SIZE:page * SIZE], total=len(every), page=page, pages=pages,
        size=SIZE, states=states, waiting=sum(guest_mail.waits(one) for one in every),
        office_word=office_word, region_word=region_word, mailbox=WORDS)


@bp.post("/convenings/<convening_id>/mailbox/<mail_id>")
@needs("reply.on_behalf")
def mailbox_read(convening_id: str, mail_id: str) -> Response:
    """Note that somebody has seen to a mail."""
    _one(convening_id, mail_id)
    with unit() as session:
        guest_mail.mark_read(session, mail_id, actor(), utc_now())
    flash(_("Surel ditandai sudah ditangani."))
    return redirect(url_for("organizer.mailbox", convening_id=convening_id))


@bp.get("/convenings/<convening_id>/mailbox/<mail_id>/original")
@needs("reply.on_behalf")
def mailbox_original(convening_id: str, mail_id: str) -> Response:
    """Hand out the mail as it came, to be saved: what hangs on it is never opened here."""
    mail = _one(convening_id, mail_id)
    answer = make_response(FileStore(settings().files_dir).get(mail.sha256))
    answer.mimetype = "application/octet-stream"
    answer.headers["Content-Disposition"] = 'attachment; filename="surel.eml"'
    return answer


def text_of(mail: GuestMail) -> str:
    """What was written in a mail."""
    return body_text(db.session(), mail.text_id)


WORDS: dict[str, Any] = {
    "waits": guest_mail.waits, "kinds": KINDS, "said": SAID, "sentence": sentence, "text": text_of}
"""What the macro ``letters`` needs of a page that shows mail."""


def _one(convening_id: str, mail_id: str) -> GuestMail:
    """The mail, if it belongs to this very convening."""
    mail = db.session.get(GuestMail, mail_id)
    if mail is None or mail.invitation.convening_id != convening_id:
        raise Refusal("ground.not_found")
    return mail
