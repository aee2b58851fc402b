"""Forms of inviting: the terms, answering on behalf of an office."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired

from app.extensions import db
from app.forms import Form, no_markup, options, paragraph, text
from app.language import language
from app.organizer.forms_convening import POLICY_WORDS, moment
from cohorts.convenings.external import ROLES
from cohorts.convenings.heard import NOTE
from cohorts.convenings.heard_tables import CHANNELS
from cohorts.convenings.tables import POLICIES
from cohorts.directory.offices import roles

REASON_WORDS = {
    "other_duty": _l("Tugas kedinasan lain"),
    "ill": _l("Sakit"),
    "on_leave": _l("Cuti"),
    "other": _l("Alasan lain"),
}


KIND_WORDS = {
    "ministry": _l("Kementerian"),
    "agency": _l("Lembaga negara"),
    "university": _l("Perguruan tinggi"),
    "company": _l("Perusahaan"),
    "ngo": _l("Organisasi masyarakat"),
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


class OutsideForm(Form):
    """Somebody from outside the regions: the organisation, its office, who holds it, an address."""

    kind = SelectField(_l("Jenis lembaga"), [InputRequired()])
    organisation = text(_l("Nama lembaga"), no_markup, most=200)
    role_key = SelectField(_l("Jabatan"), [InputRequired()], default="menteri")
    title = text(
        _l("Nama jabatan yang lebih khusus"), no_markup, most=100, optional=True,
        description=_l("Misalnya Rektor. Nama lembaganya ditambahkan sendiri."))
    name = text(_l("Nama tanpa gelar"), no_markup, most=120, optional=True)
    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True)
    email = text(_l("Surel"), most=254, optional=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = language() == "en"
        self.kind.choices = options(KIND_WORDS.items())
        words = {role.key: role.title_en if english else role.title_id
                 for role in roles(db.session())}
        self.role_key.choices = options((key, words[key]) for key in ROLES)


CHANNEL_WORDS = {
    "phone": _l("Telepon"),
    "chat": _l("WhatsApp"),
    "letter": _l("Surat"),
    "mail": _l("Surel"),
    "in_person": _l("Bertemu langsung"),
}
assert set(CHANNEL_WORDS) == set(CHANNELS)


def heard_fields(form: str) -> tuple[Any, Any, Any]:
    """How the answer came, from whom, and the letter or a picture of the message; three forms of
    one page have them, so their ids begin with the form's."""
    return (
        SelectField(
            _l("Kabar diterima lewat"), [InputRequired()], id=f"{form}-channel",
            choices=options(CHANNEL_WORDS.items())),
        text(
            _l("Dari siapa, kapan"), no_markup, most=NOTE, optional=True, id=f"{form}-heard_note",
            description=_l("Misalnya: ajudan, telepon pukul 09.00.")),
        FileField(_l("Surat atau tangkapan layar"), id=f"{form}-heard_file"),
    )


class AttendForm(Form):
    """The office itself comes; a name only where another than the holder is meant."""

    channel, heard_note, heard_file = heard_fields("attend")
    name = text(_l("Nama tanpa gelar"), no_markup, most=120, optional=True)
    front_title = text(_l("Gelar depan"), no_markup, most=60, optional=True)
    back_title = text(_l("Gelar belakang"), no_markup, most=80, optional=True)


class DeclineForm(Form):
    """The office cannot come."""

    channel, heard_note, heard_file = heard_fields("decline")
    reason = SelectField(_l("Alasan"), [InputRequired()], choices=options(REASON_WORDS.items()))
    note = paragraph(_l("Keterangan"), most=500, optional=True, render_kw={"rows": 2})


class DeputyForm(Form):
    """Somebody else comes, with these rights."""

    channel, heard_note, heard_file = heard_fields("delegate")
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
