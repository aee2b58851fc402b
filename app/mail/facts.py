"""What several kinds of message say alike: when and where, for whom, in their language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import filters
from app.mail.compose import page
from cohorts.convenings.tables import Convening
from cohorts.directory import offices
from cohorts.directory.tables import Office, Organisation, Region
from cohorts.programme.tables import Cohort


def organisation_of(session: Session, office: Office) -> Organisation:
    """The organisation an office belongs to."""
    return session.get_one(Organisation, office.organisation_id)


def office_title(office: Office, lang: str) -> str:
    """The office as it is addressed: "Bupati Siak", in English "Regent of Siak"."""
    return offices.office_name(office, lang)


def organisation_name(session: Session, office: Office, lang: str) -> str:
    """The region or institution an office belongs to, in the language."""
    found = organisation_of(session, office)
    region = session.get(Region, found.region_code) if found.region_code else None
    return offices.region_name(region, lang) if region else found.name


def zone_of(session: Session, office: Office, otherwise: str) -> str:
    """The zone the recipient reads hours in: that of the region."""
    code = organisation_of(session, office).region_code
    region = session.get(Region, code) if code else None
    return region.timezone if region else otherwise


def named(number: int, title: str, lang: str) -> str:
    """ "Pertemuan ke-3: Penandatanganan Komitmen Bersama", in the language given."""
    with force_locale(lang):
        ordinal = filters.ordinal(number, lang)
        return str(_("Pertemuan %(number)s: %(title)s", number=ordinal, title=title))


def convening_name(convening: Convening, lang: str) -> str:
    """The convening as it is called today."""
    title = convening.title_en if lang == "en" else convening.title_id
    return named(convening.number, title or convening.title_id, lang)


def cohort_name(cohort: Cohort, lang: str) -> str:
    """The cohort's name in the language."""
    return cohort.name_en if lang == "en" else cohort.name_id


@dataclass(frozen=True)
class Occasion:
    """When, where and what, frozen or as it stands; `reader_zone` is the recipient's own."""

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    reader_zone: str
    lang: str

    @property
    def days(self) -> str:
        """The day or days at the venue."""
        first = filters.day_of(self.starts_at, self.zone)
        return filters.date_range(first, filters.day_of(self.ends_at, self.zone), self.lang)

    @property
    def clock(self) -> str:
        """When it begins, in both zones: "09.00 WITA (08.00 WIB)"."""
        return filters.both_clocks(self.starts_at, self.zone, self.reader_zone, self.lang)

    def moment(self, instant: datetime) -> str:
        """A day and hour in both zones."""
        return filters.moment(instant, self.zone, self.lang, self.reader_zone)

    def table(self, dress: str = "") -> Sequence[tuple[str, str]]:
        """Label and value as in an official letter."""
        with force_locale(self.lang):
            return [
                (_("Hari, tanggal"), self.days),
                (_("Pukul"), f"{self.clock} " + _("s.d. selesai")),
                (_("Tempat"), self.place),
                (_("Acara"), self.name),
                (_("Pakaian"), dress),
            ]


def occasion(convening: Convening, reader_zone: str, lang: str) -> Occasion:
    """A convening as it stands today."""
    return Occasion(
        convening_name(convening, lang),
        convening.starts_at,
        convening.ends_at,
        convening.timezone,
        ", ".join(part for part in (convening.venue, convening.address) if part),
        reader_zone,
        lang,
    )


def verify_link(public_code: str) -> str:
    """The page where anybody checks a signature."""
    return page("verify", public_code)
