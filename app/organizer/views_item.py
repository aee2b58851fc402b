"""One item: its page, and each step that an organiser takes on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import evidence as given
from app.extensions import db, keys
from app.filters import utc_now, whatsapp
from app.forms import options, page_status
from app.guard import actor, needs
from app.mail.compose import page as full_address
from app.organizer import bp
from app.organizer.forms_items import (
    BY_TURNS,
    DROP_WORDS,
    AnswerForm,
    DropForm,
    DueForm,
    EscalateForm,
    ProgressForm,
    SplitForm,
    StepForm,
    VersionForm,
)
from app.organizer.item_history import history, kin, passage
from app.organizer.item_list import rows_of
from app.refusals import beside
from app.unit import unit
from cohorts.actions import agenda, authority, dates, drops, items, moves, splits
from cohorts.actions.owner_links import owner_link
from cohorts.actions.proof import evidence_of
from cohorts.actions.standing import Standing, item, items_at
from cohorts.actions.tables import Ask, OwnerLink
from cohorts.ground.access import demand
from cohorts.ground.body import Body
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

Page = str | Response | tuple[str, int]
STEPS = {
    # (status now, to): title, what it does, button, is a note needed
    ("in_progress", "open"): "pause",
    ("blocked", "open"): "pause",
    ("blocked", "in_progress"): "unblock",
    ("claimed", "in_progress"): "return",
    ("verified", "in_progress"): "reopen",
    ("dropped", "open"): "restore",
    ("dropped", "in_progress"): "restore",
}


@bp.get("/items/<item_id>", endpoint="item")
@needs("item.see")
def item_page(item_id: str) -> str:
    """An item with its passage, evidence, history, and what can be done."""
    session = db.session()
    found = _seen(item_id)
    cohort = session.get_one(Cohort, found.cohort_id)
    now = utc_now()
    row = rows_of(session, cohort, [found], now)[0]
    asks = dates.open_asks(session, [found.id])
    bodies = {ask.id: session.get(Body, ask.reason_id) for ask in asks if ask.reason_id}
    link = session.scalar(
        db.select(OwnerLink).where(
            OwnerLink.cohort_id == cohort.id, OwnerLink.office_id == found.owner_office_id))
    manages = authority.is_organizer(actor(), found)
    return render_template(
        "organizer/item.html", item=found, row=row, cohort=cohort, now=now, manages=manages,
        judges=authority.is_mentor(actor(), found), history=history(session, found),
        steps=passage(session, found), kin=kin(session, found).links, asks=asks, bodies=bodies,
        evidence=evidence_of(session, found.id), drop_words=DROP_WORDS,
        proposed=agenda.proposed_level(found, row.carried, now.date()),
        share=_share(found, link) if manages and link is not None else None,
        can={to for (at, to) in STEPS if at == found.status})


@bp.route("/items/<item_id>/progress", methods=["GET", "POST"])
@needs("item.report")
def item_progress(item_id: str) -> Page:
    """Note how it stands, on the owner's behalf."""
    found = _seen(item_id)
    if found.status not in ("open", "in_progress", "blocked"):
        return redirect(url_for("organizer.item", item_id=item_id))
    start = "blocked" if found.status == "blocked" else "in_progress"
    form = ProgressForm(data={"version": str(found.version), "state": start,
                              "blocked_by": found.blocked_by})  # fmt: skip

    def prepare() -> Callable[[Session], Any]:
        proofs = given.proofs(form.evidence.data or [], form.link.data or "",
                              form.decree.data or "")  # fmt: skip
        return lambda session: moves.move(
            session, item_id, form.state.data, version=form.seen, note=form.note.data or "",
            blocked_by=form.blocked_by.data or "", proofs=proofs, actor=actor(), now=utc_now())

    return _act(found, form, prepare, _("Catat kemajuan"), _("Catat kemajuan"),
                _("Dicatat atas nama daerah dan ditandai begitu."), upload=True)  # fmt: skip


