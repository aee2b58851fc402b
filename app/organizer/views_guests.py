"""Who is invited, what they answered, who comes, and whether the message arrived."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.adapters.sheets import write_csv
from app.extensions import db
from app.filters import moment, utc_now
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.guest_rows import (
    ANSWERS,
    LETTERS,
    Row,
    fits,
    office_word,
    region_word,
    row_of,
    with_more,
)
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.status import look
from app.unit import unit
from cohorts.convenings import chain, delivery
from cohorts.convenings import convening as convenings
from cohorts.convenings import needs as needs_told
from cohorts.convenings.tables import Convening
from cohorts.ground import mail_events
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

SIZE = 50
DELIVERIES = (
    "waiting", "sent", "deferred", "delivered", "bounced", "suppressed", "reported", "failed",
    "no_address")
SORTS = ("region", "protocol")


@bp.get("/convenings/<convening_id>/guests")
@needs("convening.see")
def guests(convening_id: str) -> Page:
    """List the invitations by region, with the filters in the address."""
    found = convenings.get(db.session(), convening_id)
    every = _rows(found)
    chosen = _filters()
    rows = _filtered(every, chosen)
    pages = max(1, -(-len(rows) // SIZE))
    page = min(max(1, request.args.get("page", 1, type=int) or 1), pages)
    return render_template(
        "organizer/guests.html",
        convening=found, cohort=found.cohort, cohort_name=name_of(found.cohort),
        title=title_of(found), tabs=tabs_of(found, "guests"), total=len(every),
        rows=rows[(page - 1) * SIZE:page * SIZE], shown=len(rows), page=page, pages=pages,
        size=SIZE, chosen=chosen, counts=Counter(r.state.state for r in every),
        answers=ANSWERS, deliveries=DELIVERIES, letters=LETTERS,
        may_invite=_may("convening.invite", found), region_word=region_word,
        office_word=office_word, link_to=_link_to(convening_id, chosen))


@bp.get("/convenings/<convening_id>/guests.csv")
@needs("convening.see")
def guests_csv(convening_id: str) -> Response:
    """The list as a table, with the filters that the page has; no address and no number. Whoever
    invites gets the guests' needs too."""
    found = convenings.get(db.session(), convening_id)
    lang = language()
    columns: tuple[str, ...] = (
        _("Kode daerah"), _("Daerah"), _("Jabatan"), _("Jawaban"), _("Dijawab"), _("Yang datang"),
        _("Sebagai"), _("Boleh menandatangani"), _("Terlambat"), _("Dijawabkan"),
        _("Kursi lain"))
    inviting = _may("convening.invite", found)
    told: dict[str, tuple[str, str]] = {}
    if inviting:
        columns += (_("Makanan"), _("Akses"))
        told = {one.state.seat_id: (one.diet, one.access) for one in needs_told.of_convening(
            db.session(), convening_id, actor(), utc_now())}
    rows = []
    for row in _filtered(_rows(found), _filters()):
        state, comer, answer = row.state, row.state.comes, row.state.answer
        rows.append((
            state.region_code or "", region_word(state), office_word(state), _answer(row.shown),
            moment(answer.at, found.timezone, lang) if answer else "",
            comer.person.full_name if comer else "",
            (comer.post_en if lang == "en" else comer.post) if comer else "",
            _("ya") if comer and comer.may_sign else _("tidak"),
            _("ya") if answer and answer.late else _("tidak"),
            _("ya") if answer and answer.on_behalf else _("tidak"),
            "; ".join(row.more),
            *(told.get(state.seat_id, ("", "")) if inviting else ()),
        ))
    return csv_file(write_csv(columns, rows), _("undangan-pertemuan-%(n)s", n=found.number))


@bp.post("/convenings/<convening_id>/guests/again")
@needs("convening.invite")
def guests_again(convening_id: str) -> Response:
    """Send the ticked invitations again; those that cannot be sent are counted, not hidden."""
    wanted = request.form.getlist("invitation")[:500]
    sent = left = 0
    for invitation_id in wanted:
        try:
            with unit() as session:
                sent += delivery.send_again(session, invitation_id, actor(), utc_now())
        except Refusal as refusal:
            if refusal.code not in ("convenings.no_address", "convenings.invitation_withdrawn"):
                raise
            left += 1
    if sent:
        flash(ngettext("%(n)s undangan dikirim ulang.", "%(n)s undangan dikirim ulang.", sent,
                       n=sent))
    if left:
        flash(ngettext("%(n)s jabatan belum mempunyai alamat surel.",
                       "%(n)s jabatan belum mempunyai alamat surel.", left, n=left), "error")
    if not wanted:
        flash(_("Belum ada yang dipilih."), "error")
    return redirect(url_for("organizer.guests", convening_id=convening_id))


def _may(action: str, found: Convening) -> bool:
    return bool(may(actor(), action, Where(cohort_id=found.cohort_id, convening_id=found.id)))


def _rows(found: Convening) -> list[Row]:
    session = db.session()
    sent = delivery.deliveries(session, found.id)
    told = mail_events.latest(session, sent.values())
    seats = chain.seats(session, at=utc_now(), convening_id=found.id)
    rows = [
        row_of(state, message := sent.get(state.invitation_id), found.timezone,
               told.get(message.id) if message else None)
        for state in seats
        if state.kind == "office" and state.position == 1
    ]
    return with_more(rows, seats)


def _filters() -> dict[str, str]:
    """What the address asks for; an unknown value is no filter."""
    allowed = {"reply": ANSWERS, "delivery": DELIVERIES, "letter": LETTERS, "sort": SORTS}
    chosen = {
        name: request.args.get(name, "") if request.args.get(name) in values else ""
        for name, values in allowed.items()
    }
    return {"q": request.args.get("q", "").strip()[:100], **chosen}


def _filtered(rows: list[Row], chosen: dict[str, str]) -> list[Row]:
    kept = [
        row
        for row in rows
        if (not chosen["reply"] or row.state.state == chosen["reply"])
        and (not chosen["delivery"] or _delivered(row) == chosen["delivery"])
        and (not chosen["letter"] or row.letter == chosen["letter"])
        and fits(row, chosen["q"])
    ]
    if chosen["sort"] == "protocol":
        kept.sort(key=lambda r: (r.state.role_order, r.state.region_name))
    return kept


def _delivered(row: Row) -> str:
    waiting = {"sending": "waiting", "superseded": "waiting"}
    return waiting.get(row.delivery, row.delivery)


def _answer(shown: str) -> str:
    return str(look("reply", shown).word)


def _link_to(convening_id: str, chosen: dict[str, str]) -> Any:
    """A function that gives this page's address with some filters changed."""

    def address(**changed: str) -> str:
        wanted: dict[str, Any] = {k: v for k, v in {**chosen, **changed}.items() if v}
        return url_for("organizer.guests", convening_id=convening_id, **wanted)

    return address
