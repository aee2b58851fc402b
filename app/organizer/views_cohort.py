"""Cohorts: the list, one cohort with its series, its description and its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.faces import page_exists
from app.filters import day_of, decimal, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.editing import Meanwhile
from app.organizer.fields import named
from app.organizer.forms_cohort import ZONE_WORDS, CohortForm, ThresholdForm
from app.refusals import beside
from app.unit import unit
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Closing, Item, Reopening
from cohorts.convenings import convening as convenings
from cohorts.convenings import durations, polls, sessions
from cohorts.convenings.tables import PLANNED, Convening, GuestRule, Invitation
from cohorts.directory import offices
from cohorts.figures.follow_through import follow_up
from cohorts.figures.funnel import funnel
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import members, visits
from cohorts.programme.instruments import instruments
from cohorts.programme.tables import Cohort, Threshold

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Stop:
    """A convening of the series with its last closing that stands, and what it is waiting for.
    ``following`` is the one its items go on to; ``sessions`` and ``free`` are how many sessions a
    planned one has and how many minutes of its hours nothing fills."""

    convening: Convening
    closing: Closing | None
    roles: list[str]
    invited: int
    following: Convening | None
    sessions: int
    free: int


def may_edit(cohort_id: str) -> bool:
    """Return whether this person may change the cohort."""
    return bool(may(actor(), "cohort.edit", Where(cohort_id=cohort_id)))


def name_of(found: Cohort) -> str:
    """Return the cohort's name in the reader's language."""
    return found.name_en if language() == "en" else found.name_id


def tabs_of(found: Cohort, here: str) -> list[Any]:
    """Return the tabs of a cohort's pages: word, address, count, whether it is this one."""
    session, now = db.session(), utc_now()
    n_items = session.scalar(
        sa.select(sa.func.count()).select_from(Item).where(Item.cohort_id == found.id))
    wanted: list[tuple[str, str, str, Any]] = [
        ("series", "organizer.cohort", _("Rangkaian"), ""),
        ("members", "organizer.cohort_members", pgettext("daftar", "Anggota"),
         len(members.members(session, found.id, now))),
        ("items", "organizer.items", _("Tindak lanjut"), n_items),
        ("pledges", "organizer.pledges", _("Komitmen"), ""),
        ("visits", "organizer.cohort_visits", _("Kunjungan"),
         len(visits.visits(session, found.id, now))),
        ("scores", "organizer.cohort_scores", _("Indeks"), ""),
    ]
    return [
        (word, url_for(endpoint, cohort_id=found.id), count, key == here)
        for key, endpoint, word, count in wanted
        if page_exists(endpoint)
    ]


@bp.get("/cohorts")
@needs("cohort.see")
def cohort_list() -> str:
    """List the cohorts this person may see."""
    session, now = db.session(), utc_now()
    found = cohorts.cohorts_for(session, actor())
    sizes = members.sizes(session, found, now)
    counted = session.execute(
        sa.select(Convening.cohort_id, sa.func.count().label("n"))
        .where(Convening.state != "cancelled")
        .group_by(Convening.cohort_id))
    meetings = {row.cohort_id: row.n for row in counted}
    return render_template(
        "organizer/cohort_list.html", cohorts=found, sizes=sizes, meetings=meetings,
        may_create=bool(may(actor(), "cohort.create")), name_of=name_of)


def _form(form: CohortForm) -> CohortForm:
    form.timezone.choices = options(ZONE_WORDS.items())
    return form


def _wanted(form: CohortForm) -> cohorts.Description:
    return cohorts.Description(
        name_id=form.name_id.data, name_en=form.name_en.data or "",
        purpose_id=form.purpose_id.data or "", purpose_en=form.purpose_en.data or "",
        reference_region_code=form.reference.code, starts_on=form.starts_on.data,
        ends_on=form.ends_on.data, timezone=form.timezone.data, public=form.public.data)


@bp.route("/cohorts/new", methods=["GET", "POST"])
@needs("cohort.create")
def cohort_new() -> Page:
    """Set up a cohort."""
    form = _form(CohortForm())
    if form.validate_on_submit():
        try:
            with unit() as session:
                made_id = cohorts.create(
                    session, _wanted(form), slug=form.slug.data, sample=form.sample.data,
                    actor=actor(), now=utc_now()).id
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Kohort tersimpan. Tambahkan anggotanya."))
            return redirect(url_for("organizer.cohort_members", cohort_id=made_id))
    return render_template(
        "organizer/cohort_form.html", form=form, cohort=None, meanwhile=[]), page_status()


