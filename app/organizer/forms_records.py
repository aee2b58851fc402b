"""Forms of visits and scores, and of their files."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.forms import Form, no_markup, text
from app.organizer.fields import CommaDecimalField, RegionField

KIND_WORDS = {
    "official": _l("Resmi"),
    "self_assessment": _l("Penilaian mandiri"),
    "simulation": _l("Simulasi"),
}


class VisitForm(Form):
    """A visit by a region or an institution; the day may be unknown."""

    region = RegionField(
        _l("Daerah"), optional=True, description=_l("Nama dengan jenisnya, atau kodenya."))
    institution = text(
        _l("Atau lembaga"), no_markup, most=200, optional=True,
        description=_l("Untuk kampus, kementerian, atau perusahaan. Dihitung terpisah."))
    visited_on = DateField(
        _l("Tanggal kunjungan"), [Optional()],
        description=_l("Kosongkan bila tidak diketahui; kunjungannya tetap dihitung."))
    source = text(_l("Sumber"), no_markup, most=300,
                  description=_l("Misalnya buku tamu, surat, atau laporan."))

    def validate(self, extra_validators: object = None) -> bool:
        """Need one of region and institution, and not both."""
        good = bool(super().validate(extra_validators))
        if not self.region.errors and bool(self.region.data) == bool(self.institution.data):
            self.region.errors = [
                _("Sebutkan daerah atau lembaga, salah satu."), *self.region.errors]
            return False
        return good


class ScoreForm(Form):
    """A region's value of an instrument for a year."""

    region = RegionField(_l("Daerah"), description=_l("Nama dengan jenisnya, atau kodenya."))
    instrument = SelectField(_l("Instrumen"), [InputRequired()], default="SPBE-2020")
    year = IntegerField(_l("Tahun penilaian"), [InputRequired(), NumberRange(2018, 2100)])
    value = CommaDecimalField(_l("Nilai"), description=_l("Misalnya 3,52."))
    kind = RadioField(
        _l("Jenis"), [InputRequired()], default="official",
        description=_l("Hanya nilai resmi yang dihitung dalam “mengikuti jejak”."))
    published_on = DateField(
        _l("Tanggal terbit"), [Optional()],
        description=_l("Kosongkan bila tidak diketahui; berlaku sejak akhir tahunnya."))
    source = text(_l("Sumber"), no_markup, most=300,
                  description=_l("Misalnya nomor keputusan menteri."))


class WithdrawForm(Form):
    """Why a record is wrong."""

    source = text(_l("Mengapa catatan ini keliru"), no_markup, most=300)


class UploadForm(Form):
    """A CSV file or a workbook."""

    file = FileField(
        _l("Berkas Excel (XLSX) atau CSV"), [FileRequired(_l("Pilih berkasnya dahulu."))],
        description=_l("Paling banyak 20.000 baris dan 10 MB."))
