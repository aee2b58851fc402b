"""Forms of a convening: its plan, a copy of it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from app.forms import Form, no_markup, options, paragraph, text
from app.organizer.editing import SharedForm
from app.organizer.forms_cohort import ZONE_WORDS
from cohorts.convenings.cloning import Wanted
from cohorts.convenings.convening import Plan
from cohorts.convenings.tables import POLICIES, Convening

POLICY_WORDS = {
    "in_person_only": _l("Hadir sendiri, tidak dapat diwakilkan"),
    "one_level_down": _l("Satu tingkat di bawahnya"),
    "free": _l("Siapa pun yang ditunjuk"),
    "assign": _l("Jabatan menunjuk siapa yang datang"),
}
POLICY_HELP = {
    "one_level_down": _l("Bupati kepada wakil bupati atau sekda, sekda kepada asisten, dan "
                         "seterusnya. Paling banyak dua kali serah."),
    "assign": _l("Untuk lokakarya: kantornya yang memilih pesertanya."),
}
MINUTE = "%Y-%m-%dT%H:%M"
HOUR = dt.timedelta(hours=1)
WEEK = dt.timedelta(days=7)


def moment(label: Any, *, optional: bool = False, **more: Any) -> DateTimeLocalField:
    """Return a field for a day and an hour at the venue."""
    first = Optional() if optional else InputRequired()
    return DateTimeLocalField(label, [first], format=[MINUTE, "%Y-%m-%dT%H:%M:%S"], **more)


class ConveningForm(SharedForm):
    """All that is planned of a convening. Hours are those of the venue."""

    title_id = text(_l("Judul"), no_markup, most=200)
    title_en = text(_l("Judul dalam bahasa Inggris"), no_markup, most=200, optional=True)
    purpose_id = paragraph(_l("Tujuan"), most=4000, optional=True)
    purpose_en = paragraph(_l("Tujuan dalam bahasa Inggris"), most=4000, optional=True)
    timezone = SelectField(
        _l("Zona waktu tempat"), [InputRequired()], default="Asia/Jakarta",
        description=_l("Semua jam di halaman ini menurut zona ini."))
    starts_at = moment(_l("Mulai"))
    ends_at = moment(_l("Selesai"))
    venue = text(_l("Tempat"), no_markup, most=200)
    address = text(_l("Alamat"), no_markup, most=300, optional=True)
    map_url = text(_l("Tautan peta"), most=300, optional=True,
                   description=_l("Alamat web, misalnya dari Google Maps."))
    host = text(_l("Tuan rumah"), no_markup, most=200, optional=True)
    opening_planned = text(_l("Rencana dibuka oleh"), no_markup, most=200, optional=True)
    opening_actual = text(
        _l("Ternyata dibuka oleh"), no_markup, most=200, optional=True,
        description=_l("Rencana dan kenyataan disimpan berdampingan."))
    policy = RadioField(_l("Perwakilan"), [InputRequired()], default="one_level_down")
    deputy_may_sign = BooleanField(
        _l("Wakil boleh menandatangani komitmen"),
        description=_l("Hanya dengan surat tugas yang diterima atau kode ke alamat jabatan."))
    reply_by = moment(
        _l("Batas jawaban"), optional=True,
        description=_l("Bila kosong, seminggu sebelum mulai."))
    door_opens_at = moment(
        _l("Pintu dibuka"), optional=True, description=_l("Bila kosong, satu jam sebelum mulai."))
    door_closes_at = moment(
        _l("Pintu ditutup"), optional=True, description=_l("Bila kosong, saat selesai."))
    dress = text(_l("Pakaian"), no_markup, most=120, optional=True)
    contact_name = text(_l("Narahubung"), no_markup, most=120, optional=True)
    contact_phone = text(_l("Nomor narahubung"), most=20, optional=True)
    letter_number = text(_l("Nomor surat undangan"), no_markup, most=80, optional=True,
                         description=_l("Boleh menyusul."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = options(ZONE_WORDS.items())
        self.policy.choices = options((key, POLICY_WORDS[key]) for key in POLICIES)

    @classmethod
    def over(cls, found: Convening, **more: Any) -> ConveningForm:
        """Return the form over what stands, with its hours as the venue's clock shows them."""
        zone = ZoneInfo(found.timezone)
        times = {
            name: getattr(found, name).astimezone(zone).replace(tzinfo=None)
            for name in ("starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at")
        }
        stands = {c.key: getattr(found, c.key) for c in Convening.__table__.columns}
        return cls(data={**stands, **times}, **more)

    def plan(self) -> Plan:
        """Return what the form says, with the usual hours where none are given."""
        zone = ZoneInfo(self.timezone.data)

        def at(local: dt.datetime) -> dt.datetime:
            return local.replace(tzinfo=zone).astimezone(dt.UTC)

        starts, ends = self.starts_at.data, self.ends_at.data
        texts = {
            name: self[name].data or ""
            for name in (
                "title_id", "title_en", "purpose_id", "purpose_en", "timezone", "venue",
                "address", "map_url", "dress", "host", "contact_name", "contact_phone",
                "letter_number", "opening_planned", "opening_actual")
            if name in self
        }
        return Plan(
            **texts, starts_at=at(starts), ends_at=at(ends),
            reply_by=at(self.reply_by.data or starts - WEEK),
            door_opens_at=at(self.door_opens_at.data or starts - HOUR),
            door_closes_at=at(self.door_closes_at.data or ends), policy=self.policy.data,
            deputy_may_sign=self.deputy_may_sign.data)


class CloneForm(Form):
    """What differs in a convening after the pattern of another: its titles, its day, its place."""

    title_id = text(_l("Judul"), no_markup, most=200)
    title_en = text(_l("Judul dalam bahasa Inggris"), no_markup, most=200, optional=True)
    timezone = SelectField(
        _l("Zona waktu tempat"), [InputRequired()],
        description=_l("Semua jam di halaman ini menurut zona ini."))
    starts_at = moment(
        _l("Mulai"), description=_l("Selesai, batas jawaban, jam pintu, dan setiap acara mengikuti "
                                    "dengan jarak yang sama."))
    venue = text(_l("Tempat"), no_markup, most=200)
    address = text(_l("Alamat"), no_markup, most=300, optional=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = options(ZONE_WORDS.items())

    def wanted(self) -> Wanted:
        """Return what the form says."""
        zone = ZoneInfo(self.timezone.data)
        return Wanted(
            title_id=self.title_id.data, title_en=self.title_en.data or "",
            starts_at=self.starts_at.data.replace(tzinfo=zone).astimezone(dt.UTC),
            timezone=self.timezone.data, venue=self.venue.data, address=self.address.data or "")
