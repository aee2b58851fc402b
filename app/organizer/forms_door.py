"""Forms of the organiser's side of the door."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from app.forms import Form, text


class StationForm(Form):
    gate = text(_l("Pintu"), most=80)
    may_search = BooleanField(_l("Boleh mencari tamu dengan nama"), default=True)
    may_undo = BooleanField(_l("Boleh membatalkan catatan masuk"), default=True)
