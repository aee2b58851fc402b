"""Accounts: who may what, giving a role, taking it back, inviting again."""

from __future__ import annotations

import dataclasses
import datetime as dt

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.fields import named
from app.organizer.forms_accounts import REGION, ROLE_HELPS, ROLE_WORDS, GrantForm
from app.organizer.menu import cohort_name
from app.refusals import beside
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.directory import accounts_grants as grants
from cohorts.directory.accounts_reach import EVERYWHERE, Place, may_give, may_see, place_of
from cohorts.directory.tables import Grant, Region, User
from cohorts.ground.access import may
from cohorts.ground.clock import end_of_day
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

Page = str | Response | tuple[str, int]
ZONE = "Asia/Jakarta"  # of a role that is not for one convening
AHEAD = ("draft", "announced", "in_progress")


@dataclasses.dataclass(frozen=True)
class Row:
    """One grant as the page shows it; days are those of its place, ``until`` the last one."""

    grant: Grant
    role: str
    where: str
    since: dt.date
    until: dt.date | None
    live: bool
    may_revoke: bool


class Places:
    """Cohorts, convenings and regions by name, read once for a page."""

    def __init__(self) -> None:
        session = db.session()
        rows = session.scalars(sa.select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.id))
        self.cohorts = {c.id: c for c in rows}
        found = session.scalars(sa.select(Convening).order_by(Convening.number, Convening.id))
        self.convenings = {c.id: c for c in found}
        self.cohort_of = {c.id: c.cohort_id for c in self.convenings.values()}
        codes = sa.select(Grant.scope_id).where(Grant.scope == "region")
        self.regions = {
            r.code: r for r in session.scalars(sa.select(Region).where(Region.code.in_(codes)))
        }

    def word(self, scope: str, ident: str) -> str:
        """Return what a place is called in the reader's language."""
        if scope == "cohort" and ident in self.cohorts:
            return cohort_name(self.cohorts[ident])
        if scope == "convening" and ident in self.convenings:
            found = self.convenings[ident]
            cohort = cohort_name(self.cohorts[found.cohort_id])
            return str(_("Pertemuan ke-%(n)s, %(cohort)s", n=found.number, cohort=cohort))
        if scope == "region" and ident in self.regions:
            return named(self.regions[ident])
        return str(_("Semua kohort")) if scope == "all" else ident

    def zone(self, ident: str) -> str:
        """Return the zone in which a grant's days are counted."""
        return self.convenings[ident].timezone if ident in self.convenings else ZONE

    def to_give(self) -> list[tuple[str, str]]:
        """Return (value, word) of the places where this person may give any role."""
        every = [Place("cohort", c) for c in self.cohorts]
        every += [
            Place("convening", c.id, c.cohort_id)
            for c in self.convenings.values()
            if c.state in AHEAD
        ]
        found = [
            (f"{p.scope}:{p.id}", self.word(p.scope, p.id))
            for p in every
            if may_give(actor(), "auditor", p)
        ]
        if may_give(actor(), "mentor", Place("region", "any")):
            found.append((REGION, _("Satu daerah, untuk pemeriksa")))
        if may_give(actor(), "auditor", EVERYWHERE):  # last: the widest is never the default
            found.append(("all:", self.word("all", "")))
        return found

    def rows(self, user: User, now: dt.datetime) -> list[Row]:
        """Return the grants of an account that this person may know of, the youngest first."""
        seen = [g for g in user.grants if may_see(actor(), place_of(g, self.cohort_of))]
        return [self._row(g, now) for g in sorted(seen, key=lambda g: (g.given_at, g.id))[::-1]]

    def _row(self, grant: Grant, now: dt.datetime) -> Row:
        zone, live = self.zone(grant.scope_id), grant.holds(now)
        last = grant.ended_at
        if last is not None:
            last = max(last - dt.timedelta(microseconds=1), grant.given_at)
        return Row(
            grant=grant,
            role=str(ROLE_WORDS[grant.role]),
            where=self.word(grant.scope, grant.scope_id),
            since=day_of(grant.given_at, zone),
            until=day_of(last, zone) if last is not None else None,
            live=live,
            may_revoke=live and may_give(actor(), grant.role, place_of(grant, self.cohort_of)),
        )


def _may_manage() -> bool:
    return bool(may(actor(), "accounts.manage"))


