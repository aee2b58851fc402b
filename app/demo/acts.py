"""What happens around one convening: planning, inviting, answering, coming in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import facts
from app.demo.facts import Planned
from app.demo.people import draw, person
from app.extensions import keys
from cohorts.convenings import (
    chain,
    convening,
    guests,
    invitation,
    mandates,
    seats,
    sessions,
    sign_mandates,
)
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Convening, Pass
from cohorts.directory import appointments, offices
from cohorts.door import admission, stations
from cohorts.door.passes import write_pass
from cohorts.ground.access import Actor
from cohorts.ground.clock import at as wall_clock
from cohorts.ground.files import Kept
from cohorts.ground.links import Link
from cohorts.programme.tables import Cohort

EVER = datetime.max.replace(tzinfo=UTC)

ENGLISH = {
    1: ("One view of the Living Lab", "To share one view of the Living Lab and how it works."),
    2: (
        "Workshop: the index from 2.24 to 3.5",
        "To plan how the mean index rises from 2.24 to 3.5 by 2025.",
    ),
    3: ("Signing of the Joint Commitment", "To complete and sign the joint commitment."),
    4: ("Results of the first three months", "To share results, obstacles and ways out."),
}


@dataclass(frozen=True)
class Answers:
    """How many of a convening's invitations get which answer; the rest stays silent."""

    attending: int
    delegated: int
    declined: int


def cohort_of(session: Session, slug: str) -> Cohort:
    """The story's cohort."""
    return session.scalars(sa.select(Cohort).where(Cohort.slug == slug)).one()


def convening_of(session: Session, slug: str, number: int) -> Convening:
    """A convening of the story by its number."""
    return session.scalars(
        sa.select(Convening)
        .join(Cohort, Cohort.id == Convening.cohort_id)
        .where(Cohort.slug == slug, Convening.number == number)
    ).one()


def plan(
    session: Session,
    slug: str,
    planned: Planned,
    shift: timedelta,
    reply_by: datetime,
    door: tuple[datetime, datetime],
    actor: Actor,
    now: datetime,
) -> Convening:
    """Plan a convening with its programme, and announce it. `shift` moves the true days."""
    zone = planned.place.zone
    first, last = planned.day + shift, planned.last_day + shift
    title_en, purpose_en = ENGLISH[planned.number]
    made = convening.plan(
        session,
        cohort_of(session, slug).id,
        convening.Plan(
            title_id=planned.title,
            title_en=title_en,
            purpose_id=planned.purpose,
            purpose_en=purpose_en,
            starts_at=wall_clock(first, planned.start, zone),
            ends_at=wall_clock(last, planned.end, zone),
            timezone=zone,
            venue=planned.place.name,
            address=planned.place.address,
            reply_by=reply_by,
            door_opens_at=door[0],
            door_closes_at=door[1],
            dress=planned.dress,
            host=planned.hosts,
            contact_name="Rina Contoh, S.Kom.",
            contact_phone="0812-0000-0000",
            opening_planned=planned.opener,
            policy=planned.policy,
            deputy_may_sign=planned.number == 3,
        ),
        actor,
        now,
        number=planned.number,
    )
    sessions.set_programme(
        session,
        made.id,
        _programme(planned, first),
        1,
        actor,
        now,
    )
    convening.announce(session, made.id, actor, now)
    return made


