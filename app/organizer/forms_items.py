"""Forms of the items' pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from app.extensions import db
from app.forms import Form, needed, no_markup, options, paragraph, text, whole
from app.organizer.forms_meeting import OfficeField
from cohorts.actions.standing import items_at
from cohorts.actions.tables import REAL_DROPS

STATES = {
    "in_progress": _l("Berjalan"),
    "blocked": _l("Terkendala"),
    "claimed": _l("Selesai"),
}
DROP_WORDS = {
    "duplicate": _l("Rangkap dengan tindak lanjut lain"),
    "transferred": _l("Dilanjutkan di kohort lain"),
    "not_feasible": _l("Tidak layak"),
    "regulation_changed": _l("Aturan berubah"),
    "force_majeure": _l("Keadaan kahar"),
    "no_longer_relevant": _l("Tidak relevan lagi"),
    "left_cohort": _l("Daerah keluar dari kohort"),
    "split": _l("Dipecah"),
    "merged": _l("Digabung"),
}
BY_TURNS = ("split", "merged", "transferred")
"""Reasons that come from splitting, merging and moving to another cohort."""
assert {"duplicate", "transferred", "split", "merged", *REAL_DROPS} == set(DROP_WORDS)


class VersionForm(Form):
    """A form over an item as its reader saw it."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version the reader saw; 0 when the form does not say."""
        return whole(self.version.data)


class ItemForm(Form):
    """A new item, raised between meetings."""

    title = text(_l("Apa yang akan dikerjakan"), no_markup, most=300)
    office_id = OfficeField(
        _l("Penanggung jawab"), [InputRequired()],
        render_kw={"list": "offices", "autocomplete": "off"})
    due_on = DateField(_l("Tenggat"))
    criterion = paragraph(_l("Selesai bila"), no_markup, most=2000)


class TemplateForm(Form):
    """One promise for every member."""

    title = text(_l("Apa yang akan dikerjakan"), no_markup, most=300)
    criterion = paragraph(_l("Selesai bila"), no_markup, most=2000)
    role_key = SelectField(_l("Penanggung jawab di tiap daerah"), [InputRequired()])
    due_on = DateField(_l("Tenggat"))
    lead_days = IntegerField(
        _l("Waktu paling singkat bagi yang bergabung kemudian (hari)"),
        [InputRequired(), NumberRange(0, 365)], default=30)


class ProgressForm(VersionForm):
    """How an item stands, noted on the owner's behalf."""

    state = RadioField(_l("Bagaimana keadaannya sekarang?"),
                       [needed(_l("Pilih salah satu keadaan."))], choices=options(STATES.items()))
    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True, render_kw={"rows": 3})
    blocked_by = text(
        _l("Siapa yang dapat menyelesaikannya?"), no_markup, most=200, optional=True)
    evidence = MultipleFileField(_l("Bukti dukung"))
    decree = text(_l("Nomor dan tanggal keputusan"), no_markup, most=200, optional=True)
    link = text(_l("Tautan bukti"), no_markup, most=500, optional=True)


class StepForm(VersionForm):
    """One step with a note."""

    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True)


class DueForm(VersionForm):
    """A later due date, with its reason."""

    until_on = DateField(_l("Tenggat baru"))
    reason = paragraph(_l("Alasannya"), no_markup, most=4000)


class DropForm(VersionForm):
    """Why an item is dropped, and what answers for it."""

    reason = RadioField(
        _l("Alasan menghentikan"), [needed(_l("Pilih salah satu alasan."))],
        choices=options([(k, w) for k, w in DROP_WORDS.items() if k not in BY_TURNS]))
    answered_by = text(
        _l("Nomor tindak lanjut yang menggantikannya"), no_markup, most=20, optional=True,
        description=_l("Hanya untuk yang rangkap. Contoh: TL-044."))
    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True)
    cohort_id = ""

    def validate_answered_by(self, field: Any) -> None:
        """Numbers as people write them; unknown ones are said so."""
        if field.data and self.answer_id() is None:
            raise ValidationError(_("Nomor ini tidak ada di kohort. Contoh: TL-044."))

    def answer_id(self) -> str | None:
        """The item of that number in the cohort."""
        digits = "".join(c for c in self.answered_by.data or "" if c.isascii() and c.isdigit())
        if not digits or len(digits) > 9:
            return None
        for one in items_at(db.session(), self.cohort_id):
            if one.number == int(digits):
                return one.id
        return None


class SplitForm(VersionForm):
    """Two parts or more, one on each line."""

    parts = paragraph(
        _l("Bagian-bagiannya"), no_markup, most=3100, render_kw={"rows": 5},
        description=_l("Satu bagian tiap baris, dua sampai sepuluh."))
    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True)

    @property
    def titles(self) -> list[str]:
        return [line.strip() for line in (self.parts.data or "").splitlines() if line.strip()]


class MergeForm(Form):
    """What the merged item is called."""

    title = text(_l("Apa yang akan dikerjakan"), no_markup, most=300)
    criterion = paragraph(_l("Selesai bila"), no_markup, most=2000)


class EscalateForm(VersionForm):
    """The level a person takes it to."""

    level = RadioField(
        _l("Tingkat"), [InputRequired()],
        choices=options([
            ("0", _l("0, jabatan penanggung jawab")),
            ("1", _l("1, Sekretaris Daerah")),
            ("2", _l("2, Bupati atau Wali Kota")),
            ("3", _l("3, kementerian")),
        ]))  # fmt: skip
    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True)


class AnswerForm(Form):
    """Granting or declining what an owner asked for."""

    granted = RadioField(
        _l("Jawaban"), [needed(_l("Pilih jawabannya."))],
        choices=options([("yes", _l("Berikan")), ("no", _l("Tidak diberikan"))]))
    drop_reason = SelectField(
        _l("Alasan menghentikan"), [Optional()], choices=[], validate_choice=False)
    reason = paragraph(_l("Alasannya"), no_markup, most=4000)


class VerdictForm(VersionForm):
    """What the verifier thinks of the evidence."""

    verdict = RadioField(
        _l("Menurut Anda"), [needed(_l("Pilih salah satu."))],
        choices=options([("yes", _l("Memenuhi")), ("no", _l("Kembalikan"))]))
    note = paragraph(_l("Catatan untuk daerah"), no_markup, most=4000, optional=True)
