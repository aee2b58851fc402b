"""The form by which a wrong address is put right."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from app.forms import Form, text
from app.forms import no_markup as plain


class AddressForm(Form):
    """The right address; ``seen`` is the one that was shown as wrong."""

    seen = HiddenField()
    value = text(_l("Alamat surel yang benar"), plain, most=254)
    source = text(
        _l("Sumber"), plain,
        description=_l("Dari mana alamat ini diketahui, misalnya telepon ajudan, 12 Mei."))
    confirmed = BooleanField(
        _l("Sudah dipastikan sampai ke jabatan ini"),
        description=_l("Kode tanda tangan hanya dikirim ke alamat yang sudah dipastikan."))
