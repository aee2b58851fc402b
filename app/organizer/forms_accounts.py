"""The form that gives somebody a role somewhere."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.forms import Form, no_markup, text
from app.organizer.fields import RegionField

ROLE_WORDS = {
    "organizer": _l("Sekretariat"),
    "minute_taker": _l("Notulis"),
    "door_officer": _l("Petugas pintu"),
    "mentor": _l("Pemeriksa"),
    "auditor": _l("Pemeriksa laporan"),
    "admin": _l("Administrator"),
}
ROLE_HELPS = {
    "organizer": _l("Merencanakan, mengundang, memimpin pertemuan, dan mengatur akun kohortnya."),
    "minute_taker": _l("Menulis notula dan tindak lanjut, tanpa mengubah undangan."),
    "door_officer": _l("Mencatat kehadiran di pintu."),
    "mentor": _l("Memeriksa tindak lanjut, kecuali milik daerahnya sendiri."),
    "auditor": _l("Membaca semuanya, tidak mengubah apa pun."),
    "admin": _l("Segalanya di semua kohort, termasuk menetapkan administrator lain."),
}
REGION = "region"


class GrantForm(Form):
    """Somebody, a role, a place and perhaps an end. ``place`` is "scope:id", or REGION."""

    email = EmailField(
        _l("Alamat surel dinas"),
        [InputRequired(_l("Tulis alamat surelnya.")), Length(max=254)],
        description=_l("Tautan sekali pakai untuk mengatur kata sandi dikirim ke alamat ini."),
        render_kw={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none"},
    )
    name = text(_l("Nama"), no_markup, most=120)
    role = RadioField(_l("Peran"), [InputRequired(_l("Pilih satu peran."))])
    place = SelectField(_l("Berlaku di"), [InputRequired()])
    region = RegionField(
        _l("Daerah yang diperiksa"),
        optional=True,
        description=_l("Hanya untuk pemeriksa satu daerah. Contoh: Kab. Siak."),
    )
    until = DateField(
        _l("Hari terakhir"), [Optional()], description=_l("Kosongkan bila tanpa batas waktu.")
    )
    own_region = RegionField(
        _l("Daerah asal"),
        optional=True,
        description=_l("Tindak lanjut daerah asalnya sendiri tidak dapat ia periksa."),
    )
    lang = RadioField(_l("Bahasa surel"), [InputRequired()], default="id")

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the region where the role holds in one."""
        fine = bool(super().validate(extra_validators))
        if fine and self.place.data == REGION and self.region.code is None:
            self.region.errors = [_("Tulis daerah yang diperiksa.")]
            return False
        return fine
