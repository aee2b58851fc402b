"""Forms about people: which of two records stands for both."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.forms import Form


class MergeForm(Form):
    """Which record is kept; the other one is merged into it."""

    keep = RadioField(_l("Catatan yang dipertahankan"), [InputRequired()])
