"""What a checked file of people and offices would change in the directory as it stands.

Pure: a ``Snapshot`` of the directory and the rows go in, a ``Plan`` comes out, to be shown before
anything is written and made again, the same, under the lock. How a row finds its person: by
``id_orang``; by NIP; else by name in the same office; else by name at the same organisation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cohorts.directory import spelling
from cohorts.directory.changes import Ending, Plan, Touch
from cohorts.directory.known import (
    NAMES,
    Known,
    KnownOffice,
    KnownPerson,
    KnownTerm,
    Snapshot,
)
from cohorts.directory.lines import Change
from cohorts.directory.offices import describe, name_at
from cohorts.directory.people import masked_nip
from cohorts.directory.sheets import KINDS_WRITTEN, LABELS_WRITTEN, USUAL_LABEL, Address, PostRow
from cohorts.directory.tables import Organisation
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal

_COLUMNS = {
    "front_title": "gelar_depan", "name": "nama", "back_title": "gelar_belakang", "nip": "nip",
}


class Planner:
    """Goes through rows against a snapshot; the result is in ``plan``."""

    def __init__(self, known: Snapshot, today: dt.date) -> None:
        self.plan = Plan()
        self._at = ""  # the organisation of the row in hand
        self._today = today
        self._known = Known(known)
        self._lines: dict[tuple[str, str], int] = {}

    def take(self, rows: Sequence[PostRow]) -> Plan:
        """Plan all rows of a file. Those that end a term come first, so that a file may name a
        holder before the one who held the office until then."""
        self.plan.rows = len(rows)
        for row in sorted(rows, key=lambda r: (r.until_on is None, r.number)):
            self._take(row)
        self.plan.errors.sort(key=lambda e: e.row)
        self.plan.changes.sort(key=lambda c: c.number)
        self.plan.touches.sort(key=lambda t: t.number)
        return self.plan

    def _take(self, row: PostRow) -> None:
        before = len(self.plan.facts)
        office = self._row(row)
        if office is not None and (done := self.plan.facts[before:]):
            kinds = tuple(dict.fromkeys(fact[0] for fact in done))
            self.plan.touches.append(Touch(row.number, office.name, row.name, kinds))

    def _row(self, row: PostRow) -> KnownOffice | None:
        office = self._office(row)
        if office is None:
            return None
        term: KnownTerm | None = None
        if row.name:
            person = self._person(row, office)
            if person is None:
                return None
            term = self._term(row, office, person)
            if term is None:
                return None
        key = (office.id, term.id if term else "")
        earlier = self._lines.setdefault(key, row.number)
        if earlier != row.number:
            self.plan.wrong(row, "nama" if term else "jabatan", "twice", earlier)
            return None
        for address in row.addresses:
            self._address(row, address, office, term)
        return office

    # --- where -----------------------------------------------------------------------------------

    def _organisation(self, row: PostRow) -> Organisation | None:
        if row.organisation is None:
            return self._known.government[row.region_code or ""]
        kind, name = row.organisation
        key = spelling.key_of([name], most=300)
        found = [o for o in self._known.others.get(key, []) if kind in (None, o.kind)]
        if len(found) == 1:
            return found[0]
        if kind is None:
            self.plan.wrong(row, "jenis_lembaga", "needed", choices=KINDS_WRITTEN.values())
            return None
        made = Organisation(id=new_id(), kind=kind, name=name, search_key=key, sample=False)
        self._known.others.setdefault(key, []).append(made)
        self.plan.organisations.append(
            {"id": made.id, "kind": kind, "name": name, "search_key": key, "sample": False}
        )
        self.plan.does("organisation", kind, name)
        return made

    def _office(self, row: PostRow) -> KnownOffice | None:
        organisation = self._organisation(row)
        if organisation is None:
            return None
        role = self._known.roles[row.role_key]
        try:
            name = name_at(row.title, role, organisation)
        except Refusal:
            self.plan.wrong(row, "jabatan", "too_long", row.title)
            return None
        key = (organisation.id, role.key, name)
        found = self._known.offices.get(key)
        if found is None:
            described = describe(row.title, role, organisation)
            found = KnownOffice(new_id(), name, described["pool"], ended=False)
            self._known.offices[key] = found
            self.plan.offices.append(
                {
                    "id": found.id,
                    "organisation_id": organisation.id,
                    "role_key": role.key,
                    "ended_on": None,
                    **described,
                }
            )
            self.plan.does("office", organisation.name, role.key, name)
        elif found.ended:
            self.plan.wrong(row, "jabatan", "office_over", found.name)
            return None
        self._at = organisation.id
        return found

    # --- who -------------------------------------------------------------------------------------

    def _person(self, row: PostRow, office: KnownOffice) -> KnownPerson | None:
        key = spelling.without_titles(row.name)[:200]
        found: KnownPerson | None
        if row.person_id:
            found = self._known.people.get(self._known.stands.get(row.person_id, ""))
            if found is None:
                self.plan.wrong(row, "id_orang", "id", row.person_id)
                return None
        elif row.nip and row.nip in self._known.by_nip:
            found = self._known.people[self._known.by_nip[row.nip]]
            if found.key != key:
                self.plan.wrong(row, "nip", "nip_other", found.values["name"])
                return None
        elif row.nip and row.nip.endswith("000"):  # no such number is given out
            self.plan.wrong(row, "nip", "rounded", row.nip)
            return None
        else:
            found = self._by_name(row, key, office)
            if self.plan.errors and self.plan.errors[-1].row == row.number:
                return None
        if found is None:
            return self._new_person(row, key)
        return found if self._corrected(row, found) else None

    def _by_name(self, row: PostRow, key: str, office: KnownOffice) -> KnownPerson | None:
        named = self._known.named.get((self._at, key), set())
        here = {t.person_id for t in self._known.terms.get(office.id, ())} & named
        fits = [
            self._known.people[one]
            for one in sorted(here or named)
            if not row.nip or self._known.people[one].values["nip"] in (None, row.nip)
        ]
        if len(fits) > 1:
            self.plan.wrong(row, "nama", "namesake", row.name)
        elif not fits and here:
            end = self._known.people[min(here)].values["nip"][-4:]
            self.plan.wrong(row, "nip", "nip_differs", end)
        return fits[0] if len(fits) == 1 else None

    def _new_person(self, row: PostRow, key: str) -> KnownPerson:
        values = {name: getattr(row, name) for name in NAMES}
        label = f"new {row.number}"
        made = KnownPerson(new_id(), key, label, values, new=True)
        made.said = {name: row.number for name in NAMES if values[name]}
        self._known.people[made.id] = made
        self._known.named.setdefault((self._at, key), set()).add(made.id)
        if row.nip:
            self._known.by_nip[row.nip] = made.id
        # ``values`` is shared: what a later row adds to a new person is written with it.
        self.plan.people.append(values)
        values |= {"id": made.id, "search_key": key, "sample": False}
        self.plan.does("person", row.front_title, row.name, row.back_title, row.nip)
        return made

    def _corrected(self, row: PostRow, person: KnownPerson) -> bool:
        """Take over what the row says of a known person; whether nothing contradicts it."""
        fields: dict[str, tuple[Any, Any]] = {}
        for name in NAMES:
            given, held = getattr(row, name), person.values[name]
            if not given:
                continue
            if given == held:
                person.said.setdefault(name, row.number)
                continue
            alike = held and spelling.fold(given) == spelling.fold(held)
            if not row.person_id and (name == "name" or alike):
                continue  # only a spelling; with the person's id it is a correction
            if name in person.said:
                self.plan.wrong(row, _COLUMNS[name], "line_other", person.said[name])
                return False
            if name == "nip" and self._known.by_nip.setdefault(given, person.id) != person.id:
                other = self._known.people[self._known.by_nip[given]].values["name"]
                self.plan.wrong(row, "nip", "nip_other", other)
                return False
            fields[name] = (held, given)
        for name, (_held, given) in fields.items():
            person.values[name] = given
            person.said[name] = row.number
            self.plan.does("correct", person.label, name, given)
        if fields and not person.new:
            if "name" in fields:
                person.key = spelling.without_titles(row.name)[:200]
                self._known.named.setdefault((self._at, person.key), set()).add(person.id)
            self.plan.corrections[person.id] = {
                **{name: person.values[name] for name in NAMES}, "search_key": person.key,
            }
            if "nip" in fields:
                before, after = fields["nip"]
                fields["nip"] = (masked_nip(before), masked_nip(after))
            self.plan.changes.append(Change(row.number, person.values["name"], fields))
        return True

    # --- when ------------------------------------------------------------------------------------

    def _term(self, row: PostRow, office: KnownOffice, person: KnownPerson) -> KnownTerm | None:
        """The term that the row is about: known, ended by it, or new."""
        terms = self._known.terms.setdefault(office.id, [])
        own = [
            t for t in terms
            if t.person_id == person.id and row.standing in (None, t.standing)
        ]
        going = next((t for t in own if t.until_on is None), None)
        if row.from_on:
            known = [t for t in own if t.from_on == row.from_on]
            same = next((t for t in known if t.until_on == row.until_on), None)
            found = same or next(iter(known), None)
            if found is None and going and going.meets(row.from_on, row.until_on):
                self.plan.wrong(row, "mulai", "since", choices=[going.from_on.isoformat()])
                return None
        else:
            found = next((t for t in own if row.until_on and t.until_on == row.until_on), going)
            if found is None and row.until_on:
                self.plan.wrong(row, "mulai", "needed")
                return None
        if found is None:
            return self._new_term(row, office, person, terms)
        if row.until_on is None or row.until_on == found.until_on:
            return found
        if found.until_on is not None:
            self.plan.wrong(row, "berakhir", "until", choices=[found.until_on.isoformat()])
            return None
        if row.until_on < found.from_on:
            self.plan.wrong(row, "berakhir", "ends_before", row.until_on)
            return None
        self._end(row, found, office, row.until_on)
        return found

    def _new_term(
        self, row: PostRow, office: KnownOffice, person: KnownPerson, terms: list[KnownTerm]
    ) -> KnownTerm | None:
        from_on, until_on = row.from_on or self._today, row.until_on
        standing = row.standing or "definitive"
        ends: list[KnownTerm] = []
        for other in terms:
            if not other.meets(from_on, until_on):
                continue
            own = other.person_id == person.id
            if not own and (office.pool or not other.standing == standing == "definitive"):
                continue
            name = self._known.people[other.person_id].values["name"]
            if other.row:
                self.plan.wrong(row, "nama", "twice" if own else "two_holders", other.row)
            elif other.until_on is not None or other.from_on > from_on or other.standing == (
                standing if own else ""
            ):
                self.plan.wrong(row, "mulai", "held", name)
            elif not row.from_on:
                self.plan.wrong(row, "mulai", "handover_day", name)
            else:
                ends.append(other)
                continue
            return None
        for other in ends:
            self._end(row, other, office, from_on)
        made = KnownTerm(new_id(), person.id, standing, from_on, until_on, row.number)
        terms.append(made)
        self.plan.terms.append(
            {
                "id": made.id,
                "office_id": office.id,
                "person_id": person.id,
                "standing": standing,
                "single": not office.pool,
                "from_on": from_on,
                "until_on": until_on,
            }
        )
        self.plan.does("appoint", office.name, person.label, standing, from_on, until_on)
        return made

    def _end(self, row: PostRow, term: KnownTerm, office: KnownOffice, until_on: dt.date) -> None:
        term.until_on = until_on
        name = self._known.people[term.person_id].values["name"]
        self.plan.endings.append(
            Ending(row.number, term.id, term.person_id, office.name, name, until_on)
        )
        self.plan.does("end", term.id, until_on)

    # --- how to reach them -----------------------------------------------------------------------

    def _address(
        self, row: PostRow, address: Address, office: KnownOffice, term: KnownTerm | None
    ) -> None:
        own = term if address.owner == "holder" else None  # reading insists that there is one
        known = self._known.addresses.setdefault(own.id if own else office.id, {})
        label = known.get((address.channel, address.value))
        if label is not None:
            if address.label not in (None, label):
                self.plan.wrong(row, address.column, "labelled", LABELS_WRITTEN[label])
            return
        if own is not None and own.until_on is not None:
            self.plan.wrong(row, address.column, "over", address.value)
            return
        label = address.label or USUAL_LABEL[address.owner]
        known[address.channel, address.value] = label
        self.plan.addresses.append(
            {
                "id": new_id(),
                "office_id": None if own else office.id,
                "appointment_id": own.id if own else None,
                "channel": address.channel,
                "value": address.value,
                "label": label,
                "source": row.source,
                "from_on": self._today,
                "until_on": None,
                "confirmed_at": None,
                "confirmed_by": None,
            }
        )
        self.plan.does("address", office.name, row.name, address.channel, address.value, label)


def planned(known: Snapshot, rows: Sequence[PostRow], today: dt.date) -> Plan:
    """What the rows would change."""
    return Planner(known, today).take(rows)
