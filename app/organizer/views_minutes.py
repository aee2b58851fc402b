"""The minutes of a convening, as a page and as a document."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.adapters.print import FollowUp, MinutesSheet, Printer
from app.extensions import db, settings
from app.filters import both_clocks, day_of, long_date, plain_date, short_date, utc_now
from app.guard import needs
from app.organizer import bp
from app.organizer.room import words_of
from app.status import look
from cohorts.convenings import sessions
from cohorts.directory.tables import Person
from cohorts.ground.refusal import Refusal
from cohorts.turns import minutes as turning
from cohorts.turns.minutes import Minutes

ROOT = Path(__file__).resolve().parents[2]


@bp.get("/convenings/<convening_id>/minutes")
@needs("convening.see")
def minutes(convening_id: str) -> str:
    """Show the minutes: live while the convening runs, from the closing's bytes afterwards."""
    found = _minutes(convening_id)
    return render_template(
        "organizer/minutes.html", convening=found.convening, found=found, names=names_of(found),
        programme=sessions.programme(db.session(), convening_id), owner_of=owner_of,
        day_from=day_from, promises=promises_of(found))


@bp.get("/convenings/<convening_id>/minutes.pdf")
@needs("convening.see")
def minutes_pdf(convening_id: str) -> Response:
    """The minutes as a document; only of a convening that is closed."""
    found = _minutes(convening_id)
    if found.closing is None:
        raise Refusal("convenings.not_closed", state=found.convening.state)
    data = _printer().minutes(sheet_of(found))
    response = Response(data, mimetype="application/pdf")
    slug = re.sub(r"[^a-z0-9]+", "-", f"notula pertemuan {found.convening.number}".lower())
    response.headers["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return response


def _minutes(convening_id: str) -> Minutes:
    found = turning.minutes(db.session(), convening_id, now=utc_now())
    if found.convening.state not in ("in_progress", "closed"):
        raise Refusal("convenings.not_in_progress", state=found.convening.state)
    return found


def _printer() -> Printer:
    """The web server's own typesetter, made when first needed."""
    made = current_app.extensions.get("printer")
    if made is None:
        made = Printer(
            ROOT / "templates" / "print", ROOT / "app" / "static" / "dist" / "fonts-print")
        current_app.extensions["printer"] = made
    assert isinstance(made, Printer)
    return made


def promises_of(found: Minutes) -> list[tuple[str, list[dict[str, Any]]]]:
    """The unsettled items by what they promise; what many regions promise comes first."""
    by_title: dict[str, list[dict[str, Any]]] = {}
    for one in found.follow_up:
        by_title.setdefault(one["title"], []).append(one)
    return sorted(by_title.items(), key=lambda pair: (-len(pair[1]), pair[1][0]["number"]))


def names_of(found: Minutes) -> dict[str, str]:
    """Person id -> name, for those who came and whose name has not been erased."""
    ids = [one["person_id"] for one in found.attendance.get("people", [])]
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))
    return {person.id: person.full_name for person in people}


def sheet_of(found: Minutes) -> MinutesSheet:
    """The minutes as the print template wants them. An official document is Indonesian."""
    with force_locale("id"):
        return _sheet(found)


def _sheet(found: Minutes) -> MinutesSheet:
    c, closing, came = found.convening, found.closing, found.attendance
    assert closing is not None
    names = names_of(found)
    standings = [
        (one["person_id"], standing)
        for one in came["people"] for standing in one["for"] if not standing["companion"]
    ]
    regions = words_of(db.session(), [standing["region_code"] for _person, standing in standings])
    counts = Counter(one["status"] for one in found.follow_up)
    return MinutesSheet(
        title=c.title_id,
        issuer=settings().organiser_name,
        number="",
        meeting=_("Pertemuan ke-%(n)s", n=c.number),
        day=long_date(day_of(c.starts_at, c.timezone), "id"),
        hours=both_clocks(c.starts_at, c.timezone, None, "id"),
        place=c.venue,
        agenda=[line.title_id for line in sessions.programme(db.session(), c.id)],
        chair=c.opening_actual or c.opening_planned,
        chair_office="",
        secretary="",
        participants=_(
            "%(n)s jabatan, %(direct)s langsung dan %(deputy)s diwakili; daftar terlampir",
            n=came["in_person"] + came["represented"], direct=came["in_person"],
            deputy=came["represented"]),
        opening=[],
        discussion=[note.text or _("(dihapus)") for note in found.discussions],
        decisions=[note.text or _("(dihapus)") for note in found.decisions],
        follow_ups=[
            FollowUp(one["title"], one["criterion"], owner_of(one), _due(one["due_on"]))
            for one in found.follow_up
        ],
        carried=[(str(look("item", status).word), str(n)) for status, n in counts.items()],
        ending="",
        signed_place=f"{c.venue}, {plain_date(day_of(closing.as_of, c.timezone), 'id')}",
        attendance=[
            (regions.get(standing["region_code"], ""), standing["post"] or standing["office"],
             names.get(person_id, "–"))
            for person_id, standing in standings
        ],
        digest=closing.sha256,
        revision=str(closing.revision),
        made=closing.as_of,
        sample=c.cohort.sample,
    )


def owner_of(one: dict[str, Any]) -> str:
    """The office that answers for an item; its name already holds the region's."""
    return one["office"] or one["region"] or "–"


def day_from(day: str | date) -> date:
    """A day as a closing's bytes write it, or as the live items hold it."""
    return day if isinstance(day, date) else date.fromisoformat(day)


def _due(day: str | date | None) -> str:
    return short_date(day_from(day), "id") if day else "–"
