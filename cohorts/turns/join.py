"""A region joins a cohort, and takes on what every member has promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.actions._append import lock_cohort
from cohorts.actions.standing import Standing
from cohorts.actions.templates import apply_all
from cohorts.ground.access import Actor, Where, demand
from cohorts.programme._membership import add_membership
from cohorts.programme.tables import Membership


@dataclass(frozen=True)
class Joined:
    """The membership, and the items that the cohort's templates raised for it."""

    membership: Membership
    items: list[Standing]


def join(
    session: Session,
    cohort_id: str,
    region_code: str,
    *,
    entry_path: str,
    joined_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Joined:
    """A region becomes a member; every template of the cohort raises its item for it, due at the
    later of the template's day and joined + lead days. Rejoining is a new interval: items of the
    earlier one stay as they are.

    Raises Refusal ground.not_allowed, programme.member_already, programme.member_overlap,
    programme.entry_path_unknown, directory.region_unknown.
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    lock_cohort(session, cohort_id)
    membership = add_membership(
        session,
        cohort_id,
        region_code,
        entry_path=entry_path,
        joined_on=joined_on,
        actor=actor,
        now=now,
    )
    return Joined(membership, apply_all(session, cohort_id, membership, actor, now))
