"""Forms of the surat undangan: the kop, what the letter says, the texts of the invitation."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from app.forms import Form, no_markup, options, paragraph, text
from cohorts.convenings.letter_tables import MODES, NUMBERING
from cohorts.convenings.own_texts import DEFAULTS

MODE_WORDS = {
    "each": _l("Satu surat untuk setiap jabatan"),
    "list": _l("Satu surat untuk semua"),
}
MODE_HELP = {
    "each": _l("Setiap surat memuat tautan jawaban dan kode QR pribadi jabatan itu."),
    "list": _l("Sampai lima jabatan disebut di surat; lebih dari itu “Yth. Daftar Terlampir”. "
               "Tautan pribadi tidak dicetak; setiap undangan menerimanya lewat surel."),
}
NUMBERING_WORDS = {
    "waiting": _l("Menunggu dari tata usaha"),
    "one": _l("Satu nomor untuk semua surat"),
    "each": _l("Satu nomor untuk setiap surat"),
}
NUMBERING_HELP = {
    "waiting": _l("Tercetak “Nomor: menunggu” sampai nomornya diisi pada rencana pertemuan."),
}


class LetterForm(Form):
    """All that an organiser says of a letter."""

    version = HiddenField()
    organisation_id = SelectField(_l("Kop surat"), [Optional()])
    mode = RadioField(_l("Kepada siapa"), [InputRequired()])
    numbering = RadioField(_l("Nomor"), [InputRequired()])
    pattern = text(_l("Pola nomor"), no_markup, most=80, optional=True)
    code = text(_l("Kode klasifikasi"), no_markup, most=20, optional=True)
    unit = text(_l("Unit"), no_markup, most=40, optional=True)
    first_number = IntegerField(_l("Nomor urut pertama"), [InputRequired()])
    place = text(_l("Tempat surat"), no_markup, most=80, optional=True)
    dated = DateField(
        _l("Tanggal surat"), [Optional()],
        description=_l("Bila kosong, hari jabatan itu diundang."))
    security = text(
        _l("Sifat"), no_markup, most=40, optional=True,
        description=_l("Pilih dari daftar atau tulis sendiri."), render_kw={"list": "sifat"})
    attachment = text(
        _l("Lampiran"), no_markup, most=60, optional=True,
        description=_l("Bila kosong, dihitung dari yang dilampirkan."))
    subject = text(_l("Hal"), no_markup, most=300)
    opening = paragraph(_l("Alinea pembuka"), most=1500)
    confirmation = paragraph(_l("Konfirmasi kehadiran"), most=1500)
    ending = paragraph(_l("Alinea penutup"), most=1500)
    with_programme = BooleanField(_l("Lampirkan susunan acara"))
    signer_office = paragraph(
        _l("Jabatan penanda tangan"), most=300, optional=True, render_kw={"rows": 2},
        description=_l("Boleh dua baris: “a.n. Bupati Sumedang”, lalu “Sekretaris Daerah”."))
    signer_name = text(_l("Nama penanda tangan, dengan gelar"), no_markup, most=200, optional=True)
    signer_rank = text(
        _l("Pangkat"), no_markup, most=80, optional=True,
        description=_l("Kepala daerah tanpa pangkat dan NIP."))
    signer_nip = text(_l("NIP"), no_markup, most=30, optional=True)
    copies = paragraph(
        _l("Tembusan"), most=3000, optional=True, render_kw={"rows": 3},
        description=_l("Satu baris untuk setiap penerima tembusan."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode.choices = options((key, MODE_WORDS[key]) for key in MODES)
        self.numbering.choices = options((key, NUMBERING_WORDS[key]) for key in NUMBERING)


class LetterheadForm(Form):
    """The kop of an organisation."""

    version = HiddenField()
    names = paragraph(
        _l("Nama instansi"), most=900, render_kw={"rows": 3},
        description=_l("Satu baris untuk setiap baris kop, nama pemerintah daerah lebih dahulu."))
    address = text(_l("Alamat"), no_markup, most=300, optional=True)
    phone = text(_l("Telepon"), no_markup, most=60, optional=True)
    mail = text(_l("Pos-el"), no_markup, most=254, optional=True)
    site = text(_l("Laman"), no_markup, most=120, optional=True)
    emblem = FileField(
        _l("Lambang"), [Optional()],
        description=_l("PNG atau JPEG, paling besar 2 MB. Lambang daerah atau logo instansi. "
                       "Lambang negara (Garuda) hanya untuk surat yang ditandatangani kepala "
                       "daerah, tidak pernah pada surat perangkat daerah."),
        render_kw={"accept": "image/png,image/jpeg"})
    without_emblem = BooleanField(_l("Hapus lambang"))


TEXT_WORDS = {
    "mail_opening": _l("Surel: alinea pembuka"),
    "mail_ending": _l("Surel: alinea penutup"),
    "chat": _l("Pesan WhatsApp"),
}


class TextsForm(Form):
    """The texts of the invitation, each in both languages; the fields are ``<key>_<lang>``."""

    seen = HiddenField()


for _key, _lang in DEFAULTS:
    setattr(TextsForm, f"{_key}_{_lang}", TextAreaField(
        TEXT_WORDS[_key], [Optional(), Length(max=1500)],
        render_kw={"rows": 11 if _key == "chat" else 3, "lang": _lang}))
