"""Which offices a poll asks, and the same offices whom choosing a date invites."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import chain
from cohorts.directory.appointments import holders
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import (
    DEPUTY_HEAD,
    HEAD,
    office_name,
    region_name,
    role_for,
)
from cohorts.directory.tables import ContactPoint, Office, Organisation, Region, Role


@dataclass(frozen=True)
class Whom:
    """An office of a region. ``office_id`` is None while the directory does not hold it: it is made
    when it is asked. ``standing`` is that of its holder, None while it is vacant or unknown."""

    region: Region
    role_key: str
    office_id: str | None
    office: str
    office_en: str
    address: ContactPoint | None
    standing: str | None

    @property
    def titled(self) -> str:
        """The office with its holder's standing: "Pj. Wali Kota Ambon"."""
        return chain.PREFIXES[self.standing or "definitive"] + self.office


def whom(
    session: Session, regions: Sequence[Region], roles: Sequence[str], day: dt.date
) -> list[Whom]:
    """The posts of the regions on a day, as an invitation resolves them, by the order given.

    A post that a region does not have yet stands there without an id. The number of queries does
    not depend on how many there are. Raises Refusal directory.role_elsewhere.
    """
    wanted = [(region, role_for(region, role)) for region in regions for role in roles]
    titles = {
        role.key: role
        for role in session.scalars(
            sa.select(Role).where(Role.key.in_({role_key for _region, role_key in wanted}))
        )
    }
    found: dict[tuple[str, str], list[Office]] = defaultdict(list)
    rows = session.scalars(
        sa.select(Office)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Organisation.region_code.in_({region.code for region in regions}),
            Office.role_key.in_(titles),
            Office.ended_on.is_(None),
        )
        .options(
            joinedload(Office.role), joinedload(Office.organisation).joinedload(Organisation.region)
        )
        .order_by(Office.name)
    )
    for office in rows:
        found[str(office.organisation.region_code), office.role_key].append(office)
    ids = [office.id for offices in found.values() for office in offices]
    points, held = mail_addresses(session, ids, day), holders(session, ids, day)
    told: list[Whom] = []
    for region, role_key in wanted:
        for office in found[region.code, role_key]:
            by = held.get(office.id)
            told.append(
                Whom(
                    region,
                    role_key,
                    office.id,
                    office.name,
                    office_name(office, "en"),
                    points.get(office.id),
                    by.standing if by else None,
                )
            )
        if not found[region.code, role_key]:
            own, english = _future(region, titles[role_key])
            told.append(Whom(region, role_key, None, own, english, None, None))
    return list({one.office_id or one.office: one for one in told}.values())


def _future(region: Region, role: Role) -> tuple[str, str]:
    """What an office will be called once it is made: "Bupati Siak", in English "Regent of Siak";
    heads carry the bare name."""
    if role.key in (role_for(region, HEAD), role_for(region, DEPUTY_HEAD)):
        administrative = "" if region.autonomous else "Administrasi "
        bare = region_name(region, "en", bare=True)
        return f"{role.title_id} {administrative}{region.name}", f"{role.title_en} of {bare}"
    return f"{role.title_id} {region.full_name}", f"{role.title_en}, {region_name(region, 'en')}"
