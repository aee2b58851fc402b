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
from cohorts.pledges.tables import Pledge, PledgeText


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


TABLES = 4  # at which the heads sign in Bali, one after the other
PACE = timedelta(seconds=25)


def at_table(session: Session, slug: str, table: int) -> list[Link]:
    """The links of those who sign at a table, in their order: the head's, or the deputy's who
    holds the right to sign."""
    made = convening_of(session, slug, 3)
    rows = session.execute(
        sa.select(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .where(PledgeText.convening_id == made.id, Pledge.voided_at.is_(None))
        .order_by(Pledge.region_code)
    ).scalars()
    passed_on = {
        state.office_id: state.live[-1].id
        for state in chain.seats(session, at=made.starts_at, convening_id=made.id)
        if state.live and state.live[-1].signs
    }
    links = [
        Link(passed_on[p.office_id], 1) if p.office_id in passed_on else Link(p.id, p.generation)
        for p in rows
    ]
    draw("signing", slug).shuffle(links)
    return links[table::TABLES]


def ask_codes(session: Session, links: Sequence[Link], begin: datetime) -> None:
    """Each reads, draws or types, agrees, and asks for a code."""
    for place, link in enumerate(links):
        now = begin + PACE * place
        signatory = signatories.behind(session, link, now=now)
        assert signatory.person is not None
        name = signatory.person.name
        typed = draw("mark", name).random() < 0.4
        mark = (
            marks.typed(name, name=signatory.person.full_name)
            if typed
            else marks.drawn(strokes(name))
        )
        signing.prepare(session, signatory, mark, agreed=True, lang="id", now=now)
        signing.ask_code(
            session,
            signatory,
            transport=settings().mail_transport,
            now=now + timedelta(seconds=15),
        )


def sign(session: Session, links: Sequence[Link], begin: datetime) -> int:
    """Each gives the code back; how many have signed."""
    codes = Codes(keys().code)
    signed = 0
    for place, link in enumerate(links):
        now = begin + PACE * place
        signatory = signatories.behind(session, link, now=now)
        ready = signing.prepared(session, signatory)
        assert ready is not None
        assert ready.challenge_id is not None
        answer = signing.sign(
            session,
            codes,
            signatory,
            codes.code(ready.challenge_id),
            transport=settings().mail_transport,
            now=now,
        )
        signed += answer.outcome == "good"
    return signed


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
