"""The words of an invitation outside a page: names, links, the calendar.

Used by the guest's own pages and by the organisers' lists.
"""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app import filters
from app.adapters import ics
from app.extensions import keys, settings
from app.mail.compose import page, reply_address
from cohorts.convenings.calendar import CalendarFacts
from cohorts.convenings.chain import SeatState
from cohorts.convenings.tables import Convening, Pass
from cohorts.ground.links import Links


def invitation_link(invitation_id: str, generation: int) -> str:
    """The full address of an office's own page."""
    return page("invitation", Links(keys().link).make("invitation", invitation_id, generation))


def deputy_link(hand_over_id: str) -> str:
    """The full address of a deputy's own page."""
    return page("seat", Links(keys().link).make("seat", hand_over_id))


def pass_link(pass_: Pass) -> str:
    """The full address of a pass."""
    return page("pass", Links(keys().link).make("pass", pass_.id, pass_.generation))


def convening_title(convening: Convening, lang: str) -> str:
    """What the convening is called in the language."""
    return convening.title_en if lang == "en" else convening.title_id


def convening_number(convening: Convening, lang: str) -> str:
    """ "Pertemuan ke-3", in English "3rd convening"."""
    with force_locale(lang):
        return str(_("Pertemuan %(number)s", number=filters.ordinal(convening.number, lang)))


def place(convening: Convening) -> str:
    """Venue and address in one line."""
    return ", ".join(part for part in (convening.venue, convening.address) if part)


def days(convening: Convening, lang: str) -> str:
    """The day or days at the venue."""
    first = filters.day_of(convening.starts_at, convening.timezone)
    last = filters.day_of(convening.ends_at, convening.timezone)
    return filters.date_range(first, last, lang)


def office_of(state: SeatState, lang: str) -> str:
    """The office invited, as it is addressed."""
    return state.office_en if lang == "en" else state.titled


def region_of(state: SeatState, lang: str) -> str:
    """The region or institution of the office."""
    region = state.region_en if lang == "en" else state.region
    return region or state.organisation


def chat_deputy(convening: Convening, state: SeatState, post: str, link: str, lang: str) -> str:
    """The message that passes a deputy's own link on."""
    with force_locale(lang):
        return str(_(
            "Yth. Bapak/Ibu %(post)s,\nBapak/Ibu ditunjuk mewakili %(office)s pada *%(event)s*, "
            "%(when)s, %(place)s.\nKartu masuk dan keterangan: %(link)s\nTerima kasih.",
            post=post,
            office=office_of(state, lang),
            event=convening_title(convening, lang),
            when=filters.moment(
                convening.starts_at, convening.timezone, lang, state.timezone),
            place=place(convening),
            link=link,
        ))


def calendar_file(
    facts: CalendarFacts, invitation_id: str, *, email: str, name: str, link: str, lang: str
) -> bytes:
    """The calendar file that a guest takes from the page: the same event as in the mail."""
    event = ics.CalendarEvent(
        uid=facts.uid,
        sequence=facts.sequence,
        zone=facts.zone,
        start=facts.starts_at,
        end=facts.ends_at,
        title=facts.title_en if lang == "en" else facts.title_id,
        place=facts.place,
        url=link,
        description=link,
        created=facts.created,
        revised=facts.revised,
    )
    answer: ics.Answer = "ACCEPTED" if facts.partstat == "ACCEPTED" else "NEEDS-ACTION"
    organizer = ics.Organizer(reply_address(invitation_id), settings().organiser_name)
    return ics.build(event, ics.Guest(email, name, answer), "REQUEST", organizer)
