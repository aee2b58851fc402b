"""Writing to the guests: to whom, how many, who is not reached, and the words; once to each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import options, whole
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.forms_announcement import AnnouncementForm
from app.organizer.guest_rows import ANSWERS, office_word, region_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.refusals import beside
from app.status import look
from app.unit import unit
from cohorts.convenings import announcements
from cohorts.convenings import convening as convenings
from cohorts.convenings.addressee import Addressee
from cohorts.convenings.announcements import Group
from cohorts.convenings.chain import SeatState
from cohorts.directory import offices
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

COMING = "coming"
GROUPS = {"": frozenset[str](), COMING: frozenset({"attending", "delegated"})} | {
    reply: frozenset({reply}) for reply in ANSWERS}
SHOWN = 100
"""Names listed of the recipients; the rest is counted."""


@bp.route("/convenings/<convening_id>/announcement", methods=["GET", "POST"])
@needs("convening.invite")
def announcement(convening_id: str) -> Page:
    """Show who gets it as answers and addresses stand; send it once what was shown still holds."""
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    if found.state == "draft":
        return redirect(url_for("organizer.convening", convening_id=convening_id))
    everybody = announcements.guests(session, convening_id, now)
    form = _filled(AnnouncementForm(), everybody)
    group = Group(GROUPS.get(form.reply.data or "", frozenset()),
                  form.region.data or "", form.role.data or "")  # fmt: skip
    chosen = "|".join((form.reply.data or "", group.region_code, group.role_key))
    status = 200
    if request.form.get("act") == "send" and not form.validate_on_submit():
        status = 400
    elif request.form.get("act") == "send":
        try:
            sent = _send(convening_id, group, form, chosen)
        except Refusal as refusal:
            beside(form, refusal)
            status = 400
        else:
            flash(ngettext("Pemberitahuan dikirim ke %(n)s penerima.",
                           "Pemberitahuan dikirim ke %(n)s penerima.", sent, n=sent))
            return redirect(url_for("organizer.guests", convening_id=convening_id))
    reach = announcements.reach(db.session(), convening_id, group, now)
    form.seen.data, form.checked.data = str(len(reach.recipients)), chosen
    found = convenings.get(db.session(), convening_id)
    return render_template(
        "organizer/announcement.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        form=form, reach=reach, who=_who, region_word=region_word, office_word=office_word,
        most=SHOWN, everybody=len(everybody)), status


def _send(convening_id: str, group: Group, form: AnnouncementForm, chosen: str) -> int:
    """Send what was written to the group that was looked at; another one is shown first."""
    seen = whole(form.seen.data)
    now = utc_now()
    with unit() as session:
        if form.checked.data != chosen:
            others = announcements.reach(session, convening_id, group, now).recipients
            raise Refusal("convenings.recipients_changed", seen=seen, now=len(others))
        return announcements.announce(
            session, convening_id, group, form.subject.data or "", form.text.data or "", actor(),
            now, reference=str(form.reference.data), seen=seen)


def _filled(form: AnnouncementForm, everybody: list[SeatState]) -> AnnouncementForm:
    """Give the form what there is to choose from, and a new reference when it is new."""
    form.reply.choices = options([
        ("", _("Semua")), (COMING, _("Yang akan hadir atau diwakilkan")),
        *((reply, look("reply", reply).word) for reply in ANSWERS)])
    regions = {s.region_code: region_word(s) for s in everybody if s.region_code}
    form.region.choices = options([("", _("Semua daerah")), *regions.items()])
    english = language() == "en"
    titles = {r.key: r.title_en if english else r.title_id for r in offices.roles(db.session())}
    roles = sorted({(s.role_order, s.role_key) for s in everybody})
    form.role.choices = options([
        ("", _("Semua jabatan")), *((key, titles[key]) for _order, key in roles)])
    if not form.is_submitted():
        form.reference.data = new_id()
        given = request.args.get("reply", "")
        form.reply.data = given if given in GROUPS else ""
    return form


def _who(one: Addressee) -> str:
    """Who gets it: the office, or the deputy by post for the office."""
    office = office_word(one.state)
    if one.deputy is None:
        return office
    return str(_("%(deputy)s, mewakili %(office)s", deputy=one.deputy.post, office=office))
