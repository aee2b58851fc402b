"""Forms of a guest: a reason, a name, a deputy, a surat tugas, a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Regexp

from app.forms import Form, needed, no_markup, options, paragraph, text
from cohorts.convenings.tables import REASONS

LETTER_LIMIT = 5_000_000
REASON_WORDS = {
    "other_duty": _l("Tugas kedinasan lain"),
    "ill": _l("Sakit"),
    "on_leave": _l("Cuti"),
    "other": _l("Alasan lain"),
}
assert set(REASON_WORDS) == set(REASONS)
OTHER = "other"


class DeclineForm(Form):
    """Why the office cannot come."""

    reason = RadioField(
        _l("Alasan berhalangan"),
        [needed(_l("Pilih salah satu alasan."))],
        choices=options(REASON_WORDS.items()),
    )
    note = paragraph(_l("Keterangan"), most=500, optional=True, render_kw={"rows": 2})


class NameForm(Form):
    """The name on the table card."""

    name = text(_l("Nama tanpa gelar"), no_markup, most=120)
    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True)


class NeedsForm(Form):
    """What whoever comes eats, or needs to get in."""

    diet = text(
        _l("Makanan"), no_markup, most=200, optional=True,
        description=_l("Misalnya vegetarian, atau alergi udang."))
    access = text(
        _l("Akses"), no_markup, most=200, optional=True,
        description=_l("Misalnya kursi roda, atau juru bahasa isyarat."))


class CompanionsForm(Form):
    """How many come along, and their names where they are known."""

    number = SelectField(_l("Jumlah pendamping"), [needed(_l("Pilih jumlahnya."))], choices=[])


class DelegateForm(Form):
    """Who comes instead, and with which rights. What the choices are is filled in by the view."""

    deputy = RadioField(_l("Wakil"), [needed(_l("Pilih salah satu pejabat."))], choices=[])
    post = SelectField(_l("Jabatan"), choices=[], validate_choice=False)
    free_post = text(_l("Jabatan"), no_markup, most=200, optional=True)
    name = text(_l("Nama tanpa gelar"), no_markup, most=120, optional=True)
    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True)
    whatsapp = text(_l("Nomor WhatsApp"), most=40, optional=True)
    may_speak = BooleanField(lazy_pgettext("hak", "Berbicara"))
    may_sign = BooleanField(lazy_pgettext("hak", "Menandatangani"))
    letter = FileField(_l("Surat tugas"))


class LetterForm(Form):
    """The surat tugas."""

    letter = FileField(_l("Surat tugas"))


class CodeForm(Form):
    """Six digits."""

    code = text(
        _l("Kode enam angka"),
        Regexp(r"^[0-9 ]{6,9}$", message=_l("Kode terdiri atas enam angka.")),
        most=9,
    )
