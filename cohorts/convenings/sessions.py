"""The programme of a convening (susunan acara): how it reads, and writing all of it anew.

``programme`` is what every page, letter and feed reads. How its parts are changed one by one stands
in programming.py, how its durations add up in durations.py.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import chain, tables
from cohorts.convenings.convening import where
from cohorts.convenings.events import ProgrammeSet
from cohorts.convenings.session_tables import Programme, SessionMaterial, SessionSpeaker
from cohorts.convenings.tables import SESSION_KINDS
from cohorts.directory.offices import office_name, offices
from cohorts.ground import bounds
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

MOST = 60
DAY_LONG = 24 * 60


@dataclass(frozen=True)
class Line:
    """One session as an organiser says it: an aware start, its length in minutes, its titles, who
    speaks (one name from outside), its kind and room."""

    starts_at: dt.datetime
    minutes: int
    title_id: str
    title_en: str = ""
    speaker: str = ""
    kind: str = "plenary"
    room: str = ""

    def checked(self) -> Line:
        """The line with its texts stripped. Raises Refusal convenings.sessions (field minutes),
        convenings.required, ground.too_long."""
        if not 1 <= self.minutes <= DAY_LONG:
            raise Refusal("convenings.sessions", field="minutes")
        if self.kind not in SESSION_KINDS:
            raise Refusal("convenings.required", field="kind")
        title = bounds.line(self.title_id, most=200, field="title_id")
        if not title:
            raise Refusal("convenings.required", field="title_id")
        return Line(
            starts_at=self.starts_at.replace(second=0, microsecond=0),
            minutes=self.minutes,
            title_id=title,
            title_en=bounds.line(self.title_en, most=200, field="title_en") or title,
            speaker=bounds.line(self.speaker, most=200, field="speaker"),
            kind=self.kind,
            room=bounds.line(self.room, most=120, field="room"),
        )


@dataclass(frozen=True)
class Speaker:
    """Who speaks (role speaker), leads (moderator) or serves (committee): a person with titles, an
    office, or a name from outside; ``name_en`` differs for offices alone."""

    id: str
    role: str
    name: str
    name_en: str
    person_id: str | None = None
    office_id: str | None = None


@dataclass(frozen=True)
class Material:
    """What is handed out: a stored file (``sha256``, ``media_type``, ``size`` in bytes), or the
    https address ``url``."""

    id: str
    title: str
    url: str
    sha256: str | None
    media_type: str
    size: int


@dataclass(frozen=True)
class Entry:
    """One session as it reads. ``kind`` is plenary, break or parallel."""

    id: str
    position: int
    starts_at: dt.datetime
    minutes: int
    title_id: str
    title_en: str
    kind: str
    room: str
    speakers: tuple[Speaker, ...] = ()
    materials: tuple[Material, ...] = ()

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    @property
    def speaker(self) -> str:
        """Everybody's name in one Indonesian line, in their order."""
        return ", ".join(one.name for one in self.speakers)

    @property
    def speaker_en(self) -> str:
        """The same in English."""
        return ", ".join(one.name_en for one in self.speakers)


def programme(session: Session, convening_id: str) -> list[Entry]:
    """The sessions in their order, with who speaks and what is handed out.

    Whoever prints a programme (pages, the letter, feeds) reads it here and nowhere else: the names
    of the fields of ``Entry`` stay as they are.
    """
    return programmes(session, [convening_id])[convening_id]


def programmes(session: Session, convening_ids: Sequence[str]) -> dict[str, list[Entry]]:
    """The programme of each convening; an empty one where none is written. The queries do not
    grow with the convenings or their sessions."""
    rows = session.scalars(
        sa.select(tables.Session)
        .where(tables.Session.convening_id.in_(convening_ids))
        .order_by(tables.Session.convening_id, tables.Session.position)
    ).all()
    ids = [row.id for row in rows]
    speakers, materials = _speakers(session, ids), _materials(session, ids)
    found: dict[str, list[Entry]] = {ident: [] for ident in convening_ids}
    for row in rows:
        found[row.convening_id].append(
            Entry(
                id=row.id,
                position=row.position,
                starts_at=row.starts_at,
                minutes=row.minutes,
                title_id=row.title_id,
                title_en=row.title_en,
                kind=row.kind,
                room=row.room,
                speakers=tuple(speakers.get(row.id, ())),
                materials=tuple(materials.get(row.id, ())),
            )
        )
    return found


def public_programmes(session: Session, convening_ids: Sequence[str]) -> dict[str, list[Entry]]:
    """Those programmes that stand on the cohort's public page."""
    shown = session.scalars(
        sa.select(Programme.convening_id).where(
            Programme.convening_id.in_(convening_ids), Programme.public
        )
    ).all()
    return programmes(session, shown)


def count(session: Session, convening_id: str) -> int:
    """How many sessions the programme has."""
    query = sa.select(sa.func.count()).where(tables.Session.convening_id == convening_id)
    return session.scalar(query) or 0


