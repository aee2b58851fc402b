"""The text of a commitment: drafted, published once and for all, replaced by the next version.

Publishing freezes words and targets and gives them a hash. A change afterwards is a new version:
its predecessor is superseded, offers nobody has signed become void and are made again for the same
offices, and a page can show what differs. Signatures under an earlier version stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening
from cohorts.directory.offices import HEAD
from cohorts.directory.tables import Role
from cohorts.ground import bounds
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.tables import PledgeTarget, PledgeText

SCHEMA = "livinglab/pledge-text@1"
MOST_CLAUSES = 12
MOST_TARGETS = 12


@dataclass(frozen=True)
class TargetDraft:
    """One promise. ``baseline`` and ``target`` are decimal numbers as text, or words such as
    "belum ada" with an empty ``unit``; ``role_key`` is the post whose item it becomes."""

    title: str
    criterion: str
    role_key: str
    due_on: dt.date
    unit: str = ""
    baseline: str = ""
    target: str = ""


@dataclass(frozen=True)
class TextDraft:
    """What an editor writes. Clauses are numbered by their order."""

    title: str
    preamble: str
    clauses: Sequence[str]
    closing: str = ""
    targets: Sequence[TargetDraft] = field(default_factory=tuple)
    lang: str = "id"


def draft(
    session: Session, convening_id: str, given: TextDraft, *, actor: Actor, now: dt.datetime
) -> PledgeText:
    """Begin the cohort's next version, to be signed at the convening.

    Raises Refusal ground.not_found, pledges.draft_exists, and those of `edit`.
    """
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "pledge.edit", Where(cohort_id=convening.cohort_id, convening_id=convening_id))
    open_draft = session.scalar(
        sa.select(PledgeText.version).where(
            PledgeText.cohort_id == convening.cohort_id, PledgeText.state == "draft"
        )
    )
    if open_draft is not None:
        raise Refusal("pledges.draft_exists", version=open_draft)
    last = session.scalar(
        sa.select(sa.func.max(PledgeText.version)).where(
            PledgeText.cohort_id == convening.cohort_id
        )
    )
    text = PledgeText(
        id=new_id(),
        cohort_id=convening.cohort_id,
        convening_id=convening_id,
        version=(last or 0) + 1,
        edit=1,
        state="draft",
        created_at=now,
        **_words(given),
    )
    session.add(text)
    session.flush()
    _set_targets(session, text, given.targets)
    _tell(session, text, actor, now)
    return text


def edit(
    session: Session, text_id: str, given: TextDraft, *, seen: int, actor: Actor, now: dt.datetime
) -> PledgeText:
    """Replace a draft's words and targets. ``seen`` is the edit the editor had before the eyes.

    Raises Refusal ground.not_found, pledges.text_fixed, ground.stale (facts: title, edit),
    ground.too_long, pledges.target_number, pledges.target_owner.
    """
    text = load(session, text_id, actor)
    if text.state != "draft":
        raise Refusal("pledges.text_fixed")
    if text.edit != seen:
        raise Refusal("ground.stale", title=text.title, edit=text.edit)
    for name, value in _words(given).items():
        setattr(text, name, value)
    text.edit += 1
    session.flush()
    _set_targets(session, text, given.targets)
    _tell(session, text, actor, now)
    return text


def revise(session: Session, text_id: str, *, actor: Actor, now: dt.datetime) -> PledgeText:
    """Begin the next version as a copy of a published one. Raises what `draft` raises."""
    text = load(session, text_id, actor)
    return draft(session, text.convening_id, as_draft(text), actor=actor, now=now)


def as_draft(text: PledgeText) -> TextDraft:
    """What the editor of a text starts from."""
    return TextDraft(
        title=text.title,
        preamble=text.preamble,
        clauses=tuple(text.clauses),
        closing=text.closing,
        lang=text.lang,
        targets=tuple(
            TargetDraft(t.title, t.criterion, t.role_key, t.due_on, t.unit, t.baseline, t.target)
            for t in text.targets
        ),
    )


def missing(text: PledgeText) -> list[str]:
    """What keeps a draft from being published: title, preamble, clauses, targets, criterion."""
    parts = ("title", "preamble", "clauses", "targets")
    found = [name for name in parts if not getattr(text, name)]
    if any(not t.title or not t.criterion for t in text.targets):
        found.append("criterion")
    return found


def canonical_text(text: PledgeText) -> dict[str, Any]:
    """The text as its hash is taken: every word, the targets as strings."""
    return {
        "schema": SCHEMA,
        "id": text.id,
        "version": text.version,
        "language": text.lang,
        "title": text.title,
        "preamble": text.preamble,
        "clauses": list(text.clauses),
        "closing": text.closing,
        "targets": [
            {
                "key": t.id,
                "position": t.position,
                "title": t.title,
                "criterion": t.criterion,
                "unit": t.unit,
                "baseline": t.baseline,
                "target": t.target,
                "owner": t.role_key,
                "due_on": t.due_on,
            }
            for t in text.targets
        ],
    }


def published_at(session: Session, cohort_id: str) -> PledgeText | None:
    """The cohort's text in force."""
    return session.scalar(
        sa.select(PledgeText).where(
            PledgeText.cohort_id == cohort_id, PledgeText.state == "published"
        )
    )