@bp.get("/accounts")
@needs("accounts.see")
def accounts() -> str:
    """Show who may what: every account with the roles it holds now."""
    now, places = utc_now(), Places()
    holding, without = [], []
    for user in grants.everybody(db.session()):
        rows = places.rows(user, now)
        live = [row for row in rows if row.live]
        if live and user.active:
            holding.append((user, grants.link_state(user, now), live))
        elif grants.known_to(actor(), user, places.cohort_of):
            without.append((user, grants.link_state(user, now)))
    return render_template(
        "organizer/accounts.html", holding=holding, without=without, may_manage=_may_manage()
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@needs("accounts.manage")
def account_new() -> Page:
    """Give somebody a role; whoever has no password yet gets a link by mail."""
    places, now = Places(), utc_now()
    form = GrantForm()
    form.role.choices = options(
        (role, word)
        for role, word in ROLE_WORDS.items()
        if role != "admin" or may_give(actor(), "admin", EVERYWHERE)
    )
    form.place.choices = options(places.to_give())
    form.lang.choices = options([("id", _("Bahasa Indonesia")), ("en", _("Bahasa Inggris"))])
    known = request.args.get("account")
    if request.method == "GET" and known:
        user = grants.account(db.session(), known, actor(), places.cohort_of)
        form.email.data, form.name.data, form.lang.data = user.email, user.name, user.lang
    if form.validate_on_submit():
        place = _chosen(form, places)
        zone = places.zone(place.id)
        until = end_of_day(form.until.data, zone) if form.until.data else None
        try:
            with unit() as session:
                user = grants.invite(
                    session,
                    email=form.email.data,
                    name=form.name.data,
                    role=form.role.data,
                    place=place,
                    until=until,
                    region_code=form.own_region.code,
                    lang=form.lang.data,
                    actor=actor(),
                    now=now,
                )
                ident, waits = user.id, user.password_hash is None
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(
                _("Peran diberikan. Tautan untuk mengatur kata sandi dikirim.")
                if waits
                else _("Peran diberikan. Akunnya sudah ada, jadi tidak ada surel yang dikirim.")
            )
            return redirect(url_for("organizer.account", user_id=ident))
    page = render_template("organizer/accounts_new.html", form=form, role_helps=ROLE_HELPS)
    return page, page_status()


def _chosen(form: GrantForm, places: Places) -> Place:
    if form.place.data == REGION:
        return Place("region", form.region.code or "")
    scope, _colon, ident = form.place.data.partition(":")
    return Place(scope, ident, places.cohort_of.get(ident))


@bp.get("/accounts/<user_id>")
@needs("accounts.see")
def account(user_id: str) -> str:
    """Show one account: its roles now and before, and how its link stands."""
    now, places = utc_now(), Places()
    user = grants.account(db.session(), user_id, actor(), places.cohort_of)
    rows = places.rows(user, now)
    live = [row for row in rows if row.live]
    mine = [row for row in live if row.may_revoke]
    state = grants.link_state(user, now)
    region = db.session.get(Region, user.region_code) if user.region_code else None
    return render_template(
        "organizer/accounts_one.html",
        user=user,
        rows=rows,
        state=state,
        zone=ZONE,
        region=named(region) if region is not None else "",
        may_manage=_may_manage(),
        may_invite=bool(mine) and state in ("none", "open", "lapsed"),
        may_close=user.active
        and len(mine) == len([g for g in user.grants if g.holds(now)]) > 0,
    )


@bp.post("/accounts/<user_id>/invite")
@needs("accounts.manage")
def account_invite(user_id: str) -> Response:
    """Mail a new one-use link; the one before ends."""
    cohort_of = Places().cohort_of
    with unit() as session:
        grants.invite_again(session, user_id, cohort_of=cohort_of, actor=actor(), now=utc_now())
    flash(_("Tautan baru dikirim. Tautan sebelumnya tidak berlaku lagi."))
    return redirect(url_for("organizer.account", user_id=user_id))


@bp.post("/accounts/<user_id>/close")
@needs("accounts.manage")
def account_close(user_id: str) -> Response:
    """Close an account with all its roles."""
    cohort_of = Places().cohort_of
    with unit() as session:
        grants.close(session, user_id, cohort_of=cohort_of, actor=actor(), now=utc_now())
    flash(_("Akun ditutup. Catatan atas namanya tetap ada."))
    return redirect(url_for("organizer.accounts"))


@bp.post("/accounts/grants/<grant_id>/revoke")
@needs("accounts.manage")
def grant_revoke(grant_id: str) -> Response:
    """End one role at once."""
    cohort_of = Places().cohort_of
    with unit() as session:
        grants.revoke(session, grant_id, cohort_of=cohort_of, actor=actor(), now=utc_now())
    flash(_("Peran dicabut."))
    return redirect(url_for("organizer.accounts"))
