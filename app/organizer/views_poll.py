"""One search for a date: how it stands, an answer on behalf, the choice, calling it off."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import poll_texts
from app.extensions import db
from app.filters import utc_now
from app.forms import page_status, whole
from app.guard import actor, needs
from app.language import language
from app.organizer import bp, conflict_lines
from app.organizer.fields import named
from app.organizer.forms_polls import CallOffForm, ChooseForm
from app.organizer.views_polls import office_word, whose
from app.poll_forms import SAYS_WORDS, dates_form
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import conflicts, poll_answers, poll_end, poll_reminders, polls
from cohorts.convenings.conflicts import Slot
from cohorts.convenings.poll_end import choice_of
from cohorts.convenings.poll_standing import Standing, Voice, standing, voices
from cohorts.convenings.poll_tables import Poll, PollAsk, PollDate
from cohorts.convenings.tables import Convening
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import office_name
from cohorts.ground.access import Where, may
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
WEEK = dt.timedelta(days=7)
STEP_WORDS = {
    "poll_3": _l("Tiga hari sebelum tenggat jawaban"),
    "poll_last": _l("Menjelang tenggat jawaban"),
}


@bp.get("/cohorts/<cohort_id>/polls/<poll_id>")
@needs("cohort.see")
def poll(cohort_id: str, poll_id: str) -> str:
    """Show the dates in the order in which they suit, what each region says, who is reminded."""
    session, now = db.session(), utc_now()
    found = polls.poll(session, cohort_id, poll_id)
    how = standing(session, found)
    choice = choice_of(session, poll_id)
    held = session.get(Convening, choice.convening_id) if choice else None
    is_open = found.state == "open"
    asks = [ask for voice in how.voices for ask in voice.asks]
    points = (
        mail_addresses(session, [ask.office_id for ask in asks], day_in(now, found.timezone))
        if is_open
        else {}
    )
    where = Where(cohort_id=cohort_id)
    return render_template(
        "organizer/poll.html",
        poll=found,
        how=how,
        choice=choice,
        held=held,
        now=now,
        against=_against(found, how) if is_open else {},
        says_words=SAYS_WORDS,
        points=points,
        outlook=poll_reminders.outlook(session, found, now) if is_open else [],
        step_words=STEP_WORDS,
        share=lambda ask: poll_texts.chat(found, ask),
        may_edit=is_open and bool(may(actor(), "convening.edit", where)),
        may_write=is_open and bool(may(actor(), "convening.invite", where)),
        may_answer=is_open and bool(may(actor(), "reply.on_behalf", where)),
        **_words(found),
        **whose(cohort_id),
    )


@bp.route("/cohorts/<cohort_id>/polls/<poll_id>/answer/<asked_id>", methods=["GET", "POST"])
@needs("reply.on_behalf")
def poll_answer(cohort_id: str, poll_id: str, asked_id: str) -> Page:
    """Record what an office said by telephone or letter."""
    session, lang = db.session(), language()
    found = polls.poll(session, cohort_id, poll_id)
    ask = session.get(PollAsk, asked_id)
    if ask is None or ask.poll_id != poll_id:
        raise Refusal("ground.not_found")
    back = redirect(url_for("organizer.poll", cohort_id=cohort_id, poll_id=poll_id))
    if found.state != "open":
        return back
    (voice,) = voices(session, found, ask.region_code)
    days = [poll_texts.day_of(date, found.timezone, lang) for date in found.dates]
    form = dates_form(list(found.dates), days, voice.says)
    if form.validate_on_submit():
        try:
            with unit() as writing:
                poll_answers.answer(
                    writing, asked_id, form.said(), actor(), utc_now(), note=form.note.data or ""
                )
            flash(_("Jawaban tercatat."))
            return back
        except Refusal as refusal:
            beside(form, refusal)
    return render_template(
        "organizer/poll_answer.html",
        form=form,
        poll=found,
        ask=ask,
        voice=voice,
        **_words(found),
        **whose(cohort_id),
    ), page_status()


@bp.route("/cohorts/<cohort_id>/polls/<poll_id>/choose/<int:n>", methods=["GET", "POST"])
@needs("convening.edit")
def poll_choose(cohort_id: str, poll_id: str, n: int) -> Page:
    """Say whom choosing this date invites and what speaks against it, then do it."""
    session, now = db.session(), utc_now()
    found = polls.poll(session, cohort_id, poll_id)
    date = next((date for date in found.dates if date.n == n), None)
    if date is None:
        raise Refusal("ground.not_found")
    form = ChooseForm()
    if request.method == "GET":
        form.venue.data, form.address.data = found.venue, found.address
        form.policy.data = "one_level_down"
        form.reply_by.data = _reply_by(date, found, now)
    if form.validate_on_submit():
        seen = form.seen.data or ""
        try:
            with unit() as writing:
                made_id = poll_end.choose(
                    writing,
                    poll_id,
                    n,
                    form.terms(found.timezone),
                    actor(),
                    now,
                    seen=whole(seen),
                ).id
            flash(_("Tanggal ditetapkan dan undangan dikirim."))
            return redirect(url_for("organizer.convening", convening_id=made_id))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, refusal)
    session = db.session()
    found = polls.poll(session, cohort_id, poll_id)
    if found.state != "open" and not form.is_submitted():
        return redirect(url_for("organizer.poll", cohort_id=cohort_id, poll_id=poll_id))
    date = next(date for date in found.dates if date.n == n)
    how = standing(session, found)
    lines = poll_end.invites(session, found, now)
    form.seen.data = str(len(lines))
    return render_template(
        "organizer/poll_choose.html",
        form=form,
        poll=found,
        date=date,
        lines=lines,
        ranked=next(r for r in how.ranked if r.date.n == n),
        how=how,
        mailed=sum(line.address is not None for line in lines),
        unreached=[line for line in lines if line.address is None],
        office_of=office_word,
        conflicts=_against(found, how)[n],
        **_words(found),
        **whose(cohort_id),
    ), page_status()


@bp.route("/cohorts/<cohort_id>/polls/<poll_id>/cancel", methods=["GET", "POST"])
@needs("convening.edit")
def poll_cancel(cohort_id: str, poll_id: str) -> Page:
    """Say who is told when the search is called off, then do it."""
    session, now = db.session(), utc_now()
    found = polls.poll(session, cohort_id, poll_id)
    back = redirect(url_for("organizer.poll", cohort_id=cohort_id, poll_id=poll_id))
    if found.state != "open":
        return back
    form = CallOffForm()
    if form.validate_on_submit():
        try:
            with unit() as writing:
                told = poll_end.cancel(writing, poll_id, form.reason.data, actor(), now)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(
                ngettext(
                    "Pencarian tanggal dibatalkan; %(n)s jabatan diberi tahu.",
                    "Pencarian tanggal dibatalkan; %(n)s jabatan diberi tahu.",
                    told,
                    n=told,
                )
                if told
                else _("Pencarian tanggal dibatalkan.")
            )
            return back
    session = db.session()
    found = polls.poll(session, cohort_id, poll_id)
    answered = poll_answers.answered_by(session, poll_id)
    points = mail_addresses(
        session, [ask.office_id for ask in answered], day_in(now, found.timezone)
    )
    return render_template(
        "organizer/poll_cancel.html",
        form=form,
        poll=found,
        answered=answered,
        points=points,
        **_words(found),
        **whose(cohort_id),
    ), page_status()


def _against(found: Poll, how: Standing) -> dict[int, list[conflict_lines.Line]]:
    """What speaks against each date, by its number."""
    slots = [
        Slot(date.starts_at, date.ends_at, found.timezone, found.venue, found.address)
        for date in found.dates
    ]
    codes = {voice.region.code for voice in how.voices}
    told = conflicts.of_each(db.session(), found.cohort_id, slots, language(), regions=codes)
    return {
        date.n: conflict_lines.lines_of(one) for date, one in zip(found.dates, told, strict=True)
    }


def _reply_by(date: PollDate, found: Poll, now: dt.datetime) -> dt.datetime:
    """A week before the date; where less than that is left, half of what is left. By the clock of
    the place, to the whole hour."""
    wanted = max(date.starts_at - WEEK, now + (date.starts_at - now) / 2)
    here = wanted.astimezone(ZoneInfo(found.timezone)).replace(tzinfo=None)
    return here.replace(minute=0, second=0, microsecond=0)


def _words(found: Poll) -> dict[str, Any]:
    lang = language()

    def who(voice: Voice) -> str:
        return named(voice.region)

    return {
        "title": poll_texts.title_of(found, lang),
        "purpose": poll_texts.purpose_of(found, lang),
        "place": poll_texts.place_of(found),
        "day": lambda date: poll_texts.day_of(date, found.timezone, lang),
        "span": lambda date: poll_texts.hours_of(date, found.timezone, lang),
        "office": lambda ask: office_name(ask.office, lang),
        "who": who,
    }
