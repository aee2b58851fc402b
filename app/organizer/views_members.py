"""Members of a cohort: the list, joining one by one or many at once, leaving."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import ValidationError

from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.fields import named, which
from app.organizer.forms_cohort import ENTRY_WORDS, LeaveForm, MembersForm
from app.organizer.views_cohort import may_edit, name_of, tabs_of
from app.refusals import beside
from app.unit import unit
from cohorts.directory import regions
from cohorts.directory.tables import Region
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import members
from cohorts.turns.join import join
from cohorts.turns.leave import leave

Page = str | Response | tuple[str, int]


@bp.get("/cohorts/<cohort_id>/members")
@needs("cohort.see")
def cohort_members(cohort_id: str) -> str:
    """List the members with how and when they came; those who left stay on the page."""
    session, now = db.session(), utc_now()
    found = cohorts.cohort(session, cohort_id)
    rows = members.intervals(session, cohort_id, now)
    return render_template(
        "organizer/cohort_members.html", cohort=found, name=name_of(found),
        tabs=tabs_of(found, "members"), inside=[m for m in rows if m.left_on is None],
        outside=[m for m in rows if m.left_on is not None], entry_words=ENTRY_WORDS,
        named=named, may_edit=may_edit(cohort_id))


@bp.route("/cohorts/<cohort_id>/members/add", methods=["GET", "POST"])
@needs("cohort.edit")
def members_add(cohort_id: str) -> Page:
    """Take in regions: ticked from a search, or a whole list of names at once; all or none."""
    session, now = db.session(), utc_now()
    found = cohorts.cohort(session, cohort_id)
    words = request.args.get("q", "").strip()[:100]
    results = regions.search(session, words, limit=20) if words else []
    results = [r for r in results if r.autonomous]
    inside = {m.region.code for m in members.members(session, cohort_id, now)}
    form = MembersForm(joined_on=day_of(now, found.timezone))
    form.codes.choices = options((r.code, named(r)) for r in results if r.code not in inside)
    if form.validate_on_submit():
        chosen = _chosen(form)
        if chosen and not form.errors:
            try:
                with unit() as changing:
                    for code in chosen:
                        join(
                            changing, cohort_id, code, entry_path=form.entry_path.data,
                            joined_on=form.joined_on.data, actor=actor(), now=now)
            except Refusal as refusal:
                if refusal.field == "region_code":
                    refusal.field = "names" if form.names.data else "codes"
                beside(form, refusal)
            else:
                flash(ngettext("%(num)s daerah menjadi anggota.",
                               "%(num)s daerah menjadi anggota.", len(chosen)))
                return redirect(url_for("organizer.cohort_members", cohort_id=cohort_id))
    found = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/cohort_members_add.html", form=form, cohort=found, name=name_of(found),
        words=words, results=results, inside=inside, named=named,
    ), page_status()


def _chosen(form: MembersForm) -> list[str]:
    """Return the codes that were ticked or written; says beside the field which line is wrong."""
    codes = list(form.codes.data or [])
    wrong: list[str] = []
    known = regions.finder(db.session())
    for number, line in enumerate((form.names.data or "").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            codes.append(which(line.strip(), known).code)
        except ValidationError as why:
            wrong.append(_("baris %(n)s: %(why)s", n=number, why=str(why)))
    if wrong:
        form.names.errors = [*wrong[:10]]
        return []
    if not codes:
        form.names.errors = [_("Sebutkan paling sedikit satu daerah.")]
    return list(dict.fromkeys(codes))


@bp.route("/cohorts/<cohort_id>/members/<region_code>/leave", methods=["GET", "POST"])
@needs("cohort.edit")
def member_leave(cohort_id: str, region_code: str) -> Page:
    """Let a region leave, after saying what becomes of its items."""
    session, now = db.session(), utc_now()
    found = cohorts.cohort(session, cohort_id)
    region: Region = regions.region(session, region_code)
    form = LeaveForm(left_on=day_of(now, found.timezone))
    if form.validate_on_submit():
        try:
            with unit() as changing:
                left = leave(
                    changing, cohort_id, region_code, left_on=form.left_on.data,
                    reason=form.reason.data, actor=actor(), now=now)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("%(region)s keluar. %(n)s tindak lanjut dihentikan, tetap dihitung.",
                    region=named(regions.region(db.session(), region_code)), n=left.dropped))
            return redirect(url_for("organizer.cohort_members", cohort_id=cohort_id))
    found = cohorts.cohort(db.session(), cohort_id)
    region = regions.region(db.session(), region_code)
    return render_template(
        "organizer/cohort_leave.html", form=form, cohort=found, name=name_of(found),
        region=region, named=named), page_status()
