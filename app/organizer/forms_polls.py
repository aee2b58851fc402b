"""Forms of finding a date: the question, what choosing still needs, why it is called off."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from app.forms import Form, no_markup, options, paragraph, text
from app.organizer.forms_cohort import ZONE_WORDS
from app.organizer.forms_convening import POLICY_WORDS, moment
from cohorts.convenings.poll_end import Terms
from cohorts.convenings.poll_tables import MOST
from cohorts.convenings.polls import Question
from cohorts.convenings.tables import POLICIES
from cohorts.directory.offices import HEAD


class SlotForm(PlainForm):  # type: ignore[misc]
    """One date; left empty it is left out."""

    starts_at = moment(_l("Mulai"), optional=True)
    ends_at = moment(_l("Selesai"), optional=True)


class PollForm(Form):
    """All that is asked. Hours are those of the place. Which regions stands beside the form."""

    poll_id = HiddenField()
    title_id = text(_l("Judul"), no_markup, most=200)
    title_en = text(_l("Judul dalam bahasa Inggris"), no_markup, most=200, optional=True)
    purpose_id = paragraph(_l("Tujuan"), most=4000, optional=True)
    purpose_en = paragraph(_l("Tujuan dalam bahasa Inggris"), most=4000, optional=True)
    timezone = SelectField(
        _l("Zona waktu tempat"),
        [InputRequired()],
        description=_l("Semua jam di halaman ini menurut zona ini."),
    )
    venue = text(
        _l("Rencana tempat"), no_markup, most=200, description=_l("Boleh kotanya saja dahulu.")
    )
    address = text(_l("Alamat"), no_markup, most=300, optional=True)
    dates = FieldList(
        FormField(SlotForm), _l("Pilihan tanggal"), min_entries=MOST, max_entries=MOST
    )
    answer_by = moment(_l("Dijawab paling lambat"))
    role = SelectField(
        _l("Jabatan yang menjawab"),
        [InputRequired()],
        default=HEAD,
        description=_l("Jabatan ini yang diundang setelah tanggalnya ditetapkan."),
    )
    other_role = SelectField(
        _l("Boleh juga dijawab oleh"),
        description=_l("Tiap daerah tetap punya satu jawaban: yang terakhir yang dipakai."),
    )

    def __init__(self, roles: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timezone.choices = options(ZONE_WORDS.items())
        self.role.choices = options(roles.items())
        self.other_role.choices = options([("", _l("Tidak ada")), *roles.items()])

    @property
    def slots(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """The dates that were filled in whole, as the clock of the place shows them."""
        pairs = [(e.form.starts_at.data, e.form.ends_at.data) for e in self.dates.entries]
        return [(starts, ends) for starts, ends in pairs if starts and ends]

    def question(self, regions: list[str], required: list[str]) -> Question:
        """Return what the form asks of the regions."""
        zone = ZoneInfo(self.timezone.data)

        def at(local: dt.datetime) -> dt.datetime:
            return local.replace(tzinfo=zone).astimezone(dt.UTC)

        roles = [key for key in (self.role.data, self.other_role.data) if key]
        return Question(
            title_id=self.title_id.data,
            title_en=self.title_en.data or "",
            purpose_id=self.purpose_id.data or "",
            purpose_en=self.purpose_en.data or "",
            timezone=self.timezone.data,
            venue=self.venue.data,
            address=self.address.data or "",
            dates=tuple((at(starts), at(ends)) for starts, ends in self.slots),
            answer_by=at(self.answer_by.data),
            roles=tuple(roles),
            regions=tuple(regions),
            required=tuple(required),
        )


class ChooseForm(Form):
    """What the convening of a chosen date still needs."""

    seen = HiddenField()
    venue = text(_l("Tempat"), no_markup, most=200)
    address = text(_l("Alamat"), no_markup, most=300, optional=True)
    reply_by = moment(_l("Tenggat jawaban"))
    policy = SelectField(_l("Perwakilan"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy.choices = options((key, POLICY_WORDS[key]) for key in POLICIES)

    def terms(self, timezone: str) -> Terms:
        """Return what the form says, its hours by the clock of the place."""
        reply_by = self.reply_by.data.replace(tzinfo=ZoneInfo(timezone)).astimezone(dt.UTC)
        return Terms(
            venue=self.venue.data,
            address=self.address.data or "",
            reply_by=reply_by,
            policy=self.policy.data,
        )


class CallOffForm(Form):
    """Why a search is called off."""

    reason = text(
        _l("Alasan"),
        no_markup,
        most=300,
        description=_l("Dibaca oleh daerah yang sudah menjawab."),
    )
