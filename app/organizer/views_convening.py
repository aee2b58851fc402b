"""Planning a convening: the draft, its edits, its announcement, its page."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.faces import full_url, page_exists
from app.feed_answers import convening_address
from app.filters import day_of, moment, utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp, conflict_lines, notice_lines
from app.organizer.convening_history import history_of
from app.organizer.editing import Meanwhile, sent
from app.organizer.forms_convening import POLICY_HELP, POLICY_WORDS, ConveningForm
from app.organizer.views_cohort import guests_of, name_of
from app.refusals import beside, say
from app.unit import unit
from cohorts.actions.agenda import agenda
from cohorts.convenings import chain, letter_numbers, notice, sessions
from cohorts.convenings import convening as convenings
from cohorts.convenings.tables import Convening, Invitation
from cohorts.door.stations import stations_of
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts

Page = str | Response | tuple[str, int]
PLANNED = ("draft", "announced")


def _may(action: str, found: Convening) -> bool:
    return bool(may(actor(), action, Where(cohort_id=found.cohort_id, convening_id=found.id)))


def title_of(found: Convening) -> str:
    """Return the convening's title in the reader's language."""
    return found.title_en if language() == "en" else found.title_id


def tabs_of(found: Convening, here: str) -> list[Any]:
    """Return the tabs of a convening's pages: word, address, count, whether it is this one."""
    own: dict[str, Any] = {"convening_id": found.id}
    cohort: dict[str, Any] = {"cohort_id": found.cohort_id}
    invited = db.session.scalar(
        sa.select(sa.func.count()).select_from(Invitation)
        .where(Invitation.convening_id == found.id, Invitation.withdrawn_at.is_(None)))
    held = found.state in ("in_progress", "closed")
    wanted: list[tuple[str, str, str, dict[str, Any], Any]] = [
        ("summary", "organizer.convening", _("Ringkasan"), own, ""),
        ("guests", "organizer.guests", pgettext("daftar", "Undangan"), own, invited),
        ("programme", "organizer.convening_programme", _("Susunan acara"), own,
         sessions.count(db.session(), found.id)),
        ("meeting", "organizer.meeting", _("Ruang pertemuan"), own, ""),
        ("door", "organizer.door", _("Pintu"), own, ""),
        ("pledges", "organizer.pledges", _("Komitmen"), cohort, ""),
        ("minutes", "organizer.minutes", _("Notula"), own, ""),
    ]
    return [
        (word, url_for(endpoint, **values), count, key == here)
        for key, endpoint, word, values, count in wanted
        if page_exists(endpoint) and (held or key not in ("meeting", "minutes"))
    ]


@bp.get("/convenings/<convening_id>")
@needs("convening.see")
def convening(convening_id: str) -> str:
    """Show one convening: its numbers, what comes next, its plan."""
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    seats = chain.seats(session, at=now, convening_id=convening_id)
    answers = chain.tally(seats)
    lines = agenda(session, convening_id) if found.state != "cancelled" else []
    return render_template(
        "organizer/convening.html", convening=found, cohort=found.cohort, title=title_of(found),
        cohort_name=name_of(found.cohort), tabs=tabs_of(found, "summary"), answers=answers,
        invited=sum(answers.values()), may_edit=_may("convening.edit", found),
        may_invite=_may("convening.invite", found), may_turn=_may("convening.turn", found),
        signing=sum(1 for s in seats if s.state == "delegated" and s.comes and s.comes.may_sign),
        programme=sessions.programme(session, convening_id),
        carried=sum(1 for line in lines if not line.new),
        guests=guests_of([convening_id])[convening_id], stations=stations_of(
            session, convening_id),
        policy_words=POLICY_WORDS, now=now, today=day_of(now, found.timezone),
        unnumbered=letter_numbers.unnumbered(session, found), history=history_of(found),
        share=_share_text(found),
        feed=convening_address(found.id), conflicts=conflict_lines.standing(found))


def _share_text(found: Convening) -> str:
    """What is shared by WhatsApp: what, when, where, and the public page if there is one."""
    lines = [
        title_of(found),
        moment(found.starts_at, found.timezone, language()),
        ", ".join(part for part in (found.venue, found.address) if part),
    ]
    if found.cohort.public and page_exists("public.cohort"):
        lines.append(full_url("public.cohort", slug=found.cohort.slug))
    return "\n".join(lines)


