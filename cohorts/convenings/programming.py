"""Changing a programme part by part: sessions, their order, who speaks, what is handed out.

Every act carries the version of the programme that the editor saw; whoever comes second is told
(ground.stale) and nothing is lost. None of it is part of the schedule: no guest is asked again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import tables
from cohorts.convenings.session_tables import (
    SPEAKER_ROLES,
    Programme,
    SessionMaterial,
    SessionSpeaker,
)
from cohorts.convenings.sessions import MOST, Line, count, drop, opened, row_of, written
from cohorts.directory.tables import Office, Person
from cohorts.ground import bounds, files
from cohorts.ground.access import Actor
from cohorts.ground.clock import day_in
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

MOST_EACH = 20
"""Speakers, and materials, that one session may have."""

MATERIAL_LIMIT = 10 * 1024 * 1024  # bytes


def add(
    session: Session,
    convening_id: str,
    line: Line,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    shift: bool = False,
) -> tables.Session:
    """Add a session where its hour puts it. ``shift``: what begins at that hour or later on its day
    begins later by its length.

    Raises Refusal convenings.programme_full (facts: limit), those of ``Line.checked`` and of
    ``sessions.opened``.
    """
    found = opened(session, convening_id, version, actor)
    line = line.checked()
    rows = _rows(session, convening_id)
    if len(rows) >= MOST:
        raise Refusal("convenings.programme_full", limit=MOST)
    if shift:
        zone = _zone(session, convening_id)
        _shift(rows, line.starts_at, line.starts_at, dt.timedelta(minutes=line.minutes), zone)
    row = row_of(line, convening_id, len(rows) + 1)
    session.add(row)
    session.flush()
    _number(session, [*rows, row])
    if line.speaker:
        _add_speaker(session, row, "speaker", name=line.speaker)
    _written(session, found, len(rows) + 1, actor, now)
    return row


def change(
    session: Session,
    session_id: str,
    line: Line,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    shift: bool = False,
) -> tables.Session:
    """Write a session anew; who speaks is kept (``line.speaker`` is not read). ``shift``: what
    began when it ended or later on its day moves along with its end. Raises as ``add``."""
    row, found = _opened(session, session_id, version, actor)
    line = line.checked()
    rows = _rows(session, row.convening_id)
    if shift:
        ended, ends = _end(row), line.starts_at + dt.timedelta(minutes=line.minutes)
        others = [other for other in rows if other is not row]
        _shift(others, ended, row.starts_at, ends - ended, _zone(session, row.convening_id))
    for name in ("starts_at", "minutes", "title_id", "title_en", "kind", "room"):
        setattr(row, name, getattr(line, name))
    _number(session, rows)
    _written(session, found, len(rows), actor, now)
    return row


def move(
    session: Session,
    session_id: str,
    step: int,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Exchange a session with the one before it (``step`` -1) or after it (+1) on its day.

    The two keep their lengths and the minutes between them, so that they begin and end together as
    before; two that overlap exchange their hours, two that begin at once only their places.
    Raises Refusal convenings.programme_edge where there is none to exchange with.
    """
    row, found = _opened(session, session_id, version, actor)
    zone = _zone(session, row.convening_id)
    rows = _rows(session, row.convening_id)
    here = rows.index(row)
    there = here + (1 if step > 0 else -1)
    day = day_in(row.starts_at, zone)
    if not 0 <= there < len(rows) or day_in(rows[there].starts_at, zone) != day:
        raise Refusal("convenings.programme_edge")
    first, second = rows[min(here, there)], rows[max(here, there)]
    between = second.starts_at - _end(first)
    if between >= dt.timedelta():
        begins = first.starts_at
        first.starts_at = begins + dt.timedelta(minutes=second.minutes) + between
        second.starts_at = begins
    else:
        first.starts_at, second.starts_at = second.starts_at, first.starts_at
    rows[here], rows[there] = rows[there], rows[here]
    _number(session, rows)
    _written(session, found, len(rows), actor, now)


def remove(
    session: Session,
    session_id: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    shift: bool = False,
) -> None:
    """Take a session out, with who speaks and what is handed out. ``shift``: what began when it
    ended or later on its day begins earlier by its length."""
    row, found = _opened(session, session_id, version, actor)
    rows = [other for other in _rows(session, row.convening_id) if other is not row]
    if shift:
        earlier = -dt.timedelta(minutes=row.minutes)
        _shift(rows, _end(row), row.starts_at, earlier, _zone(session, row.convening_id))
    drop(session, [row.id])
    session.expunge(row)
    _number(session, rows)
    _written(session, found, len(rows), actor, now)


def add_speaker(
    session: Session,
    session_id: str,
    role: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    person_id: str | None = None,
    office_id: str | None = None,
    name: str = "",
) -> SessionSpeaker:
    """Name who speaks, leads or serves: a person, an office, or a name from outside.

    Raises Refusal convenings.required (field role or name), convenings.speaker_twice,
    convenings.programme_full, ground.not_found, ground.too_long and those of ``sessions.opened``.
    """
    row, found = _opened(session, session_id, version, actor)
    added = _add_speaker(session, row, role, person_id=person_id, office_id=office_id, name=name)
    _written(session, found, count(session, row.convening_id), actor, now)
    return added


