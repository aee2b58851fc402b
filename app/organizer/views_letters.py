"""The surat undangan of a convening: what it says, its numbers, one letter, all as one file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app import letter_sheets, wording
from app.adapters.print import LetterSheet
from app.extensions import db, settings
from app.filters import utc_now
from app.forms import options, page_status, whole
from app.guard import actor, needs
from app.letter_job import MEDIA
from app.letter_sheets import Desk
from app.organizer import bp
from app.organizer.forms_letters import MODE_HELP, NUMBERING_HELP, LetterForm
from app.organizer.guest_rows import office_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.printer import printer
from app.refusals import Said, beside, say
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import letter, letter_numbers, letter_runs, letterheads
from cohorts.convenings.letter import SECURITY, Terms
from cohorts.convenings.tables import Convening
from cohorts.ground.access import Where, may
from cohorts.ground.files import FileStore
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

HOUSE = {
    "subject": (letter.DEFAULT_SUBJECT,),
    "opening": (letter.DEFAULT_OPENING,),
    "confirmation": tuple(letter.DEFAULT_CONFIRMATION.values()),
    "ending": (letter.DEFAULT_ENDING,),
}
"""The house's sentences: shown in the form, and kept as nothing, so that they can change."""


@bp.route("/convenings/<convening_id>/letter", methods=["GET", "POST"])
@needs("convening.edit")
def letter_page(convening_id: str) -> Page:
    """What the letter says, with the letter beside it."""
    found = convenings.get(db.session(), convening_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            with unit() as session:
                letter.set_terms(
                    session, convening_id, _terms(form),
                    whole(form.version.data), actor(), utc_now())
        except Refusal as refusal:
            beside(form, refusal)
            if refusal.code == "ground.stale":
                form.version.data = str(letter.version(db.session(), convening_id))
        else:
            flash(_("Tersimpan. Suratnya ikut berubah."))
            return redirect(url_for("organizer.letter_page", convening_id=convening_id))
    return _page(convening_id, form)


@bp.post("/convenings/<convening_id>/letter/numbers")
@needs("convening.edit")
def letter_numbers_give(convening_id: str) -> Page:
    """Give every letter without a number its number."""
    seen = request.form.get("seen", type=int) or 0
    try:
        with unit() as session:
            given = letter_numbers.give(session, convening_id, seen, actor(), utc_now())
    except Refusal as refusal:
        return _refused(convening_id, refusal)
    flash(ngettext("%(n)s nomor diberikan.", "%(n)s nomor diberikan.", given, n=given) if given
          else _("Semua surat sudah bernomor."))
    return redirect(url_for("organizer.letter_page", convening_id=convening_id))


@bp.get("/convenings/<convening_id>/letter/preview.pdf")
@needs("convening.edit")
def letter_preview(convening_id: str) -> Response:
    """The letter as PDF, as one of the guests would get it; its link opens nothing."""
    session = db.session()
    on = letter_sheets.desk(session, convenings.get(session, convening_id), utc_now())
    return _pdf(on, _shown(on), _("pratinjau-surat-undangan"))


@bp.get("/convenings/<convening_id>/guests/<invitation_id>/letter.pdf")
@needs("convening.invite")
def guest_own_letter(convening_id: str, invitation_id: str) -> Response:
    """The letter to one office, as it is handed over: its link is live."""
    session = db.session()
    on = letter_sheets.desk(session, convenings.get(session, convening_id), utc_now())
    state = next((s for s in on.invited if s.invitation_id == invitation_id), None)
    if state is None:
        raise Refusal("ground.not_found")
    link = texts.invitation_link(state.invitation_id, state.generation)
    return _pdf(on, letter_sheets.to_guest(on, state, link), _("surat-undangan"))


@bp.post("/convenings/<convening_id>/letter/all")
@needs("convening.invite")
def letters_ask(convening_id: str) -> Page:
    """Ask for all letters as one file."""
    try:
        with unit() as session:
            run_id = letter_runs.ask(
                session, convening_id, request.form.get("form", ""), actor(), utc_now()).id
    except Refusal as refusal:
        return _refused(convening_id, refusal)
    return redirect(url_for("organizer.letters_run", convening_id=convening_id, run_id=run_id))


@bp.get("/convenings/<convening_id>/letter/all/<run_id>")
@needs("convening.invite")
def letters_run(convening_id: str, run_id: str) -> Page:
    """How far the file is; then the file."""
    found = convenings.get(db.session(), convening_id)
    run = letter_runs.get(db.session(), convening_id, run_id)
    return render_template(
        "organizer/letters_run.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), tabs=tabs_of(found, "guests"), run=run,
        trouble=letter_runs.trouble(db.session(), run_id),
        there=_file_of(run.file_sha256) is not None)


@bp.get("/convenings/<convening_id>/letter/all/<run_id>/file")
@needs("convening.invite")
def letters_file(convening_id: str, run_id: str) -> Response:
    """Hand out the file while it is there: it is removed after a day."""
    found = convenings.get(db.session(), convening_id)
    run = letter_runs.get(db.session(), convening_id, run_id)
    path = _file_of(run.file_sha256)
    if path is None:
        raise Refusal("ground.not_found")
    name = _("surat-undangan-pertemuan-%(n)s", n=found.number)
    return _download(path.read_bytes(), MEDIA[run.form], f"{name}.{run.form}")


def _page(convening_id: str, form: LetterForm, said: Said | None = None) -> Page:
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    on = letter_sheets.desk(session, found, now)
    where = Where(cohort_id=found.cohort_id, convening_id=found.id)
    run = letter_runs.latest(session, convening_id)
    sheet = _shown(on)
    return render_template(
        "organizer/letter.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        form=form, said=said, letter=sheet, invited=on.invited, office_word=office_word,
        guest=request.args.get("guest", ""), terms=on.terms, numbers=len(on.numbers),
        proposal=letter_numbers.propose(session, found, now), names=wording.NAME_WORDS,
        pattern_names=letter.PATTERN_NAMES, security=SECURITY, mode_help=MODE_HELP,
        numbering_help=NUMBERING_HELP, run=run,
        there=run is not None and _file_of(run.file_sha256) is not None,
        emblem=url_for("organizer.letterhead_emblem", organisation_id=on.terms.organisation_id)
        if on.letterhead is not None and on.letterhead.emblem_sha256 else None,
        may_invite=bool(may(actor(), "convening.invite", where)),
    ), said.status if said else page_status()


def _refused(convening_id: str, refusal: Refusal) -> Page:
    """Show on the page what could not be done with its numbers or its file."""
    if not refusal.code.startswith(("convenings.", "ground.too_long")):
        raise refusal
    found = convenings.get(db.session(), convening_id)
    return _page(convening_id, _form(found, fresh=True), say(refusal))


def _form(found: Convening, *, fresh: bool = False) -> LetterForm:
    """The form over what stands; the house's sentences are written out."""
    session = db.session()
    stands = letter.terms(session, found.id)
    data = dataclasses.asdict(stands)
    for name, house in HOUSE.items():
        data[name] = data[name] or house[0]
    data["confirmation"] = stands.confirmation or letter.DEFAULT_CONFIRMATION[stands.mode]
    form = LetterForm(formdata=None, data=data) if fresh else LetterForm(data=data)
    heads = [(one.organisation_id, one.names.replace("\n", ", "))
             for one in letterheads.letterheads(session)]
    form.organisation_id.choices = options(
        [("", _("Tanpa kop instansi: nama penyelenggara")), *heads])
    if fresh or not form.is_submitted():
        form.version.data = str(letter.version(session, found.id))
    return form


def _terms(form: LetterForm) -> Terms:
    """What the form says; a sentence left as the house writes it is kept as nothing."""
    given = {
        field.name: form[field.name].data for field in dataclasses.fields(Terms)
    }
    for name, house in HOUSE.items():
        words = (given[name] or "").replace("\r\n", "\n").strip()
        given[name] = "" if words in house else words
    for name, value in given.items():
        if value is None and name != "dated":
            given[name] = ""
    given["organisation_id"] = given["organisation_id"] or None
    return Terms(**given)


def _shown(on: Desk) -> LetterSheet:
    """The letter that is shown: to the guest who was chosen, else to the first, else to nobody."""
    wanted = request.args.get("guest", "")
    state = next((s for s in on.invited if s.invitation_id == wanted), None)
    state = state or (on.invited[0] if on.invited else None)
    if state is None:
        return letter_sheets.to_nobody(on, wording.nobody("id"))
    return letter_sheets.to_guest(on, state, wording.dead_link())


def _pdf(on: Desk, sheet: LetterSheet, name: str) -> Response:
    emblem = letter_sheets.emblem(db.session(), on, FileStore(settings().files_dir))
    return _download(
        printer().letters([sheet], emblem), "application/pdf", f"{name}.pdf", inline=True)


def _download(data: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    answer = make_response(data)
    answer.mimetype = media_type
    kind = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file_of(sha256: str | None) -> Path | None:
    """Where the file lies, None when it is not made yet or was removed."""
    path = FileStore(settings().files_dir).path(sha256) if sha256 else None
    return path if path is not None and path.is_file() else None
