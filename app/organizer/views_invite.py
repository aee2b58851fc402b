"""Inviting by office: choose the posts, see what would happen, then one act."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import letter_sheets, wording
from app.adapters.print import LetterSheet
from app.extensions import db
from app.filters import utc_now
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.forms_guests import TermsForm
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import title_of
from app.refusals import Said, beside, say
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation as invitations
from cohorts.convenings.invitation import Line, Preview
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import DEPUTY_HEAD, HEAD, roles
from cohorts.ground.refusal import Refusal
from cohorts.programme import members

Page = str | Response | tuple[str, int]

MOST = 6
HEADS = frozenset({"gubernur", "bupati", "walikota", "wagub", "wabup", "wawali"})
FOREIGN = frozenset({"presiden", "menko", "menteri", "wamen", "dirjen", "direktur", "mitra",
                     "narasumber", "media", "sekda_prov", "pendamping"})
"""Posts that no regency or city has: they are invited from their own page in the directory."""


@bp.get("/convenings/<convening_id>/invite")
@needs("convening.invite")
def invite(convening_id: str) -> Page:
    """Choose the posts and see what inviting them would do. Changes nothing."""
    return _page(convening_id, _asked())


@bp.post("/convenings/<convening_id>/invite")
@needs("convening.invite")
def invite_send(convening_id: str) -> Page:
    """Invite what the preview showed, in one transaction."""
    chosen = [r for r in request.form.getlist("role") if r][:MOST]
    seen = request.form.get("seen", type=int)
    try:
        with unit() as session:
            done = invitations.invite(
                session, convening_id, chosen, actor(), utc_now(), seen=seen)
    except Refusal as refusal:
        if not refusal.code.startswith("convenings."):
            raise
        return _page(convening_id, chosen, say(refusal))
    if done.new:
        flash(_sent(done.new, done.mailed))
    else:
        flash(_("Semuanya sudah diundang. Tidak ada yang dikirim lagi."))
    return redirect(url_for("organizer.guests", convening_id=convening_id))


@bp.post("/convenings/<convening_id>/invite/terms")
@needs("convening.edit")
def invite_terms(convening_id: str) -> Page:
    """Save who may come instead and until when to answer; the letter follows."""
    found = convenings.get(db.session(), convening_id)
    form = TermsForm()
    chosen = [r for r in request.form.getlist("role") if r][:MOST]
    if form.validate_on_submit():
        zone = ZoneInfo(found.timezone)
        reply_by = form.reply_by.data.replace(tzinfo=zone).astimezone(dt.UTC)
        wanted = dataclasses.replace(
            convenings.as_planned(found), policy=form.policy.data, reply_by=reply_by)
        version = form.version.data or ""
        try:
            with unit() as session:
                convenings.edit(
                    session, convening_id, wanted, int(version) if version.isdecimal() else 0,
                    actor(), utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Tersimpan. Suratnya ikut berubah."))
            return redirect(url_for("organizer.invite", convening_id=convening_id, role=chosen))
    return _page(convening_id, chosen, terms=form)


def _page(
    convening_id: str, chosen: list[str], said: Said | None = None, terms: TermsForm | None = None
) -> Page:
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    preview: Preview | None = None
    if chosen and found.state in invitations.OPEN:
        try:
            preview = invitations.preview(session, convening_id, chosen, now)
        except Refusal as refusal:
            said = said or say(refusal)
    new = [line for line in preview.lines if line.state == "new"] if preview else []
    number = min(max(1, request.args.get("letter", 1, type=int) or 1), max(1, len(new)))
    line = new[number - 1] if new else None
    status = said.status if said else 400 if terms is not None else 200
    return render_template(
        "organizer/invite.html",
        convening=found, cohort=found.cohort, cohort_name=name_of(found.cohort),
        title=title_of(found), chosen=chosen, role_words=role_words(),
        members=len(members.members(session, found.cohort_id, now)), preview=preview,
        said=said, terms=terms or _terms(found), line=line, number=number, of=len(new),
        letter=_letter(found, line, now), more=request.args.get("more") is not None,
        office_of=office_word), status


def office_word(line: Line) -> str:
    """The office of a line in the reader's language."""
    return line.office_en if language() == "en" else line.titled


def role_words() -> dict[str, str]:
    """Role key -> what it is called, in the order of protocol; heads by what they head."""
    english = language() == "en"
    words = {
        HEAD: _("Kepala daerah (bupati atau wali kota)"),
        DEPUTY_HEAD: _("Wakil kepala daerah"),
    }
    for role in roles(db.session()):
        if role.key not in HEADS | FOREIGN:
            words[role.key] = role.title_en if english else role.title_id
    return words


def _asked() -> list[str]:
    """The posts that the address names, each once."""
    return list(dict.fromkeys(r for r in request.args.getlist("role") if r))[:MOST]


def _terms(found: Convening) -> TermsForm:
    reply_by = found.reply_by.astimezone(ZoneInfo(found.timezone)).replace(tzinfo=None)
    form = TermsForm(formdata=None, data={"policy": found.policy, "reply_by": reply_by})
    form.version.data = str(found.version)
    return form


def _letter(found: Convening, line: Line | None, now: dt.datetime) -> LetterSheet | None:
    if line is None:
        return None
    reader = wording.Reader(line.titled, line.region, line.timezone, wording.dead_link())
    return letter_sheets.to_nobody(letter_sheets.desk(db.session(), found, now), reader)


def _sent(new: int, mailed: int) -> str:
    if mailed == new:
        return str(ngettext("%(n)s undangan dikirim.", "%(n)s undangan dikirim.", new, n=new))
    return str(
        _("%(n)s jabatan diundang: %(mailed)s lewat surel, %(calls)s masuk daftar telepon.",
          n=new, mailed=mailed, calls=new - mailed))
