"""Forms of the meeting room and of the turns of a convening."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from app.extensions import db
from app.forms import Form, no_markup, options, paragraph, text
from app.language import language
from cohorts.directory import offices
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Office

KINDS = {
    "item": _l("Tindak lanjut"),
    "decision": _l("Keputusan"),
    "discussion": _l("Catatan"),
}


class OfficeField(StringField):  # type: ignore[misc]
    """An office written as people say it ("Sekda Kab. Siak"); ``found`` once the form is valid."""

    found: Office | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Look the office up: one that is named exactly so, or the only one that fits."""
        if validation_stopped or not self.data:
            return
        fitting = offices.search(db.session(), self.data, limit=3)
        exact = [
            one for one in fitting
            if self.data.casefold() in (one.name.casefold(), office_name(one, "en").casefold())
        ]
        if len(exact) == 1 or len(fitting) == 1:
            self.found = (exact or fitting)[0]
        elif fitting:
            raise ValidationError(
                _("Ada beberapa: %(one)s, %(two)s. Tulis daerahnya.",
                  one=office_name(fitting[0], language()), two=office_name(fitting[1], language())))
        else:
            raise ValidationError(
                _("Jabatan “%(name)s” tidak ada di direktori. Contoh: Sekda Kab. Siak.",
                  name=self.data[:60]))

    @property
    def office_id(self) -> str | None:
        """The office's id, None when nothing was written."""
        return self.found.id if self.found is not None else None


def _owner() -> Any:
    return OfficeField(
        _l("Penanggung jawab"), [Optional(), Length(max=200)],
        render_kw={"list": "offices", "autocomplete": "off"})


class CaptureForm(Form):
    """One line written down while the convening runs."""

    kind = RadioField(_l("Jenis catatan"), [InputRequired()], choices=options(KINDS.items()),
                      default="item")
    title = text(_l("Isi catatan"), no_markup, most=4000)
    office_id = _owner()
    due_on = DateField(_l("Tenggat"), [Optional()])
    criterion = text(_l("Selesai bila"), no_markup, most=2000, optional=True)

    def validate_title(self, field: Any) -> None:
        """An item's title is a line; only decisions and notes are long."""
        if self.kind.data == "item" and len(field.data) > 300:
            raise ValidationError(_("Paling panjang %(max)d huruf.", max=300))


class CompleteForm(Form):
    """What an item still lacks before its convening can be closed."""

    version = HiddenField()
    title = text(_l("Apa yang akan dikerjakan"), no_markup, most=300)
    office_id = _owner()
    due_on = DateField(_l("Tenggat"), [Optional()])
    criterion = paragraph(_l("Selesai bila"), no_markup, most=2000, optional=True)


class CloseForm(Form):
    """Whether it was quorate, and whether to close in spite of scans that have not arrived."""

    held = RadioField(
        _l("Kuorum"), [InputRequired()], default="yes",
        choices=options([("yes", _l("Kuorum tercapai")), ("no", _l("Tidak kuorum"))]))
    despite_unsent = BooleanField(_l("Tutup juga; pindaian yang menyusul menjadi koreksi"))


class ReopenForm(Form):
    """Why a closed convening is opened again."""

    reason = text(_l("Alasan membuka kembali"), no_markup, most=300)


class CancelForm(Form):
    """Why a planned convening is called off, and the list of those told that was shown."""

    notice_seen = HiddenField()
    reason = text(
        _l("Alasan pembatalan"), no_markup, most=300,
        description=_l("Dibaca oleh semua yang diundang."))


class ConfirmForm(Form):
    """Nothing but the will to do it."""
