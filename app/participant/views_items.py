"""An owner's pages: what the region owes, a report on one item, asking for time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app import evidence as given
from app.extensions import db
from app.filters import long_date, share, whatsapp
from app.forms import options
from app.guard import open_to
from app.language import language
from app.mail.compose import page as full_address
from app.participant import bp
from app.participant.forms_items import OTHER, ReportForm, TimeForm, WithdrawForm
from app.participant.owner import Opened, cards, open_link, slow_down
from app.refusals import beside
from app.unit import unit
from cohorts.actions import dates, moves
from cohorts.actions.proof import evidence_of
from cohorts.actions.standing import Standing
from cohorts.convenings.convening import series
from cohorts.figures.follow_through import VERSION
from cohorts.ground.body import Body
from cohorts.ground.refusal import Refusal

Page = str | Answer | tuple[str, int]


@bp.get("/items/<token>")
@open_to("guest")
def items(token: str) -> str:
    """The region's items, what has to be done first. Opening it changes nothing."""
    opened = open_link(token)
    every = opened.items()
    numbers = {one.id: one.number for one in series(db.session(), opened.cohort.id)}
    origins = sorted({one.convening_id for one in every if one.convening_id},
                     key=lambda key: numbers.get(key, 0))  # fmt: skip
    chosen = request.args.get("from", "")
    shown = [one for one in every if not chosen or one.convening_id == chosen]
    made = cards(opened, shown)
    verified = sum(one.status == "verified" for one in every)
    return render_template(
        "participant/items.html", every=every, cards=made, chosen=chosen, origins=origins,
        numbers=numbers, verified=verified, version=VERSION,
        claimed=sum(one.status == "claimed" for one in every),
        upcoming=_upcoming(opened), share=_share(opened, every, verified), **common(opened))


@bp.route("/items/<token>/<item_id>", methods=["GET", "POST"])
@open_to("guest")
def item(token: str, item_id: str) -> Page:
    """One item: how it stands, and the report on it."""
    opened = open_link(token)
    found = opened.item(item_id)
    if not opened.may_act(found) or found.status not in ("open", "in_progress", "blocked"):
        return _read(opened, found)
    form = ReportForm(data=_begin(found))
    if form.validate_on_submit():
        slow_down(opened)
        try:
            proofs = given.proofs(form.evidence.data or [], form.link.data or "",
                                  form.decree.data or "")  # fmt: skip
            with unit() as session:
                moves.move(
                    session, item_id, form.state.data, version=int(form.version.data or 0),
                    note=form.words, blocked_by=form.blocked_by.data or "", proofs=proofs,
                    actor=opened.owner.actor, now=opened.now)
        except Refusal as refusal:
            _beside(form, refusal)
            form.version.data = str(opened.item(item_id).version)
        else:
            return redirect(url_for("participant.item_sent", token=token, item_id=item_id))
    card = cards(opened, [opened.item(item_id)])[0]
    return render_template(
        "participant/item.html", form=form, card=card, item=card.item,
        known=[row for _event, row in evidence_of(db.session(), item_id)], **common(opened),
    ), 400 if form.is_submitted() else 200


