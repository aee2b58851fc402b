"""What happens in the directory. Events hold ids and offices, never a person's name."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationAdded(Event):
    """A ministry, agency, NGO, university or company was added; regions come with the product."""

    name: ClassVar[str] = "directory.organisation_added"
    kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficeAdded(Event):
    """An office was added, by hand or because somebody invited it."""

    name: ClassVar[str] = "directory.office_added"
    office: str
    role: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfficeEnded(Event):
    """An office no longer exists; its holders and addresses ended with it."""

    name: ClassVar[str] = "directory.office_ended"
    office: str
    ended_on: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """A person was added to the directory."""

    name: ClassVar[str] = "directory.person_added"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonCorrected(Event):
    """A person's name, titles or NIP were corrected; ``fields`` says which."""

    name: ClassVar[str] = "directory.person_corrected"
    fields: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeopleMerged(Event):
    """Two records turned out to be one person: the subject stands for ``merged_id`` too."""

    name: ClassVar[str] = "directory.people_merged"
    merged_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeopleParted(Event):
    """A merge was undone: ``merged_id`` stands for itself again."""

    name: ClassVar[str] = "directory.people_parted"
    merged_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Appointed(Event):
    """A person began to hold an office, as definitive, Pj., Plt. or Plh."""

    name: ClassVar[str] = "directory.appointed"
    office: str
    person_id: str
    standing: str
    from_on: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentEnded(Event):
    """A person ceased to hold an office; ``until_on`` is the first day without it. Addresses that
    belonged to the appointment were retired with it."""

    name: ClassVar[str] = "directory.appointment_ended"
    office: str
    person_id: str
    until_on: dt.date
    addresses_retired: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContactAdded(Event):
    """An office or an appointment got an address; the address itself is not in the chronicle."""

    name: ClassVar[str] = "directory.contact_added"
    office: str
    channel: str
    label: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContactConfirmed(Event):
    """Somebody made sure that an address reaches the office. Codes go only to confirmed ones."""

    name: ClassVar[str] = "directory.contact_confirmed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContactEnded(Event):
    """An address is no longer used."""

    name: ClassVar[str] = "directory.contact_ended"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DirectoryImported(Event):
    """A file of people and offices was taken over; the numbers say what was added, corrected and
    ended. Terms that it ended have their own ``directory.appointment_ended``."""

    name: ClassVar[str] = "directory.imported"
    rows: int
    organisations: int
    offices: int
    people: int
    corrected: int
    appointments: int
    ended: int
    addresses: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StandInsChanged(Event):
    """The list of posts that may stand in for a post changed."""

    name: ClassVar[str] = "directory.stand_ins_changed"
    role: str
    stand_ins: tuple[str, ...]
