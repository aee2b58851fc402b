"""The table of a cohort's items, raising one between meetings, templates, and merging."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.adapters.sheets import write_csv
from app.extensions import db
from app.filters import utc_now
from app.forms import options
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.forms_items import DROP_WORDS, ItemForm, MergeForm, TemplateForm
from app.organizer.item_list import SIZE, Row, Wanted, all_roles, roles_of, rows, sorted_rows
from app.refusals import beside
from app.unit import unit
from cohorts.actions import items as rules
from cohorts.actions import splits, templates
from cohorts.actions.standing import Standing, items_by_id
from cohorts.convenings.convening import series
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Office, Organisation
from cohorts.figures.follow_through import follow_up
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import open_memberships
from cohorts.programme.tables import Cohort

Page = str | Response | tuple[str, int]


@bp.get("/cohorts/<cohort_id>/items")
@needs("item.see")
def items(cohort_id: str) -> str:
    """Every item of the cohort, the unresolved ones first, the nearest due date on top."""
    session = db.session()
    cohort = _cohort(cohort_id)
    now = utc_now()
    every = rows(session, cohort, now)
    wanted = _wanted()
    found = sorted_rows((row for row in every if wanted.fits(row, now)), wanted.sort)
    pages = max(1, -(-len(found) // SIZE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "organizer/items.html", cohort=cohort, now=now, every=every, wanted=wanted,
        rows=found[(page - 1) * SIZE : page * SIZE], total=len(found), page=page, pages=pages,
        size=SIZE, convenings=series(session, cohort.id), roles=roles_of(every),
        figures=follow_up(session, cohort.id, now), drop_words=DROP_WORDS, link=_link(cohort.id),
        manages=bool(may(actor(), "item.manage", Where(cohort_id=cohort.id))))


@bp.get("/cohorts/<cohort_id>/items.csv")
@needs("item.see")
def items_csv(cohort_id: str) -> Response:
    """The table as it is filtered, as a file."""
    cohort = _cohort(cohort_id)
    now = utc_now()
    wanted = _wanted()
    found = sorted_rows(
        (row for row in rows(db.session(), cohort, now) if wanted.fits(row, now)), wanted.sort)
    head = ("nomor", "tindak_lanjut", "selesai_bila", "penanggung_jawab", "daerah", "keadaan",
            "tenggat", "tenggat_semula", "dibawa", "diperpanjang")  # fmt: skip
    data = write_csv(head, [_cells(row) for row in found])
    return csv_file(data, f"tindak-lanjut-{cohort.slug}")


@bp.route("/cohorts/<cohort_id>/items/new", methods=["GET", "POST"])
@needs("item.raise")
def item_new(cohort_id: str) -> Page:
    """Raise an item between meetings: complete at once."""
    cohort = _cohort(cohort_id)
    form = ItemForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                made = rules.raise_item(
                    session, cohort_id, title=form.title.data, office_id=form.office_id.office_id,
                    due_on=form.due_on.data, criterion=form.criterion.data, actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("%(item)s dicatat.", item=made.label))
            return redirect(url_for("organizer.item", item_id=made.id))
    session = db.session()
    of_members = (
        sa.select(Office)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Organisation.region_code.in_(sorted(open_memberships(session, cohort_id))),
            Office.ended_on.is_(None))
        .options(
            joinedload(Office.role),
            joinedload(Office.organisation).joinedload(Organisation.region))
        .order_by(Organisation.region_code, Office.name)
    )
    named = [office_name(office, language()) for office in session.scalars(of_members)]
    return render_template(
        "organizer/item_new.html", form=form, cohort=cohort, offices=named,
    ), 400 if form.is_submitted() else 200


@bp.route("/cohorts/<cohort_id>/items/template", methods=["GET", "POST"])
@needs("item.manage")
def item_template(cohort_id: str) -> Page:
    """Make a template: one item for every member, at once and for whoever joins later."""
    cohort = _cohort(cohort_id)
    form = TemplateForm()
    session = db.session()
    form.role_key.choices = options(
        [("kepala_daerah", _("Kepala daerah (bupati atau wali kota)")), *all_roles(session)])
    running = [one for one in series(session, cohort_id) if one.state == "in_progress"]
    if form.validate_on_submit():
        try:
            with unit() as inside:
                _made, raised = templates.make_template(
                    inside, cohort_id, title=form.title.data, criterion=form.criterion.data,
                    role_key=form.role_key.data, due_on=form.due_on.data,
                    lead_days=form.lead_days.data, actor=actor(), now=utc_now(),
                    convening_id=running[0].id if running else None)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("%(n)s tindak lanjut dicatat, satu untuk tiap anggota.", n=len(raised)))
            return redirect(url_for("organizer.items", cohort_id=cohort_id))
    return render_template(
        "organizer/item_template.html", form=form, cohort=cohort, running=running[:1],
        count=len(open_memberships(db.session(), cohort_id)),
        made=templates.templates_of(db.session(), cohort_id),
    ), 400 if form.is_submitted() else 200


@bp.route("/cohorts/<cohort_id>/items/merge", methods=["GET", "POST"])
@needs("item.manage")
def items_merge(cohort_id: str) -> Page:
    """Merge the items that were picked in the table."""
    cohort = _cohort(cohort_id)
    picked = request.values.getlist("pick")[:20]
    session = db.session()
    found = [one for one in items_by_id(session, picked).values() if one.cohort_id == cohort_id]
    found.sort(key=lambda one: one.number)
    form = MergeForm(title=found[0].title if found else "", criterion=_longest(found))
    if form.validate_on_submit():
        try:
            with unit() as inside:
                made = splits.merge(
                    inside, [one.id for one in found], title=form.title.data,
                    criterion=form.criterion.data, actor=actor(), now=utc_now(),
                    versions=_versions(found))
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Digabung menjadi %(item)s.", item=made.label))
            return redirect(url_for("organizer.item", item_id=made.id))
    return render_template(
        "organizer/items_merge.html", form=form, cohort=cohort, found=found,
        enough=len(found) >= 2), 400 if form.is_submitted() else 200


def _versions(found: list[Standing]) -> list[int | None]:
    """What the reader saw of each: "version-<id>" in the form."""
    return [request.form.get(f"version-{one.id}", type=int) for one in found]


def _longest(found: list[Standing]) -> str:
    return max((one.criterion for one in found), key=len, default="")


def _cohort(cohort_id: str) -> Cohort:
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise Refusal("ground.not_found")
    return cohort


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        q=given.get("q", "")[:100], status=given.get("status", "unresolved"),
        convening=given.get("convening", ""), role=given.get("role", ""),
        sort=given.get("sort", "due"))  # fmt: skip


def _link(cohort_id: str) -> Any:
    """A function that changes the filters in the address: link(page=2), link(status="all")."""
    def link(**changes: Any) -> str:
        kept: dict[str, Any] = {k: v for k, v in request.args.items() if k in (
            "q", "status", "convening", "role", "sort")}  # fmt: skip
        kept |= {k: v for k, v in changes.items() if k != "endpoint"}
        kept = {k: v for k, v in kept.items() if v not in (None, "")}
        endpoint = str(changes.get("endpoint", "organizer.items"))
        return url_for(endpoint, cohort_id=cohort_id, **kept)

    return link


def _cells(row: Row) -> list[Any]:
    found = row.item
    return [
        found.label, found.title, found.criterion, row.owner.office if row.owner else "",
        row.region, found.status, found.due_on, found.original_due, row.carried, row.extended,
    ]  # fmt: skip
