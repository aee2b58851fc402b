"""Fields that several of the organisers' forms share: a region by name, a decimal with a comma."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from app.extensions import db
from app.language import language
from cohorts.directory.offices import region_name
from cohorts.directory.regions import Finder, finder
from cohorts.directory.tables import Region


def named(found: Region) -> str:
    """Return a region's name in the reader's language, always with its type."""
    return region_name(found, language())


def which(text: str, known: Finder) -> Region:
    """Return the one region that a text names. Raises ValidationError that says what to write."""
    found = known.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        raise ValidationError(
            _("Ada dua: %(one)s dan %(two)s. Tulis jenisnya.",
              one=named(found[0]), two=named(found[1])))
    raise ValidationError(
        _("Daerah “%(name)s” tidak dikenal. Contoh: Kab. Siak, atau kodenya 14.08.",
          name=text[:60]))


class RegionField(StringField):  # type: ignore[misc]
    """A region by name or code; ``found`` is the region once the form is valid."""

    found: Region | None = None

    def __init__(self, label: Any, *, optional: bool = False, **kwargs: Any) -> None:
        checks = [Optional() if optional else InputRequired(), Length(max=100)]
        super().__init__(label, checks, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Look the region up once the text itself is in order."""
        if validation_stopped or not self.data:
            return
        self.found = which(self.data, finder(db.session()))

    @property
    def code(self) -> str | None:
        """The region's code, None when nothing was written."""
        return self.found.code if self.found is not None else None


class CommaDecimalField(StringField):  # type: ignore[misc]
    """A number written 3,52 or 3.52; ``number`` is its value once the form is valid."""

    number: Decimal | None = None

    def __init__(self, label: Any, **kwargs: Any) -> None:
        render = {"inputmode": "decimal", **kwargs.pop("render_kw", {})}
        super().__init__(label, [InputRequired(), Length(max=10)], render_kw=render, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the number once the text itself is in order."""
        if validation_stopped:
            return
        text = str(self.data).replace(",", ".")
        try:
            self.number = Decimal(text) if text.isascii() else None
        except InvalidOperation:
            self.number = None
        if self.number is None or not self.number.is_finite():
            raise ValidationError(_("Tulis angka, misalnya 3,52."))
