"""A guest from outside the regions: a ministry, a partner, a university, and who speaks for it.

The organisation, its office and its address are entered where the invitation is made. Such an
office has no region, so it never stands in a figure about regions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.convening import get, where
from cohorts.directory import appointments, contacts, offices, people
from cohorts.directory.tables import ORGANISATION_KINDS, Office, Organisation, Role
from cohorts.ground.access import Actor, demand
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

KINDS = tuple(kind for kind in ORGANISATION_KINDS if kind != "region")
ROLES = (
    "presiden", "menko", "menteri", "wamen", "dirjen", "direktur", "narasumber", "mitra", "media",
)
"""Roles that an organisation has which is no region, in the order of protocol."""


@dataclass(frozen=True)
class Outside:
    """Who is invited from outside: ``title`` narrows the role ("Rektor"); name and address may be
    left empty and added in the directory."""

    kind: str
    organisation: str
    role_key: str
    title: str = ""
    name: str = ""
    front_title: str = ""
    back_title: str = ""
    email: str = ""


def enter(
    session: Session, convening_id: str, guest: Outside, actor: Actor, now: dt.datetime
) -> Office:
    """Enter the office into the directory, with its holder and address where they are given; the
    same one twice is one. Nobody is invited yet.

    Raises Refusal convenings.role_unknown, directory.email_form, ground.needed, ground.too_long.
    """
    convening = get(session, convening_id)
    demand(actor, "convening.invite", where(convening))
    if guest.kind not in KINDS or guest.role_key not in ROLES:
        raise Refusal("convenings.role_unknown", field="role_key", role=guest.role_key[:40])
    day = day_in(now, convening.timezone)
    home = offices.add_organisation(
        session, kind=guest.kind, name=guest.organisation, actor=actor, now=now,
        sample=convening.cohort.sample,
    )  # fmt: skip
    office = offices.ensure_office(
        session, role_key=guest.role_key, organisation_id=home.id, title=guest.title, actor=actor,
        now=now,
    )  # fmt: skip
    if guest.name.strip() and appointments.holder(session, office.id, day) is None:
        person = people.add_person(
            session, name=guest.name, front_title=guest.front_title, back_title=guest.back_title,
            sample=convening.cohort.sample, actor=actor, now=now,
        )  # fmt: skip
        appointments.appoint(
            session, office_id=office.id, person_id=person.id, from_on=day, actor=actor, now=now
        )
    if guest.email.strip():
        contacts.add_contact(
            session, channel="email", value=guest.email,
            source=f"undangan pertemuan ke-{convening.number}", from_on=day, office_id=office.id,
            actor=actor, now=now,
        )  # fmt: skip
    return office


def known(session: Session) -> list[Office]:
    """The offices outside the regions that the directory holds, in the order of protocol."""
    query = (
        sa.select(Office.id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .join(Role, Role.key == Office.role_key)
        .where(Organisation.kind != "region", Office.ended_on.is_(None))
        .order_by(Role.protocol_order, Office.name)
        .limit(500)
    )
    ids = list(session.scalars(query))
    found = offices.offices(session, ids)
    return [found[id_] for id_ in ids]
