"""Which of several dates suits a region: the question on a phone, and what was said.

Opening the page answers nothing; an answer is one POST that leads to a page which says what is now
recorded. The last answer of the region holds, whichever of its offices gave it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import poll_texts
from app.extensions import db, keys
from app.filters import utc_now
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.poll_forms import SAYS_WORDS, dates_form
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import poll_answers, poll_end, poll_standing, polls
from cohorts.convenings.poll_answers import link_holder
from cohorts.convenings.poll_standing import Voice
from cohorts.convenings.poll_tables import Poll, PollAsk, PollDate
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import office_name, region_name
from cohorts.ground import throttle
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
WINDOW = dt.timedelta(minutes=10)
ANSWERS_EACH = 30  # answers of one link in ten minutes
ANSWERS_IN_ALL = 3000


@dataclass(frozen=True)
class Opened:
    """A poll seen through the link of one of the offices asked."""

    token: str
    ask: PollAsk
    poll: Poll
    voice: Voice
    now: dt.datetime

    @property
    def late(self) -> bool:
        return self.now > self.poll.answer_by

    @property
    def dates(self) -> list[PollDate]:
        """The dates as the calendar has them."""
        return list(self.poll.dates)


@bp.get("/dates/<token>")
@open_to("guest")
def dates(token: str) -> Page:
    """Show the question, or what is recorded, or how the search ended."""
    opened = _open(token)
    if opened.poll.state != "open":
        return _ended(opened)
    return _recorded(opened) if opened.voice.answer is not None else _asking(opened)


@bp.route("/dates/<token>/change", methods=["GET", "POST"])
@open_to("guest")
def dates_change(token: str) -> Page:
    """Take the answer, the first one or another."""
    opened = _open(token)
    if opened.poll.state != "open":
        return redirect(url_for("participant.dates", token=token))
    return _asking(opened)


def _open(token: str) -> Opened:
    session = db.session()
    ask = polls.ask_by_link(session, Links(keys().link).read("poll", token))
    poll = polls.poll(session, ask.poll.cohort_id, ask.poll_id)
    (voice,) = poll_standing.voices(session, poll, ask.region_code)
    return Opened(token, ask, poll, voice, utc_now())


def _slow_down(opened: Opened) -> None:
    """Count an answer of this link. Raises Refusal ground.too_many (facts: retry_after)."""
    with unit() as session:
        waits = [
            throttle.hit(
                session, f"poll:{opened.ask.id}", limit=ANSWERS_EACH, every=WINDOW, now=opened.now
            ),
            throttle.hit(session, "poll", limit=ANSWERS_IN_ALL, every=WINDOW, now=opened.now),
        ]
    wait = max((w for w in waits if w is not None), default=None)
    if wait is not None:
        raise Refusal("ground.too_many", retry_after=wait)


def _asking(opened: Opened) -> Page:
    """The question with what was said before; a whole answer is recorded."""
    poll, lang = opened.poll, language()
    words = [poll_texts.day_of(date, poll.timezone, lang) for date in opened.dates]
    form = dates_form(opened.dates, words, opened.voice.says)
    if not form.is_submitted():
        form.note.data = opened.voice.note
    if form.validate_on_submit():
        _slow_down(opened)
        try:
            with unit() as session:
                poll_answers.answer(
                    session,
                    opened.ask.id,
                    form.said(),
                    link_holder(opened.ask.id),
                    opened.now,
                    note=form.note.data or "",
                )
            return redirect(url_for("participant.dates", token=opened.token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, refusal)
    return render_template(
        "participant/dates.html", form=form, **_common(opened)
    ), 400 if form.errors else 200


def _recorded(opened: Opened) -> Page:
    return render_template("participant/dates_recorded.html", **_common(opened))


def _ended(opened: Opened) -> Page:
    session = db.session()
    choice = poll_end.choice_of(session, opened.poll.id)
    chosen = next((d for d in opened.dates if choice and d.n == choice.date_n), None)
    held = session.get(Convening, choice.convening_id) if choice else None
    return render_template(
        "participant/dates_ended.html", chosen=chosen, held=held, **_common(opened)
    )


def _common(opened: Opened) -> dict[str, Any]:
    """What every page of a poll prints."""
    poll, voice, lang = opened.poll, opened.voice, language()
    own = voice.region.timezone
    return {
        "token": opened.token,
        "opened": opened,
        "poll": poll,
        "voice": voice,
        "title": poll_texts.title_of(poll, lang),
        "purpose": poll_texts.purpose_of(poll, lang),
        "place": poll_texts.place_of(poll),
        "office": office_name(opened.ask.office, lang),
        "region": region_name(voice.region, lang),
        "by": office_name(voice.by.office, lang) if voice.by is not None else "",
        "own_zone": own,
        "day": lambda date: poll_texts.day_of(date, poll.timezone, lang),
        "span": lambda date: poll_texts.hours_of(date, poll.timezone, lang, own),
        "says_words": SAYS_WORDS,
        "sample": poll.cohort.sample,
    }
