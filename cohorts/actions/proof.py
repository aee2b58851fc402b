"""Evidence of a claim: a file, a link, or the number and date of a decree."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.tables import Evidence, ItemEvent
from cohorts.ground import bounds, files
from cohorts.ground.base import new_id
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

MOST = 5
FILE_LIMIT = 10 * 1024 * 1024
"""Bytes of one file of evidence."""


@dataclasses.dataclass(frozen=True)
class Proof:
    """``value`` is a file's name, an address, or a decree's number and date. ``kept`` is the
    stored file, for kind ``file`` only: put it into the store before the unit."""

    kind: str
    value: str
    kept: Kept | None = None


def checked(proofs: Sequence[Proof]) -> list[Proof]:
    """The same with their values in form. Raises Refusal actions.evidence_too_many,
    actions.evidence_link, ground.needed, ground.too_long."""
    if len(proofs) > MOST:
        raise Refusal("actions.evidence_too_many", field="evidence", limit=MOST)
    found = []
    for proof in proofs:
        value = bounds.needed(proof.value, most=500, field="evidence")
        if proof.kind == "link" and not value.lower().startswith(("https://", "http://")):
            raise Refusal("actions.evidence_link", field="link")
        found.append(dataclasses.replace(proof, value=value))
    return found


def attach(session: Session, event_id: str, proofs: Sequence[Proof], now: dt.datetime) -> None:
    """Attach checked evidence to an item's event."""
    for proof in proofs:
        digest = files.register(session, proof.kept, now) if proof.kept else None
        session.add(
            Evidence(
                id=new_id(),
                event_id=event_id,
                kind=proof.kind,
                value=proof.value,
                sha256=digest,
            )
        )
    session.flush()


def evidence_of(session: Session, item_id: str) -> list[tuple[ItemEvent, Evidence]]:
    """All evidence ever given for an item with the step it came with, oldest first."""
    rows = session.execute(
        sa.select(ItemEvent, Evidence)
        .join(Evidence, Evidence.event_id == ItemEvent.id)
        .where(ItemEvent.item_id == item_id)
        .order_by(ItemEvent.seq, Evidence.id)
    )
    return [(row[0], row[1]) for row in rows]
