"""Opening a search for a date: the question, a look at whom it asks and what speaks against each
date, then one act."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import poll_texts
from app.extensions import db
from app.filters import utc_now
from app.guard import actor, needs
from app.language import language
from app.organizer import bp, conflict_lines
from app.organizer.fields import named
from app.organizer.forms_polls import PollForm
from app.organizer.views_cohort import name_of
from app.organizer.views_invite import role_words
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import conflicts, polls
from cohorts.convenings.conflicts import Slot
from cohorts.convenings.poll_asked import Whom
from cohorts.convenings.poll_tables import FEWEST, PollDate
from cohorts.convenings.polls import Question
from cohorts.ground.base import CROCKFORD, new_id
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import members

Page = str | Response | tuple[str, int]


@bp.route("/cohorts/<cohort_id>/polls/new", methods=["GET", "POST"])
@needs("convening.edit")
def poll_new(cohort_id: str) -> Page:
    """Write the question; the first time it is sent it is shown with whom it would ask, the second
    time they are asked. A question changed in between is shown again."""
    session, now = db.session(), utc_now()
    cohort = cohorts.cohort(session, cohort_id)
    form = PollForm(role_words())
    joined = [m.region for m in members.members(session, cohort_id, now)]
    joined.sort(key=lambda region: (region.name, region.code))
    chosen = set(request.form.getlist("region")) & {region.code for region in joined}
    required = set(request.form.getlist("required")) & chosen
    if request.method == "GET":
        form.poll_id.data, form.timezone.data = new_id(), cohort.timezone
        chosen = {region.code for region in joined}
    preview: Preview | None = None
    if form.validate_on_submit():
        try:
            question = form.question(sorted(chosen), sorted(required)).checked(now)
            if not chosen:
                raise Refusal("convenings.poll_nobody", field="regions")
            preview = _preview(cohort_id, question)
            if request.form.get("seen") == preview.fingerprint:
                with unit() as writing:
                    made = polls.open_poll(
                        writing,
                        cohort_id,
                        question,
                        actor(),
                        now,
                        poll_id=_id(form),
                        seen=len(preview.lines),
                    )
                    made_id = made.id
                flash(_asked(len(preview.lines), preview.mailed))
                return redirect(url_for("organizer.poll", cohort_id=cohort_id, poll_id=made_id))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            preview = None
            beside(form, refusal)
    cohort = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/poll_form.html",
        form=form,
        cohort=cohort,
        cohort_name=name_of(cohort),
        joined=joined,
        chosen=chosen,
        required=required,
        named=named,
        preview=preview,
        fewest=FEWEST,
        office_of=office_word,
    ), 400 if form.errors or form.form_errors else 200


class Preview:
    """Whom a question would ask, and what speaks against each of its dates."""

    def __init__(
        self, question: Question, lines: list[Whom], against: list[list[conflict_lines.Line]]
    ) -> None:
        self.lines = lines
        self.mailed = sum(line.address is not None for line in lines)
        self.unreached = [line for line in lines if line.address is None]
        self.vacant = sum(line.standing is None for line in lines)
        zone, lang = question.timezone, language()
        dates = [PollDate(n=n, starts_at=a, ends_at=b) for n, (a, b) in enumerate(question.dates)]
        self.dates = [
            (poll_texts.day_of(date, zone, lang), poll_texts.hours_of(date, zone, lang), told)
            for date, told in zip(dates, against, strict=True)
        ]
        told = repr((question, [(w.office, w.address and w.address.value) for w in lines]))
        self.fingerprint = hashlib.sha256(told.encode()).hexdigest()[:16]


def _preview(cohort_id: str, question: Question) -> Preview:
    session = db.session()
    lines = polls.asked_by(session, cohort_id, question, utc_now())
    slots = [
        Slot(a, b, question.timezone, question.venue, question.address) for a, b in question.dates
    ]
    codes = {line.region.code for line in lines}
    found = conflicts.of_each(session, cohort_id, slots, language(), regions=codes)
    return Preview(question, lines, [conflict_lines.lines_of(one) for one in found])


def office_word(line: Whom) -> str:
    """The office of a line in the reader's language."""
    return line.office_en if language() == "en" else line.titled


def _id(form: PollForm) -> str:
    """The id that the page gave to the poll, so that sending it twice asks once."""
    given = form.poll_id.data or ""
    return given if re.fullmatch(f"[{CROCKFORD}]{{16}}", given) else new_id()


def _asked(n: int, mailed: int) -> str:
    if mailed == n:
        return str(ngettext("%(n)s jabatan ditanya.", "%(n)s jabatan ditanya.", n, n=n))
    return str(
        _(
            "%(n)s jabatan ditanya: %(mailed)s lewat surel, %(calls)s tanpa alamat surel.",
            n=n,
            mailed=mailed,
            calls=n - mailed,
        )
    )


def whose(cohort_id: str) -> dict[str, Any]:
    """What every page of a cohort's search prints."""
    cohort = cohorts.cohort(db.session(), cohort_id)
    return {"cohort": cohort, "cohort_name": name_of(cohort)}
