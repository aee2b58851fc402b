"""Signing in and out, and setting a password through a one-use link."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.auth.forms import ForgotForm, SetPasswordForm, SignInForm
from app.auth.passwords import argon2_hasher
from app.auth.session import SignedIn
from app.extensions import db, keys, settings
from app.filters import utc_now
from app.forms import page_status
from app.guard import open_to
from app.refusals import beside
from app.unit import unit
from cohorts.directory import accounts
from cohorts.ground.access import may
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


def _own_address(target: str | None) -> str:
    """Return where to go after signing in: a path of ours, never another host."""
    home = url_for("organizer.home")
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return home
    parts = urlsplit(target)
    return home if parts.netloc or parts.scheme or "\\" in target else target


@open_to("account")
def sign_in() -> Page:
    """Show the form; let in whoever knows address and password."""
    form = SignInForm()
    back = request.args.get("next")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_own_address(back))
    status = 200
    if form.validate_on_submit():
        now = utc_now()
        with unit() as session:
            wait = accounts.attempt(session, form.email.data, now)
        if wait is not None:
            form.form_errors.append(
                _("Terlalu banyak percobaan. Silakan coba lagi dalam %(n)s menit.",
                  n=-(-wait // 60)))
            status = 429
        else:
            user = accounts.recognise(
                db.session(), form.email.data, form.password.data, argon2_hasher)
            if user is not None and (settings().demo_allowed or not user.sample):
                with unit() as session:
                    signed_in = SignedIn(accounts.sign_in(session, user.id, now))
                login_user(signed_in)
                return redirect(_own_address(back))
            form.password.errors = [_("Surel atau kata sandi tidak cocok.")]
            status = 400
    elif request.method == "POST":
        status = 400
    return render_template("auth/sign_in.html", form=form), status


@open_to("account")
def sign_out() -> Page:
    """End this browser's session."""
    logout_user()
    flash(_("Anda sudah keluar."))
    return redirect(url_for("auth.sign_in"))


@open_to("account")
def account() -> Page:
    """Show who is signed in, and with which rights."""
    if not current_user.is_authenticated:
        return redirect(url_for("auth.sign_in", next=url_for("auth.account")))
    who = current_user.actor
    return render_template(
        "auth/account.html", held=who.held, may_see_all=bool(may(who, "accounts.see")))


@open_to("account")
def forgot() -> Page:
    """Post a one-use link to the account's own address; the answer is the same for any address."""
    form = ForgotForm()
    if form.validate_on_submit():
        with unit() as session:
            accounts.ask_password_link(session, form.email.data, utc_now())
        return redirect(url_for("auth.forgot", asked="yes"))
    status = page_status()
    asked = request.args.get("asked") == "yes"
    return render_template("auth/forgot.html", form=form, asked=asked), status


@open_to("guest")
def set_password(token: str) -> Page:
    """Set a new password. Opening the page uses nothing up."""
    link = Links(keys().link).read("password", token)
    user = accounts.user_of_link(db.session(), link, utc_now())
    form = SetPasswordForm()
    if form.validate_on_submit():
        try:
            accounts.password_fits(form.password.data, user)
            hashed = argon2_hasher.hash(form.password.data)
            with unit() as session:
                accounts.set_password(session, link, hashed, utc_now())
        except Refusal as refusal:
            if refusal.field is None:
                raise
            beside(form, refusal)
        else:
            logout_user()
            flash(_("Kata sandi tersimpan. Silakan masuk."))
            return redirect(url_for("auth.sign_in"))
    status = page_status()
    page = render_template(
        "auth/set_password.html", form=form, name=user.name, email=user.email,
        least=accounts.LEAST)
    return page, status