def texts_of(session: Session, cohort_id: str) -> list[PledgeText]:
    """All versions, the newest first."""
    return list(
        session.scalars(
            sa.select(PledgeText)
            .where(PledgeText.cohort_id == cohort_id)
            .order_by(PledgeText.version.desc())
        )
    )


def load(session: Session, text_id: str, actor: Actor) -> PledgeText:
    """The text, for whoever may edit it. Raises Refusal ground.not_found, ground.not_allowed."""
    text = session.get(PledgeText, text_id)
    if text is None:
        raise Refusal("ground.not_found")
    demand(actor, "pledge.edit", Where(cohort_id=text.cohort_id, convening_id=text.convening_id))
    return text


def _words(given: TextDraft) -> dict[str, Any]:
    clauses = [
        kept
        for clause in given.clauses
        if (kept := bounds.lines(clause, most=1000, field="clauses"))
    ]
    if len(clauses) > MOST_CLAUSES:
        raise Refusal("ground.too_long", field="clauses", limit=MOST_CLAUSES)
    return {
        "lang": given.lang if given.lang in ("id", "en") else "id",
        "title": bounds.line(given.title, most=300, field="title"),
        "preamble": bounds.lines(given.preamble, most=4000, field="preamble"),
        "clauses": clauses,
        "closing": bounds.lines(given.closing, most=4000, field="closing"),
    }


def _set_targets(session: Session, text: PledgeText, targets: Sequence[TargetDraft]) -> None:
    if len(targets) > MOST_TARGETS:
        raise Refusal("ground.too_long", field="targets", limit=MOST_TARGETS)
    session.execute(sa.delete(PledgeTarget).where(PledgeTarget.text_id == text.id))
    of_regions = sa.select(Role.key).where(Role.level == "kabkota")
    roles = {HEAD, *session.scalars(of_regions)}
    for row, given in enumerate(targets, start=1):
        if given.role_key not in roles:
            raise Refusal("pledges.target_owner", row=row)
        unit = bounds.line(given.unit, most=40, field="targets")
        session.add(
            PledgeTarget(
                id=new_id(),
                text_id=text.id,
                position=row,
                title=bounds.line(given.title, most=300, field="targets"),
                criterion=bounds.lines(given.criterion, most=1900, field="targets"),
                unit=unit,
                baseline=_amount(given.baseline, unit, row),
                target=_amount(given.target, unit, row),
                role_key=given.role_key,
                due_on=given.due_on,
            )
        )
    session.flush()
    session.expire(text, ["targets"])


def _amount(value: str, unit: str, row: int) -> str:
    """A decimal string without needless signs: "3,5" is "3.5". Without a unit words may stand."""
    kept = bounds.line(value, most=20, field="targets")
    try:
        number = Decimal(kept.replace(",", "."))
    except InvalidOperation:
        if kept and unit:
            raise Refusal("pledges.target_number", field="targets", row=row) from None
        return kept
    if not number.is_finite():
        raise Refusal("pledges.target_number", field="targets", row=row)
    return format(number, "f")


def _tell(session: Session, text: PledgeText, actor: Actor, now: dt.datetime) -> None:
    record(
        session,
        events.TextDrafted(
            subject=("pledge_text", text.id),
            cohort_id=text.cohort_id,
            version=text.version,
            edit=text.edit,
        ),
        actor,
        now,
    )
