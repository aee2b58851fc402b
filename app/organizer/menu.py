"""The organisers' menu, and the cohort in hand that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _

from app import guard
from app.extensions import db
from app.language import language
from cohorts.convenings.tables import Convening
from cohorts.ground.access import Actor, Where, may
from cohorts.programme.tables import Cohort


def cohort_name(cohort: Cohort) -> str:
    """Return the cohort's name in the reader's language."""
    return cohort.name_en if language() == "en" else cohort.name_id


def cohorts_of(actor: Actor) -> list[Cohort]:
    """Return the cohorts that the actor may see, the youngest first."""
    every = db.session.scalars(sa.select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.id))
    return [c for c in every if may(actor, "cohort.see", Where(cohort_id=c.id))]


def at_work_in(actor: Actor) -> list[Cohort]:
    """Return the cohorts in which the actor may see the cohort or any of its convenings: whoever
    keeps one door has a day there too."""
    seen = {
        row[0]
        for row in db.session.execute(sa.select(Convening.cohort_id, Convening.id))
        if may(actor, "convening.see", Where(cohort_id=row[0], convening_id=row[1]))
    }
    every = db.session.scalars(sa.select(Cohort).order_by(Cohort.starts_on.desc(), Cohort.id))
    return [
        c for c in every
        if c.id in seen or may(actor, "cohort.see", Where(cohort_id=c.id))
    ]


def next_convening(cohort_id: str) -> Convening | None:
    """Return the convening at work or the next one planned; else the last one held."""
    query = sa.select(Convening).where(Convening.cohort_id == cohort_id)
    rank = sa.case(
        (Convening.state == "in_progress", 0),
        (Convening.state.in_(("announced", "draft")), 1),
        else_=2,
    )
    rows = db.session.scalars(query.order_by(rank, Convening.number)).all()
    ahead = [c for c in rows if c.state in ("in_progress", "announced", "draft")]
    held = [c for c in rows if c.state == "closed"]
    return ahead[0] if ahead else held[-1] if held else None


def in_hand(cohorts: Sequence[Cohort]) -> Cohort | None:
    """Return the cohort that a page without one of its own is read for: where people are at work,
    else where something is planned, else the youngest."""
    urgency = sa.case(
        (Convening.state == "in_progress", 0),
        (Convening.state == "announced", 1),
        (Convening.state == "draft", 2),
        else_=3,
    )
    rows = db.session.execute(
        sa.select(Convening.cohort_id, sa.func.min(urgency)).group_by(Convening.cohort_id)
    )
    busy = {row[0]: row[1] for row in rows}
    return min(cohorts, key=lambda cohort: busy.get(cohort.id, 4), default=None)


def entries(cohort: Cohort | None) -> list[dict[str, Any]]:
    """Return the menu beside "Hari ini": name, word, address; only what the reader may open."""
    wanted: list[tuple[str, str, dict[str, Any], str]] = []
    if cohort is not None:
        wanted.append(("cohort", "organizer.cohort", {"cohort_id": cohort.id}, _("Kohort")))
        convening = next_convening(cohort.id)
        if convening is not None:
            wanted.append(("convening", "organizer.convening", {"convening_id": convening.id},
                           _("Pertemuan")))
        wanted.append(("items", "organizer.items", {"cohort_id": cohort.id}, _("Tindak lanjut")))
        wanted.append(("verify", "organizer.verify", {}, _("Pemeriksaan")))
        wanted.append(("pledges", "organizer.pledges", {"cohort_id": cohort.id}, _("Komitmen")))
    wanted.append(("directory", "organizer.directory", {}, _("Direktori")))
    wanted.append(("mail", "organizer.mail", {}, _("Pesan")))
    return [
        {"name": name, "word": word, "url": url_for(endpoint, **values)}
        for name, endpoint, values, word in wanted
        if _may_open(endpoint, values)
    ]


def _may_open(endpoint: str, values: dict[str, Any]) -> bool:
    action = getattr(current_app.view_functions[endpoint], "needs", None)
    return action is None or bool(may(guard.actor(), action, guard.where(values)))