@bp.route("/cohorts/<cohort_id>/edit", methods=["GET", "POST"])
@needs("cohort.edit")
def cohort_edit(cohort_id: str) -> Page:
    """Change a cohort's description. Whoever saves second is told what the first one changed."""
    found = cohorts.cohort(db.session(), cohort_id)
    form = _over(found)
    if request.method == "GET":
        form.begin(found.version)
    meanwhile: list[Meanwhile] = []
    if form.validate_on_submit():
        try:
            with unit() as session:
                cohorts.edit(
                    session, cohort_id, _wanted(form), version=form.number, actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            if refusal.code == "ground.stale":
                found = cohorts.cohort(db.session(), cohort_id)
                meanwhile = form.merge(_over(found, formdata=None), found.version)
            beside(form, refusal)
        else:
            flash(_("Perubahan tersimpan."))
            return redirect(url_for("organizer.cohort", cohort_id=cohort_id))
    return render_template(
        "organizer/cohort_form.html", form=form, meanwhile=meanwhile,
        cohort=cohorts.cohort(db.session(), cohort_id)), 409 if meanwhile else page_status()


def _over(found: Cohort, **more: Any) -> CohortForm:
    """Return the form over what stands."""
    region = found.reference_region
    form = _form(CohortForm(
        obj=found, reference=named(region) if region is not None else "", **more))
    del form.slug
    del form.sample
    return form


@bp.get("/cohorts/<cohort_id>")
@needs("cohort.see")
def cohort(cohort_id: str) -> str:
    """Show a cohort: its series as a ledger, and how its figures stand today."""
    session, now = db.session(), utc_now()
    found = cohorts.cohort(session, cohort_id)
    numbers = funnel(session, cohort_id, now)
    items = items_at(session, cohort_id, now)
    return render_template(
        "organizer/cohort.html", cohort=found, name=name_of(found), stops=_stops(cohort_id),
        tabs=tabs_of(found, "series"), funnel=numbers, due=follow_up(session, cohort_id, now),
        waiting=[item for item in items if item.unresolved], now=now,
        today=day_of(now, found.timezone), member_count=len(
            members.members(session, cohort_id, now)),
        threshold=cohorts.threshold(session, cohort_id, now), may_edit=may_edit(cohort_id),
        may_plan=bool(may(actor(), "convening.edit", Where(cohort_id=cohort_id))), named=named,
        polls=polls.polls_of(session, cohort_id))


def _stops(cohort_id: str) -> list[Stop]:
    session = db.session()
    closings = session.scalars(
        sa.select(Closing)
        .outerjoin(Reopening, Reopening.closing_id == Closing.id)
        .where(Closing.cohort_id == cohort_id, Reopening.closing_id.is_(None))
        .order_by(Closing.place))
    last = {closing.convening_id: closing for closing in closings}
    listed = convenings.series(session, cohort_id)
    ids = [c.id for c in listed]
    counted = session.execute(
        sa.select(Invitation.convening_id, sa.func.count().label("n"))
        .where(Invitation.convening_id.in_(ids), Invitation.withdrawn_at.is_(None))
        .group_by(Invitation.convening_id))
    invited = {row.convening_id: row.n for row in counted}
    guests = guests_of(ids)
    planned = [c.id for c in listed if c.state in PLANNED]
    written = sessions.programmes(session, planned)
    stops: list[Stop] = []
    following: Convening | None = None
    for c in reversed(listed):
        entries = written.get(c.id, [])
        free = sum(day.free for day in durations.days(c, entries)) if entries else 0
        stops.append(Stop(
            c, last.get(c.id), guests[c.id], invited.get(c.id, 0), following, len(entries), free))
        following = following if c.state == "cancelled" else c
    return stops[::-1]


def guests_of(convening_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return whom each convening invites, in the reader's words and the order of protocol."""
    session = db.session()
    titles = {r.key: r.title_en if language() == "en" else r.title_id
              for r in offices.roles(session)}
    titles = {
        offices.HEAD: _("Bupati atau wali kota"),
        offices.DEPUTY_HEAD: _("Wakil bupati atau wakil wali kota"), **titles}
    chosen: dict[str, set[str]] = {convening_id: set() for convening_id in convening_ids}
    for rule in session.scalars(
        sa.select(GuestRule).where(GuestRule.convening_id.in_(list(convening_ids)))
    ):
        chosen[rule.convening_id].add(rule.role_key)
    return {
        convening_id: [word for key, word in titles.items() if key in keys]
        for convening_id, keys in chosen.items()
    }


@bp.route("/cohorts/<cohort_id>/target", methods=["GET", "POST"])
@needs("cohort.edit")
def cohort_target(cohort_id: str) -> Page:
    """Set the threshold; each setting is a row of its own, the past keeps the one it was read by.
    """
    session = db.session()
    found = cohorts.cohort(session, cohort_id)
    now = utc_now()
    current = cohorts.threshold(session, cohort_id, now)
    form = ThresholdForm(
        value=decimal(current.value, 2, language()) if current is not None else None,
        instrument=current.instrument if current is not None else "SPBE-2020",
        effective_on=day_of(now, found.timezone))
    form.instrument.choices = options(
        (key, i.title(language())) for key, i in instruments().items())
    if form.validate_on_submit() and form.value.number is not None:
        try:
            with unit() as changing:
                cohorts.set_threshold(
                    changing, cohort_id, value=form.value.number,
                    instrument=form.instrument.data, source=form.source.data,
                    effective_on=form.effective_on.data, actor=actor(), now=now)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Ambang tersimpan."))
            return redirect(url_for("organizer.cohort", cohort_id=cohort_id))
    found = cohorts.cohort(db.session(), cohort_id)
    rows: list[Threshold] = cohorts.thresholds(db.session(), cohort_id)
    return render_template(
        "organizer/cohort_target.html", form=form, cohort=found, name=name_of(found), rows=rows,
        instruments=instruments()), page_status()
