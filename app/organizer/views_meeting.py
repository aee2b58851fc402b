"""The meeting room: starting a convening, its agenda with the carried items first, capturing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.forms_meeting import CaptureForm, CompleteForm, ConfirmForm
from app.organizer.room import listed_offices, notes_by_item, posts_in_room, words_of
from app.refusals import beside, say
from app.unit import unit
from cohorts.actions import agenda, authority, items, minute_notes
from cohorts.actions.agenda import Line
from cohorts.actions.standing import Standing, item
from cohorts.convenings import convening as convenings
from cohorts.convenings.calendar import live_invitations
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Office
from cohorts.door.roll import attendance, offices_present
from cohorts.ground.access import demand
from cohorts.ground.refusal import Refusal
from cohorts.turns import start as starting

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Group:
    """Lines of the agenda that promise the same thing, one for each region."""

    key: str
    title: str
    lines: list[Line]

    @property
    def least(self) -> int:
        return min(line.carried for line in self.lines)

    @property
    def most(self) -> int:
        return max(line.carried for line in self.lines)


def groups_of(lines: list[Line]) -> list[Group]:
    """Lines by what they promise, the often carried first; those without a twin come last, as
    one group of their own (key "rest")."""
    by_title: dict[str, list[Line]] = {}
    for line in lines:
        by_title.setdefault(line.item.title, []).append(line)
    shared = [Group(found[0].item.id, title, found) for title, found in by_title.items()
              if len(found) > 1]
    shared.sort(key=lambda group: (-group.most, -len(group.lines), group.title))
    rest = [line for found in by_title.values() if len(found) == 1 for line in found]
    return shared + ([Group("rest", "", rest)] if rest else [])


@bp.route("/convenings/<convening_id>/start", methods=["GET", "POST"])
@needs("convening.turn")
def start(convening_id: str) -> Page:
    """Say what starting freezes, then start."""
    form = ConfirmForm()
    refused = None
    if form.validate_on_submit():
        try:
            with unit() as session:
                starting.start(session, convening_id, actor=actor(), now=utc_now())
        except Refusal as refusal:
            refused = say(refusal)
        else:
            flash(_("Pertemuan dimulai. Susunan bahasan sudah dibekukan."))
            return redirect(url_for("organizer.meeting", convening_id=convening_id))
    session = db.session()
    convening = convenings.get(session, convening_id)
    if convening.state in ("in_progress", "closed") and request.method == "GET":
        return redirect(url_for("organizer.meeting", convening_id=convening_id))
    lines = agenda.agenda(session, convening_id)
    return render_template(
        "organizer/meeting_start.html", form=form, convening=convening, refused=refused,
        count=len(lines), groups=groups_of(lines)), refused.status if refused else 200


@bp.route("/convenings/<convening_id>/meeting", methods=["GET", "POST"])
@needs("convening.see")
def meeting(convening_id: str) -> Page:
    """The room: what was carried, what is new, who is here; one form to write things down."""
    form = CaptureForm()
    if request.method == "POST":
        demand(actor(), "item.raise", convenings.where(convenings.get(db.session(), convening_id)))
    if form.validate_on_submit():
        try:
            _capture(convening_id, form)
        except Refusal as refusal:
            if refusal.field == "text":
                refusal.field = "title"
            beside(form, refusal)
        else:
            flash(_("Tercatat."))
            return redirect(url_for(
                "organizer.meeting", convening_id=convening_id, group=request.args.get("group"),
                _anchor="catat"))
    return _room(convening_id, form), page_status()


def _capture(convening_id: str, form: CaptureForm) -> None:
    with unit() as session:
        if form.kind.data == "item":
            items.raise_item(
                session, convenings.get(session, convening_id).cohort_id,
                convening_id=convening_id, title=form.title.data,
                office_id=form.office_id.office_id, due_on=form.due_on.data,
                criterion=form.criterion.data or "", actor=actor(), now=utc_now())
        else:
            minute_notes.write_note(
                session, convening_id, form.kind.data, form.title.data, actor=actor(),
                now=utc_now())


def _room(convening_id: str, form: CaptureForm) -> str:
    session = db.session()
    convening = convenings.get(session, convening_id)
    now = utc_now()
    lines = agenda.agenda(session, convening_id)
    old = groups_of([line for line in lines if not line.new and not line.hidden])
    chosen = next((g for g in old if g.key == request.args.get("group")), old[0] if old else None)
    shown = chosen.lines if chosen else []
    came = attendance(session, convening_id, now)
    in_person, represented = offices_present(came)
    return render_template(
        "organizer/meeting.html", form=form, convening=convening, now=now, groups=old,
        chosen=chosen, new=groups_of([line for line in lines if line.new]), in_person=in_person,
        present=in_person + represented, invited=len(live_invitations(session, convening_id)),
        regions=words_of(session, [line.item.region_code for line in lines]),
        notes=minute_notes.notes_of(session, convening_id),
        said=notes_by_item(session, [line.item for line in shown]),
        in_room=posts_in_room(came), arrivals=came[:-7:-1],
        offices=listed_offices(session, convening), office_name=office_name)


@bp.route("/items/<item_id>/complete", methods=["GET", "POST"])
@needs("item.see")
def item_complete(item_id: str) -> Page:
    """Fill in what an item raised in a meeting still lacks."""
    before = item(db.session(), item_id)
    demand(actor(), "item.see", authority.where(before))
    form = CompleteForm(data=_as_written(before))
    if form.validate_on_submit():
        due = form.due_on.data if form.due_on.data != before.due_on else None
        owner = form.office_id.office_id
        try:
            with unit() as session:
                items.complete(
                    session, item_id, version=int(form.version.data or 0), title=form.title.data,
                    office_id=owner if owner != before.owner_office_id else None, due_on=due,
                    criterion=form.criterion.data or None, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
            form.version.data = str(item(db.session(), item_id).version)
        else:
            flash(_("%(item)s dilengkapi.", item=before.label))
            if before.convening_id:
                return redirect(url_for("organizer.close", convening_id=before.convening_id))
            return redirect(url_for("organizer.items", cohort_id=before.cohort_id))
    session = db.session()
    before = item(session, item_id)
    convening = convenings.get(session, before.convening_id) if before.convening_id else None
    return render_template(
        "organizer/meeting_complete.html", form=form, item=before, convening=convening,
        offices=listed_offices(session, convening) if convening else [],
        office_name=office_name), page_status()


def _as_written(before: Standing) -> dict[str, object]:
    office = db.session.get(Office, before.owner_office_id) if before.owner_office_id else None
    return {
        "version": str(before.version),
        "title": before.title,
        "office_id": office_name(office, language()) if office else "",
        "due_on": before.due_on,
        "criterion": before.criterion,
    }


