"""The verifier's desk: claims that wait, one at a time, against their criterion."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app import evidence as given
from app.extensions import db
from app.filters import day_of, utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_items import VerdictForm
from app.organizer.item_history import actors
from app.organizer.item_list import Row, rows_of
from app.organizer.menu import cohorts_of
from app.refusals import beside
from app.unit import unit
from cohorts.actions import authority, moves
from cohorts.actions.proof import evidence_of
from cohorts.actions.standing import Standing, item, items_at
from cohorts.actions.tables import Evidence, ItemEvent
from cohorts.directory.offices import region_name
from cohorts.directory.tables import Region
from cohorts.ground.access import demand
from cohorts.ground.body import Body
from cohorts.ground.files import StoredFile
from cohorts.ground.red_days import working_days
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
MOST = 20  # claims listed at once: the oldest
SLOW = 3  # working days after which a claim has waited too long


@dataclass(frozen=True)
class Waiting:
    """A claim on the desk, and for how many working days it has waited."""

    row: Row
    days: int


@bp.route("/verify", methods=["GET", "POST"])
@needs("item.verify")
def verify() -> Page:
    """The claims this reader may judge, the oldest first; a verdict on one."""
    session = db.session()
    desk = _desk(utc_now())
    chosen = _chosen(desk)
    form = VerdictForm(data={"version": str(chosen.row.item.version)} if chosen else None)
    if chosen is not None and form.validate_on_submit():
        try:
            _judge(chosen.row.item, form)
        except Refusal as refusal:
            beside(form, refusal)
            form.version.data = str(item(db.session(), chosen.row.item.id).version)
        else:
            return redirect(url_for("organizer.verify"))
    claim = _claim(chosen.row.item) if chosen else None
    user = current_user
    home = session.get(Region, user.region_code) if getattr(user, "region_code", None) else None
    shown = desk[:MOST] if chosen is None or chosen in desk[:MOST] else [chosen, *desk[:MOST]]
    return render_template(
        "organizer/verify.html", desk=desk, shown=shown, chosen=chosen, form=form, claim=claim,
        slow=SLOW, following=_following(desk, chosen),
        late=[one for one in desk if one.days > SLOW],
        own=region_name(home, "id") if home else None,
    ), 400 if form.is_submitted() else 200


def _judge(found: Standing, form: VerdictForm) -> None:
    with unit() as session:
        if form.verdict.data == "yes":
            moves.verify(session, found.id, version=form.seen, note=form.note.data or "",
                         actor=actor(), now=utc_now())  # fmt: skip
        else:
            moves.give_back(session, found.id, version=form.seen, note=form.note.data or "",
                            actor=actor(), now=utc_now())  # fmt: skip
    flash(_("%(item)s terverifikasi.", item=found.label) if form.verdict.data == "yes"
          else _("%(item)s dikembalikan; daerahnya diberi tahu.", item=found.label))


def _desk(now: dt.datetime) -> list[Waiting]:
    """Claims of every cohort the reader may judge; their own region's are not among them, nor what
    they claimed themselves."""
    session = db.session()
    found: list[Waiting] = []
    for cohort in cohorts_of(actor()):
        claimed = [one for one in items_at(session, cohort.id)
                   if one.status == "claimed" and authority.is_mentor(actor(), one)
                   and one.actor_id != actor().id]  # fmt: skip
        for row in rows_of(session, cohort, claimed, now):
            since = day_of(row.item.recorded_at, row.zone)
            found.append(Waiting(row, working_days(since, day_of(now, row.zone))))
    return sorted(found, key=lambda one: (one.row.item.recorded_at, one.row.item.number))


def _chosen(desk: list[Waiting]) -> Waiting | None:
    asked = request.args.get("item", "")
    for one in desk:
        if one.row.item.id == asked:
            return one
    return desk[0] if desk else None


def _following(desk: list[Waiting], chosen: Waiting | None) -> Waiting | None:
    """The claim after the chosen one; after the last, the first."""
    if chosen is None or len(desk) < 2:
        return None
    return desk[(desk.index(chosen) + 1) % len(desk)]


@dataclass(frozen=True)
class Claim:
    """What was claimed: in which words, by whom, with which evidence (and its size)."""

    words: str | None
    by: str
    on_behalf: bool
    evidence: list[tuple[Evidence, StoredFile | None]]


def _claim(found: Standing) -> Claim:
    session = db.session()
    event = session.get_one(ItemEvent, found.event_id)
    body = session.get(Body, found.note_id) if found.note_id else None
    rows = [row for _event, row in evidence_of(session, found.id)]
    stored = {one.sha256: one for one in session.scalars(
        sa.select(StoredFile).where(StoredFile.sha256.in_([r.sha256 for r in rows if r.sha256]))
    )}  # fmt: skip
    return Claim(
        body.text if body is not None else None,
        actors(session, [event]).get(event.actor_id, ""), found.on_behalf,
        [(row, stored.get(row.sha256 or "")) for row in rows[::-1]])


@bp.get("/evidence/<evidence_id>")
@needs("item.see")
def item_evidence(evidence_id: str) -> Response:
    """A file that was given as evidence."""
    session = db.session()
    row, owner = given.owned(session, evidence_id)
    demand(actor(), "item.see", authority.where(item(session, owner.id)))
    return given.download(session, row)
