"""Inviting by office: choose posts, single offices and guests from outside with their seats, see
what would happen, then one act."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import letter_sheets, wording
from app.adapters.print import LetterSheet
from app.extensions import db
from app.filters import utc_now
from app.forms import whole
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.asked_guests import MOST, POSTS, Asked, asked
from app.organizer.forms_guests import OutsideForm, TermsForm
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import title_of
from app.refusals import Said, beside, say
from app.unit import unit
from cohorts.convenings import chairs, external
from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation as invitations
from cohorts.convenings.chairs import Chairs
from cohorts.convenings.external import Outside
from cohorts.convenings.invitation import Line, Preview
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import DEPUTY_HEAD, HEAD, office_name, offices, roles, search
from cohorts.directory.tables import Office
from cohorts.ground.refusal import Refusal
from cohorts.programme import members

Page = str | Response | tuple[str, int]

HEADS = frozenset({"gubernur", "bupati", "walikota", "wagub", "wabup", "wawali"})
FOREIGN = frozenset({*external.ROLES, "sekda_prov", "pendamping"})
"""Posts that no regency or city has: they are invited one by one, below the rules."""

FOUND = 12  # offices that a search offers


@bp.get("/convenings/<convening_id>/invite")
@needs("convening.invite")
def invite(convening_id: str) -> Page:
    """Choose whom to invite and see what that would do. Changes nothing.

    Without anything asked for, the rules kept with the convening are shown: what they would add
    now is the supplementary invitation.
    """
    return _page(convening_id, _asked(convening_id))


@bp.post("/convenings/<convening_id>/invite")
@needs("convening.invite")
def invite_send(convening_id: str) -> Page:
    """Invite what the preview showed, in one transaction."""
    wanted = asked(request.form)
    seen = request.form.get("seen", type=int)
    try:
        with unit() as session:
            done = invitations.invite(
                session, convening_id, wanted.roles, actor(), utc_now(), seen=seen,
                offices=wanted.offices, seats=wanted.seats)
    except Refusal as refusal:
        if not refusal.code.startswith("convenings."):
            raise
        return _page(convening_id, wanted, say(refusal))
    if done.new:
        flash(_sent(done.new, done.mailed))
    if done.widened:
        flash(ngettext("%(n)s undangan mendapat kursi tambahan.",
                       "%(n)s undangan mendapat kursi tambahan.", done.widened, n=done.widened))
    if not done.new and not done.widened:
        flash(_("Semuanya sudah diundang. Tidak ada yang dikirim lagi."))
    return redirect(url_for("organizer.guests", convening_id=convening_id))


@bp.post("/convenings/<convening_id>/invite/outside")
@needs("convening.invite")
def invite_outside(convening_id: str) -> Page:
    """Enter a guest from outside the regions; the office then stands among the chosen ones."""
    form = OutsideForm()
    wanted = asked(request.form)
    if form.validate_on_submit():
        guest = Outside(
            kind=form.kind.data, organisation=form.organisation.data,
            role_key=form.role_key.data, title=form.title.data or "", name=form.name.data or "",
            front_title=form.front_title.data or "", back_title=form.back_title.data or "",
            email=form.email.data or "")
        try:
            with unit() as session:
                office_id = external.enter(session, convening_id, guest, actor(), utc_now()).id
        except Refusal as refusal:
            beside(form, _of_field(refusal))
        else:
            chosen = Asked(wanted.roles, [*wanted.offices, office_id], wanted.seats)
            flash(_("Tersimpan di direktori. Periksa, lalu kirim undangannya."))
            return redirect(_address(convening_id, chosen))
    return _page(convening_id, wanted, outside=form)


@bp.post("/convenings/<convening_id>/invite/terms")
@needs("convening.edit")
def invite_terms(convening_id: str) -> Page:
    """Save who may come instead and until when to answer; the letter follows."""
    found = convenings.get(db.session(), convening_id)
    form = TermsForm()
    wanted = asked(request.form)
    if form.validate_on_submit():
        zone = ZoneInfo(found.timezone)
        reply_by = form.reply_by.data.replace(tzinfo=zone).astimezone(dt.UTC)
        plan = dataclasses.replace(
            convenings.as_planned(found), policy=form.policy.data, reply_by=reply_by)
        try:
            with unit() as session:
                convenings.edit(
                    session, convening_id, plan, whole(form.version.data), actor(), utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Tersimpan. Suratnya ikut berubah."))
            return redirect(_address(convening_id, wanted))
    return _page(convening_id, wanted, terms=form)


def _page(
    convening_id: str, wanted: Asked, said: Said | None = None, terms: TermsForm | None = None,
    outside: OutsideForm | None = None,
) -> Page:
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    preview: Preview | None = None
    if wanted and found.state in invitations.OPEN:
        try:
            preview = invitations.preview(
                session, convening_id, wanted.roles, now, offices=wanted.offices,
                seats=wanted.seats)
        except Refusal as refusal:
            said = said or say(refusal)
    new = [line for line in preview.lines if line.state == "new"] if preview else []
    number = min(max(1, request.args.get("letter", 1, type=int) or 1), max(1, len(new)))
    line = new[number - 1] if new else None
    status = said.status if said else 400 if terms is not None or outside is not None else 200
    query = request.args.get("q", "").strip()[:100]
    return render_template(
        "organizer/invite.html",
        convening=found, cohort=found.cohort, cohort_name=name_of(found.cohort),
        title=title_of(found), asked=wanted, role_words=role_words(), post_words=post_words(),
        posts=POSTS, most=MOST, members=len(members.members(session, found.cohort_id, now)),
        preview=preview, said=said, terms=terms or _terms(found), line=line, number=number,
        of=len(new), letter=_letter(found, line, now), more=request.args.get("more") is not None,
        outside=outside or OutsideForm(formdata=None), outside_open=outside is not None,
        query=query, single=_offices(wanted, query), office_of=office_word,
        single_word=single_word, chairs_word=chairs_word,
        address=lambda n: _address(convening_id, wanted, letter=n)), status


def office_word(line: Line) -> str:
    """The office of a line in the reader's language."""
    return line.office_en if language() == "en" else line.titled


