"""Forms of the door's phone."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from app.forms import Form, options, text
from cohorts.ground.base import new_id

REASONS = (
    ("wrong_person", _l("Orang yang salah")),
    ("by_mistake", _l("Terpindai tidak sengaja")),
    ("test", _l("Uji coba")),
)
"""Why an admission is taken back; the volunteer chooses and does not type."""
KEPT_AS = {
    "wrong_person": "Orang yang salah",
    "by_mistake": "Terpindai tidak sengaja",
    "test": "Uji coba",
}
"""What is kept as the reason: the record's language is Indonesian, whatever the phone's is."""


class EnrolForm(Form):
    name = text(_l("Nama petugas"), most=80, optional=True,
                render_kw={"autocomplete": "name"})


class ScanForm(Form):
    """``client_id`` is new with every page, so that a form sent twice is one record."""

    code = StringField(_l("Kode"), [InputRequired(), Length(max=400)])
    client_id = HiddenField(validators=[Length(max=40)])


class CodeForm(Form):
    code = StringField(_l("Kode pada kartu"), [InputRequired(_l("Tulis kode pada kartu.")),
                                               Length(max=40)])
    client_id = HiddenField(validators=[Length(max=40)])


class RecordForm(Form):
    """A POST without anything to fill in."""

    client_id = HiddenField(validators=[Length(max=40)])


class UndoForm(Form):
    reason = RadioField(_l("Mengapa dibatalkan?"), choices=options(REASONS),
                        validators=[InputRequired(_l("Pilih satu alasan."))])
    client_id = HiddenField(validators=[Length(max=40)])


def fresh_id() -> str:
    """An identifier for the next record of this page."""
    return f"web-{new_id()}"


def client_id(form: Any) -> str:
    """The identifier the form carries; a script that forgot it gets a new one."""
    return form.client_id.data or fresh_id()
