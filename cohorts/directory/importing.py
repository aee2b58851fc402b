"""Taking over a file of people and offices, in one piece.

The rows come checked (sheets.py). What they would change is planned (plan.py) outside any
transaction to be shown, and once more under the lock: if that is no longer what was shown, nothing
is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.changes import Plan
from cohorts.directory.events import AppointmentEnded, DirectoryImported
from cohorts.directory.known import Snapshot
from cohorts.directory.offices import roles
from cohorts.directory.plan import Planner
from cohorts.directory.sheets import PostRow
from cohorts.directory.tables import (
    Appointment,
    ContactPoint,
    Office,
    Organisation,
    Person,
    Role,
)
from cohorts.ground import chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

AT_ONCE = 5_000  # ids in one question: fewer than any database takes


def snapshot(session: Session, today: dt.date) -> Snapshot:
    """The directory as it stands: in six queries, however large the file is."""
    in_use = sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > today)
    # What names others is read before them: where each query sees what was saved by then, it may
    # find more of those than are named, never fewer.
    return Snapshot(
        addresses=bare_rows(
            session, ContactPoint, "office_id", "appointment_id", "channel", "value", "label",
            where=in_use,
        ),
        terms=bare_rows(
            session, Appointment, "office_id", "person_id", "standing", "from_on", "until_on"
        ),
        people=bare_rows(
            session, Person, "kept_id", "front_title", "name", "back_title", "nip", "search_key"
        ),
        offices=bare_rows(
            session, Office, "organisation_id", "role_key", "name", "pool", "ended_on"
        ),
        roles=roles(session),
        named=bare_rows(session, Organisation, "kind", "name", "region_code", "search_key"),
        organisations=session.scalars(
            sa.select(Organisation).options(joinedload(Organisation.region))
        ).all(),
    )


def bare_rows(
    session: Session, table: type[Any], *names: str, where: sa.ColumnElement[bool] | None = None
) -> Sequence[sa.Row[Any]]:
    """Bare columns in the order of their ids: objects would hold the lock longer."""
    query = sa.select(table.id, *(getattr(table, name) for name in names)).order_by(table.id)
    return session.execute(query if where is None else query.where(where)).all()


def preview(session: Session, rows: Sequence[PostRow], today: dt.date) -> Plan:
    """What taking over the rows would change now. Reads only."""
    return Planner(snapshot(session, today), today).take(rows)


def import_rows(
    session: Session,
    rows: Sequence[PostRow],
    *,
    seen: str,
    today: dt.date,
    actor: Actor,
    now: dt.datetime,
    before: Snapshot | None = None,
    planned: Plan | None = None,
) -> Plan:
    """Take over checked rows in one piece. ``seen`` is the mark of the plan that was shown. Give
    the plan made ``before`` the transaction, and it is made again only where the directory is no
    longer that snapshot: the lock is then held for the writing alone.

    Raises Refusal directory.import_changed where the directory changed meanwhile so that the rows
    would now do something else, or meet an error; then nothing has changed. A second time every
    row is unchanged and nothing is written.
    """
    demand(actor, "directory.edit")
    # One file at a time: nothing in the database keeps two from adding the same person twice.
    first = sa.select(Role.key).order_by(Role.key).limit(1)
    session.execute(first.with_for_update(key_share=True))
    known = snapshot(session, today)
    still = before is not None and before.same_as(known)
    plan = planned if planned is not None and still else Planner(known, today).take(rows)
    if not (plan.errors or plan.touches):
        return plan  # sent twice, or somebody else has taken the same over: it all stands there
    if plan.errors or plan.mark != seen:
        raise Refusal("directory.import_changed")
    try:
        retired = _end(session, plan)
        for table, values in (
            (Organisation, plan.organisations),
            (Office, plan.offices),
            (Person, plan.people),
            (Appointment, plan.terms),
            (ContactPoint, plan.addresses),
        ):
            if values:  # past the mapper, which sends rows with unlike gaps one by one
                session.connection().execute(sa.insert(table), values)
    except sa.exc.IntegrityError:  # another process appointed somebody in this very moment
        raise Refusal("directory.import_changed") from None
    if plan.corrections:
        session.execute(
            sa.update(Person), [{"id": key, **values} for key, values in plan.corrections.items()]
        )
    _tell(session, plan, retired, actor, now)
    return plan


def _end(session: Session, plan: Plan) -> dict[str, int]:
    """End terms and retire their addresses; how many addresses of each. In a few statements,
    however many end: a list of new holders ends as many terms as it has lines."""
    ends = {ending.term_id: ending.until_on for ending in plan.endings}
    retired = dict.fromkeys(ends, 0)
    points = []
    wanted = sa.select(ContactPoint.id, ContactPoint.appointment_id, ContactPoint.until_on)
    every = list(ends)
    for at in range(0, len(every), AT_ONCE):
        some = ContactPoint.appointment_id.in_(every[at : at + AT_ONCE])
        for point in session.execute(wanted.where(some)):
            until_on = ends[point.appointment_id]
            if point.until_on is None or point.until_on > until_on:
                points.append({"key": point.id, "last": until_on})
                retired[point.appointment_id] += 1
    terms = [{"key": key, "last": until_on} for key, until_on in ends.items()]
    for table, values in ((Appointment, terms), (ContactPoint, points)):
        if values:
            session.connection().execute(
                sa.update(table)
                .where(table.id == sa.bindparam("key"))
                .values(until_on=sa.bindparam("last")),
                values,
            )
    return retired


def _tell(
    session: Session, plan: Plan, retired: dict[str, int], actor: Actor, now: dt.datetime
) -> None:
    for ending in plan.endings:
        chronicle.record(
            session,
            AppointmentEnded(
                subject=("appointment", ending.term_id),
                office=ending.office,
                person_id=ending.person_id,
                until_on=ending.until_on,
                addresses_retired=retired[ending.term_id],
            ),
            actor,
            now,
        )
    chronicle.record(
        session,
        DirectoryImported(
            subject=("directory", "all"),
            rows=plan.rows,
            organisations=len(plan.organisations),
            offices=len(plan.offices),
            people=len(plan.people),
            corrected=len(plan.corrections),
            appointments=len(plan.terms),
            ended=len(plan.endings),
            addresses=len(plan.addresses),
        ),
        actor,
        now,
    )
    session.flush()
