"""A month of convenings, with the days on which no office works."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa
from babel.dates import format_date
from flask import render_template, request, url_for
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.filters import day_of, utc_now
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.conflict_lines import day_kind, day_name
from app.organizer.fields import named
from app.organizer.menu import cohorts_of
from cohorts.convenings.tables import Convening
from cohorts.directory import regional_days
from cohorts.directory.regional_days import Falls
from cohorts.ground.access import Where, may
from cohorts.ground.clock import day_in
from cohorts.ground.red_days import RedDay, red_days
from cohorts.programme.tables import Membership, MembershipEnd

FIRST, LAST = 2000, 2100
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day of the month with what falls on it."""

    day: dt.date
    red: list[RedDay]
    kept: list[Falls]
    convenings: list[Convening]

    @property
    def empty(self) -> bool:
        return not self.red and not self.kept and not self.convenings


@bp.get("/calendar")
@needs("home.see")
def month() -> str:
    """Show the month of ``?month=2022-11``, else this one: every convening the reader may see, by
    the clock of its venue."""
    today = day_in(utc_now(), "Asia/Jakarta")
    first = _asked(today)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    before, after = (first - DAY).replace(day=1), last + DAY
    lang = language()
    found = _convenings(first, last)
    red = red_days(first, last, lang)
    kept = regional_days.falling(db.session(), _regions(), first, last)
    days = [
        Day(
            day,
            [r for r in red if r.day == day],
            [f for f in kept if f.day == day],
            [
                c
                for c in found
                if day_of(c.starts_at, c.timezone) <= day <= day_of(c.ends_at, c.timezone)
            ],
        )
        for day in (first + n * DAY for n in range((last - first).days + 1))
    ]
    monday = dt.date(2024, 1, 1)
    return render_template(
        "organizer/calendar.html",
        first=first,
        name=_name(first),
        days=days,
        today=today,
        here_now=today.replace(day=1),
        offset=first.weekday(),
        weekdays=[format_date(monday + n * DAY, "EEEE", locale=lang) for n in range(7)],
        before=_way(before),
        after=_way(after),
        any=any(d.convenings for d in days),
        day_name=day_name,
        day_kind=day_kind,
        region_of=named,
        may_keep=bool(may(actor(), "directory.see")),
    )


def month_url(day: dt.date) -> str:
    """The address of the month that the day lies in."""
    return url_for("organizer.month", month=f"{day:%Y-%m}")


def _regions() -> set[str]:
    """The regions of every cohort that the reader may see."""
    seen = [cohort.id for cohort in cohorts_of(actor())]
    rows = db.session.scalars(
        sa.select(Membership.region_code)
        .outerjoin(MembershipEnd, MembershipEnd.membership_id == Membership.id)
        .where(Membership.cohort_id.in_(seen), MembershipEnd.membership_id.is_(None))
        .distinct()
    )
    return set(rows)


def _way(first: dt.date) -> tuple[str, str] | None:
    return (_name(first), month_url(first)) if FIRST <= first.year <= LAST else None


def _name(first: dt.date) -> str:
    return str(format_date(first, "MMMM y", locale=language()))


def _asked(today: dt.date) -> dt.date:
    """The first day of the month asked for; of this month when none or nonsense is."""
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})", request.args.get("month", "").strip())
    if parts and FIRST <= int(parts[1]) <= LAST and 1 <= int(parts[2]) <= 12:
        return dt.date(int(parts[1]), int(parts[2]), 1)
    return today.replace(day=1)


def _convenings(first: dt.date, last: dt.date) -> list[Convening]:
    """What the reader may see of the days around the month; zones are settled day by day."""
    midnight = dt.time(tzinfo=dt.UTC)
    rows = db.session.scalars(
        sa.select(Convening)
        .options(joinedload(Convening.cohort))
        .where(
            Convening.ends_at >= dt.datetime.combine(first - DAY, midnight),
            Convening.starts_at < dt.datetime.combine(last + 2 * DAY, midnight),
        )
        .order_by(Convening.starts_at, Convening.id)
    )
    return [
        c
        for c in rows
        if may(actor(), "convening.see", Where(cohort_id=c.cohort_id, convening_id=c.id))
    ]
