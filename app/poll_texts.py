"""What pages and messages say alike of the dates of a poll."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app import filters
from app.extensions import keys
from app.mail.compose import page
from cohorts.convenings.poll_tables import Poll, PollAsk, PollDate
from cohorts.ground.links import Links


def poll_link(ask: PollAsk) -> str:
    """The full address of the page on which an office answers."""
    return page("poll", Links(keys().link).make("poll", ask.id, ask.generation))


def chat(poll: Poll, ask: PollAsk) -> str:
    """What is passed on by WhatsApp to an office that mail does not reach; in Indonesian, as the
    mail would be."""
    with force_locale("id"):
        asks = _(
            "Mohon dikabari tanggal mana yang dapat dihadiri untuk %(title)s. Cukup dipilih di "
            "halaman ini:",
            title=poll.title_id,
        )
        return "\n".join(
            [str(_("Yth. %(office)s", office=ask.office.name)), "", str(asks), poll_link(ask)]
        )


def title_of(poll: Poll, lang: str) -> str:
    """What the dates are for, in the language."""
    return poll.title_en if lang == "en" else poll.title_id


def purpose_of(poll: Poll, lang: str) -> str:
    """Why, in the language; the Indonesian where no English was written."""
    return (poll.purpose_en if lang == "en" else "") or poll.purpose_id


def place_of(poll: Poll) -> str:
    """The place thought of."""
    return ", ".join(part for part in (poll.venue, poll.address) if part)


def day_of(date: PollDate, zone: str, lang: str) -> str:
    """ "Senin, 21 November 2022", or the first and last day."""
    first, last = (filters.day_of(at, zone) for at in (date.starts_at, date.ends_at))
    return filters.date_range(first, last, lang)


def hours_of(date: PollDate, zone: str, lang: str, also: str | None = None) -> str:
    """ "pukul 09.00 s.d. 16.00 WITA (08.00 WIB)"; of several days only when it begins. ``also`` is
    the reader's own zone."""
    with force_locale(lang):
        if filters.day_of(date.starts_at, zone) != filters.day_of(date.ends_at, zone):
            begins = filters.both_clocks(date.starts_at, zone, also, lang)
            return str(_("mulai pukul %(clock)s", clock=begins))
        ends = filters.clock(date.ends_at, zone, lang)
        whole = _(
            "pukul %(start)s s.d. %(end)s",
            start=filters.hours(date.starts_at, zone, lang),
            end=ends,
        )
        if also is None or filters.both_clocks(date.starts_at, zone, also, lang) == filters.clock(
            date.starts_at, zone, lang
        ):
            return str(whole)
        return f"{whole} ({filters.clock(date.starts_at, also, lang)})"
