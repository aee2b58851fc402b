"""A lost link: asked for by address of mail, answered the same to everybody."""

from __future__ import annotations

import datetime as dt

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.filters import utc_now
from app.forms import Form, text
from app.guard import open_to
from app.public import bp
from app.unit import unit
from cohorts.convenings import lost_link as lost_links
from cohorts.ground import throttle
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

HOUR = dt.timedelta(hours=1)
ASKED_EACH = 5  # for one address, in an hour
ASKED_IN_ALL = 500


class LostLinkForm(Form):
    """The address that the office's mail goes to."""

    email = text(_l("Surel resmi jabatan"), most=254)


@bp.route("/lost-link", methods=["GET", "POST"])
@open_to("public")
def lost_link() -> Page:
    """Take an address; whatever it is, the answer is the same."""
    form = LostLinkForm()
    if form.validate_on_submit():
        now = utc_now()
        _slow_down(form.email.data.strip().lower()[:80], now)
        with unit() as session:
            lost_links.ask(session, form.email.data, now)
        return redirect(url_for("public.lost_link_sent"))
    status = 400 if form.is_submitted() else 200
    return render_template("public/lost_link.html", form=form), status


@bp.get("/lost-link/sent")
@open_to("public")
def lost_link_sent() -> Page:
    """Say what happens now, without saying whether the address is known."""
    return render_template("public/lost_link_sent.html")


def _slow_down(address: str, now: dt.datetime) -> None:
    with unit() as session:
        waits = [
            throttle.hit(session, f"lost:{address}", limit=ASKED_EACH, every=HOUR, now=now),
            throttle.hit(session, "lost", limit=ASKED_IN_ALL, every=HOUR, now=now),
        ]
    wait = max((w for w in waits if w is not None), default=None)
    if wait is not None:
        raise Refusal("ground.too_many", retry_after=wait)
