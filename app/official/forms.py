"""The forms of the signing pages."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length

from app.forms import Form, options, paragraph
from cohorts.ground.refusal import Refusal
from cohorts.pledges import marks

STROKES_LENGTH = 120_000  # of the JSON; the most points a drawing may have fit into it


class SignForm(Form):
    """Draw or type, and agree. What is missing is the rule's to say, so that it says it once."""

    summary_title = _l("Belum dapat dilanjutkan")

    method = RadioField(
        _l("Cara menandatangani"), default="drawn",
        choices=options([("drawn", _l("Gambar")), ("typed", _l("Ketik nama"))]))
    strokes = HiddenField(validators=[Length(max=STROKES_LENGTH)])
    typed = StringField(_l("Ketik nama lengkap"), [Length(max=300)])
    agreed = BooleanField(_l("Persetujuan"))

    def mark(self, name: str) -> marks.Mark:
        """What was drawn or typed; ``name`` is the signatory's. Raises the Refusal of the mark."""
        if self.method.data == "typed":
            return marks.typed(self.typed.data or "", name=name)
        return marks.drawn(decoded(self.strokes.data))


def decoded(value: str | None) -> Any:
    """The JSON of the hidden field. Raises Refusal pledges.strokes_invalid."""
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError):
        raise Refusal("pledges.strokes_invalid", field="strokes") from None


class CheckForm(Form):
    """Confirm before the code is sent."""


class CodeForm(Form):
    """Six digits, however they are grouped."""

    code = StringField(_l("Masukkan kode enam angka"), [Length(max=20)])


REASONS = {
    "targets": _l("Target perlu disesuaikan"),
    "text": _l("Isi naskah perlu diubah"),
    "approval": _l("Perlu persetujuan pihak lain dulu"),
    "other": _l("Alasan lain"),
}


class DeclineForm(Form):
    """Not signing, with a reason."""

    reason = RadioField(_l("Alasan"), choices=options(REASONS.items()), validate_choice=False)
    note = paragraph(_l("Penjelasan"), most=2000, optional=True, render_kw={"rows": 3})


AFFIRMATIONS = {
    "reaffirmed": _l("Menegaskan kembali"),
    "amend": _l("Meminta naskah baru"),
    "declined": _l("Tidak melanjutkan"),
}


class AffirmForm(Form):
    """How a successor stands to what was signed before them."""

    answer = RadioField(
        _l("Pernyataan Bapak/Ibu"), choices=options(AFFIRMATIONS.items()), validate_choice=False)
    note = paragraph(_l("Penjelasan"), most=2000, optional=True, render_kw={"rows": 3})
