"""Forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.forms import Form


class Exact(PasswordField):  # type: ignore[misc]
    """A password is taken as it is typed, spaces at its ends included."""

    exact = True


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _l("Alamat surel dinas"), [InputRequired(_l("Tulis alamat surel Anda.")), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"})
    password = Exact(
        _l("Kata sandi"), [InputRequired(_l("Tulis kata sandi Anda.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"})


class ForgotForm(Form):
    """The address whose password is lost."""

    email = EmailField(
        _l("Alamat surel dinas"), [InputRequired(_l("Tulis alamat surel Anda.")), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"})


class SetPasswordForm(Form):
    """A new password."""

    password = Exact(
        _l("Kata sandi baru"), [InputRequired(_l("Tulis kata sandi baru.")), Length(max=200)],
        render_kw={"autocomplete": "new-password"})
