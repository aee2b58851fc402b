"""A signed commitment becomes tracked promises: one action item for each of its targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.items import raise_promised
from cohorts.actions.standing import Standing, items_by_id
from cohorts.actions.tables import Item
from cohorts.directory.offices import ensure_office
from cohorts.ground.access import Actor
from cohorts.pledges.tables import Pledge, Signature, Withdrawal


def keep(
    session: Session, pledge: Pledge, *, actor: Actor, now: dt.datetime
) -> list[Standing]:
    """Raise the items a signed pledge promises, each for the post its target names in the signing
    region. A second call raises nothing new. Signatories outside the cohort promise as well."""
    text = pledge.text
    return [
        raise_promised(
            session,
            text.cohort_id,
            title=target.title,
            criterion=criterion(target.criterion, target.unit, target.baseline, target.target),
            office=ensure_office(
                session,
                role_key=target.role_key,
                region_code=pledge.region_code,
                actor=actor,
                now=now,
            ),
            due_on=target.due_on,
            convening_id=text.convening_id,
            pledge_id=pledge.id,
            pledge_target_id=target.id,
            actor=actor,
            now=now,
        )
        for target in text.targets
    ]


def criterion(words: str, unit: str, baseline: str, target: str) -> str:
    """When the promise counts as kept, with its figures: "… (0 → 1 praktik)"."""
    if not target:
        return words
    figures = f"{baseline} → {target}" if baseline else target
    return f"{words} ({figures}{' ' + unit if unit else ''})"


def promised(
    session: Session, pledge_id: str, at: dt.datetime | None = None
) -> list[Standing]:
    """How the items of a pledge stand, now or at a past moment, in the order they were raised."""
    ids = session.scalars(sa.select(Item.id).where(Item.pledge_id == pledge_id))
    return sorted(items_by_id(session, ids, at).values(), key=lambda item: item.number)


def withdrawn(session: Session, pledge_ids: Iterable[str]) -> set[str]:
    """Those of the pledges whose signature was withdrawn: their items carry a flag."""
    return set(
        session.scalars(
            sa.select(Signature.pledge_id)
            .join(Withdrawal, Withdrawal.signature_id == Signature.id)
            .where(Signature.pledge_id.in_(list(pledge_ids)))
        )
    )
