"""Inviting by office: rules over the members, a preview, one transaction (domain rules, section 4).

One invitation per office and convening. Inviting twice adds nothing, whatever the number of clicks
or organisers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import calendar, chain
from cohorts.convenings.convening import where
from cohorts.convenings.events import InvitationWithdrawn, OfficesInvited
from cohorts.convenings.tables import Convening, GuestRule, HandOver, Invitation, Seat
from cohorts.directory.appointments import holders
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import (
    DEPUTY_HEAD,
    HEAD,
    ensure_office,
    office_name,
    region_name,
    role_for,
)
from cohorts.directory.tables import Office, Organisation, Region, Role
from cohorts.ground import outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import Member, members

MOST_ROLES = 12
OPEN = ("announced", "in_progress")


@dataclass(frozen=True)
class Line:
    """What inviting would do for one office.

    ``office_id`` is None for an office that the directory does not hold yet: it is made when it is
    invited. ``standing`` is that of the holder (pj, plt, plh) or None while vacant or unknown.
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


@dataclass(frozen=True)
class Invited:
    """What one act of inviting did."""

    new: int
    mailed: int
    already: int


def preview(
    session: Session, convening_id: str, roles: Sequence[str], now: dt.datetime
) -> Preview:
    """What ``invite`` would do; changes nothing. Raises Refusal convenings.role_unknown."""
    convening = _convening(session, convening_id)
    _known_roles(session, roles)
    day = day_in(now, convening.timezone)
    regions = regions_of(members(session, convening.cohort_id, now))
    found = _offices(session, regions, roles)
    ids = [office.id for offices in found.values() for office in offices]
    invited = _invited(session, convening_id)
    held = holders(session, ids, day)
    mail = mail_addresses(session, ids, day)
    lines: list[Line] = []
    for region in regions:
        for asked in roles:
            role_key = role_for(region, asked)
            offices = found[(region.code, role_key)]
            if not offices:
                lines.append(_missing(session, region, role_key))
            for office in offices:
                held_by = held.get(office.id)
                lines.append(
                    Line(
                        office_id=office.id,
                        office=office.name,
                        role_key=role_key,
                        region_code=region.code,
                        region=region.full_name,
                        state="invited" if office.id in invited else "new",
                        address=office.id in mail,
                        holder=chain.Holder(chain.named(held_by.person), held_by.standing)
                        if held_by
                        else None,
                        timezone=region.timezone,
                        office_en=office_name(office, "en"),
                    )
                )
    unique = {(line.office_id or line.office): line for line in lines}
    return Preview(tuple(unique.values()))


