"""The directory: finding a region, an office or a person; a region's offices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.fields import named
from app.organizer.forms_directory import OfficeForm
from app.refusals import beside
from app.unit import unit
from cohorts.directory import appointments, contacts, offices, people, regions
from cohorts.directory.offices import DEPUTY_HEAD, HEAD, office_name, role_for
from cohorts.directory.tables import Office, Person, Region, Role
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort, Membership

Page = str | Response | tuple[str, int]
USUAL = (HEAD, DEPUTY_HEAD, "sekda", "kadiskominfo", "operator")
"""The posts that a Living Lab writes to in nearly every region."""
MOST = 30


def may_edit() -> bool:
    """Return whether this person keeps the directory."""
    return bool(may(actor(), "directory.edit"))


def role_title(role: Role) -> str:
    """Return a role's title in the reader's language."""
    return role.title_en if language() == "en" else role.title_id


def roles_in(region: Region) -> list[Role]:
    """Return the roles that exist in a region of this type, in the order of protocol."""
    own = {"provinsi": ("provinsi", "kabkota"), "kabupaten": ("kabupaten", "kabkota"),
           "kota": ("kota", "kabkota")}[region.type]
    return [
        r for r in offices.roles(db.session())
        if r.level in own and _exists(region, r.key)
    ]


def _exists(region: Region, role_key: str) -> bool:
    try:
        return role_for(region, role_key) == role_key
    except Refusal:
        return False


@bp.get("/directory")
@needs("directory.see")
def directory() -> str:
    """Search regions, offices and people in one field; without a query, browse by province."""
    session = db.session()
    words = request.args.get("q", "").strip()[:100]
    province = request.args.get("province", "")
    found: dict[str, Any] = {"regions": [], "offices": [], "people": []}
    if words:
        found = {
            "regions": regions.search(session, words, limit=MOST),
            "offices": offices.search(session, words, limit=MOST),
            "people": people.search(session, words, limit=MOST),
        }
    listed: list[Region] = []
    if province:
        listed = list(session.scalars(
            sa.select(Region).where(Region.province_code == province).order_by(Region.code)))
    holding = appointments.offices_held_by(
        session, [p.id for p in found["people"]], day_of(utc_now(), "Asia/Jakarta"))
    return render_template(
        "organizer/directory.html", words=words, found=found, province=province, listed=listed,
        provinces=_provinces(), holding=holding, counts=_counts(), named=named,
        may_edit=may_edit(), masked_nip=people.masked_nip,
        office_name=office_name)


def _provinces() -> list[Any]:
    query = (
        sa.select(Region.province_code, sa.func.count().label("n"))
        .where(Region.type != "provinsi")
        .group_by(Region.province_code)
    )
    n = {row.province_code: row.n for row in db.session.execute(query)}
    rows = db.session.scalars(sa.select(Region).where(Region.type == "provinsi"))
    return [(r, n.get(r.code, 0)) for r in sorted(rows, key=lambda r: r.code)]


def _counts() -> dict[str, int]:
    session = db.session()
    return {
        table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (Region, Office, Person)
    }


@bp.get("/directory/regions/<region_code>")
@needs("directory.see")
def region(region_code: str) -> str:
    """Show a region's offices with who holds them and where they are reached."""
    session = db.session()
    found = regions.region(session, region_code)
    today = day_of(utc_now(), found.timezone)
    listed = offices.offices_of(session, region_code)
    ids = [o.id for o in listed]
    return render_template(
        "organizer/directory_region.html", region=found, offices=listed, now=utc_now(),
        holders=appointments.holders(session, ids, today),
        addresses=contacts.mail_addresses(session, ids, today),
        pools=appointments.pool_sizes(session, ids, today),
        cohorts=_cohorts_of(region_code), may_edit=may_edit(), named=named,
        office_name=office_name, usual=_usual(found))


def _usual(found: Region) -> list[str]:
    """The names of the usual posts of a region, as they would be added."""
    session = db.session()
    roles = {r.key: r for r in offices.roles(session)}
    return [role_title(roles[role_for(found, key)]) for key in USUAL]


def _cohorts_of(region_code: str) -> list[Cohort]:
    query = (
        sa.select(Cohort)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.region_code == region_code)
        .distinct()
        .order_by(Cohort.starts_on.desc())
    )
    every = db.session.scalars(query)
    return [c for c in every if may(actor(), "cohort.see", Where(cohort_id=c.id))]


@bp.post("/directory/regions/<region_code>/usual")
@needs("directory.edit")
def region_usual(region_code: str) -> Response:
    """Add the posts that a Living Lab writes to; those that are there stay as they are."""
    with unit() as session:
        for role_key in USUAL:
            offices.ensure_office(
                session, region_code=region_code, role_key=role_key, actor=actor(), now=utc_now())
    flash(_("Jabatan lazim sudah ditambahkan."))
    return redirect(url_for("organizer.region", region_code=region_code))


@bp.route("/directory/regions/<region_code>/offices/new", methods=["GET", "POST"])
@needs("directory.edit")
def office_new(region_code: str) -> Page:
    """Add a post at a region's government."""
    found = regions.region(db.session(), region_code)
    form = OfficeForm()
    form.role_key.choices = options((r.key, role_title(r)) for r in roles_in(found))
    if form.validate_on_submit():
        try:
            with unit() as session:
                made = offices.ensure_office(
                    session, region_code=region_code, role_key=form.role_key.data,
                    title=form.title.data, actor=actor(), now=utc_now())
                made_id = made.id
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Jabatan tersimpan."))
            return redirect(url_for("organizer.office", office_id=made_id))
    status = page_status()
    return render_template(
        "organizer/directory_office_form.html", form=form, region=regions.region(
            db.session(), region_code), named=named), status
