"""The invitation on a phone: what it says, and the three answers.

Opening a page answers nothing; each answer is one POST that leads to a page which says what is now
recorded and until when it can be changed.
"""

from __future__ import annotations

from typing import Any, cast

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app import wording
from app.extensions import db
from app.feed_answers import person_address
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.participant.forms_guest import REASON_WORDS, DeclineForm, NameForm
from app.participant.opening import (
    Opened,
    common,
    open_link,
    post_of,
    signing_token,
    slow_down,
)
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import letter, letter_numbers, own_texts, places, seats
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Pass
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.get("/<token>")
@open_to("guest")
def invitation(token: str) -> Page:
    """Show the invitation, or what is recorded for it."""
    opened = open_link(token)
    return show(opened)


@bp.get("/<token>/change")
@open_to("guest")
def change(token: str) -> Page:
    """Show the three answers again to somebody who has answered already."""
    opened = open_link(token)
    if opened.step is not None or opened.closed or opened.state.live:
        return redirect(url_for("participant.invitation", token=token))
    return _ask(opened)


@bp.post("/<token>/attend")
@open_to("guest")
def attend(token: str) -> Page:
    """Record that the office itself comes."""
    opened = open_link(token)
    slow_down(opened)
    try:
        with unit() as session:
            seats.attend(session, opened.seat_id, opened.actor, opened.now)
    except Refusal as refusal:
        if refusal.code == "convenings.name_missing":
            return redirect(url_for("participant.name", token=token))
        if refusal.code in ("convenings.handed_over", "convenings.reply_deadline_passed"):
            return redirect(url_for("participant.invitation", token=token))
        raise
    return redirect(url_for("participant.invitation", token=token))


@bp.route("/<token>/name", methods=["GET", "POST"])
@open_to("guest")
def name(token: str) -> Page:
    """Ask who comes, or correct the name on the table card; either way the office attends."""
    opened = open_link(token)
    if opened.step is not None or opened.closed or opened.state.live:
        return redirect(url_for("participant.invitation", token=token))
    form = NameForm()
    answer = opened.state.answer
    known = answer.person if answer is not None else None
    if known is None and opened.state.holder is not None:
        known = opened.state.holder.person
    if known is not None and not form.is_submitted():
        form.name.data, form.front_title.data = known.name, known.front_title
        form.back_title.data = known.back_title
    if form.validate_on_submit():
        slow_down(opened)
        given = Name(form.name.data, form.front_title.data or "", form.back_title.data or "")
        try:
            with unit() as session:
                seats.attend(session, opened.seat_id, opened.actor, opened.now, name=given)
            return redirect(url_for("participant.invitation", token=token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, refusal)
    status = 400 if form.is_submitted() else 200
    return render_template("participant/name.html", form=form, **common(opened)), status


@bp.route("/<token>/decline", methods=["GET", "POST"])
@open_to("guest")
def decline(token: str) -> Page:
    """Ask for the reason, and record that the office cannot come."""
    opened = open_link(token)
    if opened.step is not None or opened.closed or opened.state.live:
        return redirect(url_for("participant.invitation", token=token))
    form = DeclineForm()
    if form.validate_on_submit():
        slow_down(opened)
        try:
            with unit() as session:
                seats.decline(
                    session, opened.seat_id, form.reason.data, opened.actor, opened.now,
                    note=form.note.data or "")
            return redirect(url_for("participant.invitation", token=token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, refusal)
    status = 400 if form.is_submitted() else 200
    return render_template("participant/decline.html", form=form, **common(opened)), status


def show(opened: Opened) -> Page:
    """Choose the page that fits how the invitation stands."""
    state = opened.state
    if opened.convening.state == "cancelled":
        return _render("cancelled", opened)
    if opened.step is not None:
        return _deputy(opened)
    if state.live:
        return _render("handed_over", opened, mine=state.live[0], **_passing_on(opened))
    if state.waiting and not state.of_old_schedule:
        waiting = places.outlook(db.session(), opened.convening.id).waiting
        turn = next((n for n, w in enumerate(waiting, 1) if w.seat_id == state.seat_id), 1)
        return _render("waiting", opened, turn=turn)
    if state.state == "attending":
        return _render(
            "attending", opened, signing=signing_token(opened), **_pass(opened))
    if state.state == "declined":
        answer = state.answer
        assert answer is not None
        reason = REASON_WORDS[answer.reason or "other"]
        return _render("declined", opened, reason=reason)
    if opened.closed or (opened.late and not state.of_old_schedule):
        return _render("late", opened)
    return _ask(opened)


def _ask(opened: Opened) -> Page:
    state = opened.state
    before = None
    if state.of_old_schedule and state.says in ("attending", "declined") and state.answer:
        before = convenings.schedules(db.session(), opened.convening.id).get(state.answer.schedule)
    session, found = db.session(), opened.convening
    share = wording.chat(
        own_texts.texts(session, found.id), found, state, opened.link, language())
    number = letter_numbers.number_of(
        found, letter.terms(session, found.id), letter_numbers.numbers(session, found.id),
        opened.invitation.id)
    return _render("invitation", opened, before=before, share=share, letter_number=number)


def _deputy(opened: Opened) -> Page:
    """The page of a deputy: the pass, the rights, one more hand-over, or who comes instead."""
    step = opened.step
    assert step is not None
    state = opened.state
    if step.revoked_at is not None:
        return _render("revoked", opened, comes=state.comes)
    if state.live[-1].id != step.id:
        return _render("handed_over", opened, mine=state.live[-1], **_passing_on(opened))
    return _render(
        "deputy", opened, signing=signing_token(opened), post=post_of(step),
        may_pass_on=step.step == 1 and not opened.closed, **_pass(opened))


def _passing_on(opened: Opened) -> dict[str, Any]:
    """The deputy's own link and the message that carries it."""
    first = opened.state.live[0] if opened.step is None else opened.state.live[-1]
    link = texts.deputy_link(first.id)
    share = texts.chat_deputy(
        opened.convening, opened.state, post_of(first), link, language())
    return {"deputy_link": link, "share": share}


def _pass(opened: Opened) -> dict[str, Any]:
    """The token of the pass of whoever comes, and the address of their calendar."""
    found = _pass_row(opened)
    if found is None:
        return {"pass_token": None, "feed": None}
    token = texts.pass_link(found).rsplit("/", 1)[1]
    return {"pass_token": token, "feed": person_address(found)}


def _pass_row(opened: Opened) -> Pass | None:
    comer = opened.state.comes
    if comer is None:
        return None
    return cast("Pass | None", db.session.scalar(
        db.select(Pass).where(
            Pass.convening_id == opened.convening.id, Pass.person_id == comer.person.person_id)))


def _render(name: str, opened: Opened, **more: Any) -> str:
    return render_template(f"participant/{name}.html", **common(opened), **more)