def invite(
    session: Session,
    convening_id: str,
    roles: Sequence[str],
    actor: Actor,
    now: dt.datetime,
    *,
    seen: int | None = None,
) -> Invited:
    """Invite these posts of every member, in this one transaction; a message each where an address
    is known, the others stand on the call list.

    ``roles`` are role keys; ``kepala_daerah`` resolves by the region's type. ``seen`` is how many
    new ones the organiser saw in the preview: another number raises Refusal
    convenings.changed_since_preview, unless everything asked for has been done already (a double
    click). Raises Refusal convenings.not_announced, no_roles, role_unknown.
    """
    convening = session.get(Convening, convening_id, with_for_update=True, populate_existing=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.invite", where(convening))
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    if not roles:
        raise Refusal("convenings.no_roles", field="roles")
    plan = preview(session, convening_id, roles, now)
    if seen is not None and plan.new not in (seen, 0):
        raise Refusal("convenings.changed_since_preview", seen=seen, now=plan.new)
    _keep_rules(session, convening_id, roles, now)
    first, again = _invite_offices(session, convening, plan, actor, now)
    made = [*first, *again]
    day = day_in(now, convening.timezone)
    points = mail_addresses(session, [i.office_id for i in made], day)
    names = {line.office_id: line.office for line in plan.lines}
    mailed = calendar.post_first(
        session,
        [(i, points[i.office_id], names[i.office_id]) for i in first if i.office_id in points],
        now,
    )
    mailed += sum(
        calendar.post_request(session, invitation, points[invitation.office_id], now)
        for invitation in again
        if invitation.office_id in points
    )
    if made:
        record(
            session,
            OfficesInvited(
                subject=("convening", convening_id),
                cohort_id=convening.cohort_id,
                roles=tuple(roles),
                invited=len(made),
                mailed=mailed,
            ),
            actor,
            now,
        )
    return Invited(len(made), mailed, plan.invited)


def withdraw(
    session: Session, invitation_id: str, actor: Actor, now: dt.datetime
) -> Invitation:
    """Take an office off the list: its links and passes end, and its calendar is told if it knew.

    Withdrawing twice is withdrawing once. Who is invited again later gets links of their own.
    """
    invitation = locked(session, invitation_id)
    convening = invitation.convening
    demand(actor, "convening.invite", where(convening))
    if invitation.withdrawn_at is not None:
        return invitation
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    invitation.withdrawn_at = now
    invitation.generation += 1
    invitation.calendar_lead += 1
    session.flush()
    deputies = session.scalars(
        sa.select(HandOver)
        .join(Seat, Seat.id == HandOver.seat_id)
        .where(Seat.invitation_id == invitation_id, HandOver.revoked_at.is_(None))
    )
    for hand_over in deputies:
        hand_over.revoked_at = now
        hand_over.revoked_by = actor.id
        outbox.supersede(session, thread=f"deputy:{hand_over.id}", kinds=("deputy_link",))
    calendar.post_cancel(session, invitation, "withdrawn", now)
    record(
        session,
        InvitationWithdrawn(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=invitation.office.name,
        ),
        actor,
        now,
    )
    session.flush()
    return invitation


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


def _invite_offices(
    session: Session, convening: Convening, plan: Preview, actor: Actor, now: dt.datetime
) -> tuple[list[Invitation], list[Invitation]]:
    """Make the invitations of the new lines; who was withdrawn before is invited anew, with links
    of their own. Returns both kinds."""
    wanted = {
        line.office_id
        or ensure_office(
            session, role_key=line.role_key, region_code=line.region_code, actor=actor, now=now
        ).id
        for line in plan.lines
        if line.state == "new"
    }
    again = list(
        session.scalars(
            sa.select(Invitation)
            .where(Invitation.convening_id == convening.id, Invitation.office_id.in_(wanted))
            .order_by(Invitation.id)
        )
    )
    for known in again:
        known.withdrawn_at = None
        known.invited_at = now
        known.invited_by = actor.id
        known.calendar_lead += 1
    first = [
        Invitation(
            id=new_id(),
            convening=convening,
            office_id=office_id,
            generation=1,
            calendar_lead=0,
            invited_at=now,
            invited_by=actor.id,
        )
        for office_id in sorted(wanted - {known.office_id for known in again})
    ]
    session.add_all(first)
    session.flush()
    session.add_all(
        Seat(id=new_id(), invitation_id=made.id, kind="office", position=1) for made in first
    )
    session.flush()
    return first, again


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


def _missing(session: Session, region: Region, role_key: str) -> Line:
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
    )


def _invited(session: Session, convening_id: str) -> set[str]:
    return set(
        session.scalars(
            sa.select(Invitation.office_id).where(
                Invitation.convening_id == convening_id, Invitation.withdrawn_at.is_(None)
            )
        )
    )


def _keep_rules(
    session: Session, convening_id: str, roles: Sequence[str], now: dt.datetime
) -> None:
    known = set(rules(session, convening_id))
    session.add_all(
        GuestRule(convening_id=convening_id, role_key=role, added_at=now)
        for role in dict.fromkeys(roles)
        if role not in known
    )
    session.flush()


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


def locked(session: Session, invitation_id: str) -> Invitation:
    invitation = session.get(
        Invitation, invitation_id, with_for_update=True, populate_existing=True
    )
    if invitation is None:
        raise Refusal("ground.not_found")
    return invitation
