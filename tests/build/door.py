"""What tests need of the door: an announced convening, guests with passes, a station at a gate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from cohorts.convenings import convening as convenings
from cohorts.convenings import seats
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Convening, Invitation, Pass, Seat
from cohorts.directory import appointments
from cohorts.directory.tables import Office
from cohorts.door import admission, stations
from cohorts.door.passes import write_pass
from cohorts.door.tables import Station
from cohorts.ground.access import Actor, Held
from cohorts.ground.base import new_id
from cohorts.ground.links import Link
from tests.build import directory
from tests.build import pledges as built

KEY = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
PUBLIC = KEY.public_key()
ORGANISER = Actor("user", "USERORGANISER001", held=(Held("organizer"),))
MORNING = dt.datetime(2022, 11, 21, 0, 12, tzinfo=dt.UTC)  # 08.12 WITA, the door is open
INVITED = dt.datetime(2022, 11, 12, 3, 0, tzinfo=dt.UTC)


def minutes(n: float) -> dt.datetime:
    """So many minutes after the first morning scan."""
    return MORNING + dt.timedelta(minutes=n)


@dataclass(frozen=True)
class Guest:
    """An invited office, who comes for it, and the pass."""

    office: Office
    seat_id: str
    invitation: Invitation
    person_id: str
    card: Pass

    @property
    def code(self) -> str:
        """What the QR of the pass says."""
        return write_pass(KEY, self.card.id, self.card.generation, self.card.convening_id)


def an_invitation(session: Session, convening: Convening, office: Office) -> tuple[Invitation, str]:
    """The office is asked to come; returns the invitation and its seat's id."""
    invitation = Invitation(
        id=new_id(), convening_id=convening.id, office_id=office.id, generation=1,
        calendar_lead=0, invited_at=INVITED, invited_by=ORGANISER.id,
    )
    session.add(invitation)
    session.flush()
    seat = Seat(id=new_id(), invitation_id=invitation.id, kind="office", position=1)
    session.add(seat)
    session.flush()
    return invitation, seat.id


def a_door(session: Session) -> Convening:
    """Bali, announced: its door is open from 07.00 to 16.00 WITA on 21 November 2022."""
    return built.a_convening(session, built.a_cohort(session, "14.08", "32.11"))


def a_guest(
    session: Session, convening: Convening, code: str = "14.08", role: str = "bupati",
    name: str = "Rahmat Contoh",
) -> Guest:
    """The holder of an office, invited, who said to attend; ``name`` if the office was vacant."""
    office = directory.an_office(session, code, role)
    held = appointments.holder(session, office.id, INVITED.date()) or directory.a_holder(
        session, code, role, name=name)
    invitation, seat_id = an_invitation(session, convening, held.office)
    reply = seats.attend(session, seat_id, ORGANISER, INVITED + dt.timedelta(hours=1))
    assert reply.person_id is not None
    return Guest(held.office, seat_id, invitation, reply.person_id,
                 a_card(session, convening, reply.person_id))


def a_card(session: Session, convening: Convening, person_id: str) -> Pass:
    """The pass of a person."""
    return session.scalars(
        sa.select(Pass).where(Pass.convening_id == convening.id, Pass.person_id == person_id)
    ).one()


def a_station(
    session: Session, *convenings: Convening, gate: str = "Pintu utama",
    at: dt.datetime = MORNING - dt.timedelta(hours=1), **rights: bool,
) -> Station:
    """An enrolled phone at a gate."""
    made = stations.prepare(
        session, convening_ids=[c.id for c in convenings], gate=gate, actor=ORGANISER, now=at,
        **rights,
    )
    return stations.enrol(session, link=Link(made.id, 1), name="Wayan Contoh", now=at)


def scan(
    session: Session, convening: Convening, text: str, *, station: Station | None = None,
    now: dt.datetime = MORNING, mode: str = "qr", client_id: str | None = None,
    claimed_at: dt.datetime | None = None, offset: dt.timedelta = dt.timedelta(),
) -> admission.Answer:
    """Somebody is at the door; by default an organiser scans at the desk."""
    return admission.admit(
        session,
        convening_id=convening.id,
        claim=admission.Claim(
            client_id or f"client-{new_id()}", mode, text, claimed_at, offset),  # type: ignore[arg-type]
        key=PUBLIC,
        actor=stations.actor_of(station) if station else ORGANISER,
        now=now,
        station_id=station.id if station else None,
    )


def named(name: str) -> Name:
    """A name without titles."""
    return Name(name)


def a_door_at(session: Session, now: dt.datetime, *codes: str) -> Convening:
    """A convening that begins within the hour, so that its door is open at ``now``."""
    cohort = built.a_cohort(session, *(codes or ("14.08", "32.11")))
    made = convenings.plan(
        session, cohort.id,
        convenings.Plan(
            title_id="Pertemuan ke-3", title_en="Third convening",
            starts_at=now + dt.timedelta(minutes=40), ends_at=now + dt.timedelta(hours=6),
            timezone="Asia/Makassar", venue="Kampus UID", reply_by=now - dt.timedelta(days=1),
            door_opens_at=now - dt.timedelta(minutes=30),
            door_closes_at=now + dt.timedelta(hours=6),
        ),
        ORGANISER, INVITED,
    )
    return convenings.announce(session, made.id, ORGANISER, INVITED)
