"""What several kinds of message say alike: when and where, for whom, in their language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import filters
from app.adapters import ics
from app.mail.compose import page
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office, Organisation, Region

CALENDAR_DOMAIN = "living-lab"


def organisation_of(session: Session, office: Office) -> Organisation:
    """The organisation an office belongs to."""
    return session.get_one(Organisation, office.organisation_id)


def zone_of(session: Session, office: Office, otherwise: str) -> str:
    """The zone the recipient reads hours in: that of the region."""
    code = organisation_of(session, office).region_code
    region = session.get(Region, code) if code else None
    return region.timezone if region else otherwise


def title(convening: Convening, lang: str) -> str:
    """The convening's own title, without its number."""
    return (convening.title_en or convening.title_id) if lang == "en" else convening.title_id


def named(convening: Convening, lang: str) -> str:
    """ "Pertemuan ke-3: Penandatanganan Komitmen Bersama", in the language given."""
    with force_locale(lang):
        number = filters.ordinal(convening.number, lang)
        return str(
            _("Pertemuan %(number)s: %(title)s", number=number, title=title(convening, lang))
        )


def days(convening: Convening, lang: str) -> str:
    """The day or days at the venue."""
    return filters.date_range(
        filters.day_of(convening.starts_at, convening.timezone),
        filters.day_of(convening.ends_at, convening.timezone),
        lang,
    )


def clock(convening: Convening, reader_zone: str, lang: str) -> str:
    """When it begins, in the venue's zone and the reader's: "09.00 WITA (08.00 WIB)"."""
    return filters.both_clocks(convening.starts_at, convening.timezone, reader_zone, lang)


def moment(instant: datetime, zone: str, reader_zone: str, lang: str) -> str:
    """Day and hour with both zones."""
    return filters.moment(instant, zone, lang, reader_zone)


def table(convening: Convening, reader_zone: str, lang: str) -> Sequence[tuple[str, str]]:
    """Label and value as in an official letter."""
    with force_locale(lang):
        place = ", ".join(part for part in (convening.venue, convening.address) if part)
        return [
            (_("Hari, tanggal"), days(convening, lang)),
            (_("Pukul"), clock(convening, reader_zone, lang) + " " + _("s.d. selesai")),
            (_("Tempat"), place),
            (_("Acara"), named(convening, lang)),
            (_("Pakaian"), convening.dress),
        ]


def event(
    convening: Convening, link: str, revised: datetime, sequence: int, lang: str
) -> ics.CalendarEvent:
    """The calendar entry of a convening as this guest gets it."""
    with force_locale(lang):
        description = _("Undangan dan jawaban: %(link)s", link=link)
    return ics.CalendarEvent(
        uid=f"{convening.id.lower()}@{CALENDAR_DOMAIN}",
        sequence=sequence,
        zone=convening.timezone,
        start=convening.starts_at,
        end=convening.ends_at,
        title=named(convening, lang),
        place=", ".join(part for part in (convening.venue, convening.address) if part),
        url=link,
        description=description,
        created=convening.created_at,
        revised=revised,
    )


def verify_link(public_code: str) -> str:
    """The page where anybody checks a signature."""
    return page("verify", public_code)


def offices_of_region(session: Session, region_code: str) -> Sequence[Office]:
    """The offices of a region that have not ended."""
    return session.scalars(
        sa.select(Office)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(Organisation.region_code == region_code, Office.ended_on.is_(None))
    ).all()
