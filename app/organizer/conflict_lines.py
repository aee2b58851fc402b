"""What speaks against a date, as lines to read."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.filters import date_range, day_of, long_date
from app.guard import actor
from app.language import language
from cohorts.convenings import conflicts
from cohorts.convenings.conflicts import Clash, Conflicts
from cohorts.convenings.convening import SCHEDULE, Plan
from cohorts.convenings.tables import PLANNED, Convening
from cohorts.directory.day_tables import RegionalDay
from cohorts.directory.offices import office_name, region_name
from cohorts.ground.access import Where, may

NAMED = 3
"""Persons named in one line; more are counted."""


@dataclass(frozen=True)
class Line:
    """A conflict: what it is, and the page of the other convening where the reader may see it."""

    text: str
    url: str | None = None
    name: str = ""


def lines_of(found: Conflicts) -> list[Line]:
    """One line for each conflict, in the reader's language."""
    lang = language()
    told = [_clash(clash) for clash in found.clashes]
    for red in found.red:
        kind = _("cuti bersama") if red.kind == "joint" else _("libur nasional")
        told.append(Line(f"{long_date(red.day, lang)}: {red.name} ({kind})."))
    for falls in found.kept:
        name, where = day_name(falls.kept), region_name(falls.kept.region, lang)
        told.append(
            Line(f"{long_date(falls.day, lang)}: {name}, {where} ({day_kind(falls.kept)}).")
        )
    return told


def day_name(kept: RegionalDay) -> str:
    """The name of a regional day in the reader's language."""
    return kept.name_en if language() == "en" else kept.name_id


def day_kind(kept: RegionalDay) -> str:
    """Whether the region has that day off."""
    return str(_("libur daerah") if kept.day_off else _("hari daerah, tidak libur"))


def standing(found: Convening) -> list[Line]:
    """What speaks against a convening as it is planned; nothing once it has begun or is off."""
    if found.state not in PLANNED:
        return []
    seen = conflicts.of(db.session(), found.cohort_id, found, language(), but=found.id)
    return lines_of(seen)


def moving(found: Convening, wanted: Plan) -> Conflicts | None:
    """What speaks against moving an announced convening there, if anything: its guests would be
    told at once, so it is asked before. A draft tells nobody and is not asked."""
    moved = any(getattr(found, name) != getattr(wanted, name) for name in SCHEDULE)
    if found.state != "announced" or not moved or wanted.ends_at <= wanted.starts_at:
        return None
    seen = conflicts.of(db.session(), found.cohort_id, wanted, language(), but=found.id)
    return seen or None


def _clash(clash: Clash) -> Line:
    other, lang = clash.other, language()
    days = date_range(
        day_of(other.starts_at, other.timezone), day_of(other.ends_at, other.timezone), lang
    )
    if clash.kind == "same_time":
        what = _("Pada waktu yang sama, %(days)s, %(venue)s", days=days, venue=other.venue)
    else:
        what = _(
            "Selisih paling lama sehari di kota lain, %(days)s, %(venue)s",
            days=days,
            venue=other.venue,
        )
    who = "; ".join(_who(clash)) or _("kohort yang sama")
    where = Where(cohort_id=other.cohort_id, convening_id=other.id)
    if not may(actor(), "convening.see", where):
        return Line(f"{what}; {who}.")
    name = other.title_en if lang == "en" else other.title_id
    return Line(f"{what}; {who}.", url_for("organizer.convening", convening_id=other.id), name)


def _who(clash: Clash) -> list[str]:
    """Which regions and persons are expected at both; persons by name for readers of the
    directory, and while they are few."""
    lang, said = language(), []
    n = len(clash.regions)
    if n:
        said.append(
            ngettext(
                "%(n)s daerah diharapkan di keduanya", "%(n)s daerah diharapkan di keduanya", n, n=n
            )
        )
    n = len(clash.people)
    if n > NAMED or (n and not may(actor(), "directory.see")):
        said.append(
            ngettext(
                "%(n)s orang diharapkan di keduanya", "%(n)s orang diharapkan di keduanya", n, n=n
            )
        )
    elif n:
        said += [
            _(
                "%(name)s diharapkan di keduanya, sebagai %(here)s dan %(there)s",
                name=both.person.full_name,
                here=office_name(both.here, lang),
                there=office_name(both.there, lang),
            )
            for both in clash.people
        ]
    return said
