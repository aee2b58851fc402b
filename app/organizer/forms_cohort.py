"""Forms of a cohort: its description, its target, its members."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, Regexp

from app.forms import Form, no_markup, options, paragraph, text
from app.organizer.editing import SharedForm
from app.organizer.fields import CommaDecimalField, RegionField
from cohorts.programme.tables import ENTRY_PATHS

ENTRY_WORDS = {
    "visited": _l("Pernah berkunjung"),
    "invited_as_high_performer": _l("Diundang karena indeksnya"),
    "later": _l("Menyusul"),
}
ZONE_WORDS = {
    "Asia/Jakarta": "WIB (Jakarta)",
    "Asia/Pontianak": "WIB (Pontianak)",
    "Asia/Makassar": "WITA (Makassar)",
    "Asia/Jayapura": "WIT (Jayapura)",
}


class CohortForm(SharedForm):
    """A cohort's description."""

    name_id = text(_l("Nama"), no_markup, most=120)
    name_en = text(_l("Nama dalam bahasa Inggris"), no_markup, most=120, optional=True)
    slug = text(
        _l("Alamat halaman umum"),
        Regexp(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
               message=_l("Gunakan huruf, angka, dan tanda hubung, misalnya living-lab-2022.")),
        most=60,
        description=_l("Menjadi bagian alamatnya, misalnya living-lab-2022. Tidak dapat diubah."))
    purpose_id = paragraph(_l("Tujuan"), most=4000, optional=True)
    purpose_en = paragraph(_l("Tujuan dalam bahasa Inggris"), most=4000, optional=True)
    reference = RegionField(
        _l("Daerah rujukan"), optional=True,
        description=_l("Daerah yang dikunjungi dan ditiru, misalnya Kab. Sumedang."))
    starts_on = DateField(_l("Mulai"), [InputRequired()])
    ends_on = DateField(_l("Selesai"), [Optional()])
    timezone = SelectField(_l("Zona waktu"), [InputRequired()], default="Asia/Jakarta")
    public = BooleanField(
        _l("Tampilkan kepada umum"), default=True,
        description=_l("Halaman umum memuat angka dan daerah, tanpa nama orang."))
    sample = BooleanField(
        _l("Kohort contoh, untuk mencoba"),
        description=_l("Ditandai contoh di setiap halaman. Tidak dapat diubah."))


class ThresholdForm(Form):
    """The index that "mengikuti jejak" is read by, from a day on."""

    instrument = SelectField(_l("Instrumen"), [InputRequired()], default="SPBE-2020")
    value = CommaDecimalField(_l("Ambang"), description=_l("Misalnya 3,52."))
    effective_on = DateField(_l("Berlaku mulai"), [InputRequired()])
    source = text(_l("Sumber"), no_markup, most=300)


class MembersForm(Form):
    """Regions that join on one day, by one way: ticked from a search, or written line by line."""

    codes = SelectMultipleField(_l("Hasil pencarian"), [Optional()])
    names = paragraph(
        _l("Daftar daerah"), most=20_000, optional=True,
        description=_l("Satu daerah tiap baris: nama dengan jenisnya, atau kodenya."))
    entry_path = SelectField(_l("Jalur masuk"), [InputRequired()])
    joined_on = DateField(_l("Bergabung mulai"), [InputRequired()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.entry_path.choices = options((key, ENTRY_WORDS[key]) for key in ENTRY_PATHS)


class LeaveForm(Form):
    """A region leaves: the day and why."""

    left_on = DateField(
        _l("Hari pertama tanpa daerah ini"), [InputRequired()])
    reason = text(_l("Alasan"), no_markup, most=300)