def state(session: Session, convening_id: str) -> tuple[int, bool]:
    """The programme's version, and whether it stands on the cohort's public page."""
    found = session.get(Programme, convening_id)
    return (found.version, found.public) if found is not None else (1, False)


def set_programme(
    session: Session,
    convening_id: str,
    lines: Sequence[Line],
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Programme:
    """Replace the programme, its speakers and materials with it. It is no part of the schedule:
    nobody is asked again.

    Raises Refusal ground.stale, ground.too_long, convenings.required, convenings.sessions and those
    of ``opened``.
    """
    found = opened(session, convening_id, version, actor)
    if len(lines) > MOST:
        raise Refusal("convenings.sessions", field="minutes")
    ordered = sorted((line.checked() for line in lines), key=lambda line: line.starts_at)
    drop(
        session,
        session.scalars(
            sa.select(tables.Session.id).where(tables.Session.convening_id == convening_id)
        ).all(),
    )
    for position, line in enumerate(ordered, start=1):
        row = row_of(line, convening_id, position)
        session.add(row)
        session.flush()
        if line.speaker:
            session.add(
                SessionSpeaker(session_id=row.id, position=1, role="speaker", name=line.speaker)
            )
    return written(session, found, len(ordered), actor, now)


def row_of(line: Line, convening_id: str, position: int) -> tables.Session:
    """A checked line as a row."""
    return tables.Session(
        id=new_id(),
        convening_id=convening_id,
        position=position,
        starts_at=line.starts_at,
        minutes=line.minutes,
        title_id=line.title_id,
        title_en=line.title_en,
        kind=line.kind,
        room=line.room,
    )


def opened(
    session: Session, convening_id: str, version: int, actor: Actor, *, structure: bool = True
) -> Programme:
    """The programme to write at, its convening locked.

    ``structure``: sessions, their times and who speaks stay as they were once it is closed, what is
    handed out does not. Raises Refusal ground.not_found, ground.not_allowed, ground.stale (facts:
    changed), convenings.cancelled, convenings.programme_closed.
    """
    convening = session.get(
        tables.Convening, convening_id, with_for_update=True, populate_existing=True
    )
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    found = session.get(Programme, convening_id, populate_existing=True)
    if (found.version if found is not None else 1) != version:
        raise Refusal("ground.stale", changed=("programme",))
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    if structure and convening.state == "closed":
        raise Refusal("convenings.programme_closed")
    if found is None:
        found = Programme(convening_id=convening_id, version=1, public=False)
        session.add(found)
    return found


def written(
    session: Session, found: Programme, sessions: int, actor: Actor, now: dt.datetime
) -> Programme:
    """Note that the programme was written at: a new version, a line of the chronicle."""
    found.version += 1
    convening = session.get_one(tables.Convening, found.convening_id)
    record(
        session,
        ProgrammeSet(
            subject=("convening", convening.id),
            cohort_id=convening.cohort_id,
            sessions=sessions,
        ),
        actor,
        now,
    )
    session.flush()
    return found


def drop(session: Session, session_ids: Sequence[str]) -> None:
    """Delete sessions with who speaks and what is handed out. The door counts by the day
    (``Act.part``), so no scan depends on one."""
    for table in (SessionSpeaker, SessionMaterial):
        session.execute(sa.delete(table).where(table.session_id.in_(session_ids)))
    session.execute(sa.delete(tables.Session).where(tables.Session.id.in_(session_ids)))


def _speakers(session: Session, session_ids: Iterable[str]) -> dict[str, list[Speaker]]:
    rows = session.scalars(
        sa.select(SessionSpeaker)
        .where(SessionSpeaker.session_id.in_(list(session_ids)))
        .options(joinedload(SessionSpeaker.person))
        .order_by(SessionSpeaker.position)
    ).all()
    posts = offices(session, {row.office_id for row in rows if row.office_id})
    found: dict[str, list[Speaker]] = defaultdict(list)
    for row in rows:
        name = name_en = row.name
        if row.person is not None:
            name = name_en = chain.named(row.person).full_name
        elif row.office_id is not None:
            post = posts[row.office_id]
            name, name_en = office_name(post, "id"), office_name(post, "en")
        found[row.session_id].append(
            Speaker(row.id, row.role, name, name_en, row.person_id, row.office_id)
        )
    return found


def _materials(session: Session, session_ids: Iterable[str]) -> dict[str, list[Material]]:
    rows = session.scalars(
        sa.select(SessionMaterial)
        .where(SessionMaterial.session_id.in_(list(session_ids)))
        .options(joinedload(SessionMaterial.file))
        .order_by(SessionMaterial.position)
    )
    found: dict[str, list[Material]] = defaultdict(list)
    for row in rows:
        found[row.session_id].append(
            Material(
                row.id,
                row.title,
                row.url,
                row.sha256,
                row.file.media_type if row.file is not None else "",
                row.file.size if row.file is not None else 0,
            )
        )
    return found
