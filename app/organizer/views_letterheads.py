"""Letterheads: one for each organisation that sends letters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import uploads
from app.adapters import emblem
from app.extensions import db, settings
from app.filters import utc_now
from app.forms import page_status, whole
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_letters import LetterheadForm
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import letterheads
from cohorts.convenings.letter_tables import Letterhead
from cohorts.convenings.letterheads import Kop
from cohorts.directory.tables import Organisation
from cohorts.ground.files import FileStore, Kept
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.get("/letterheads")
@needs("directory.edit")
def letterheads_page() -> str:
    """List the letterheads; find the organisation that needs one."""
    query = request.args.get("q", "").strip()
    session = db.session()
    return render_template(
        "organizer/letterheads.html", rows=letterheads.letterheads(session), query=query,
        found=letterheads.without(session, query) if query else [])


@bp.route("/letterheads/<organisation_id>", methods=["GET", "POST"])
@needs("directory.edit")
def letterhead(organisation_id: str) -> Page:
    """Write the kop of one organisation."""
    session = db.session()
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise Refusal("ground.not_found")
    stands = session.get(Letterhead, organisation_id)
    form = LetterheadForm(obj=stands) if stands else LetterheadForm(
        data={"names": letterheads.first_lines(organisation)})
    if request.method == "GET":
        form.version.data = str(stands.version if stands else 0)
    if form.validate_on_submit():
        kop = Kop(
            names=form.names.data, address=form.address.data or "", phone=form.phone.data or "",
            mail=form.mail.data or "", site=form.site.data or "")
        try:
            kop.checked()
            picture = _kept(form.emblem.data)
            with unit() as changing:
                letterheads.set_letterhead(
                    changing, organisation_id, kop,
                    whole(form.version.data), actor(), utc_now(),
                    emblem=picture, without_emblem=bool(form.without_emblem.data))
        except Refusal as refusal:
            beside(form, refusal)
            if refusal.code == "ground.stale":
                now = db.session().get(Letterhead, organisation_id)
                form.version.data = str(now.version if now else 0)
        else:
            flash(_("Kop tersimpan."))
            return redirect(url_for("organizer.letterheads_page"))
    stands = db.session().get(Letterhead, organisation_id)
    return render_template(
        "organizer/letterhead.html", form=form, organisation=organisation,
        stands=stands), page_status()


@bp.get("/letterheads/<organisation_id>/emblem")
@needs("convening.see")
def letterhead_emblem(organisation_id: str) -> Response:
    """The emblem as it is printed."""
    found = db.session().get(Letterhead, organisation_id)
    return uploads.handed_out(
        db.session(), found.emblem_sha256 if found else None, _("lambang"))


def _kept(given: FileStorage | None) -> Kept | None:
    """Draw an uploaded emblem anew and write it, outside any unit."""
    data = given.stream.read(emblem.LIMIT + 1) if given is not None and given.filename else b""
    if not data:
        return None
    return FileStore(settings().files_dir).put(*emblem.clean(data))
