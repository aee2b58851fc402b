"""The commitment of the story: its text, the offers, and signatures given the real way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import facts
from app.demo.acts import convening_of
from app.demo.people import draw
from app.extensions import keys, settings
from cohorts.convenings import chain
from cohorts.ground.access import Actor
from cohorts.ground.codes import Codes
from cohorts.ground.links import Link
from cohorts.pledges import marks, offers, signatories, signing, text
from cohorts.pledges.tables import Pledge, PledgeText, Signature


def write_text(
    session: Session, slug: str, shift: timedelta, actor: Actor, now: datetime
) -> PledgeText:
    """Draft the text, correct a clause once, and publish it."""
    made = convening_of(session, slug, 3)
    targets = [
        text.TargetDraft(
            title=title,
            criterion=criterion,
            role_key=role,
            due_on=due + shift,
            unit=unit,
            baseline=baseline,
            target=target,
        )
        for title, criterion, role, due, unit, baseline, target in facts.PLEDGE_PROMISES
    ]
    given = text.TextDraft(
        title=facts.PLEDGE_TITLE,
        preamble=facts.PLEDGE_PREAMBLE,
        clauses=facts.PLEDGE_CLAUSES,
        closing=facts.PLEDGE_CLOSING,
        targets=targets,
    )
    drafted = text.draft(session, made.id, given, actor=actor, now=now)
    return offers.publish(session, drafted.id, actor=actor, now=now)


def offer_to_heads(
    session: Session, slug: str, guests: Sequence[str], actor: Actor, now: datetime
) -> None:
    """Ask the head of every member, and of the guest regions, to sign."""
    made = convening_of(session, slug, 3)
    published = text.published_at(session, made.cohort_id)
    assert published is not None
    members = [c.region.code for c in offers.candidates(session, published.id, on=now.date())]
    offers.offer(session, published.id, region_codes=[*members, *guests], actor=actor, now=now)


def waiting(session: Session, slug: str) -> list[str]:
    """Pledges nobody has signed yet, by region."""
    made = convening_of(session, slug, 3)
    return list(
        session.scalars(
            sa.select(Pledge.id)
            .join(PledgeText, PledgeText.id == Pledge.text_id)
            .outerjoin(Signature, Signature.pledge_id == Pledge.id)
            .where(
                PledgeText.convening_id == made.id,
                Pledge.voided_at.is_(None),
                Signature.id.is_(None),
            )
            .order_by(Pledge.region_code)
        )
    )


def sign_all(session: Session, slug: str, between: tuple[datetime, datetime]) -> int:
    """Every head signs, or the deputy who holds the right: text, mark, consent, code."""
    made = convening_of(session, slug, 3)
    passed_on = {
        state.office_id: state.live[-1]
        for state in chain.seats(session, at=between[0], convening_id=made.id)
        if state.live and state.live[-1].signs
    }
    dice = draw("signing", slug)
    ids = waiting(session, slug)
    dice.shuffle(ids)
    span = between[1] - between[0]
    signed = 0
    for place, ident in enumerate(ids):
        pledge = session.get_one(Pledge, ident)
        now = between[0] + span * (place / max(1, len(ids)))
        step = passed_on.get(pledge.office_id)
        link = Link(step.id, 1) if step else Link(pledge.id, pledge.generation)
        signed += _sign(session, link, now, drawn=dice.random() < 0.6, seed=ident)
    return signed


def _sign(session: Session, link: Link, now: datetime, *, drawn: bool, seed: str) -> bool:
    signatory = signatories.behind(session, link, now=now)
    if signatory.person is None:
        return False
    name = signatory.person.full_name
    mark = (
        marks.drawn(strokes(signatory.person.name))
        if drawn
        else marks.typed(signatory.person.name, name=name)
    )
    transport = settings().mail_transport
    codes = Codes(keys().code)
    signing.prepare(session, signatory, mark, agreed=True, lang="id", now=now)
    asked = now + timedelta(seconds=20)
    challenge = signing.ask_code(session, signatory, transport=transport, now=asked)
    answer = signing.sign(
        session,
        codes,
        signatory,
        codes.code(challenge.id),
        transport=transport,
        now=asked + timedelta(seconds=70),
    )
    return answer.outcome == "good"


def strokes(name: str) -> list[list[list[int]]]:
    """A drawing that is nobody's: loops on the pad, by the letters of a sample name."""
    dice = draw("strokes", name)
    lines: list[list[list[int]]] = []
    x = 24
    while x < 270:
        height, width = dice.randint(24, 70), dice.randint(14, 30)
        middle = dice.randint(80, 110)
        line = [
            [x, middle],
            [x + width // 3, middle - height],
            [x + width // 2, middle + height // 3],
            [x + width, middle - height // 3],
            [min(320, x + width + 12), middle + dice.randint(-6, 10)],
        ]
        if lines and dice.random() < 0.8:
            lines[-1] += line
        else:
            lines.append(line)
        x += width + dice.randint(2, 10)
    lines.append([[30, 140], [160, 132], [300, 140]])
    return lines
