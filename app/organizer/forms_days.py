"""The form of a day that a region keeps."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired

from app.forms import no_markup, text
from app.organizer.editing import SharedForm
from app.organizer.fields import RegionField, named
from cohorts.directory.day_tables import RegionalDay
from cohorts.directory.regional_days import Wanted


class DayForm(SharedForm):
    """A region or province, a date, a name."""

    region = RegionField(
        _l("Daerah"),
        description=_l(
            "Nama dengan jenisnya, atau kodenya. Hari suatu provinsi berlaku untuk "
            "semua kabupaten dan kotanya."
        ),
    )
    day = DateField(_l("Tanggal"), [InputRequired()])
    yearly = BooleanField(
        _l("Berulang setiap tahun"), description=_l("Pada tanggal yang sama, sejak tahun ini.")
    )
    name_id = text(
        _l("Nama hari"), no_markup, most=120, description=_l("Misalnya Hari Jadi Kabupaten Siak.")
    )
    name_en = text(_l("Nama dalam bahasa Inggris"), no_markup, most=120, optional=True)
    day_off = BooleanField(
        _l("Libur"), description=_l("Kantor di daerah itu tutup pada hari tersebut.")
    )

    @classmethod
    def over(cls, found: RegionalDay, **more: Any) -> DayForm:
        """Return the form over what stands."""
        stands = {c.key: getattr(found, c.key) for c in RegionalDay.__table__.columns}
        return cls(data={**stands, "region": named(found.region)}, **more)

    def wanted(self) -> Wanted:
        """Return what the form says."""
        return Wanted(
            region_code=self.region.code or "",
            day=self.day.data,
            yearly=self.yearly.data,
            name_id=self.name_id.data,
            name_en=self.name_en.data or "",
            day_off=self.day_off.data,
        )
