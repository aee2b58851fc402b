"""Forms of inviting: the terms, answering on behalf of an office."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired

from app.forms import Form, no_markup, options, paragraph, text
from app.organizer.forms_convening import POLICY_WORDS, moment
from cohorts.convenings.tables import POLICIES

REASON_WORDS = {
    "other_duty": _l("Tugas kedinasan lain"),
    "ill": _l("Sakit"),
    "on_leave": _l("Cuti"),
    "other": _l("Alasan lain"),
}


class TermsForm(Form):
    """What stands in the letter: who may come instead, and until when to answer."""

    version = HiddenField()
    policy = SelectField(
        _l("Perwakilan"), [InputRequired()], description=_l("Kalimatnya ikut berubah di surat."))
    reply_by = moment(
        _l("Tenggat jawaban"), description=_l("Setelahnya hanya sekretariat yang dapat mengubah."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy.choices = options((key, POLICY_WORDS[key]) for key in POLICIES)


class AttendForm(Form):
    """The office itself comes; a name only where another than the holder is meant."""

    name = text(_l("Nama tanpa gelar"), no_markup, most=120, optional=True)
    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True)


class DeclineForm(Form):
    """The office cannot come."""

    reason = SelectField(_l("Alasan"), [InputRequired()], choices=options(REASON_WORDS.items()))
    note = paragraph(_l("Keterangan"), most=500, optional=True, render_kw={"rows": 2})


class DeputyForm(Form):
    """Somebody else comes, with these rights."""

    deputy = SelectField(_l("Wakil"), [InputRequired()])
    post = text(_l("Jabatan wakil"), no_markup, most=200, optional=True)
    deputy_name = text(_l("Nama wakil tanpa gelar"), no_markup, most=120, optional=True)
    deputy_front = text(_l("Gelar depan wakil"), no_markup, most=60, optional=True)
    deputy_back = text(_l("Gelar belakang wakil"), no_markup, most=80, optional=True)
    whatsapp = text(_l("Nomor WhatsApp"), most=40, optional=True)
    may_speak = BooleanField(lazy_pgettext("hak", "Berbicara"), default=True)
    may_sign = BooleanField(lazy_pgettext("hak", "Menandatangani"))
    letter = FileField(_l("Surat tugas"))


class ActForm(Form):
    """One act without anything to fill in: send again, withdraw, revoke, accept."""
