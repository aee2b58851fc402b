"""Whom inviting would reach, before anybody is told: rules over the members and single offices.

The preview is the whole of what ``invitation.invite`` does, line by line. Once somebody has been
invited it is that of a supplementary invitation: each new line says why it was not there before.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import chain, chairs
from cohorts.convenings.chairs import OWN, Chairs
from cohorts.convenings.seat_tables import GuestOffice
from cohorts.convenings.tables import Convening, GuestRule, Invitation
from cohorts.directory.appointments import holders
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import (
    DEPUTY_HEAD,
    HEAD,
    office_name,
    region_name,
    role_for,
)
from cohorts.directory.offices import offices as offices_by_id
from cohorts.directory.tables import Office, Organisation, Region, Role
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import Member, members

WHYS = ("joined", "rule", "withdrawn", "office", "single")
"""A member joined, a rule was added, the invitation was withdrawn, the office came to be known or
was left out before, a single office was added."""

MOST_ROLES = 12
MOST_OFFICES = 100


@dataclass(frozen=True)
class Line:
    """What inviting would do for one office.

    ``office_id`` is None for an office that the directory does not hold yet: it is made when it is
    invited. ``region_code`` is empty for an organisation that is no region; ``region`` names it.
    ``chairs`` are the seats that the invitation is to hold, ``added`` how many of them an office
    that is invited already does not hold yet. ``why`` is said of what a supplementary invitation
    adds: one of WHYS.
    """

    office_id: str | None
    office: str
    role_key: str
    region_code: str
    region: str
    state: str  # new, invited
    address: bool
    holder: chain.Holder | None
    timezone: str
    office_en: str
    chairs: Chairs = OWN
    added: int = 0
    why: str = ""

    @property
    def titled(self) -> str:
        """The office with its holder's standing: "Pj. Wali Kota Ambon"."""
        return chain.PREFIXES[self.holder.standing if self.holder else "definitive"] + self.office


@dataclass(frozen=True)
class Preview:
    """The lines by office and region, and their counts."""

    lines: tuple[Line, ...]

    @property
    def new(self) -> int:
        return sum(line.state == "new" for line in self.lines)

    @property
    def invited(self) -> int:
        return sum(line.state == "invited" for line in self.lines)

    @property
    def mailed(self) -> int:
        return sum(line.state == "new" and line.address for line in self.lines)

    @property
    def without_address(self) -> int:
        return sum(line.state == "new" and not line.address for line in self.lines)

    @property
    def vacant(self) -> int:
        return sum(line.state == "new" and line.holder is None for line in self.lines)

    @property
    def seats(self) -> int:
        """How many seats the new invitations hold."""
        return sum(line.chairs.number for line in self.lines if line.state == "new")

    @property
    def widened(self) -> int:
        """How many offices that are invited already get more seats."""
        return sum(line.added > 0 for line in self.lines)

    @property
    def supplementary(self) -> tuple[Line, ...]:
        """The new ones, where others have been invited before."""
        return tuple(line for line in self.lines if line.state == "new" and line.why)

    @property
    def to_look_at(self) -> tuple[Line, ...]:
        """New ones that lack an address or a known holder, or whose holder is not definitive."""
        return tuple(
            line
            for line in self.lines
            if line.state == "new"
            and (
                not line.address or line.holder is None or line.holder.standing != "definitive"
            )
        )