def _programme(planned: Planned, day: date) -> Sequence[sessions.Line]:
    starts = [wall_clock(day, begin, planned.place.zone) for begin, _t, _s in planned.programme]
    ends = [*starts[1:], wall_clock(day, planned.end, planned.place.zone)]
    return [
        sessions.Line(start, max(15, int((end - start).total_seconds() // 60)), title, "", speaker)
        for start, end, (_b, title, speaker) in zip(starts, ends, planned.programme, strict=True)
    ]


def invite(session: Session, slug: str, planned: Planned, actor: Actor, now: datetime) -> None:
    """Invite the convening's posts of every member."""
    roles = [offices.HEAD if role == "head" else role for role, _seats in planned.roles]
    made = convening_of(session, slug, planned.number)
    invitation.invite(session, made.id, roles, actor, now)


def replies(
    session: Session,
    slug: str,
    number: int,
    answers: Answers,
    between: tuple[datetime, datetime],
    organiser: Actor,
    letter: Kept | None = None,
    accept_until: datetime = EVER,
) -> None:
    """The guests answer by their links, in an order and at hours of the story's own.

    Deputies who are to sign have their assignment accepted by the secretariat.
    """
    made = convening_of(session, slug, number)
    states = sorted(
        chain.seats(session, at=between[0], convening_id=made.id), key=lambda s: s.office
    )
    dice = draw("replies", str(number))
    dice.shuffle(states)
    plan_of = (
        ["attending"] * answers.attending
        + ["delegated"] * answers.delegated
        + ["declined"] * answers.declined
    )
    dice.shuffle(plan_of)
    moments = sorted(between[0] + (between[1] - between[0]) * dice.random() for _ in plan_of)
    for state, answer, now in zip(states, plan_of, moments, strict=False):
        guest = guests.office_guest(state.invitation_id)
        if answer == "attending" and (state.holder is not None or state.pool):
            _attend(session, state, guest, now)
        elif answer == "declined":
            reason = dice.choice(("other_duty", "ill", "on_leave"))
            seats.decline(session, state.seat_id, reason, guest, now)
        else:
            _delegate(session, made, state, guest, organiser, letter, now, accept_until)


def _attend(session: Session, state: chain.SeatState, guest: Actor, now: datetime) -> None:
    name = None
    if state.holder is None:  # a pool: the region says which operator comes
        one = appointments.members_of_pool(session, state.office_id, now.date())[0].person
        name = Name(one.name, one.front_title, one.back_title)
    seats.attend(session, state.seat_id, guest, now, name=name)


DEPUTIES = {
    "sekda": "asisten",
    "kadiskominfo": "kabid",
    "kabid": "jf",
    "operator": "jf",
    "bupati": "sekda",
    "walikota": "sekda",
}
"""Who comes instead: the post one level down whose holder the region names."""


def _delegate(
    session: Session,
    made: Convening,
    state: chain.SeatState,
    guest: Actor,
    organiser: Actor,
    letter: Kept | None,
    now: datetime,
    until: datetime,
) -> None:
    """Pass the seat on. In Bali the deputy brings a letter and may sign, once it is accepted."""
    role = DEPUTIES[state.role_key]
    offered = [
        choice
        for choice in mandates.choices(session, state, made, now).offices
        if choice.office.role_key == role
    ]
    deputy = Deputy(office_id=offered[0].office_id) if offered else _named(state, role)
    signs = letter is not None and made.deputy_may_sign
    over = mandates.hand_over(
        session,
        state.seat_id,
        deputy,
        guest,
        now,
        may_speak=True,
        may_sign=signs,
        letter=letter if signs else None,
    )
    if signs:
        accepted = now + timedelta(hours=3)
        if accepted <= until:  # who comes late still waits for the secretariat
            sign_mandates.accept_letter(session, over.id, organiser, accepted)


def _named(state: chain.SeatState, role: str) -> Deputy:
    """A deputy whom only the region knows."""
    one = person(state.region_code or "", role)
    return Deputy(role_key=role, name=Name(one.name, one.front, one.back))


def gates(
    session: Session, slug: str, number: int, names: Sequence[str], actor: Actor, now: datetime
) -> list[str]:
    """Prepare and enrol a station for each gate; returns their ids."""
    made = convening_of(session, slug, number)
    ids = []
    for gate in names:
        station = stations.prepare(
            session, convening_ids=[made.id], gate=gate, actor=actor, now=now
        )
        enrolled = stations.enrol(
            session, link=Link(station.id, station.generation), name=facts.DOOR[1], now=now
        )
        ids.append(enrolled.id)
    return ids


def come_in(
    session: Session,
    slug: str,
    number: int,
    station_ids: Sequence[str],
    between: tuple[datetime, datetime],
    absent: int,
) -> int:
    """Whoever has a pass comes, but for `absent` of them; some scan twice. Returns how many."""
    made = convening_of(session, slug, number)
    dice = draw("door", slug, str(number))
    passes = session.scalars(
        sa.select(Pass).where(Pass.convening_id == made.id).order_by(Pass.id)
    ).all()
    named = sorted(passes, key=lambda p: p.person.search_key + p.person.name + p.id)
    dice.shuffle(named)
    coming = named[: len(named) - absent]
    key = keys().passes
    span = between[1] - between[0]
    came = 0
    for place, guest in enumerate(sorted(dice.random() for _ in coming)):
        now = between[0] + span * guest
        card = coming[place]
        station_id = station_ids[place % len(station_ids)]
        actor = Actor("station", station_id, link="station")
        twice = 2 if place % 23 == 7 else 1
        for again in range(twice):
            text = write_pass(key, card.id, card.generation, made.id)
            claim = admission.Claim(f"story-{made.id}-{place:04d}-{again}", "qr", text)
            answer = admission.admit(
                session,
                convening_id=made.id,
                claim=claim,
                key=key.public_key(),
                actor=actor,
                now=now + timedelta(seconds=40 * again),
                station_id=station_id,
            )
            came += answer.outcome == "admitted"
    return came
