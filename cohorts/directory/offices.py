"""Offices (jabatan): a role at an organisation, named as it is addressed, held or vacant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory import spelling
from cohorts.directory.events import (
    OfficeAdded,
    OfficeEnded,
    OrganisationAdded,
    StandInsChanged,
)
from cohorts.directory.regions import government
from cohorts.directory.tables import (
    Appointment,
    ContactPoint,
    MayStandFor,
    Office,
    Organisation,
    Region,
    Role,
)
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

HEAD = "kepala_daerah"
DEPUTY_HEAD = "wakil_kepala_daerah"
_BY_TYPE = {
    HEAD: {"provinsi": "gubernur", "kabupaten": "bupati", "kota": "walikota"},
    DEPUTY_HEAD: {"provinsi": "wagub", "kabupaten": "wabup", "kota": "wawali"},
    "sekda": {"provinsi": "sekda_prov"},
}
_ONLY_IN = {
    "gubernur": "provinsi",
    "wagub": "provinsi",
    "sekda_prov": "provinsi",
    "bupati": "kabupaten",
    "wabup": "kabupaten",
    "walikota": "kota",
    "wawali": "kota",
}
_POOLS = frozenset(
    {"asisten", "staf_ahli", "jf", "operator", "pendamping", "mitra", "narasumber", "media"}
)
_SUBJECTS = {"informatika": "Informatics", "aptika": "Informatics applications"}
_SHORT = {
    "kadiskominfo": ("Kadiskominfo", "Kepala Diskominfo", "Kadis Kominfo"),
    "sekda": ("Sekda",),
    "sekda_prov": ("Sekda",),
    "wabup": ("Wabup",),
    "wawali": ("Wawali",),
    "wagub": ("Wagub",),
    "kabid": ("Kabid",),
    "sekdis": ("Sekdis",),
}


def role_for(region: Region | None, role_key: str) -> str:
    """The role meant in a region: ``kepala_daerah`` is gubernur, bupati or walikota by its type,
    ``sekda`` of a province is sekda_prov. Raises Refusal directory.role_elsewhere for a bupati of
    a city and its like."""
    if region is None:
        return role_key
    resolved = _BY_TYPE.get(role_key, {}).get(region.type, role_key)
    if _ONLY_IN.get(resolved, region.type) != region.type:
        raise Refusal(
            "directory.role_elsewhere", field="role_key", office=f"{role_key} {region.full_name}"
        )
    return resolved


def ensure_office(
    session: Session,
    *,
    role_key: str,
    actor: Actor,
    now: dt.datetime,
    region_code: str | None = None,
    organisation_id: str | None = None,
    title: str | None = None,
) -> Office:
    """The office of a role at a region's government or another organisation; made when missing.

    ``title`` narrows a role ("Kepala Bidang Informatika"); without it the role's own is used.
    Asks no permission: whoever may invite or raise an item may name the office it is for. Raises
    Refusal directory.region_unknown, role_unknown, role_elsewhere, office_ended, ground.too_long.
    """
    if organisation_id is None:
        organisation = government(session, region_code or "")
    else:
        organisation = _organisation(session, organisation_id)
    region = organisation.region
    role = session.get(Role, role_for(region, role_key))
    if role is None:
        raise Refusal("directory.role_unknown", field="role_key", given=role_key[:40])
    own = bounds.line(title or "", most=100, field="title") or role.title_id
    described = describe(own, role, organisation)
    found = session.scalar(
        sa.select(Office).where(
            Office.organisation_id == organisation.id,
            Office.role_key == role.key,
            Office.name == described["name"],
        )
    )
    if found is not None:
        if found.ended_on is not None:
            raise Refusal("directory.office_ended", office=found.name)
        return found
    made = Office(organisation=organisation, role=role, **described)
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        OfficeAdded(subject=("office", made.id), office=made.name, role=role.key),
        actor,
        now,
    )
    return made


def describe(title: str, role: Role, organisation: Organisation) -> dict[str, Any]:
    """What follows from an office's title, its role and its organisation: its full name, whether
    several hold it, and how it is found. Raises Refusal ground.too_long."""
    name = name_at(title, role, organisation)
    return {
        "name": name,
        "pool": role.key in _POOLS,
        "search_key": _search_key(name, role, organisation),
    }


def own_title(office: Office) -> str:
    """The title of an office without the region or organisation it is at: "Sekretaris Daerah".
    Needs its role, organisation and region loaded."""
    region = office.organisation.region
    if region is None:
        return office.name.removesuffix(office.organisation.name).strip()
    if office.name == name_at(office.role.title_id, office.role, office.organisation):
        return office.role.title_id
    return office.name.removesuffix(region.full_name).strip()


def name_at(title: str, role: Role, organisation: Organisation) -> str:
    """"Bupati Siak", "Sekretaris Daerah Kabupaten Siak": heads carry the bare name. Raises Refusal
    ground.too_long."""
    region = organisation.region
    if region is None:
        return bounds.line(f"{title} {organisation.name}", most=200, field="title")
    if role.key in _ONLY_IN and title == role.title_id:
        administrative = "" if region.autonomous else "Administrasi "
        return f"{title} {administrative}{region.name}"
    return bounds.line(f"{title} {region.full_name}", most=200, field="title")


def _search_key(name: str, role: Role, organisation: Organisation) -> str:
    region = organisation.region
    short = [f"{s} {organisation.name if region is None else region.full_name}"
             for s in _SHORT.get(role.key, ())]
    own = spelling.key_of([name, *short], most=200)
    return f"{own} {organisation.search_key}"[:400]


def office_name(office: Office, lang: str) -> str:
    """The office as it is shown: its own name in Indonesian, a derived one in English ("Regent of
    Siak", "Regional Secretary, Siak Regency"). Needs its role, organisation and region loaded."""
    if lang == "id":
        return office.name
    region = office.organisation.region
    title = office.role.title_en
    if region is None:
        return f"{title}, {office.organisation.name}"
    if office.role_key in _ONLY_IN and office.role_key != "sekda_prov":
        return f"{title} of {region_name(region, 'en', bare=True)}"
    narrowed = office.name.removesuffix(region.full_name).strip()
    subject = narrowed.removeprefix(office.role.title_id).strip()
    if subject and narrowed.startswith(office.role.title_id) and office.role_key != "sekda_prov":
        subject = _SUBJECTS.get(subject.casefold(), subject)
        return f"{title} ({subject}), {region_name(region, 'en')}"
    return f"{title}, {region_name(region, 'en')}"


def region_name(region: Region, lang: str, *, bare: bool = False) -> str:
    """"Kabupaten Siak", in English "Siak Regency"; ``bare`` leaves the type away where the office
    names it (a regent's, a mayor's)."""
    if lang == "id":
        return region.full_name
    if bare:
        return region.name
    kind = {"kabupaten": "Regency", "kota": "City", "provinsi": "Province"}[region.type]
    administrative = "" if region.autonomous else "Administrative "
    return f"{region.name} {administrative}{kind}"


def office(session: Session, office_id: str) -> Office:
    """An office with role, organisation and region. Raises Refusal ground.not_found."""
    found = session.scalar(_loaded().where(Office.id == office_id))
    if found is None:
        raise Refusal("ground.not_found")
    return found


def offices(session: Session, office_ids: Iterable[str]) -> dict[str, Office]:
    """Offices by id, with role, organisation and region, in one query."""
    query = _loaded().where(Office.id.in_(list(office_ids)))
    return {found.id: found for found in session.scalars(query)}


def offices_of(session: Session, region_code: str) -> list[Office]:
    """The offices of a region's government that exist, in the order of protocol."""
    query = (
        _loaded()
        .join(Office.organisation)
        .join(Office.role)
        .where(Organisation.region_code == region_code, Office.ended_on.is_(None))
        .order_by(Role.protocol_order, Office.name)
    )
    return list(session.scalars(query))


def search(session: Session, query: str, *, limit: int = 20) -> list[Office]:
    """Offices that fit what was typed ("sekda siak"), in the order of protocol."""
    words = spelling.words(query)
    if not words:
        return []
    fits = spelling.fits(Office.search_key, words)
    found = (
        _loaded()
        .join(Office.role)
        .where(fits, Office.ended_on.is_(None))
        .order_by(Role.protocol_order, Office.name)
        .limit(limit)
    )
    return list(session.scalars(found))


def _loaded() -> sa.Select[Office]:
    return sa.select(Office).options(
        joinedload(Office.role),
        joinedload(Office.organisation).joinedload(Organisation.region),
    )


def end_office(
    session: Session, office_id: str, *, ended_on: dt.date, actor: Actor, now: dt.datetime
) -> Office:
    """The office no longer exists from a day on: holders and addresses end with it."""
    demand(actor, "directory.edit")
    ending = office(session, office_id)
    if ending.ended_on is not None:
        raise Refusal("directory.office_ended", office=ending.name)
    open_ones = sa.select(Appointment.id).where(
        Appointment.office_id == office_id, Appointment.until_on.is_(None)
    )
    session.execute(
        sa.update(ContactPoint)
        .where(
            ContactPoint.until_on.is_(None),
            sa.or_(
                ContactPoint.office_id == office_id,
                ContactPoint.appointment_id.in_(open_ones),
            ),
        )
        .values(until_on=ended_on)
    )
    for held in session.scalars(
        sa.select(Appointment).where(
            Appointment.office_id == office_id, Appointment.until_on.is_(None)
        )
    ):
        held.until_on = max(ended_on, held.from_on)
    ending.ended_on = ended_on
    session.flush()
    chronicle.record(
        session,
        OfficeEnded(subject=("office", office_id), office=ending.name, ended_on=ended_on),
        actor,
        now,
    )
    return ending


def add_organisation(
    session: Session, *, kind: str, name: str, actor: Actor, now: dt.datetime, sample: bool = False
) -> Organisation:
    """A ministry, agency, NGO, university or company. The same kind and name is added once."""
    demand(actor, "directory.edit")
    kept = bounds.needed(name, most=200, field="name")
    key = spelling.key_of([kept], most=300)
    known = session.scalar(
        sa.select(Organisation).where(Organisation.kind == kind, Organisation.search_key == key)
    )
    if known is not None:
        return known
    made = Organisation(kind=kind, name=kept, search_key=key, sample=sample)
    session.add(made)
    session.flush()
    chronicle.record(
        session, OrganisationAdded(subject=("organisation", made.id), kind=kind), actor, now
    )
    return made


def _organisation(session: Session, organisation_id: str) -> Organisation:
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def roles(session: Session) -> list[Role]:
    """Every role in the order of protocol."""
    return list(session.scalars(sa.select(Role).order_by(Role.protocol_order, Role.key)))


def stand_ins(session: Session, role_key: str) -> list[Role]:
    """The posts that may stand in for a post, in the order of protocol."""
    query = (
        sa.select(Role)
        .join(MayStandFor, MayStandFor.stand_in_key == Role.key)
        .where(MayStandFor.role_key == role_key)
        .order_by(Role.protocol_order, Role.key)
    )
    return list(session.scalars(query))


def may_stand(session: Session, role_key: str, stand_in_key: str) -> bool:
    """Whether a post may stand in for another one level down (domain rules, section 1)."""
    return session.get(MayStandFor, (role_key, stand_in_key)) is not None


def set_stand_ins(
    session: Session, role_key: str, keys: Iterable[str], *, actor: Actor, now: dt.datetime
) -> None:
    """Say which posts may stand in for a post."""
    demand(actor, "directory.edit")
    wanted = set(keys)
    if role_key in wanted:
        raise Refusal("directory.stands_for_itself", field="stand_ins")
    known = set(session.scalars(sa.select(Role.key).where(Role.key.in_([role_key, *wanted]))))
    for given in (role_key, *sorted(wanted)):
        if given not in known:
            raise Refusal("directory.role_unknown", field="stand_ins", given=given[:40])
    session.execute(sa.delete(MayStandFor).where(MayStandFor.role_key == role_key))
    session.add_all(MayStandFor(role_key=role_key, stand_in_key=key) for key in sorted(wanted))
    session.flush()
    chronicle.record(
        session,
        StandInsChanged(subject=("role", role_key), role=role_key, stand_ins=tuple(sorted(wanted))),
        actor,
        now,
    )