@bp.route("/cohorts/<cohort_id>/convenings/new", methods=["GET", "POST"])
@needs("convening.edit")
def convening_new(cohort_id: str) -> Page:
    """Plan a convening as a draft: nobody is told."""
    found = cohorts.cohort(db.session(), cohort_id)
    form = ConveningForm(timezone=found.timezone)
    del form.opening_actual
    if form.validate_on_submit():
        try:
            with unit() as session:
                made_id = convenings.plan(
                    session, cohort_id, form.plan(), actor(), utc_now()).id
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Draf tersimpan. Belum ada yang diberi tahu."))
            return redirect(url_for("organizer.convening", convening_id=made_id))
    found = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/convening_form.html", form=form, cohort=found, cohort_name=name_of(found),
        convening=None, meanwhile=[], policy_help=POLICY_HELP), page_status()


@bp.route("/convenings/<convening_id>/edit", methods=["GET", "POST"])
@needs("convening.edit")
def convening_edit(convening_id: str) -> Page:
    """Change the plan. A new time or place asks every guest again: whom it writes to is shown and
    asked first. Whoever saves second is told what the first one changed."""
    found = convenings.get(db.session(), convening_id)
    form = ConveningForm.over(found)
    if request.method == "GET":
        form.begin(found.version)
    meanwhile: list[Meanwhile] = []
    if form.validate_on_submit() and "back" not in request.form:
        asked, seen = _before_moving(found, form)
        if asked is not None:
            return asked
        before = found.schedule
        try:
            with unit() as session:
                changed = convenings.edit(
                    session, convening_id, form.plan(), form.number, actor(), utc_now(),
                    seen=seen)
                moved = changed.schedule != before
        except Refusal as refusal:
            if refusal.code == "convenings.notice_changed":
                found = convenings.get(db.session(), convening_id)
                return _before_moving(found, form)[0] or redirect(request.url)
            if refusal.code == "ground.stale":
                found = convenings.get(db.session(), convening_id)
                meanwhile = form.merge(ConveningForm.over(found, formdata=None), found.version)
            beside(form, refusal)
        else:
            flash(_("Perubahan tersimpan. Tamu yang sudah diundang ditanya ulang.") if moved
                  else _("Perubahan tersimpan."))
            return redirect(url_for("organizer.convening", convening_id=convening_id))
    found = convenings.get(db.session(), convening_id)
    return render_template(
        "organizer/convening_form.html", form=form, cohort=found.cohort, convening=found,
        cohort_name=name_of(found.cohort), meanwhile=meanwhile, policy_help=POLICY_HELP,
    ), 409 if meanwhile else 200 if "back" in request.form else page_status()


def _before_moving(found: Convening, form: ConveningForm) -> tuple[Page | None, str | None]:
    """The page that asks before guests are told of a new time or place, or an announced convening
    moves into a conflict; None when there is nothing to ask, or it was agreed to as it stands. And
    the fingerprint of the list of those told, None when nothing moves."""
    wanted = form.plan()
    moved = any(getattr(found, name) != getattr(wanted, name) for name in convenings.SCHEDULE)
    if not moved or found.state not in PLANNED or wanted.ends_at <= wanted.starts_at:
        return None, None
    if form.number != found.version:
        return None, None  # somebody else saved meanwhile: that is told first
    against = conflict_lines.moving(found, wanted)
    told = notice.of_move(db.session(), found, wanted, utc_now())
    given, agreed = request.form, told.fingerprint == request.form.get("notice_seen")
    if not against and not told:
        return None, told.fingerprint
    if agreed and (not against or given.get("conflicts_seen") == against.fingerprint):
        return None, told.fingerprint
    changed = "notice_seen" in given and not agreed
    said = say(Refusal("convenings.notice_changed", now=told.written)) if changed else None
    page = render_template(
        "organizer/convening_move.html", form=form, sent=sent(form), convening=found,
        cohort=found.cohort, cohort_name=name_of(found.cohort), wanted=wanted, notice=told,
        lines=notice_lines.lines_of(told, found), counts=notice_lines.counts_of(told),
        mails=notice_lines.samples(told, found, wanted), said=said, against=against,
        deputised=sum(line.deputised for line in told.lines),
        conflicts=conflict_lines.lines_of(against) if against else [])
    return (page, 409), told.fingerprint


@bp.route("/convenings/<convening_id>/announce", methods=["GET", "POST"])
@needs("convening.edit")
def convening_announce(convening_id: str) -> Page:
    """Say what announcing does, then do it."""
    if request.method == "POST":
        with unit() as session:
            convenings.announce(session, convening_id, actor(), utc_now())
        flash(_("Pertemuan diumumkan. Undangan sekarang dapat dikirim."))
        return redirect(url_for("organizer.convening", convening_id=convening_id))
    found = convenings.get(db.session(), convening_id)
    if found.state != "draft":
        return redirect(url_for("organizer.convening", convening_id=convening_id))
    return render_template(
        "organizer/convening_announce.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), programme=sessions.programme(
            db.session(), convening_id), conflicts=conflict_lines.standing(found))
