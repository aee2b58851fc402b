"""One cohort for everybody, and the rows behind any of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import Session

from app import charts
from app.extensions import db
from app.feed_answers import cohort_address
from app.filters import day_of, ordinal, short_date
from app.guard import open_to
from app.language import language
from app.public import bp, days, islands, stages
from app.public.views_front import map_of, named
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Closing, Reopening
from cohorts.convenings import sessions
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import region_name
from cohorts.directory.tables import Region
from cohorts.figures.follow_through import due_at, tally
from cohorts.figures.funnel import STAGES, funnel
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort


@dataclass(frozen=True)
class Held:
    """A convening with its last closing that stands on the day, if it has one."""

    convening: Convening
    closing: Closing | None


def series(session: Session, cohort: Cohort, asked: days.Asked) -> list[Held]:
    """Announced and held convenings in their order, each with its closing as of the day."""
    rows = session.scalars(
        sa.select(Convening)
        .where(
            Convening.cohort_id == cohort.id,
            Convening.state != "draft",
            Convening.created_at <= asked.at,
        )
        .order_by(Convening.number)
    ).all()
    closings = session.scalars(
        sa.select(Closing)
        .outerjoin(
            Reopening, sa.and_(Reopening.closing_id == Closing.id, Reopening.at <= asked.at)
        )
        .where(
            Closing.cohort_id == cohort.id,
            Closing.as_of <= asked.at,
            Reopening.closing_id.is_(None),
        )
        .order_by(Closing.place)
    )
    last = {closing.convening_id: closing for closing in closings}
    return [Held(row, last.get(row.id)) for row in rows]


def flow_of(session: Session, cohort: Cohort, held: list[Held], asked: days.Asked) -> Any:
    """The flow from closing to closing up to the day, or None while there are fewer than two
    stops."""
    lang = language()
    stops, verified, dropped = [], 0, 0
    closings = [(h.convening, h.closing) for h in held if h.closing is not None]
    for convening, closing in closings:
        summary = closing.summary
        verified += summary["verified"]
        dropped += sum(summary["dropped"].values())
        came_in = sum(summary["new"].values()) + summary["returned"]
        stops.append(
            charts.Stop(
                name=ordinal(convening.number, lang).capitalize(),
                day=short_date(day_of(closing.as_of, cohort.timezone), lang),
                open=summary["carried"] - min(came_in, summary["carried"]),
                new=min(came_in, summary["carried"]),
                verified=verified,
                dropped=dropped,
            )
        )
    if closings:
        items = items_at(session, cohort.id, asked.at)
        left = sum(1 for item in items if item.unresolved)
        stops.append(
            charts.Stop(
                name="", day=short_date(asked.day, lang), open=left, new=0,
                verified=max(verified, sum(1 for i in items if i.status == "verified")),
                dropped=max(dropped, sum(1 for i in items if i.status == "dropped")),
            )
        )
    return stops if len(stops) > 1 else None


@bp.get("/c/<slug>")
@open_to("public")
def cohort(slug: str) -> str:
    """Show one cohort: its series, its members, how its promises stand."""
    session = db.session()
    found = days.public_cohort(session, slug)
    asked = days.asked(session, found)
    numbers = funnel(session, found.id, asked.at)
    held = series(session, found, asked)
    stops = flow_of(session, found, held, asked)
    groups = {
        name: islands.by_province(rows)
        for name, rows in islands.by_island(numbers.members).items()
    }
    return render_template(
        "public/cohort.html", cohort=found, asked=asked, funnel=numbers, held=held, stops=stops,
        flow=charts.flow(stops) if stops else None, groups=groups, stages=stages,
        region_named=islands.named, due=numbers.due, here=slug,
        feed=cohort_address(slug), programmes=sessions.public_programmes(
            session, [h.convening.id for h in held if h.convening.state != "cancelled"]),
        **map_of(numbers), **named(found))


@bp.get("/c/<slug>/rows/<key>")
@open_to("public")
def rows(slug: str, key: str) -> str:
    """List what a figure counts: every region, or every item that is due, at the day."""
    session = db.session()
    found = days.public_cohort(session, slug)
    asked = days.asked(session, found)
    common = {"cohort": found, "asked": asked, "stages": stages, "key": key, **named(found)}
    if key == "due":
        dues = due_at(session, found.id, asked.at)
        names = _names(session, {d.item.region_code for d in dues if d.item.region_code})
        return render_template(
            "public/rows_due.html", dues=dues, names=names,
            due=tally(dues, asked.at), **common)
    numbers = funnel(session, found.id, asked.at)
    if key == "institutions":
        return render_template("public/rows_institutions.html", funnel=numbers, **common)
    if key not in STAGES:
        raise Refusal("ground.not_found")
    groups = [
        (name, numbers.figure(key, among))
        for name, among in (
            ("visitors", numbers.visitors), ("invited", numbers.invited),
            ("others", numbers.others))
        if among or name == "visitors"
    ]
    return render_template("public/rows.html", funnel=numbers, groups=groups,
        region_named=islands.named, **common)


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    """Full names of regions by code."""
    found = session.scalars(sa.select(Region).where(Region.code.in_(codes)))
    return {region.code: region_name(region, language()) for region in found}
