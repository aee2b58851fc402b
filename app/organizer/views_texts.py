"""The texts of the invitation in the organisers' own words: written, looked at, tried out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import wording
from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.mail import kinds_tests
from app.mail.compose import Words, words
from app.organizer import bp
from app.organizer.forms_letters import TextsForm
from app.organizer.guest_rows import office_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import letter, own_texts
from cohorts.convenings.chain import SeatState
from cohorts.convenings.own_texts import DEFAULTS
from cohorts.convenings.tables import Convening
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
LANGS = ("id", "en")


@bp.route("/convenings/<convening_id>/texts", methods=["GET", "POST"])
@needs("convening.edit")
def texts_page(convening_id: str) -> Page:
    """Write the texts; see them as a guest reads them."""
    found = convenings.get(db.session(), convening_id)
    stands = own_texts.texts(db.session(), convening_id)
    form = TextsForm(data={f"{key}_{lang}": text for (key, lang), text in stands.items()})
    if request.method == "GET":
        form.seen.data = own_texts.mark(db.session(), convening_id)
    if form.validate_on_submit():
        wanted = {key: form["_".join(key)].data or "" for key in DEFAULTS}
        try:
            with unit() as session:
                changed = own_texts.set_texts(
                    session, convening_id, wanted, form.seen.data or "", actor(), utc_now())
        except Refusal as refusal:
            beside(form, refusal)
            if refusal.code == "ground.stale":
                form.seen.data = own_texts.mark(db.session(), convening_id)
        else:
            flash(_("Teks tersimpan. Surel yang belum terkirim ikut berubah.") if changed
                  else _("Tidak ada yang berubah."))
            return redirect(_here(convening_id))
    return _page(found, form)


@bp.post("/convenings/<convening_id>/texts/test")
@needs("convening.edit")
def texts_test(convening_id: str) -> Response:
    """Send the mail to the organiser's own address, marked as a test."""
    with unit() as session:
        address = own_texts.send_test(
            session, convening_id, request.form.get("guest") or None,
            request.form.get("in", "id"), actor(), utc_now())
    flash(_("Uji kirim dalam perjalanan ke %(address)s. Tidak ada tamu yang menerimanya.",
            address=address))
    return redirect(_here(convening_id))


def _page(found: Convening, form: TextsForm) -> Page:
    session, now = db.session(), utc_now()
    invited = letter.addressees(session, found.id, now)
    chosen = _chosen()
    lang = chosen.get("in", "id")
    state = next((s for s in invited if s.invitation_id == chosen.get("guest")), None)
    state = state or (invited[0] if invited else None)
    reader = wording.nobody(lang)
    if state is not None:
        reader = wording.reader_of(state, wording.dead_link(), lang)
    said = own_texts.texts(session, found.id)
    return render_template(
        "organizer/texts.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        form=form, invited=invited, office_word=office_word, state=state, shown_in=lang,
        names=wording.NAME_WORDS, example=wording.values(found, reader, lang),
        chat=wording.filled(said["chat", lang], found, reader, lang),
        mail=_mail(found, state, lang)), page_status()


def _mail(found: Convening, state: SeatState | None, lang: str) -> Words:
    """The mail as the test sends it, to the guest that is shown."""
    chosen = state.invitation_id if state is not None else None
    return words(kinds_tests.letter_to(db.session(), found, chosen, lang), lang)


def _here(convening_id: str) -> str:
    """This page with the guest and the language that are shown."""
    chosen: dict[str, Any] = {"convening_id": convening_id, **_chosen()}
    return url_for("organizer.texts_page", **chosen)


def _chosen() -> dict[str, str]:
    """Guest and language of the preview, as the address or the form names them."""
    given = {name: request.values.get(name, "") for name in ("guest", "in")}
    if given["in"] not in LANGS:
        given["in"] = ""
    return {name: value for name, value in given.items() if value}