def remove_speaker(
    session: Session, speaker_id: str, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Take a name out again."""
    speaker = session.get(SessionSpeaker, speaker_id)
    if speaker is None:
        raise Refusal("ground.not_found")
    row, found = _opened(session, speaker.session_id, version, actor)
    session.delete(speaker)
    _written(session, found, count(session, row.convening_id), actor, now)


def add_material(
    session: Session,
    session_id: str,
    title: str,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    url: str = "",
    kept: Kept | None = None,
) -> SessionMaterial:
    """Hand something out: a file that was accepted and written, or an https address. Also after
    the convening is closed.

    Raises Refusal convenings.required (field title), convenings.material_missing,
    convenings.material_address, convenings.programme_full and those of ``sessions.opened``.
    """
    row, found = _opened(session, session_id, version, actor, structure=False)
    title = bounds.line(title, most=200, field="title")
    if not title:
        raise Refusal("convenings.required", field="title")
    url = bounds.line(url, most=500, field="url")
    if bool(url) == (kept is not None):
        raise Refusal("convenings.material_missing", field="file")
    if url and not _is_address(url):
        raise Refusal("convenings.material_address", field="url")
    last = _last(session, SessionMaterial, row.id)
    added = SessionMaterial(
        session_id=row.id,
        position=last + 1,
        title=title,
        url=url,
        sha256=files.register(session, kept, now) if kept is not None else None,
        added_at=now,
    )
    session.add(added)
    _written(session, found, count(session, row.convening_id), actor, now)
    return added


def remove_material(
    session: Session, material_id: str, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Hand something out no longer; the file's bytes stay where other rows may hold on to them."""
    material = session.get(SessionMaterial, material_id)
    if material is None:
        raise Refusal("ground.not_found")
    row, found = _opened(session, material.session_id, version, actor, structure=False)
    session.delete(material)
    _written(session, found, count(session, row.convening_id), actor, now)


def publish(
    session: Session,
    convening_id: str,
    public: bool,
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Put the programme on the cohort's public page, or take it off. Materials stay with guests."""
    found = opened(session, convening_id, version, actor, structure=False)
    found.public = public
    _written(session, found, count(session, convening_id), actor, now)


def material(session: Session, convening_id: str, material_id: str) -> SessionMaterial:
    """What is handed out at a convening; whoever asks has been let in to it. Raises Refusal
    ground.not_found."""
    found = session.scalar(
        sa.select(SessionMaterial)
        .join(tables.Session, tables.Session.id == SessionMaterial.session_id)
        .where(SessionMaterial.id == material_id, tables.Session.convening_id == convening_id)
    )
    if found is None:
        raise Refusal("ground.not_found")
    return found


def _add_speaker(
    session: Session,
    row: tables.Session,
    role: str,
    *,
    person_id: str | None = None,
    office_id: str | None = None,
    name: str = "",
) -> SessionSpeaker:
    if role not in SPEAKER_ROLES:
        raise Refusal("convenings.required", field="role")
    name = bounds.line(name, most=200, field="name")
    if [bool(person_id), bool(office_id), bool(name)].count(True) != 1:
        raise Refusal("convenings.required", field="name")
    for table, ident in ((Person, person_id), (Office, office_id)):
        if ident and session.get(table, ident) is None:
            raise Refusal("ground.not_found")
    there = session.scalars(
        sa.select(SessionSpeaker).where(SessionSpeaker.session_id == row.id)
    ).all()
    who = (person_id or None, office_id or None, name.casefold())
    if who in [(one.person_id, one.office_id, one.name.casefold()) for one in there]:
        raise Refusal("convenings.speaker_twice", field="name")
    added = SessionSpeaker(
        session_id=row.id,
        position=_last(session, SessionSpeaker, row.id) + 1,
        role=role,
        person_id=person_id or None,
        office_id=office_id or None,
        name=name,
    )
    session.add(added)
    return added


def _opened(
    session: Session, session_id: str, version: int, actor: Actor, *, structure: bool = True
) -> tuple[tables.Session, Programme]:
    row = session.get(tables.Session, session_id)
    if row is None:
        raise Refusal("ground.not_found")
    found = opened(session, row.convening_id, version, actor, structure=structure)
    session.refresh(row)
    return row, found


def _rows(session: Session, convening_id: str) -> list[tables.Session]:
    return list(
        session.scalars(
            sa.select(tables.Session)
            .where(tables.Session.convening_id == convening_id)
            .order_by(tables.Session.position)
            .execution_options(populate_existing=True)
        )
    )


def _last(
    session: Session, table: type[SessionSpeaker] | type[SessionMaterial], session_id: str
) -> int:
    """The last place that is taken. Raises Refusal convenings.programme_full."""
    taken = session.scalars(sa.select(table.position).where(table.session_id == session_id)).all()
    if len(taken) >= MOST_EACH:
        raise Refusal("convenings.programme_full", limit=MOST_EACH)
    return max(taken, default=0)


def _zone(session: Session, convening_id: str) -> str:
    return session.get_one(tables.Convening, convening_id).timezone


def _end(row: tables.Session) -> dt.datetime:
    return row.starts_at + dt.timedelta(minutes=row.minutes)


def _shift(
    rows: Sequence[tables.Session], since: dt.datetime, at: dt.datetime, by: dt.timedelta, zone: str
) -> None:
    """Move what begins at ``since`` or later on the day of ``at``."""
    day = day_in(at, zone)
    for row in rows:
        if row.starts_at >= since and day_in(row.starts_at, zone) == day:
            row.starts_at += by


def _number(session: Session, rows: Sequence[tables.Session]) -> None:
    """Number the sessions by their hours; those that begin at once keep the order given. In two
    passes, so that no two share a number on the way."""
    ordered = sorted(rows, key=lambda row: row.starts_at)
    for sign in (-1, 1):
        for position, row in enumerate(ordered, start=1):
            row.position = sign * position
        session.flush()


def _written(
    session: Session, found: Programme, sessions: int, actor: Actor, now: dt.datetime
) -> None:
    session.flush()
    written(session, found, sessions, actor, now)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "." in str(parts.hostname)
