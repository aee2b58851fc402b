"""Forms of the directory: offices, holders, people, addresses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from app.forms import Form, no_markup, text

STANDING_WORDS = {
    "definitive": _l("Definitif"),
    "pj": _l("Penjabat (Pj.)"),
    "plt": _l("Pelaksana tugas (Plt.)"),
    "plh": _l("Pelaksana harian (Plh.)"),
}
CHANNEL_WORDS = {"email": _l("Surel"), "whatsapp": _l("WhatsApp"), "phone": _l("Telepon")}
LABEL_WORDS = {
    "office": _l("Alamat dinas"),
    "tu": _l("Tata usaha"),
    "ajudan": _l("Ajudan"),
    "personal": _l("Pribadi"),
}


class OfficeForm(Form):
    """A post at a region's government."""

    role_key = SelectField(_l("Jabatan"), [InputRequired()])
    title = text(
        _l("Nama jabatan yang lebih khusus"), no_markup, most=100, optional=True,
        description=_l("Misalnya Kepala Bidang Informatika. Nama daerahnya ditambahkan sendiri."))


class NameForm(Form):
    """A person's name with its titles, each in a field of its own."""

    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True,
                       description=_l("Misalnya Dr. H."))
    name = text(_l("Nama tanpa gelar"), no_markup, most=120)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True,
                      description=_l("Misalnya S.IP., M.Si."))
    nip = text(_l("NIP"), most=30, optional=True,
               description=_l("18 angka. Tidak tampil di daftar umum."))


class AppointmentForm(NameForm):
    """Who holds an office from now on: somebody from the directory, or a new person."""

    person_id = RadioField(_l("Orang"), validate_choice=True)
    standing = RadioField(_l("Status"), [InputRequired()], default="definitive")
    from_on = DateField(_l("Mulai"), [InputRequired()])
    succeed = BooleanField(
        _l("Akhiri masa jabatan pemangku sebelumnya pada hari itu"), default=True)

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for a name only where nobody from the directory is chosen."""
        if self.person_id.data != "new":
            self.name.validators = []
            self.name.flags.required = False
        return bool(super().validate(extra_validators))


class EndForm(Form):
    """The last day of an appointment. ``seen`` is the day for which the list was read."""

    seen = HiddenField()
    until_on = DateField(
        _l("Hari pertama tanpa jabatan ini"), [InputRequired()],
        description=_l("Alamat yang hanya milik masa jabatan ini ikut berakhir."))


class ContactForm(Form):
    """An address of an office, or of whoever holds it now."""

    owner = RadioField(_l("Milik"), [InputRequired()], default="office")
    channel = RadioField(_l("Saluran"), [InputRequired()], default="email")
    value = text(_l("Alamat atau nomor"), most=254)
    label = SelectField(_l("Sebagai"), [InputRequired()])
    source = text(_l("Sumber"), no_markup, most=200,
                  description=_l("Dari mana alamat ini diketahui, misalnya surat atau telepon."))
    confirmed = BooleanField(
        _l("Sudah dipastikan sampai ke jabatan ini"),
        description=_l("Kode sekali pakai hanya dikirim ke alamat yang sudah dipastikan."))
