"""The directory at one moment, looked up as the rows of a file need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cohorts.directory.tables import Organisation, Role

FAR = dt.date.max
NAMES = ("front_title", "name", "back_title", "nip")


@dataclass(frozen=True)
class Snapshot:
    """The directory at one moment: bare rows, except organisations and roles."""

    organisations: Sequence[Organisation]
    roles: Sequence[Role]
    offices: Sequence[Any]  # id, organisation_id, role_key, name, pool, ended_on
    people: Sequence[Any]  # id, kept_id, front_title, name, back_title, nip, search_key
    terms: Sequence[Any]  # id, office_id, person_id, standing, from_on, until_on
    addresses: Sequence[Any]  # id, office_id, appointment_id, channel, value, label (in use)
    named: Sequence[Any]  # of the organisations: id, kind, name, region_code, search_key

    def same_as(self, other: Snapshot) -> bool:
        """Whether nothing changed between the two that a plan could depend on."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("named", "offices", "people", "terms", "addresses")
        )


@dataclass(slots=True)
class KnownOffice:
    id: str
    name: str
    pool: bool
    ended: bool


@dataclass(slots=True)
class KnownPerson:
    id: str
    key: str
    label: str  # who it is, for facts: the id, or what a new one is made of
    values: dict[str, Any]
    new: bool
    said: dict[str, int] = field(default_factory=dict)  # field -> the row that gave it


@dataclass(slots=True)
class KnownTerm:
    id: str
    person_id: str
    standing: str
    from_on: dt.date
    until_on: dt.date | None
    row: int = 0  # the row that makes it; 0 for one that is known

    def meets(self, from_on: dt.date, until_on: dt.date | None) -> bool:
        return self.from_on < (until_on or FAR) and from_on < (self.until_on or FAR)


class Known:
    """A snapshot by what rows name: places, offices, people and their terms. What a plan adds is
    added here too, so that the rows after it find it."""

    def __init__(self, known: Snapshot) -> None:
        self.roles = {role.key: role for role in known.roles}
        self.government = {o.region_code: o for o in known.organisations if o.region_code}
        self.others: dict[str, list[Organisation]] = {}
        for o in known.organisations:
            if not o.region_code:
                self.others.setdefault(o.search_key, []).append(o)
        self.offices = {
            (o.organisation_id, o.role_key, o.name): KnownOffice(
                o.id, o.name, o.pool, o.ended_on is not None
            )
            for o in known.offices
        }
        at = {o.id: o.organisation_id for o in known.offices}
        self.stands = {p.id: p.kept_id or p.id for p in known.people}
        self.people: dict[str, KnownPerson] = {}
        self.by_nip: dict[str, str] = {}
        keys: dict[str, str] = {}
        for p in known.people:
            keys[p.id] = p.search_key
            if p.nip:
                self.by_nip.setdefault(p.nip, self.stands[p.id])
            if not p.kept_id:
                values = {name: getattr(p, name) for name in NAMES}
                self.people[p.id] = KnownPerson(p.id, p.search_key, p.id, values, new=False)
        for p in known.people:  # a NIP that only a merged record has counts for who stands for it
            if p.kept_id and p.nip and not self.people[p.kept_id].values["nip"]:
                self.people[p.kept_id].values["nip"] = p.nip
        self.terms: dict[str, list[KnownTerm]] = {}
        self.named: dict[tuple[str, str], set[str]] = {}
        once: dict[tuple[Any, ...], str] = {}
        owners: dict[str, str] = {}  # of a term that two merged records have, the first
        for t in known.terms:
            person_id = self.stands[t.person_id]
            facts = (t.office_id, person_id, t.standing, t.from_on, t.until_on)
            owners[t.id] = once.setdefault(facts, t.id)
            if owners[t.id] == t.id:
                self.terms.setdefault(t.office_id, []).append(KnownTerm(t.id, *facts[1:]))
            for record in {t.person_id, person_id}:
                self.named.setdefault((at[t.office_id], keys[record]), set()).add(person_id)
        self.addresses: dict[str, dict[tuple[str, str], str]] = {}
        for a in known.addresses:
            owner = a.office_id or owners[a.appointment_id]
            self.addresses.setdefault(owner, {})[a.channel, a.value] = a.label