@bp.route("/items/<item_id>/step/<to>", methods=["GET", "POST"])
@needs("item.see")
def item_step(item_id: str, to: str) -> Page:
    """One step with a note: back to not started, on again, returned, reopened, restored."""
    found = _seen(item_id)
    kind = STEPS.get((found.status, to))
    if kind is None:
        return redirect(url_for("organizer.item", item_id=item_id))
    title, word, why = {
        "pause": (_("Kembalikan ke belum mulai"), _("Kembalikan ke belum mulai"),
                  _("Yang sudah dicatat tetap tersimpan di riwayat.")),
        "unblock": (_("Kendala selesai"), _("Lanjutkan"), _("Tindak lanjut kembali berjalan.")),
        "return": (_("Kembalikan klaim"), _("Kembalikan dengan catatan"),
                   _("Kembali ke “Berjalan”; penanggung jawab diberi tahu.")),
        "reopen": (_("Buka kembali"), _("Buka kembali"),
                   _("Tidak lagi dihitung tuntas, sampai diklaim dan diverifikasi lagi.")),
        "restore": (_("Hidupkan lagi"), _("Hidupkan lagi"),
                    _("Kembali dihitung sebagai belum tuntas.")),
    }[kind]  # fmt: skip
    form = StepForm(data={"version": str(found.version)})

    def prepare() -> Callable[[Session], Any]:
        return lambda session: moves.move(
            session, item_id, to, version=form.seen, note=form.note.data or "", actor=actor(),
            now=utc_now())

    return _act(found, form, prepare, title, word, why)


@bp.route("/items/<item_id>/due", methods=["GET", "POST"])
@needs("item.manage")
def item_due(item_id: str) -> Page:
    """Grant a later due date."""
    found = _seen(item_id)
    form = DueForm(data={"version": str(found.version)})

    def prepare() -> Callable[[Session], Any]:
        return lambda session: dates.grant_due(
            session, item_id, form.until_on.data, reason=form.reason.data, version=form.seen,
            actor=actor(), now=utc_now())

    return _act(found, form, prepare, _("Perpanjang tenggat"), _("Perpanjang tenggat"),
                _("Tenggat semula tetap tercatat, dan tetap dihitung."))  # fmt: skip


@bp.route("/items/<item_id>/drop", methods=["GET", "POST"])
@needs("item.manage")
def item_drop(item_id: str) -> Page:
    """Drop it, with a reason from the list."""
    found = _seen(item_id)
    form = DropForm(data={"version": str(found.version)})
    form.cohort_id = found.cohort_id

    def prepare() -> Callable[[Session], Any]:
        return lambda session: drops.drop(
            session, item_id, form.reason.data, version=form.seen, note=form.note.data or "",
            answered_by_id=form.answer_id(), actor=actor(), now=utc_now())

    return _act(found, form, prepare, _("Hentikan tindak lanjut"), _("Hentikan tindak lanjut"),
                _("Yang dihentikan tetap dihitung dalam pembagi."))  # fmt: skip


@bp.route("/items/<item_id>/split", methods=["GET", "POST"])
@needs("item.manage")
def item_split(item_id: str) -> Page:
    """Split it into parts that keep its age."""
    found = _seen(item_id)
    form = SplitForm(data={"version": str(found.version)})

    def prepare() -> Callable[[Session], Any]:
        return lambda session: splits.split(
            session, item_id, [splits.Part(title) for title in form.titles], version=form.seen,
            note=form.note.data or "", actor=actor(), now=utc_now())

    return _act(
        found, form, prepare, _("Pecah tindak lanjut"), _("Pecah tindak lanjut"),
        _("Janji ini tetap dihitung satu, dan tuntas bila semua bagiannya tuntas."))


@bp.route("/items/<item_id>/escalate", methods=["GET", "POST"])
@needs("item.manage")
def item_escalate(item_id: str) -> Page:
    """Take it to another level."""
    found = _seen(item_id)
    form = EscalateForm(data={"version": str(found.version), "level": str(found.escalation)})

    def prepare() -> Callable[[Session], Any]:
        return lambda session: items.escalate(
            session, item_id, int(form.level.data), version=form.seen, note=form.note.data or "",
            actor=actor(), now=utc_now())

    return _act(found, form, prepare, _("Eskalasi"), _("Simpan tingkat"),
                _("Yang menghubungi pejabatnya tetap orang, bukan sistem."))  # fmt: skip


