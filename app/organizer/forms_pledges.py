"""Forms of commitments: the text with its targets, offers, withdrawals."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms import LONG, Form, Words, options, paragraph, text
from cohorts.pledges.text import MOST_CLAUSES, TargetDraft, TextDraft

ROWS = 4  # lines offered for targets; a draft that has them full is offered SPARE more
SPARE = 2


class TargetForm(PlainForm):  # type: ignore[misc]
    """One line of the targets; an empty title leaves the line out."""

    class Meta:
        def get_translations(self, _form: Any) -> Words:
            return Words()

    title = text(_l("Target"), most=300, optional=True)
    criterion = paragraph(_l("Tuntas bila"), most=1900, optional=True, render_kw={"rows": 2})
    role_key = SelectField(_l("Penanggung jawab"), [Optional()])
    due_on = DateField(_l("Tenggat"), [Optional()])
    baseline = text(_l("Awal"), most=20, optional=True)
    target = text(_l("Janji"), most=20, optional=True)
    unit = text(_l("Satuan"), most=40, optional=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """A target is due on a day; an empty line needs nothing."""
        good = bool(super().validate(extra_validators))
        if (self.title.data or "").strip() and self.due_on.data is None and good:
            self.due_on.errors = [_("Isi tenggatnya.")]
            return False
        return good


class TextForm(Form):
    """The text of a commitment. ``seen`` is the edit the editor began from."""

    seen = HiddenField(default="1")
    convening_id = SelectField(_l("Ditandatangani pada"), [InputRequired()])
    title = text(_l("Judul"), most=300)
    preamble = paragraph(_l("Pembuka"), most=LONG, render_kw={"rows": 4})
    clauses = paragraph(
        _l("Butir"), most=12_000, render_kw={"rows": 8},
        description=_l("Satu butir tiap baris; nomornya ditambahkan sendiri."))
    closing = paragraph(_l("Penutup"), most=LONG, optional=True, render_kw={"rows": 3})
    targets = FieldList(FormField(TargetForm), min_entries=ROWS)

    def validate_clauses(self, field: Any) -> None:
        """No more clauses than a text holds."""
        if len(lines(field.data)) > MOST_CLAUSES:
            raise ValidationError(_("Paling banyak %(n)s butir.", n=MOST_CLAUSES))

    def validate(self, extra_validators: Any = None) -> bool:
        """Say of the targets as a whole that something is wrong; which, stands beside it."""
        good = bool(super().validate(extra_validators))
        if self.targets.errors:
            self.targets.errors = []
            self.form_errors.append(_("Periksa target yang ditandai."))
        return good

    def draft(self) -> TextDraft:
        """What was written, for the rule. Call it on a valid form."""
        return TextDraft(
            title=self.title.data, preamble=self.preamble.data, clauses=lines(self.clauses.data),
            closing=self.closing.data or "",
            targets=[
                TargetDraft(
                    title=row.title.data, criterion=row.criterion.data or "",
                    role_key=row.role_key.data or "", due_on=row.due_on.data or dt.date.max,
                    unit=row.unit.data or "", baseline=row.baseline.data or "",
                    target=row.target.data or "")
                for row in (entry.form for entry in self.targets)
                if (row.title.data or "").strip()
            ])


def lines(value: str | None) -> tuple[str, ...]:
    """The lines that hold something."""
    return tuple(line.strip() for line in (value or "").splitlines() if line.strip())


class OfferForm(Form):
    """Which regions are asked to sign."""

    regions = SelectMultipleField(
        _l("Daerah"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    others = text(
        _l("Daerah di luar kohort"), Length(max=500), most=500, optional=True,
        description=_l("Nama atau kode, dipisahkan titik koma. Tanda tangannya ditampilkan "
                       "terpisah."))


class WithdrawForm(Form):
    """A signature is withdrawn, as the office's letter says."""

    reason = text(
        _l("Alasan dan surat yang mendasarinya"), most=300,
        description=_l("Misalnya nomor dan tanggal surat. Alasan ini tidak tampil untuk umum."))


AFFIRMATIONS = {
    "reaffirmed": _l("Menegaskan kembali"),
    "amend": _l("Meminta naskah baru"),
    "declined": _l("Tidak melanjutkan"),
}


class AffirmForm(Form):
    """What a successor said by letter, recorded by an organiser."""

    answer = RadioField(
        _l("Pernyataan dalam surat"), [InputRequired()], choices=options(AFFIRMATIONS.items()))
    note = paragraph(
        _l("Surat yang mendasarinya, dan isinya"), most=2000, render_kw={"rows": 3},
        description=_l("Misalnya nomor dan tanggal surat. Tidak tampil untuk umum."))


class PressForm(Form):
    """One button without anything to fill in."""