@bp.post("/items/<token>/<item_id>/withdraw")
@open_to("guest")
def item_withdraw(token: str, item_id: str) -> Page:
    """Take a claim back."""
    opened = open_link(token)
    opened.item(item_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        slow_down(opened)
        with unit() as session:
            moves.give_back(session, item_id, note=form.note.data or "",
                            version=int(form.version.data or 0), actor=opened.owner.actor,
                            now=opened.now)  # fmt: skip
    return redirect(url_for("participant.item", token=token, item_id=item_id))


@bp.get("/items/<token>/<item_id>/sent")
@open_to("guest")
def item_sent(token: str, item_id: str) -> str:
    """What the report has become, and the next item."""
    opened = open_link(token)
    found = opened.item(item_id)
    following = [card for card in cards(opened, opened.items())
                 if card.group == "todo" and card.mine and card.item.id != item_id]  # fmt: skip
    return render_template(
        "participant/item_sent.html", item=found, following=following[:1],
        asked=dates.open_asks(db.session(), [item_id]), **common(opened))


@bp.route("/items/<token>/<item_id>/time", methods=["GET", "POST"])
@open_to("guest")
def item_time(token: str, item_id: str) -> Page:
    """Ask the secretariat for a later date."""
    opened = open_link(token)
    found = opened.item(item_id)
    if (
        not opened.may_act(found)
        or found.due_on is None
        or found.status not in ("open", "in_progress", "blocked")
    ):
        return redirect(url_for("participant.item", token=token, item_id=item_id))
    form = TimeForm()
    offered = _offered(found.due_on, opened.today)
    form.until.choices = options(
        [*((day.isoformat(), long_date(day, language())) for day in offered),
         (OTHER, _("Tanggal lain"))])  # fmt: skip
    if not form.is_submitted():
        form.until.data = offered[0].isoformat()
    if form.validate_on_submit():
        slow_down(opened)
        try:
            with unit() as session:
                dates.ask(session, item_id, "extension", until_on=form.day,
                          reason=form.reason.data, actor=opened.owner.actor,
                          now=opened.now)  # fmt: skip
        except Refusal as refusal:
            if refusal.field == "until_on":
                refusal.field = "other" if form.until.data == OTHER else "until"
            beside(form, refusal)
        else:
            return redirect(url_for("participant.item_sent", token=token, item_id=item_id))
    return render_template(
        "participant/item_time.html", form=form, item=found,
        days={day.isoformat(): (day - opened.today).days for day in offered}, **common(opened),
    ), 400 if form.is_submitted() else 200


@bp.get("/items/<token>/evidence/<evidence_id>")
@open_to("guest")
def item_evidence(token: str, evidence_id: str) -> Response:
    """A file that was given as evidence for one of the region's items."""
    opened = open_link(token)
    session = db.session()
    row, owner = given.owned(session, evidence_id)
    opened.item(owner.id)
    return given.download(session, row)


def common(opened: Opened) -> dict[str, Any]:
    """What every page of an owner prints."""
    return {
        "token": opened.token,
        "opened": opened,
        "sample": opened.cohort.sample,
        "zone": opened.zone,
        "now": opened.now,
        "today": opened.today,
    }


def _begin(found: Standing) -> dict[str, Any]:
    """A fresh report begins where the item stands."""
    state = "blocked" if found.status == "blocked" else "in_progress"
    return {"version": str(found.version), "state": state, "blocked_by": found.blocked_by}


def _beside(form: ReportForm, refusal: Refusal) -> None:
    """A refusal beside the field that the reader sees for the state chosen."""
    if refusal.code == "actions.note_missing":
        refusal.field = {"blocked": "obstacle", "claimed": "summary"}.get(form.state.data, "note")
    beside(form, refusal)


def _read(opened: Opened, found: Standing) -> str:
    """An item that waits, is settled, or belongs to another office: to read, not to report on."""
    session = db.session()
    card = cards(opened, [found])[0]
    note = session.get(Body, found.note_id) if found.note_id else None
    return render_template(
        "participant/item_read.html", card=card, item=found, note=note.text if note else None,
        form=WithdrawForm(version=str(found.version)),
        known=[row for _event, row in evidence_of(session, found.id)], **common(opened))


def _offered(due_on: dt.date, today: dt.date) -> list[dt.date]:
    """Two Fridays after the due date and today: in about two weeks, and in about a month."""
    base = max(due_on, today)
    found = []
    for days in (10, 28):
        day = base + dt.timedelta(days=days)
        found.append(day + dt.timedelta(days=(4 - day.weekday()) % 7))
    return found


def _upcoming(opened: Opened) -> Any:
    """The next convening that has not been held: the first items come from it."""
    ahead = [one for one in series(db.session(), opened.cohort.id)
             if one.state in ("announced", "in_progress")]  # fmt: skip
    return ahead[0] if ahead else None


def _share(opened: Opened, every: list[Standing], verified: int) -> str:
    """The address that opens WhatsApp with the list's head and this link."""
    text = _("Tindak lanjut %(place)s: %(share)s terverifikasi. Buka daftarnya: %(link)s",
             place=opened.place, share=share(verified, len(every), language()),
             link=full_address("owner", opened.token))  # fmt: skip
    return whatsapp(text)