def preview(
    session: Session,
    convening_id: str,
    roles: Sequence[str],
    now: dt.datetime,
    *,
    offices: Sequence[str] = (),
    seats: Mapping[str, Chairs] | None = None,
) -> Preview:
    """What ``invite`` would do; changes nothing. Raises Refusal convenings.role_unknown,
    office_unknown and those of ``chairs.checked``."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    _known_roles(session, roles)
    wanted = {key: chairs.checked(session, given) for key, given in (seats or {}).items()}
    day = day_in(now, convening.timezone)
    joined = members(session, convening.cohort_id, now)
    regions = regions_of(joined)
    found = _offices(session, regions, roles)
    singly = _single(session, offices)
    ids = [office.id for some in found.values() for office in some] + [o.id for o in singly]
    past = _Past.read(session, convening, joined, roles)
    held = holders(session, ids, day)
    mail = mail_addresses(session, ids, day)

    def line(office: Office, asked: str, zone: str) -> Line:
        held_by = held.get(office.id)
        region = office.organisation.region
        chosen = wanted.get(asked, OWN)
        there = past.seats.get(office.id)
        return Line(
            office_id=office.id,
            office=office.name,
            role_key=office.role_key,
            region_code=region.code if region else "",
            region=region.full_name if region else office.organisation.name,
            state="new" if there is None else "invited",
            address=office.id in mail,
            holder=chain.Holder(chain.named(held_by.person), held_by.standing)
            if held_by
            else None,
            timezone=zone,
            office_en=office_name(office, "en"),
            chairs=chosen,
            added=0 if there is None else sum(n for *_, n in chairs.missing(there, chosen)),
            why=past.why(office.id, asked, region.code if region else "") if not there else "",
        )

    lines: list[Line] = []
    for region in regions:
        for asked in roles:
            role_key = role_for(region, asked)
            posts = found[(region.code, role_key)]
            if not posts:
                why = past.why(None, asked, region.code)
                lines.append(_missing(session, region, role_key, wanted.get(asked, OWN), why))
            lines += [line(office, asked, region.timezone) for office in posts]
    for office in singly:
        home = office.organisation.region
        lines.append(line(office, office.id, home.timezone if home else convening.timezone))
    unique: dict[str, Line] = {}
    for one in lines:
        unique.setdefault(one.office_id or one.office, one)
    return Preview(tuple(unique.values()))


@dataclass(frozen=True)
class _Past:
    """What has been done before: who is invited with which seats, who was taken off, which rules
    were kept and when, and since when each region is a member."""

    seats: Mapping[str, Chairs]
    withdrawn: frozenset[str]
    rules: Mapping[str, dt.date]
    joined: Mapping[str, dt.date]

    @classmethod
    def read(
        cls,
        session: Session,
        convening: Convening,
        joined: Sequence[Member],
        roles: Sequence[str],
    ) -> _Past:
        rows = session.execute(
            sa.select(Invitation.id, Invitation.office_id, Invitation.withdrawn_at).where(
                Invitation.convening_id == convening.id
            )
        ).all()
        live = {row.id: row.office_id for row in rows if row.withdrawn_at is None}
        held = chairs.of_invitations(session, sorted(live)) if live else {}
        kept = session.execute(
            sa.select(GuestRule.role_key, GuestRule.added_at).where(
                GuestRule.convening_id == convening.id
            )
        )
        return cls(
            seats={office_id: held[id_] for id_, office_id in live.items()},
            withdrawn=frozenset(r.office_id for r in rows if r.withdrawn_at is not None),
            rules={key: day_in(at, convening.timezone) for key, at in kept} if rows else {},
            joined={member.region.code: member.joined_on for member in joined},
        )

    def why(self, office_id: str | None, asked: str, region_code: str) -> str:
        """Why an office that is not invited was not invited before; empty the first time."""
        if not self.seats and not self.withdrawn:
            return ""
        if office_id in self.withdrawn:
            return "withdrawn"
        kept = self.rules.get(asked)
        if kept is None:
            return "single" if asked == office_id else "rule"
        since = self.joined.get(region_code)
        return "joined" if since is not None and since >= kept else "office"


def regions_of(found: Iterable[Member]) -> list[Region]:
    """The members' regions, by name."""
    return sorted((member.region for member in found), key=lambda r: (r.name, r.code))


def rules(session: Session, convening_id: str) -> list[str]:
    """The role keys that were invited of every member."""
    return list(
        session.scalars(
            sa.select(GuestRule.role_key)
            .where(GuestRule.convening_id == convening_id)
            .order_by(GuestRule.added_at, GuestRule.role_key)
        )
    )


def _offices(
    session: Session, regions: Iterable[Region], roles: Iterable[str]
) -> dict[tuple[str, str], list[Office]]:
    codes = {region.code for region in regions}
    keys = {role_for(region, role) for region in regions for role in roles}
    found: dict[tuple[str, str], list[Office]] = defaultdict(list)
    rows = session.execute(
        sa.select(Organisation.region_code, Office)
        .join(Office, Office.organisation_id == Organisation.id)
        .options(
            joinedload(Office.role),
            joinedload(Office.organisation).joinedload(Organisation.region),
        )
        .where(
            Organisation.region_code.in_(codes),
            Office.role_key.in_(keys),
            Office.ended_on.is_(None),
        )
        .order_by(Office.name)
    )
    for code, office in rows:
        found[(str(code), office.role_key)].append(office)
    return found


def _missing(
    session: Session, region: Region, role_key: str, seats: Chairs, why: str
) -> Line:
    role = session.get_one(Role, role_key)
    return Line(
        office_id=None,
        office=f"{role.title_id} {region.full_name}",
        role_key=role_key,
        region_code=region.code,
        region=region.full_name,
        state="new",
        address=False,
        holder=None,
        timezone=region.timezone,
        office_en=f"{role.title_en}, {region_name(region, 'en')}",
        chairs=seats,
        why=why,
    )


def single_offices(session: Session, convening_id: str) -> list[str]:
    """The offices that were invited by themselves, as they were added."""
    return list(
        session.scalars(
            sa.select(GuestOffice.office_id)
            .where(GuestOffice.convening_id == convening_id)
            .order_by(GuestOffice.added_at, GuestOffice.office_id)
        )
    )


def _single(session: Session, office_ids: Sequence[str]) -> list[Office]:
    """The single offices asked for, in the order of protocol."""
    if len(office_ids) > MOST_OFFICES:
        raise Refusal("convenings.office_unknown", field="office")
    found = offices_by_id(session, office_ids) if office_ids else {}
    for id_ in office_ids:
        if id_ not in found or found[id_].ended_on is not None:
            raise Refusal("convenings.office_unknown", field="office")
    return sorted(found.values(), key=lambda o: (o.role.protocol_order, o.name))


def _known_roles(session: Session, roles: Sequence[str]) -> None:
    if len(roles) > MOST_ROLES:
        raise Refusal("convenings.role_unknown", field="roles", role=roles[-1][:40])
    known = {HEAD, DEPUTY_HEAD, *session.scalars(sa.select(Role.key))}
    for role in roles:
        if role not in known:
            raise Refusal("convenings.role_unknown", field="roles", role=role[:40])


def _convening(session: Session, convening_id: str) -> Convening:
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    return convening
