"""Forms of an owner: how an item stands now, and asking for time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, MultipleFileField, RadioField
from wtforms.validators import Optional, ValidationError

from app.forms import Form, needed, no_markup, options, paragraph, text

OTHER = "other"


class ReportForm(Form):
    """One question, and what belongs to its answer."""

    version = HiddenField()
    state = RadioField(
        _l("Bagaimana keadaannya sekarang?"),
        [needed(_l("Pilih salah satu keadaan."))],
        choices=options([
            ("in_progress", _l("Berjalan")),
            ("blocked", _l("Terkendala")),
            ("claimed", _l("Selesai")),
        ]),
    )  # fmt: skip
    note = paragraph(
        _l("Apa yang sudah dikerjakan?"), no_markup, most=4000, optional=True,
        render_kw={"rows": 3})
    obstacle = paragraph(
        _l("Apa kendalanya?"), no_markup, most=4000, optional=True, render_kw={"rows": 3})
    blocked_by = text(
        _l("Siapa yang dapat menyelesaikannya?"), no_markup, most=200, optional=True)
    summary = paragraph(
        _l("Ringkasan hasil"), no_markup, most=4000, optional=True, render_kw={"rows": 2})
    evidence = MultipleFileField(_l("Bukti dukung"))
    decree = text(
        _l("Nomor dan tanggal keputusan"), no_markup, most=200, optional=True)
    link = text(_l("Tautan bukti"), no_markup, most=500, optional=True)

    @property
    def words(self) -> str:
        """The text that belongs to the state chosen."""
        field = {"blocked": self.obstacle, "claimed": self.summary}.get(self.state.data, self.note)
        return field.data or ""


class WithdrawForm(Form):
    """Take one's own claim back."""

    version = HiddenField()
    note = paragraph(_l("Catatan"), no_markup, most=4000, optional=True, render_kw={"rows": 2})


class TimeForm(Form):
    """Until when, and why. The two days offered are filled in by the view."""

    until = RadioField(_l("Sampai kapan?"), [needed(_l("Pilih salah satu tanggal."))], choices=[])
    other = DateField(_l("Tanggal lain"), [Optional()])
    reason = paragraph(_l("Alasannya"), no_markup, most=4000, render_kw={"rows": 3})

    def validate_other(self, field: Any) -> None:
        """The day is needed where neither of the two offered was chosen."""
        if self.until.data == OTHER and field.data is None and not field.errors:
            raise ValidationError(_("Tanggalnya belum diisi."))

    @property
    def day(self) -> dt.date | None:
        """The day asked for."""
        if self.until.data == OTHER:
            other: dt.date | None = self.other.data
            return other
        return dt.date.fromisoformat(self.until.data)
