"""People: a name with its titles, and an optional NIP. The one place where a name is kept."""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from cohorts.directory import spelling
from cohorts.directory.events import PersonAdded, PersonCorrected
from cohorts.directory.tables import Person
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

_NIP_SPACING = re.compile(r"[\s.\-]")


def add_person(
    session: Session,
    *,
    name: str,
    actor: Actor,
    now: dt.datetime,
    front_title: str = "",
    back_title: str = "",
    nip: str | None = None,
    sample: bool = False,
) -> Person:
    """Add a person to the directory. Raises Refusal ground.needed, ground.too_long,
    directory.nip_form, directory.nip_known."""
    demand(actor, "directory.edit")
    return note_person(
        session,
        name=name,
        front_title=front_title,
        back_title=back_title,
        nip=nip,
        sample=sample,
        actor=actor,
        now=now,
    )


def note_person(
    session: Session,
    *,
    name: str,
    actor: Actor,
    now: dt.datetime,
    front_title: str = "",
    back_title: str = "",
    nip: str | None = None,
    sample: bool = False,
) -> Person:
    """Add a person whom another rule has allowed to be named: a deputy, a walk-in guest, a signer.
    The same refusals as ``add_person``, without asking for permission."""
    person = Person(
        name=bounds.needed(name, most=120, field="name"),
        front_title=bounds.line(front_title, most=60, field="front_title"),
        back_title=bounds.line(back_title, most=80, field="back_title"),
        nip=_nip(session, nip, None),
        search_key="",
        sample=sample,
    )
    person.search_key = spelling.without_titles(person.name)[:200]
    session.add(person)
    session.flush()
    set_committed_value(person, "kept_id", None)  # new: nothing to ask the database for
    chronicle.record(session, PersonAdded(subject=("person", person.id)), actor, now)
    return person


def correct_person(
    session: Session,
    person_id: str,
    *,
    name: str,
    front_title: str,
    back_title: str,
    nip: str | None,
    actor: Actor,
    now: dt.datetime,
) -> Person:
    """Correct a name, titles or NIP. What was printed or sealed before stays as it was. Raises
    Refusal directory.merged_away where another record stands for this one."""
    demand(actor, "directory.edit")
    person = _person(session, person_id)
    if person.kept_id:
        raise Refusal("directory.merged_away", person=person.own_name)
    wanted = {
        "name": bounds.needed(name, most=120, field="name"),
        "front_title": bounds.line(front_title, most=60, field="front_title"),
        "back_title": bounds.line(back_title, most=80, field="back_title"),
        "nip": _nip(session, nip, person.id),
    }
    changed = tuple(field for field, value in wanted.items() if getattr(person, field) != value)
    if not changed:
        return person
    for field, value in wanted.items():
        setattr(person, field, value)
    person.search_key = spelling.without_titles(person.name)[:200]
    session.flush()
    chronicle.record(
        session, PersonCorrected(subject=("person", person.id), fields=changed), actor, now
    )
    return person


def person(session: Session, person_id: str) -> Person:
    """A person. Raises Refusal ground.not_found."""
    return _person(session, person_id)


def records_of(session: Session, person_id: str) -> list[str]:
    """The ids of all records of one person: the one that stands for it, then the merged ones."""
    stands = _person(session, person_id).shown.id
    merged = session.scalars(
        sa.select(Person.id).where(Person.kept_id == stands).order_by(Person.id)
    )
    return [stands, *merged]


def nip_of(session: Session, person_id: str) -> str | None:
    """A person's NIP, whichever of the records has it."""
    known = sa.select(Person.nip).where(
        Person.id.in_(records_of(session, person_id)), Person.nip.is_not(None)
    )
    return session.scalar(known.order_by(Person.kept_id.is_not(None), Person.id).limit(1))


def masked_nip(nip: str | None) -> str:
    """A NIP as lists show it: the last four digits, which tell namesakes apart; the date of birth
    in its first eight stays hidden. Empty without one."""
    return f"•••• {nip[-4:]}" if nip else ""


def search(session: Session, query: str, *, limit: int = 20) -> list[Person]:
    """People whose name holds every word that was typed; titles in the query do not count. Found
    by the name of a merged record too, answered with the one that stands for it."""
    words = spelling.person_words(query)
    if not words:
        return []
    fitting = sa.select(sa.func.coalesce(Person.kept_id, Person.id)).where(
        *(Person.search_key.contains(word) for word in words)
    )
    found = (
        sa.select(Person)
        .where(Person.id.in_(fitting))
        .order_by(Person.search_key, Person.id)
        .limit(limit)
    )
    return list(session.scalars(found))


def _person(session: Session, person_id: str) -> Person:
    found = session.get(Person, person_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def plain_nip(given: str | None, *, field: str = "nip") -> str | None:
    """A civil servant's number without spaces: 18 digits, of which the first eight are a date of
    birth; None when none is given. Raises Refusal directory.nip_form."""
    plain = _NIP_SPACING.sub("", given or "")
    if not plain:
        return None
    if len(plain) != 18 or not (plain.isascii() and plain.isdigit()) or not _is_day(plain[:8]):
        raise Refusal("directory.nip_form", field=field)
    return plain


def _nip(session: Session, given: str | None, own: str | None) -> str | None:
    """The number in plain form, if nobody else has it."""
    plain = plain_nip(given)
    if plain is None:
        return None
    query = sa.select(Person.id).where(Person.nip == plain)
    if own is not None:
        query = query.where(Person.id.not_in(records_of(session, own)))
    if session.scalar(query.limit(1)) is not None:
        raise Refusal("directory.nip_known", field="nip")
    return plain


def _is_day(digits: str) -> bool:
    try:
        dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
