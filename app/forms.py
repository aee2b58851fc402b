"""The base of every form: our own words for what is wrong, in the reader's language.

Forms live beside their audience (``app/<room>/forms_*.py``) and derive from ``Form``. Text is
stripped; a text without a limit takes at most LONG characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

SHORT = 200
LONG = 4000
WHOLE_DIGITS = 9

MESSAGES: Mapping[str, Any] = {
    "This field is required.": _l("Bagian ini perlu diisi."),
    "Not a valid choice.": _l("Pilih salah satu dari daftar."),
    "Not a valid choice": _l("Pilih salah satu dari daftar."),
    "Invalid Choice: could not coerce.": _l("Pilih salah satu dari daftar."),
    "Choice cannot be None": _l("Pilih salah satu dari daftar."),
    "Not a valid date value.": _l("Tanggal ini tidak ada. Contoh: 2023-02-28."),
    "Not a valid datetime value.": _l("Tanggal atau jam ini tidak ada. Contoh: 2023-02-28 09.00."),
    "Not a valid time value.": _l("Jam ini tidak ada. Contoh: 09.00."),
    "Not a valid integer value.": _l("Tulis angka bulat."),
    "Not a valid decimal value.": _l("Tulis angka, misalnya 3,52."),
    "Not a valid float value.": _l("Tulis angka, misalnya 3,52."),
    "Invalid email address.": _l("Alamat surel ini belum lengkap. Contoh: nama@daerah.go.id."),
    "Invalid input.": _l("Isian ini belum sesuai."),
}
COUNTED: Mapping[str, Any] = {
    "Field cannot be longer than %(max)d character.": _l("Paling panjang %(max)d huruf."),
    "Field must be at least %(min)d character long.": _l("Paling pendek %(min)d huruf."),
    "Field must be exactly %(max)d character long.": _l("Tepat %(max)d huruf."),
}
WITH_VALUES: Mapping[str, Any] = {
    "Number must be at least %(min)s.": _l("Paling kecil %(min)s."),
    "Number must be at most %(max)s.": _l("Paling besar %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Antara %(min)s dan %(max)s."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Antara %(min)d dan %(max)d huruf."),
}


class Words:
    """Stands in for WTForms' own catalogues: its English messages are keys to ours."""

    def gettext(self, string: str) -> str:
        found = MESSAGES.get(string) or WITH_VALUES.get(string)
        return str(found) if found is not None else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        found = COUNTED.get(singular)
        return str(found) if found is not None else singular if n == 1 else plural


def strip(value: Any) -> Any:
    """Take away spaces at both ends, and turn Windows line ends into plain ones."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class Form(FlaskForm):  # type: ignore[misc]
    """A form with CSRF and our words. ``summary_title`` may name what is missing in one line."""

    summary_title: str | None = None

    class Meta:
        def get_translations(self, _form: Any) -> Words:
            return Words()

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound.field_class, StringField):
                filters = list(unbound.kwargs.get("filters", ()))
                if strip not in filters and not getattr(unbound.field_class, "exact", False):
                    unbound.kwargs["filters"] = [*filters, strip]
            return unbound.bind(form=form, **options)


def text(label: Any, *more: Any, most: int = SHORT, optional: bool = False, **kw: Any) -> Any:
    """Return a line of text with at most ``most`` characters."""
    return StringField(label, [*_first(optional), Length(max=most), *more], **kw)


def paragraph(label: Any, *more: Any, most: int = LONG, optional: bool = False, **kw: Any) -> Any:
    """Return a text of several lines with at most ``most`` characters."""
    render = {"rows": 4, **kw.pop("render_kw", {})}
    checks = [*_first(optional), Length(max=most), *more]
    return TextAreaField(label, checks, render_kw=render, **kw)


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return the choices of a SelectField or RadioField from (value, word)."""
    return [SelectChoice(value, word) for value, word in pairs]


def whole(given: Any) -> int:
    """Return the whole number that a page of ours wrote into its form; 0 for anything else."""
    text = str(given or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= WHOLE_DIGITS else 0


def needed(message: Any = None) -> InputRequired:
    """Return the check for a field that must be filled, with its own words if given."""
    return InputRequired(message)


def page_status() -> int:
    """The status of a page with a form: 400 where what was sent is shown again to be mended."""
    return 400 if request.method == "POST" else 200


def _first(optional: bool) -> list[Any]:
    return [Optional()] if optional else [InputRequired()]


def no_markup(_form: Any, field: Any) -> None:
    """Refuse control characters, which no name or title holds."""
    if any(ord(c) < 32 and c not in "\n\t" for c in field.data or ""):
        raise ValidationError(_("Isian ini belum sesuai."))