@bp.post("/items/<item_id>/owner-link")
@needs("item.manage")
def item_owner_link(item_id: str) -> Response:
    """Make the owner's personal link, to be shared."""
    found = _seen(item_id)
    if found.owner_office_id is None:
        raise Refusal("actions.no_owner")
    with unit() as session:
        owner_link(session, found.cohort_id, found.owner_office_id, utc_now())
    return redirect(url_for("organizer.item", item_id=item_id))


@bp.get("/cohorts/<cohort_id>/asks")
@needs("item.see")
def asks(cohort_id: str) -> str:
    """What owners ask for and nobody has answered."""
    session = db.session()
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        raise Refusal("ground.not_found")
    every = {one.id: one for one in items_at(session, cohort_id) if one.unresolved}
    waiting = dates.open_asks(session, list(every))
    shown = rows_of(session, cohort, [every[ask.item_id] for ask in waiting], utc_now())
    bodies = {ask.id: session.get(Body, ask.reason_id) for ask in waiting if ask.reason_id}
    return render_template(
        "organizer/asks.html", cohort=cohort, pairs=list(zip(waiting, shown, strict=True)),
        bodies=bodies)


@bp.route("/asks/<ask_id>", methods=["GET", "POST"])
@needs("item.manage")
def ask_answer(ask_id: str) -> Page:
    """Grant or decline."""
    ask = db.session.get(Ask, ask_id)
    if ask is None:
        raise Refusal("ground.not_found")
    found = _seen(ask.item_id)
    form = AnswerForm()
    form.drop_reason.choices = options([(k, w) for k, w in DROP_WORDS.items() if k not in (
        *BY_TURNS, "duplicate", "left_cohort")])  # fmt: skip
    if ask.kind == "extension":
        del form.drop_reason
    body = db.session.get(Body, ask.reason_id) if ask.reason_id else None
    asked = body.text if body is not None else None
    until, zone_row = ask.until_on, rows_of(
        db.session(), db.session.get_one(Cohort, found.cohort_id), [found], utc_now())[0]

    def prepare() -> Callable[[Session], Any]:
        reason = form.drop_reason.data if "drop_reason" in form else ""
        return lambda session: dates.answer(
            session, ask_id, granted=form.granted.data == "yes", reason=form.reason.data,
            drop_reason=reason or "", actor=actor(), now=utc_now())

    return _act(found, form, prepare, _("Jawab permintaan"), _("Kirim jawaban"), "",
                asked=asked, until=until, row=zone_row)  # fmt: skip


def _seen(item_id: str) -> Standing:
    """The item, when the reader may see it where it is."""
    found = item(db.session(), item_id)
    demand(actor(), "item.see", authority.where(found))
    return found


def _act(
    found: Standing,
    form: FlaskForm,
    prepare: Callable[[], Callable[[Session], Any]],
    title: str,
    word: str,
    why: str,
    **more: Any,
) -> Page:
    """A page with one form over an item: one rule in a unit, then back to the item."""
    if form.validate_on_submit():
        try:
            rule = prepare()
            with unit() as session:
                rule(session)
        except Refusal as refusal:
            beside(form, refusal)
            if isinstance(form, VersionForm):
                form.version.data = str(item(db.session(), found.id).version)
        else:
            flash(_("Tersimpan: %(item)s.", item=found.label))
            return redirect(url_for("organizer.item", item_id=found.id))
    now = item(db.session(), found.id)
    return render_template(
        "organizer/item_act.html", form=form, item=now, title=title, word=word, why=why, **more,
    ), page_status()


def _share(found: Standing, link: OwnerLink) -> str:
    """WhatsApp with the owner's link ready to send."""
    token = Links(keys().link).make("owner", link.id, link.generation)
    text = _("Yth. penanggung jawab, tindak lanjut %(item)s: %(title)s. Laporkan di: %(link)s",
             item=found.label, title=found.title, link=full_address("owner", token))  # fmt: skip
    return whatsapp(text)