def single_word(office: Office) -> str:
    """An office of the directory in the reader's language."""
    return office_name(office, language())


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


def post_words() -> dict[str, str]:
    """The posts that an office may be asked to send, in the order of protocol; read once for a
    page."""
    if "post_words" in g:
        return dict(g.post_words)
    english = language() == "en"
    g.post_words = {
        role.key: role.title_en if english else role.title_id
        for role in roles(db.session())
        if role.key not in HEADS | FOREIGN
    }
    return dict(g.post_words)


def chairs_word(wanted: Chairs) -> str:
    """Which seats an invitation holds, in a line: "pejabatnya, 2 pendamping"."""
    words = post_words()
    parts = [_("pejabatnya")] if wanted.itself else []
    parts += [f"{number} {words.get(key, key)}" for key, number in wanted.posts]
    if wanted.companions:
        parts.append(ngettext("%(n)s pendamping", "%(n)s pendamping", wanted.companions,
                              n=wanted.companions))
    return ", ".join(parts)


def _asked(convening_id: str) -> Asked:
    """What the address names; without anything, the rules that the convening keeps. The seats of a
    rule that the address says nothing about are those kept."""
    session = db.session()
    wanted = asked(request.args)
    kept = chairs.of_rules(session, convening_id)
    if "role" not in request.args and "office" not in request.args:
        known = invitations.rules(session, convening_id)[:MOST]
        wanted = Asked(known, invitations.single_offices(session, convening_id))
    seats = {role: kept[role] for role in wanted.roles if role in kept} | wanted.seats
    return Asked(wanted.roles, wanted.offices, seats)


def _offices(wanted: Asked, query: str) -> list[Office]:
    """The single offices that are chosen, then those that the search, or the directory of guests
    from outside, offers."""
    session = db.session()
    found = offices(session, wanted.offices)
    chosen = [found[id_] for id_ in wanted.offices if id_ in found]
    offered = search(session, query, limit=FOUND) if query else external.known(session)[:FOUND]
    return chosen + [one for one in offered if one.id not in found]


def _address(convening_id: str, wanted: Asked, **more: int) -> str:
    named: dict[str, Any] = {"convening_id": convening_id, **wanted.address(), **more}
    return url_for("organizer.invite", **named)


def _of_field(refusal: Refusal) -> Refusal:
    """A refusal of the directory, by the field of our form that it belongs to."""
    fields = {"directory.email_form": "email"}
    own = refusal.field
    if own == "name" and refusal.code == "ground.needed":
        own = "organisation"
    return Refusal(refusal.code, field=fields.get(refusal.code, own), **refusal.facts)


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
