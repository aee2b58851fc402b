"""Who plays: 62 regions drawn once, their offices, sample people, addresses, the accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import facts
from app.demo.people import SamplePerson, draw, person
from cohorts.directory import accounts, appointments, contacts, intake, offices, people
from cohorts.directory.tables import Organisation, Region, User
from cohorts.ground.access import COMMAND, Actor

BEGUN = datetime(2022, 10, 3, 2, 0, tzinfo=UTC)  # the secretariat begins its work
HELD_SINCE = date(2021, 3, 1)
ISLANDS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("1", "2"), 17),  # Sumatera
    (("3",), 28),  # Jawa
    (("5",), 4),  # Bali, Nusa Tenggara
    (("6",), 6),  # Kalimantan
    (("7",), 5),  # Sulawesi
    (("8",), 1),  # Maluku
    (("9",), 1),  # Papua
)
"""First digits of the province's code, and how many regions are drawn from there."""

POSTS: tuple[tuple[str, int], ...] = (
    ("kepala_daerah", 1),
    ("wakil_kepala_daerah", 1),
    ("sekda", 1),
    ("kadiskominfo", 1),
    ("kabid", 1),
    ("operator", 1),
)
"""Offices of each region, and how many people hold them."""

MAILED = ("kepala_daerah", "sekda", "kadiskominfo", "kabid", "operator")
WITHOUT_ADDRESS = 3  # heads whose office has no address of mail: the secretariat calls
UNCONFIRMED = 2  # heads whose address nobody has confirmed


@dataclass(frozen=True)
class Drawn:
    """The regions of the story by code: members in the order of their codes, and two guests."""

    visitors: tuple[str, ...]
    high_performers: tuple[str, ...]
    guests: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """All 62."""
        return tuple(sorted(self.visitors + self.high_performers))


def draw_regions(codes: Sequence[str]) -> Drawn:
    """Draw 62 members and 2 guests from the regencies and cities, the reference left out.

    Deterministic: the same list of codes gives the same story everywhere.
    """
    dice = draw("regions")
    pool = sorted(code for code in codes if "." in code and code != facts.REFERENCE_CODE)
    members: list[str] = []
    for digits, count in ISLANDS:
        members += dice.sample([c for c in pool if c.startswith(digits)], count)
    rest = [c for c in pool if c not in members]
    guests = dice.sample(rest, 2)
    high = dice.sample(members, facts.HIGH_PERFORMERS)
    return Drawn(
        visitors=tuple(sorted(set(members) - set(high))),
        high_performers=tuple(sorted(high)),
        guests=tuple(sorted(guests)),
    )


def drawn(session: Session) -> Drawn:
    """The regions of the story, from the directory."""
    codes = session.scalars(
        sa.select(Region.code).where(Region.autonomous, Region.type != "provinsi")
    ).all()
    return draw_regions(codes)


def regions_and_accounts(session: Session, password_hash: str) -> None:
    """The directory's own data, and the three sample accounts."""
    intake.seed(session)
    known = set(session.scalars(sa.select(User.email)))
    for (email, name), role in (
        (facts.ORGANISER, "admin"),
        (facts.MENTOR, "mentor"),
        (facts.DOOR, "door_officer"),
    ):
        if email not in known:
            accounts.add_account(
                session,
                email=email,
                name=name,
                role=role,
                actor=COMMAND,
                now=BEGUN,
                region_code=facts.REFERENCE_CODE if role == "mentor" else None,
                password_hash=password_hash,
                sample=True,
            )


def actor(session: Session, account: tuple[str, str]) -> Actor:
    """The actor of a sample account."""
    user = session.scalars(sa.select(User).where(User.email == account[0])).one()
    return accounts.actor_of(user, BEGUN)


def offices_and_people(session: Session, codes: Sequence[str]) -> None:
    """Offices, holders and addresses of the regions given; every person is a sample."""
    organiser = actor(session, facts.ORGANISER)
    governments = {
        org.region_code: org
        for org in session.scalars(
            sa.select(Organisation).where(Organisation.region_code.in_(codes))
        )
    }
    silent = draw("addresses").sample(sorted(codes), WITHOUT_ADDRESS + UNCONFIRMED)
    for code in codes:
        region = governments[code].region
        assert region is not None
        for role, count in POSTS:
            office = offices.ensure_office(
                session, role_key=role, region_code=code, actor=organiser, now=BEGUN
            )
            for number in range(count):
                holder = person(code, office.role_key, number)
                _appoint(session, office.id, holder, organiser)
            if role not in MAILED:
                continue
            head = role == "kepala_daerah"
            if head and code in silent[:WITHOUT_ADDRESS]:
                continue
            contacts.add_contact(
                session,
                channel="email",
                value=f"{office.role_key}@{mail_domain(region)}",
                source="Daftar narahubung sekretariat (contoh)",
                from_on=HELD_SINCE,
                office_id=office.id,
                confirmed=not (head and code in silent),
                actor=organiser,
                now=BEGUN,
            )


def confirm_heads(session: Session, codes: Sequence[str], organiser: Actor, now: datetime) -> None:
    """Before the signing the secretariat has called every head's office: a confirmed address
    for each. Those that had none got one that ends with the programme's first year."""
    day = now.date()
    for code in codes:
        office = offices.ensure_office(
            session, role_key=offices.HEAD, region_code=code, actor=organiser, now=now
        )
        if contacts.confirmed_addresses(session, office.id, day):
            continue
        region = office.organisation.region
        assert region is not None
        known = contacts.mail_address(session, office.id, day)
        made = contacts.add_contact(
            session,
            channel="email",
            value=known.value if known else f"ajudan.{office.role_key}@{mail_domain(region)}",
            label="office" if known else "ajudan",
            source="Telepon sekretariat (contoh)",
            from_on=known.from_on if known else day,
            office_id=office.id,
            confirmed=True,
            actor=organiser,
            now=now,
        )
        if known is None:
            contacts.end_contact(
                session, made.id, until_on=date(2023, 7, 1), actor=organiser, now=now
            )


def mail_domain(region: Region) -> str:
    """A sample domain for the region's addresses."""
    plain = "".join(ch for ch in region.name.lower() if ch.isalnum())
    return f"{'kota' if region.type == 'kota' else 'kab'}-{plain}.contoh.id"


def _appoint(session: Session, office_id: str, holder: SamplePerson, organiser: Actor) -> None:
    added = people.add_person(
        session,
        name=holder.name,
        front_title=holder.front,
        back_title=holder.back,
        sample=True,
        actor=organiser,
        now=BEGUN,
    )
    appointments.appoint(
        session,
        office_id=office_id,
        person_id=added.id,
        from_on=HELD_SINCE,
        actor=organiser,
        now=BEGUN,
    )
