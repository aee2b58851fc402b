"""Writing the directory as a file of people and offices: the form that the import reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.importing import bare_rows
from cohorts.directory.offices import own_title
from cohorts.directory.posts import STANDINGS_WRITTEN
from cohorts.directory.sheets import (
    ADDRESS_COLUMNS,
    KINDS_WRITTEN,
    LABELS_WRITTEN,
    USUAL_LABEL,
)
from cohorts.directory.tables import Appointment, ContactPoint, Office, Organisation, Person


def written(session: Session, today: dt.date, *, nips: bool) -> Iterable[list[Any]]:
    """The directory as lines of a file, in the order of COLUMNS: an office with one holder a line,
    then offices that nobody holds. ``nips`` only for who may edit the directory.

    Offices that have ended are left out; terms that have ended are kept, without addresses.
    """
    offices = session.scalars(
        sa.select(Office)
        .where(Office.ended_on.is_(None))
        .options(
            joinedload(Office.role),
            joinedload(Office.organisation).joinedload(Organisation.region),
        )
    ).all()
    held_by = bare_rows(  # before the people: a term that is saved meanwhile names one of them
        session, Appointment, "office_id", "person_id", "standing", "from_on", "until_on"
    )
    people = {
        p.id: p
        for p in bare_rows(session, Person, "kept_id", "front_title", "name", "back_title", "nip")
    }
    numbers = {p.kept_id or p.id: p.nip for p in people.values() if p.nip and p.kept_id}
    numbers |= {p.id: p.nip for p in people.values() if p.nip and not p.kept_id}
    terms: dict[str, dict[tuple[Any, ...], tuple[Any, list[str]]]] = {}
    for t in held_by:
        person = people[people[t.person_id].kept_id or t.person_id]
        key = (person.id, t.standing, t.from_on, t.until_on)
        terms.setdefault(t.office_id, {}).setdefault(key, (person, []))[1].append(t.id)
    addresses: dict[str, list[Any]] = {}
    in_use = sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > today)
    for a in bare_rows(
        session, ContactPoint, "office_id", "appointment_id", "channel", "value", "label",
        "source", where=in_use,
    ):
        addresses.setdefault(a.office_id or a.appointment_id, []).append(a)

    def place(office: Office) -> tuple[Any, ...]:
        at = office.organisation
        return (at.region_code is None, at.region_code or "", at.name,
                office.role.protocol_order, office.name, office.id)

    for office in sorted(offices, key=place):
        own = addresses.get(office.id, [])
        front = _office_cells(office)
        if not terms.get(office.id):
            yield [*front, *_address_cells("office", own), *[None] * 7, *[None] * 3, _source(own)]
        for at, (key, (person, ids)) in enumerate(
            sorted(terms.get(office.id, {}).items(), key=lambda t: (t[0][2], t[0][0]), reverse=True)
        ):
            held = [a for one in ids for a in addresses.get(one, [])]
            of_office = own if at == 0 else []
            yield [
                *front,
                *_address_cells("office", of_office),
                person.id,
                person.front_title,
                person.name,
                person.back_title,
                numbers.get(person.id) if nips else None,
                STANDINGS_WRITTEN[key[1]],
                key[2],
                key[3],
                *_address_cells("holder", held),
                _source([*of_office, *held]),
            ]


def _office_cells(office: Office) -> list[Any]:
    at = office.organisation
    region = at.region
    return [
        at.region_code,
        region.full_name if region else None,
        None if region else KINDS_WRITTEN[at.kind],
        None if region else at.name,
        own_title(office),
        office.role.title_id,
    ]


def _address_cells(owner: str, found: Sequence[Any]) -> list[str]:
    """One cell for each channel; an address that somebody else answers says who."""
    cells: list[str] = []
    for of, channel in ADDRESS_COLUMNS.values():
        if of == owner:
            cells.append(", ".join(
                a.value if a.label == USUAL_LABEL[owner]
                else f"{a.value} ({LABELS_WRITTEN[a.label]})"
                for a in found if a.channel == channel
            ))
    return cells


def _source(found: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(a.source for a in found))[:200]
