"""Forms of a programme: one session, who speaks in it, what is handed out."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.forms import Form, no_markup, options, text, whole
from app.organizer.editing import SharedForm
from app.organizer.forms_convening import moment
from app.programme_words import KIND_WORDS, ROLE_WORDS
from cohorts.convenings.session_tables import SPEAKER_ROLES
from cohorts.convenings.sessions import DAY_LONG, Entry, Line
from cohorts.convenings.tables import SESSION_KINDS

KIND_HELP = {"parallel": _l("Boleh bersamaan dengan acara paralel lain di ruang lain.")}


class SessionForm(SharedForm):
    """One session. Hours are those of the venue."""

    title_id = text(_l("Acara"), no_markup, most=200)
    title_en = text(_l("Acara dalam bahasa Inggris"), no_markup, most=200, optional=True,
                    description=_l("Bila kosong, nama Indonesia yang dipakai."))
    starts_at = moment(_l("Mulai"))
    minutes = IntegerField(
        _l("Lama, dalam menit"), [InputRequired(), NumberRange(1, DAY_LONG)], default=30,
        render_kw={"inputmode": "numeric"})
    kind = RadioField(_l("Jenis"), [InputRequired()], default="plenary")
    room = text(_l("Ruang"), no_markup, most=120, optional=True)
    speaker = text(_l("Oleh"), no_markup, most=200, optional=True,
                   description=_l("Nama dari luar. Orang atau jabatan dari direktori dipilih "
                                  "sesudah disimpan."))
    shift = BooleanField(_l("Geser juga acara sesudahnya pada hari itu"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((key, KIND_WORDS[key]) for key in SESSION_KINDS)

    @classmethod
    def over(cls, found: Entry, zone: str, **more: Any) -> SessionForm:
        """Return the form over what stands, by the venue's clock."""
        local = found.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        form = cls(data={
            "title_id": found.title_id, "starts_at": local,
            "title_en": found.title_en if found.title_en != found.title_id else "",
            "minutes": found.minutes, "kind": found.kind, "room": found.room}, **more)
        del form.speaker
        return form

    def line(self, zone: str) -> Line:
        """Return what the form says."""
        starts = self.starts_at.data.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
        return Line(
            starts_at=starts, minutes=self.minutes.data, title_id=self.title_id.data,
            title_en=self.title_en.data or "", kind=self.kind.data, room=self.room.data or "",
            speaker=(self.speaker.data or "") if "speaker" in self else "")


class VersionForm(Form):
    """An act on a programme without anything to fill in; ``version`` is what was seen of it."""

    version = HiddenField()

    @property
    def number(self) -> int:
        """The version; 0 when the form does not say."""
        return whole(self.version.data)


class RemoveForm(VersionForm):
    """Take a session out."""

    shift = BooleanField(_l("Majukan juga acara sesudahnya pada hari itu"))


class SpeakerForm(VersionForm):
    """Who speaks: a name from outside, or one that was found in the directory."""

    role = SelectField(_l("Sebagai"), [InputRequired()], default="speaker")
    who = HiddenField()
    name = text(_l("Nama dari luar"), no_markup, most=200, optional=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = options((key, ROLE_WORDS[key]) for key in SPEAKER_ROLES)

    def named(self) -> dict[str, str]:
        """Return who it is: of the directory where one was chosen there, else by name."""
        kind, _colon, ident = (self.who.data or "").partition(":")
        if kind in ("person", "office"):
            return {f"{kind}_id": ident}
        return {"name": self.name.data or ""}


class MaterialForm(VersionForm):
    """What is handed out: a file or an address."""

    title = text(_l("Nama materi"), no_markup, most=200)
    file = FileField(_l("Berkas"), description=_l("PDF, PNG, atau JPEG, paling besar 10 MB. Simpan "
                                                  "paparan sebagai PDF."))
    url = text(_l("Atau alamat web"), most=500, optional=True,
               description=_l("Mulai dengan https://."))
