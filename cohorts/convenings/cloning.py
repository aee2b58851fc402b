"""A new draft after the pattern of a convening that was held: its programme and whom it invites.

What is copied describes the occasion; what belongs to one occasion or to a person stays behind:
invitations and answers, numbers, who opens it, the contact, speakers by name, materials, capacity.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import letter, own_texts
from cohorts.convenings.convening import as_planned, get, plan, where
from cohorts.convenings.events import ConveningCloned
from cohorts.convenings.seat_tables import GuestOffice, GuestRuleSeat
from cohorts.convenings.session_tables import SessionSpeaker
from cohorts.convenings.sessions import Line, programme, set_programme
from cohorts.convenings.tables import Convening, GuestRule
from cohorts.directory.tables import Office
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is said of the new one: an aware start, a place, titles."""

    title_id: str
    starts_at: dt.datetime
    timezone: str
    venue: str
    title_en: str = ""
    address: str = ""


@dataclass(frozen=True)
class Copied:
    """What a copy takes along, and what of the programme it leaves behind."""

    sessions: int
    offices_speaking: int
    rules: tuple[str, ...]
    single_offices: int
    letter: bool
    texts: int
    names_left: int
    materials_left: int


def what_is_copied(session: Session, convening_id: str) -> Copied:
    """What ``clone`` would take along. Changes nothing."""
    entries = programme(session, convening_id)
    speakers = [speaker for entry in entries for speaker in entry.speakers]
    rules, singles = _guests(session, convening_id)
    offices = sum(speaker.office_id is not None for speaker in speakers)
    return Copied(
        sessions=len(entries),
        offices_speaking=offices,
        rules=tuple(rules),
        single_offices=len(singles),
        letter=letter.version(session, convening_id) > 0,
        texts=len(_own_texts(session, convening_id)),
        names_left=len(speakers) - offices,
        materials_left=sum(len(entry.materials) for entry in entries),
    )


def clone(
    session: Session, convening_id: str, wanted: Wanted, actor: Actor, now: dt.datetime
) -> Convening:
    """Plan the next of the series after this one; the sessions, the end, the deadline and the door
    keep their distance to the start. Nobody is invited and nobody is told.

    The letter's words come along without its signer, its date and its numbers. Raises Refusal
    ground.not_found and those of ``convening.plan``.
    """
    source = get(session, convening_id)
    demand(actor, "convening.see", where(source))
    by = wanted.starts_at - source.starts_at
    same_place = (wanted.venue, wanted.address) == (source.venue, source.address)
    made = plan(
        session,
        source.cohort_id,
        dataclasses.replace(
            as_planned(source),
            title_id=wanted.title_id,
            title_en=wanted.title_en,
            starts_at=wanted.starts_at,
            ends_at=source.ends_at + by,
            reply_by=source.reply_by + by,
            door_opens_at=source.door_opens_at + by,
            door_closes_at=source.door_closes_at + by,
            timezone=wanted.timezone,
            venue=wanted.venue,
            address=wanted.address,
            map_url=source.map_url if same_place else "",
            contact_name="",
            contact_phone="",
            letter_number="",
            opening_planned="",
            opening_actual="",
        ),
        actor,
        now,
    )
    sessions = _copy_programme(session, source, made, by, actor, now)
    rules = _copy_guests(session, source, made, now)
    _copy_words(session, source, made, actor, now)
    record(
        session,
        ConveningCloned(
            subject=("convening", made.id),
            cohort_id=made.cohort_id,
            source_id=source.id,
            source_number=source.number,
            sessions=sessions,
            rules=rules,
        ),
        actor,
        now,
    )
    session.flush()
    return made


def _copy_programme(
    session: Session,
    source: Convening,
    made: Convening,
    by: dt.timedelta,
    actor: Actor,
    now: dt.datetime,
) -> int:
    entries = programme(session, source.id)
    if not entries:
        return 0
    lines = [
        Line(e.starts_at + by, e.minutes, e.title_id, e.title_en, kind=e.kind, room=e.room)
        for e in entries
    ]
    set_programme(session, made.id, lines, 1, actor, now)
    for entry, copy in zip(entries, programme(session, made.id), strict=True):
        posts = [speaker for speaker in entry.speakers if speaker.office_id is not None]
        session.add_all(
            SessionSpeaker(
                session_id=copy.id, position=n, role=speaker.role, office_id=speaker.office_id
            )
            for n, speaker in enumerate(posts, start=1)
        )
    return len(entries)


def _guests(session: Session, convening_id: str) -> tuple[list[str], list[str]]:
    """The roles invited of every member, and the single offices that still exist."""
    rules = session.scalars(
        sa.select(GuestRule.role_key)
        .where(GuestRule.convening_id == convening_id)
        .order_by(GuestRule.added_at, GuestRule.role_key)
    )
    singles = session.scalars(
        sa.select(GuestOffice.office_id)
        .join(Office, Office.id == GuestOffice.office_id)
        .where(GuestOffice.convening_id == convening_id, Office.ended_on.is_(None))
        .order_by(GuestOffice.added_at, GuestOffice.office_id)
    )
    return list(rules), list(singles)


def _copy_guests(
    session: Session, source: Convening, made: Convening, now: dt.datetime
) -> tuple[str, ...]:
    rules, singles = _guests(session, source.id)
    session.add_all(GuestRule(convening_id=made.id, role_key=key, added_at=now) for key in rules)
    session.add_all(
        GuestOffice(convening_id=made.id, office_id=ident, added_at=now) for ident in singles
    )
    session.flush()
    seats = session.scalars(
        sa.select(GuestRuleSeat).where(GuestRuleSeat.convening_id == source.id)
    ).all()
    session.add_all(
        GuestRuleSeat(
            convening_id=made.id,
            role_key=seat.role_key,
            position=seat.position,
            kind=seat.kind,
            post_key=seat.post_key,
            number=seat.number,
        )
        for seat in seats
    )
    return tuple(rules)


def _own_texts(session: Session, convening_id: str) -> dict[own_texts.Key, str]:
    """What the convening says in words of its own."""
    return {
        key: text
        for key, text in own_texts.texts(session, convening_id).items()
        if text != own_texts.DEFAULTS[key]
    }


def _copy_words(
    session: Session, source: Convening, made: Convening, actor: Actor, now: dt.datetime
) -> None:
    if letter.version(session, source.id):
        terms = dataclasses.replace(
            letter.terms(session, source.id),
            numbering="waiting",
            first_number=1,
            dated=None,
            signer_name="",
            signer_rank="",
            signer_nip="",
        )
        letter.set_terms(session, made.id, terms, 0, actor, now)
    texts = _own_texts(session, source.id)
    if texts:
        own_texts.set_texts(session, made.id, texts, own_texts.mark(session, made.id), actor, now)
